#!/bin/sh
# Pin every package, with hashes, for every system and every Python the project supports.
#
# The lock names no index: whoever installs from it uses the index that pip is set up with. Packages
# that are pinned already stay where they are; to raise them: sh tools/make_lock.sh --upgrade
set -eu

if ! command -v uv >/dev/null 2>&1; then
  echo "make: uv is needed to pin packages (python3 -m pip install uv, in any environment)." >&2
  echo "make: it then runs: uv pip compile --universal --generate-hashes pyproject.toml" >&2
  exit 1
fi

uv pip compile pyproject.toml --all-extras --group dev --universal --python-version 3.11 \
  --generate-hashes --no-header --no-annotate --no-emit-index-url --quiet \
  --output-file requirements.lock "$@"
echo "requirements.lock: $(grep -c '==' requirements.lock) packages"

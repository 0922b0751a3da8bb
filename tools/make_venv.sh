#!/bin/sh
# Make the environment VENV hold exactly what requirements.lock pins, and this project.
#
#   sh tools/make_venv.sh VENV PYTHON [ASKED]
#
# ASKED is PYTHON when somebody named an interpreter, and empty otherwise: an environment made with
# another interpreter is then kept. The stamp is removed first and written last, so that an
# interrupted installation is begun again.
set -eu

venv=$1
python=$2
asked=${3:-}
stamp=$venv/.keruen-stamp

say() { printf '%s\n' "$*" >&2; }
fail() {
  say ""
  for line in "$@"; do say "make: $line"; done
  exit 1
}

# cksum is in POSIX; the checksum guards against a change, not against an attacker.
lock_sum=$(cksum <requirements.lock)
project_sum=$(cksum <pyproject.toml)
here=$(pwd -P)

stamped() { sed -n "s/^$1=//p" "$stamp" 2>/dev/null || :; }

current() {
  [ -f "$stamp" ] && [ -x "$venv/bin/python" ] && "$venv/bin/python" -c '' 2>/dev/null &&
    [ "$(stamped lock)" = "$lock_sum" ] && [ "$(stamped here)" = "$here" ] || return 1
  [ -z "$asked" ] || [ "$(stamped version)" = "$(version_of "$asked")" ]
}

version_of() {
  "$1" -c 'import sys; print(sys.version.replace("\n", " "))' 2>/dev/null || echo missing
}

install_project() {
  say "Installing keruen itself ..."
  "$venv/bin/python" -m pip install --quiet --no-input --disable-pip-version-check \
    --no-deps --no-build-isolation --editable . ||
    fail "keruen itself could not be installed; pip's reason stands above."
}

write_stamp() {
  {
    echo "lock=$lock_sum"
    echo "project=$project_sum"
    echo "here=$here"
    echo "version=$(version_of "$venv/bin/python")"
  } >"$stamp.new"
  mv "$stamp.new" "$stamp"
}

if current; then
  if [ "$(stamped project)" != "$project_sum" ]; then
    install_project
    write_stamp
  fi
  exit 0
fi

command -v "$python" >/dev/null 2>&1 ||
  fail "there is no '$python' here." \
    "Install Python 3.11 or later, or name one: make $(basename "$venv" | tr -d .) PYTHON=python3.12"
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
  fail "'$python' is $("$python" --version 2>&1), and Keruen needs Python 3.11 or later." \
    "Name another interpreter: make venv PYTHON=python3.12"
"$python" -c 'import venv, ensurepip' 2>/dev/null ||
  fail "'$python' has no venv module." \
    "On Debian and Ubuntu it is a package of its own: apt-get install python3-venv"

say "Making $venv with $("$python" --version 2>&1) (a minute or two, once) ..."
rm -f "$stamp"
rm -rf "$venv"
"$python" -m venv "$venv" ||
  fail "the environment $venv could not be created; the reason stands above."

packages=$(grep -c '==' requirements.lock)
# Bytecode is left to the first import: most of what is here is never imported in one job.
say "Installing up to $packages packages, each held against its hash in requirements.lock ..."
"$venv/bin/python" -m pip install --no-input --disable-pip-version-check \
  --no-compile --require-hashes --requirement requirements.lock ||
  fail "the packages could not be installed; pip's reason stands above." \
    "Without a network or behind a proxy, tell pip its index (pip config) and run make again." \
    "What there is of .venv is thrown away: the next run begins anew."

install_project
write_stamp
say "$venv is ready."

"""Call the command line, in this process and in one of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

import pytest

from keruen.cli.main import main


@dataclass(frozen=True, slots=True)
class Called:
    """How a command ended."""

    status: int
    out: str
    err: str

    @property
    def envelope(self) -> dict[str, Any]:
        """The JSON object on standard output, which must hold nothing else."""
        value = json.loads(self.out)
        assert isinstance(value, dict)
        assert self.out == self.out.strip() + "\n"
        return value

    @property
    def codes(self) -> list[str]:
        """Codes of the problems of the envelope."""
        return [problem["code"] for problem in self.envelope["problems"]]


def call(capsys: pytest.CaptureFixture[str], *arguments: str) -> Called:
    """Run a command line in this process."""
    capsys.readouterr()
    with pytest.raises(SystemExit) as leaving:
        main(arguments)
    printed = capsys.readouterr()
    status = leaving.value.code
    assert isinstance(status, int)
    return Called(status, printed.out, printed.err)


def spawn(*arguments: str, **variables: str) -> Called:
    """Run a command line in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "keruen", *arguments],
        capture_output=True,
        timeout=120,
        check=False,
        env={**os.environ, **variables},
    )
    return Called(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))

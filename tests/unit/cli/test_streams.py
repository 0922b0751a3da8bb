from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from keruen.cli import streams


def test_a_line_is_utf_8_whatever_the_stream(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="ascii"))
    sys.stdout.write("first ")
    streams.write_line("Құрық")
    assert raw.getvalue().decode("utf-8") == "first Құрық\n"


def test_a_stream_without_bytes_takes_text(monkeypatch: pytest.MonkeyPatch) -> None:
    text = io.StringIO()
    monkeypatch.setattr(sys, "stdout", text)
    streams.write_line("Құрық")
    assert text.getvalue() == "Құрық\n"


def test_without_standard_output_nothing_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    streams.write_line("x")
    streams.own_standard_output()
    streams.finish()
    assert sys.stdout is None


def test_a_stream_of_another_owner_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    other = io.StringIO()
    monkeypatch.setattr(sys, "stdout", other)
    streams.own_standard_output()
    assert sys.stdout is other


def test_prints_go_to_standard_error_meanwhile(capsys: pytest.CaptureFixture[str]) -> None:
    with streams.answer_only():
        sys.stdout.write("inside")
    sys.stdout.write("after")
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == ("after", "inside")


@pytest.mark.skipif(sys.platform == "win32", reason="there is no full device on Windows")
def test_a_full_disk_is_no_traceback() -> None:
    script = (
        "import sys\n"
        "from keruen.cli import streams\n"
        "streams.own_standard_output()\n"
        "sys.stdout.write('x' * 100)\n"
        "streams.finish()\n"
    )
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-c", script], stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert (done.returncode, done.stderr) == (0, b"")


def test_the_real_output_is_reached_through_sys_stdout_alone() -> None:
    script = (
        "import os, sys\n"
        "from keruen.cli import streams\n"
        "streams.own_standard_output()\n"
        "os.write(1, b'descriptor')\n"
        "streams.write_line('answer')\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert done.stdout == f"answer{os.linesep[-1]}".encode()
    assert done.stderr == b"descriptor"

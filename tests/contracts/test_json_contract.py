"""What ``--json`` prints is a promise: one object, whatever happens, on standard output alone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from keruen.cli.main import build_app
from keruen.i18n import languages, translator
from support.command_line import Called, call, spawn
from support.contract_shapes import RESULTS, check_envelope, fits
from support.small_study import write_study


def commands() -> set[str]:
    """Every command there is, by its words."""
    app = build_app(translator("en"))
    names = {str(command.name) for command in app.registered_commands}
    for group in app.registered_groups:
        inner = group.typer_instance
        assert inner is not None
        names |= {f"{group.name} {command.name}" for command in inner.registered_commands}
    return names


def test_every_command_has_a_shape() -> None:
    assert commands() == set(RESULTS)


def test_the_shapes_can_fail() -> None:
    right: dict[str, object] = {
        "errors": 0,
        "warnings": 0,
        "counts": {"a": 1},
        "sources": dict.fromkeys("x", 1),
    }
    assert fits(right, RESULTS["check"]) != []
    right["sources"] = dict.fromkeys(("official", "published", "derived", "assumed"), 0)
    assert fits(right, RESULTS["check"]) == []
    assert fits({**right, "errors": True}, RESULTS["check"]) != []
    assert fits({**right, "counts": {"a": None}}, RESULTS["check"]) != []


@pytest.mark.parametrize("command", sorted(commands()))
@pytest.mark.parametrize("language", languages())
def test_wrong_usage_is_one_object_too(
    command: str, language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    called = call(capsys, *command.split(), "--no-such-option", "--json", "--lang", language)
    answer = check_envelope(called)
    assert (called.status, answer["command"], answer["result"]) == (2, command, None)
    assert called.codes == ["unknown_option"]
    assert called.err == ""


def test_standard_output_of_a_process_holds_the_object_alone(tmp_path: Path) -> None:
    called = spawn("check", str(write_study(tmp_path / "corridor")), "--json", "--lang", "kk")
    assert check_envelope(called)["status"] == "ok"
    assert called.err == ""


def test_a_child_that_prints_by_itself_does_not_spoil_the_answer(tmp_path: Path) -> None:
    study = write_study(tmp_path / "corridor")
    noisy = (
        "import os, sys, subprocess\n"
        "import keruen.model as model\n"
        "read = model.read_study\n"
        "def noise(path):\n"
        "    os.write(1, b'from a library\\n')\n"
        "    print('from python')\n"
        "    subprocess.run([sys.executable, '-c', 'print(\"from a child\")'], check=True)\n"
        "    return read(path)\n"
        "model.read_study = noise\n"
        "from keruen.cli.main import main\n"
        f"main(['check', {str(study)!r}, '--json'])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", noisy], capture_output=True, timeout=120, check=False
    )
    called = Called(done.returncode, done.stdout.decode(), done.stderr.decode())
    assert check_envelope(called)["status"] == "ok"
    for source in ("a library", "python", "a child"):
        assert f"from {source}" in called.err


def test_an_interruption_is_one_object_too(tmp_path: Path) -> None:
    study = write_study(tmp_path / "corridor")
    waiting = (
        "import signal, time, sys\n"
        # A parent in the background may hand down SIGINT as ignored.
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "import keruen.model as model\n"
        "def wait(path):\n"
        "    print('ready', file=sys.stderr, flush=True)\n"
        "    time.sleep(60)\n"
        "model.read_study = wait\n"
        "from keruen.cli.main import main\n"
        f"main(['check', {str(study)!r}, '--json'])\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", waiting], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stderr is not None
    assert process.stderr.readline() == b"ready\n"
    time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    answer = check_envelope(Called(process.returncode, out.decode(), err.decode()))
    assert (process.returncode, answer["status"], err) == (130, "interrupted", b"")


def test_a_reader_that_leaves_early_is_no_error(tmp_path: Path) -> None:
    study = write_study(tmp_path / "corridor")
    for last in ([], ["--json"]):
        reading, writing = os.pipe()
        os.close(reading)
        process = subprocess.Popen(
            [sys.executable, "-m", "keruen", "check", str(study), *last],
            stdout=writing,
            stderr=subprocess.PIPE,
        )
        os.close(writing)
        _, err = process.communicate(timeout=120)
        assert (process.returncode, err) == (0, b"")


def test_an_internal_error_is_one_object_and_a_log(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(path: Path) -> object:
        raise ZeroDivisionError(path)

    monkeypatch.setattr("keruen.model.read_study", broken)
    called = call(capsys, "check", str(write_study(tmp_path / "corridor")), "--json")
    answer = check_envelope(called)
    assert (called.status, called.err) == (70, "")
    log = Path(answer["problems"][0]["mend"].partition("log file ")[2].removesuffix("."))
    assert "ZeroDivisionError" in log.read_text(encoding="utf-8")

from __future__ import annotations

import io

import pytest

from keruen.cli import progress as progress_module
from keruen.cli.progress import progress, tell_compiling
from keruen.i18n import translator
from keruen.rail.dispatch.network import Policy


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_lines_name_each_step_once(capsys: pytest.CaptureFixture[str]) -> None:
    with progress(translator("en"), lines=True) as advance:
        for share in (0.0, 0.5, 1.0):
            advance("capacity", share)
        advance("targets", 0.0)
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err == "Capacities by year…\nTargets…\n"


def test_lines_speak_the_language(capsys: pytest.CaptureFixture[str]) -> None:
    with progress(translator("kk"), lines=True) as advance:
        advance("check", 0.0)
    assert capsys.readouterr().err == "Тексеру…\n"


def test_nothing_is_said_where_no_lines_are_wanted(capsys: pytest.CaptureFixture[str]) -> None:
    with progress(translator("en")) as advance:
        advance("capacity", 0.3)
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("compiled", [True, False])
def test_compiling_is_told_when_there_is_any(
    compiled: bool, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Policy] = []

    def is_compiled(policy: Policy) -> bool:
        asked.append(policy)
        return compiled

    monkeypatch.setattr("keruen.rail.dispatch.kernels.is_compiled", is_compiled)
    tell_compiling(translator("en"), "look_ahead")
    printed = capsys.readouterr()
    assert (printed.out, printed.err.count("Compiling")) == ("", 0 if compiled else 1)
    assert asked == [Policy.LOOK_AHEAD]


def test_a_terminal_has_a_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    monkeypatch.setattr(progress_module, "PATIENCE_S", -1.0)
    monkeypatch.setenv("TERM", "xterm")
    with progress(translator("en"), lines=True) as advance:
        advance("ladders", 0.25)
    assert "Ladders of the corridors" in terminal.getvalue()
    assert " 25%" in terminal.getvalue()
    assert "progress." not in terminal.getvalue()


def test_what_is_over_soon_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    with progress(translator("en")) as advance:
        advance("check", 0.0)
    assert "Check" not in terminal.getvalue()

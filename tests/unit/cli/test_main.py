from __future__ import annotations

import pytest

from keruen import __version__
from keruen.cli import check
from keruen.cli.main import build_app
from keruen.i18n import languages, translator
from support.command_line import call, spawn


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    called = call(capsys, "--version")
    assert (called.status, called.out, called.err) == (0, f"keruen {__version__}\n", "")


@pytest.mark.parametrize("arguments", [["--help"], []])
def test_help_stands_on_standard_output(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    called = call(capsys, *arguments)
    assert called.status == 0
    assert called.out.startswith("Usage: keruen [OPTIONS] COMMAND")
    assert "  check  " in called.out
    assert called.err == ""


@pytest.mark.parametrize(
    "arguments", [["--lang", "kk", "--help"], ["--help", "--lang", "kk"], ["--help", "--lang=kk"]]
)
def test_help_speaks_kazakh(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    called = call(capsys, *arguments)
    assert called.status == 0
    for word in ("Қолданылуы:", "Опциялар:", "Зерттеулер:", "Есептеулер:", "Зерттеуді тексеру"):
        assert word in called.out
    for word in ("Usage", "Options", "Show this", "[OPTIONS]", "required"):
        assert word not in called.out


def test_help_of_a_command_names_its_arguments_and_options(
    capsys: pytest.CaptureFixture[str],
) -> None:
    called = call(capsys, "check", "--help")
    assert called.out.startswith("Usage: keruen check [OPTIONS] STUDY\n")
    for option in ("--json", "--lang LANG", "--sources", "--all", "--help"):
        assert f"  {option} " in called.out


@pytest.mark.parametrize(
    ("arguments", "code", "command"),
    [
        (["chek", "x"], "unknown_command", ""),
        (["check"], "missing_argument", "check"),
        (["check", "x", "--jsn"], "unknown_option", "check"),
        (["check", "x", "y"], "unexpected_argument", "check"),
        (["check", "x", "--lang"], "option_needs_value", "check"),
        (["check", "x", "--sources=3"], "option_takes_no_value", "check"),
        (["check", "x", "-q"], "unknown_option", "check"),
        (["check", "x", "--lang", "xx"], "unknown_language", "check"),
        (["check", "kazakstan"], "unknown_study", "check"),
        (["--nothing"], "unknown_option", ""),
    ],
)
@pytest.mark.parametrize("language", languages())
def test_wrong_usage(
    arguments: list[str],
    code: str,
    command: str,
    language: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    spoken = arguments if "--lang" in arguments else [*arguments, "--lang", language]
    called = call(capsys, *spoken[:1], "--json", *spoken[1:])
    assert called.status == 2
    assert called.err == ""
    assert (called.codes, called.envelope["status"]) == ([code], "usage")
    assert called.envelope["command"] == command
    plain = call(capsys, *spoken)
    assert (plain.status, plain.out) == (2, "")
    assert called.envelope["problems"][0]["rule"] in " ".join(plain.err.split())
    assert "--help" in plain.err


def test_a_near_miss_is_suggested(capsys: pytest.CaptureFixture[str]) -> None:
    assert "“check”" in call(capsys, "chek", "x").err
    assert "--json" in call(capsys, "check", "x", "--jsn").err
    assert "“kk”" in call(capsys, "check", "x", "--lang", "kz").err


def test_hostile_arguments_are_shown_harmless(capsys: pytest.CaptureFixture[str]) -> None:
    called = call(capsys, "\x1b[2J[red]\u202e")
    assert "\\x1b[2J[red]\\u202e" in called.err
    assert "\x1b" not in called.err
    assert "\u202e" not in called.err


def test_an_interruption_while_parsing_is_told(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(text: str) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(check, "study_name", interrupted)
    called = call(capsys, "check", "x", "--json")
    assert (called.status, called.envelope["status"]) == (130, "interrupted")


def test_every_command_has_help_in_every_language() -> None:
    for language in languages():
        app = build_app(translator(language))
        for command in app.registered_commands:
            assert command.help
            assert command.name


def test_a_process_of_its_own_speaks_utf_8_whatever_its_locale() -> None:
    called = spawn("--lang", "kk", "--help", LC_ALL="C", PYTHONIOENCODING="ascii")
    assert called.status == 0
    assert "Қолданылуы:" in called.out

from __future__ import annotations

from pathlib import Path

import pytest

from support.command_line import call
from support.worlds import tntp


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    folder = tntp(tmp_path / "network")
    return str(folder / "a_net.tntp"), str(folder / "a_trips.tntp")


def test_two_ways_cost_the_same(files: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    called = call(capsys, "flows", "--tntp", *files, "--gap", "1e-10", "--json")
    result = called.envelope["result"]
    assert (called.status, called.envelope["study"]) == (0, None)
    # 1 + x / 4 = 2 + (10 - x) / 8
    flows = [link["flow"] for link in result["links"]]
    assert flows == pytest.approx([6.0, 4.0, 4.0])
    assert [link["cost"] for link in result["links"]] == pytest.approx([2.5, 1.25, 1.25])
    assert result["objective"] == pytest.approx(6.0 + 6.0**2 / 8 + 8.0 + 4.0**2 / 16)
    assert [(link["from"], link["to"]) for link in result["links"]] == [(1, 2), (1, 3), (3, 2)]


def test_tolls_and_lengths_count_as_asked(
    files: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    weights = ("--toll-weight", "0.5", "--distance-weight", "0.25")
    called = call(capsys, "flows", "--tntp", *files, *weights, "--gap", "1e-10", "--json")
    # 1.25 + x / 4 = 3 + (10 - x) / 8
    flows = [link["flow"] for link in called.envelope["result"]["links"]]
    assert flows == pytest.approx([8.0, 2.0, 2.0])


@pytest.mark.parametrize(
    ("arguments", "status", "code"),
    [
        (("--gap", "2"), 2, "bad_gap"),
        (("--toll-weight", "-1"), 2, "bad_weight"),
        (("--demand",), 2, "not_with_option"),
        (("--year", "2030"), 2, "not_with_option"),
    ],
)
def test_wrong_calls(
    files: tuple[str, str],
    arguments: tuple[str, ...],
    status: int,
    code: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    called = call(capsys, "flows", "--tntp", *files, *arguments, "--json")
    assert (called.status, called.codes) == (status, [code])


def test_options_of_a_network_need_one(capsys: pytest.CaptureFixture[str]) -> None:
    called = call(capsys, "flows", "corridor", "--gap", "1e-3", "--json")
    assert (called.status, called.codes) == (2, ["needs_option"])
    assert call(capsys, "flows", "--json").codes == ["missing_argument"]


def test_files_that_are_wrong_or_missing(
    files: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    net, trips = files
    wrong = net.replace("a_net", "wrong_net")
    called = call(capsys, "flows", "--tntp", wrong, trips, "--json")
    assert called.status == 1
    told = called.envelope["problems"]
    assert {(one["file"], one["row"]) for one in told} == {("wrong_net.tntp", 9)}
    assert {one["column"] for one in told} == {"term_node", "free_flow_time"}
    assert call(capsys, "flows", "--tntp", net, net + "x", "--json").status == 3


def test_demand_without_a_way_is_named_and_the_rest_served(
    files: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    trips = Path(files[1])
    trips.write_text(trips.read_text(encoding="utf-8") + "Origin 2\n 1 : 3 ;\n", encoding="utf-8")
    called = call(capsys, "flows", "--tntp", *files, "--json")
    assert "tntp_pair_unreachable" in called.codes
    assert called.status == 1
    assert called.envelope["result"]["links"][0]["flow"] == pytest.approx(6.0, rel=1e-3)


@pytest.mark.parametrize("language", ["en", "kk"])
def test_the_screen(
    files: tuple[str, str],
    language: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    called = call(capsys, "flows", "--tntp", *files, "--lang", language)
    assert called.status == 0
    assert max(map(len, called.out.splitlines())) <= 80
    assert {"en": "Relative gap", "kk": "алшақтық"}[language] in called.out
    assert "150%" in called.out.replace(" ", "").replace("\N{NO-BREAK SPACE}", "")
    assert "cli." not in called.out

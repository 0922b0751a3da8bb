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
        (("--toll-weight", "nan"), 2, "bad_weight"),
        (("--distance-weight", "1e300"), 2, "bad_weight"),
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
    assert called.envelope["study"] is None


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


def test_folders_are_told_with_the_files_that_could_be_meant(
    files: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = str(Path(files[0]).parent)
    called = call(capsys, "flows", "--tntp", folder, folder, "--json")
    assert (called.status, called.codes) == (3, ["tntp_folder"] * 2)
    net, trips = (one["mend"] for one in called.envelope["problems"])
    assert "a_net.tntp, wrong_net.tntp" in net
    assert "a_trips.tntp" in trips


def test_demand_without_a_way_is_named_and_the_rest_served(
    files: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    trips = Path(files[1])
    more = " 1 : 5 ;\nOrigin 2\n 1 : 3 ;\n"
    trips.write_text(trips.read_text(encoding="utf-8") + more, encoding="utf-8")
    called = call(capsys, "flows", "--tntp", *files, "--json")
    told = [(one["code"], one["row"], one["column"]) for one in called.envelope["problems"]]
    assert told[-2:] == [
        ("tntp_pair_to_itself", 6, "destination"),
        ("tntp_pair_unreachable", 8, "destination"),
    ]
    assert called.status == 1
    result = called.envelope["result"]
    assert result["links"][0]["flow"] == pytest.approx(6.0, rel=1e-3)
    assert (result["trips"], result["trips_left_out"]) == (18.0, 8.0)
    shown = call(capsys, "flows", "--tntp", *files)
    assert "Trips left out: 8" in shown.out


def test_many_pairs_without_a_way_are_counted_in_the_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    zones = 31
    head = f"<NUMBER OF ZONES> {zones}\n"
    net = f"<NUMBER OF NODES> {zones}\n<FIRST THRU NODE> 1\n<NUMBER OF LINKS> 1\n"
    pairs = " ".join(f"{number} : 1;" for number in range(2, zones + 1))
    (tmp_path / "net").write_text(f"{head}{net}<END OF METADATA>\n1 2 9 1 1 1 1 0 0 1;", "utf-8")
    (tmp_path / "trips").write_text(f"{head}<END OF METADATA>\nOrigin 1\n{pairs}", "utf-8")
    called = call(
        capsys, "flows", "--tntp", str(tmp_path / "net"), str(tmp_path / "trips"), "--json"
    )
    assert called.codes == ["tntp_pair_unreachable"] * 20 + ["and_more"]
    assert {one["file"] for one in called.envelope["problems"]} == {"trips"}


def test_a_closed_link_stands_in_the_list_without_a_cost(
    files: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    net = Path(files[0])
    closed = net.read_text(encoding="utf-8").replace("1 2 4 1 1 1 1", "1 2 0 1 1 1 1")
    net.write_text(closed, encoding="utf-8")
    called = call(capsys, "flows", "--tntp", *files, "--json")
    assert (called.status, called.codes) == (0, ["tntp_no_capacity"])
    first, *rest = called.envelope["result"]["links"]
    assert first == {"from": 1, "to": 2, "flow": 0.0, "cost": None}
    assert [link["flow"] for link in rest] == pytest.approx([10.0, 10.0])
    assert call(capsys, "flows", "--tntp", *files).status == 0


def test_numbers_of_many_digits_are_shown_by_powers_of_ten(
    files: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    net = Path(files[0])
    heavy = net.read_text(encoding="utf-8").replace("1 2 4 1 1 1 1", "1 2 1e-15 1 1e15 1e15 7")
    net.write_text(heavy.replace("1 3 8", "1 3 0"), encoding="utf-8")
    called = call(capsys, "flows", "--tntp", *files)
    assert called.status == 0
    assert "1.000e+142" in called.out
    assert "1e+18 %" in called.out


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

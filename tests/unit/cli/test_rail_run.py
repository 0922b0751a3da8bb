from __future__ import annotations

from pathlib import Path

import pytest

from support.command_line import call
from support.worlds import hauled, line


@pytest.fixture
def study(tmp_path: Path) -> Path:
    return hauled(tmp_path / "hauled")


def test_kilometres_and_sections_add_up_to_the_whole(
    study: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    result = call(capsys, "rail", "run", str(study), "main", "--json").envelope["result"]
    profile, sections = result["profile"], result["sections"]
    assert [one["km"] for one in profile] == [float(km) for km in range(1, 71)]
    assert sum(one["energy_kwh"] for one in profile) == pytest.approx(result["wheel_energy_kwh"])
    by_speed = sum(60.0 / one["speed_km_per_h"] for one in profile)
    assert by_speed == pytest.approx(result["time_min"], rel=1e-4)
    for amount in ("time_min", "wheel_energy_kwh", "wire_energy_kwh", "fuel_l"):
        known = [one[amount] for one in sections if one[amount] is not None]
        assert sum(known) == pytest.approx(result[amount])
    assert result["stops"] == [{"km": 40.0, "node": "b"}]
    wire, fuel = (result[f"{name}_per_10000_gross_t_km"] for name in ("wire_kwh", "fuel_l"))
    assert wire == pytest.approx(result["wire_energy_kwh"] * 1e4 / (3000 * 40))
    assert fuel == pytest.approx(result["fuel_l"] * 1e4 / (3000 * 30))


@pytest.mark.parametrize("language", ["en", "kk"])
def test_the_screen(
    study: Path,
    language: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    called = call(capsys, "rail", "run", str(study), "main", "--lang", language)
    assert called.status == 0
    assert max(map(len, called.out.splitlines())) <= 80
    for piece in ("wire_one", "diesel_one", "ab", "bc", {"en": "kWh", "kk": "кВт·сағ"}[language]):
        assert piece in called.out
    estimate = {"en": "an estimate", "kk": "бағалау ғана"}[language]
    assert estimate in " ".join(called.out.split())
    assert "cli." not in called.out


def test_a_study_without_haulings_is_told_what_to_add(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    called = call(capsys, "rail", "run", str(line(tmp_path / "line")), "steppe", "--json")
    (problem,) = called.envelope["problems"]
    assert called.status == 3
    assert (problem["code"], problem["file"]) == ("section_without_hauling", "haulings.csv")
    assert "aidyn_bulaq" in problem["rule"]
    assert "haulings.csv" in problem["mend"]

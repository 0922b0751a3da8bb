"""What the stylesheet and the script promise: contrast, no room for the network, frames of maps."""

from __future__ import annotations

import re
from importlib import resources

import pytest

from keruen.report.outlines import load
from keruen.report.page.geography import frames_of
from keruen.report.palette import ROLES, contrast

CSS = resources.files("keruen.report").joinpath("templates/page.css").read_text(encoding="utf-8")


def tokens(theme: int) -> dict[str, str]:
    """Colours of the page itself; the first block is light, the second dark."""
    blocks = re.findall(r"\{(--p-link:[^}]*)\}", CSS)
    assert len(blocks) == 3
    assert blocks[1] == blocks[2]
    pairs = (pair.split(":") for pair in blocks[theme].split(";") if pair)
    return {name.removeprefix("--p-"): value for name, value in pairs}


@pytest.mark.parametrize("theme", [0, 1])
def test_words_stand_out_from_what_they_stand_on(theme: int) -> None:
    own = tokens(theme)
    paper = ROLES["paper"][theme]
    for ground in (paper, own["tint"]):
        for shade in (own["link"], own["head"], ROLES["ink"][theme], ROLES["muted"][theme]):
            assert contrast(shade, ground) >= 4.5
    for verdict in ("met", "missed", "undetermined"):
        assert contrast(ROLES[verdict][theme], own[verdict]) >= 4.5
        assert contrast(ROLES[verdict][theme], paper) >= 4.5
    assert contrast(own["mark"], paper) >= 3.0


def test_the_stylesheet_names_only_roles_that_exist() -> None:
    used = set(re.findall(r"var\(--(k-[a-z0-9-]+|p-[a-z-]+)\)", CSS))
    known = {f"k-{role}" for role in ROLES} | {f"p-{name}" for name in tokens(0)}
    assert used <= known
    assert "http" not in CSS
    assert "url(" not in CSS


ALMATY, ASTANA, AKTAU = (76.9, 43.3), (71.4, 51.1), (51.2, 43.6)


def test_a_study_at_home_in_kazakhstan_gets_its_map_and_the_continent_when_it_reaches_far() -> None:
    home = {"KZ": [ALMATY, ASTANA, AKTAU]}
    assert [frame.id for frame in frames_of(home, load())] == ["kazakhstan"]
    far = {**home, "CN": [(121.5, 31.2)], "DE": [(6.8, 51.4)]}
    frames = frames_of(far, load())
    assert [frame.id for frame in frames] == ["eurasia", "kazakhstan"]
    for points in far.values():
        for point in points:
            x, y = frames[0].view(940).point(*point)
            assert 0 < x < 940
            assert 0 < y < frames[0].view(940).height


def test_a_study_elsewhere_gets_one_map_around_its_places() -> None:
    places = {"GE": [(41.6, 41.6), (44.8, 41.7)], "TR": [(43.1, 40.6)]}
    (frame,) = frames_of(places, load())
    assert (frame.id, frame.home) == ("study", "268")
    view = frame.view(328)
    for point in (point for own in places.values() for point in own):
        x, y = view.point(*point)
        assert 0 < x < view.width
        assert 0 < y < view.height


def test_one_place_or_none_makes_no_map() -> None:
    assert frames_of({}, load()) == ()
    assert frames_of({"KZ": [ALMATY]}, load()) == ()

"""What of an infrastructure a study has no place for, or only one place for several."""

from __future__ import annotations

from typing import Final

from keruen.exchange.railjson.notes import Note, Why
from keruen.exchange.railjson.parsing import Lists, Object
from keruen.exchange.railjson.profiles import Profile

KERUEN: Final = "keruen"
"""Name of the source in tracks that Keruen wrote; the id beside it is that of the section."""
MOST_TRACKS: Final = 8
"""Tracks that a section takes."""
_DEAD_WEIGHT: Final = ("routes", "signals", "detectors", "neutral_sections", "level_crossings")
"""Lists that a study has no place for."""


def own_section(track: Object) -> str:
    """Section that a track was written from; empty for tracks that Keruen did not write."""
    source = (track.get("extensions") or {}).get("source")
    if not isinstance(source, dict) or source.get("name") != KERUEN:
        return ""
    own = source.get("id")
    return own if isinstance(own, str) else ""


def own_line(track: Object) -> tuple[str, dict[str, str]]:
    """Line that a track was written from and its names by language; empty where there is none."""
    told = (track.get("extensions") or {}).get(KERUEN)
    if not isinstance(told, dict) or not isinstance(told.get("line"), str):
        return "", {}
    names = told.get("names")
    known = names.items() if isinstance(names, dict) else ()
    return told["line"], {key: name for key, name in known if isinstance(name, str)}


def dead_weight(lists: Lists) -> list[Note]:
    """Notes of objects and fields that a study has no place for."""
    notes = [
        Note(name, one["id"], "", Why.NOT_CARRIED) for name in _DEAD_WEIGHT for one in lists[name]
    ]
    ends: dict[str, tuple[float, float]] = {
        track["id"]: (0.0, float(track["length"])) for track in lists["track_sections"]
    }
    for stop in lists["buffer_stops"]:
        if not any(abs(stop["position"] - end) < 1.0 for end in ends[stop["track"]]):
            notes.append(Note("buffer_stops", stop["id"], "position", Why.NOT_CARRIED))
    for switch in lists["switches"]:
        if switch["group_change_delay"] > 0.0:
            notes.append(Note("switches", switch["id"], "group_change_delay", Why.NOT_CARRIED))
        if switch.get("extensions"):
            notes.append(Note("switches", switch["id"], "extensions", Why.NOT_CARRIED))
    for track in lists["track_sections"]:
        for extension in sorted(set(track.get("extensions") or {}) - {"sncf", "source", KERUEN}):
            notes.append(
                Note("track_sections", track["id"], "extensions", Why.NOT_CARRIED, extension[:40])
            )
    return notes


def differences(section: str, tracks: list[Profile], notes: list[Note]) -> None:
    """Tracks of one section that are not like the first, which stands for all."""
    first = tracks[0]
    for track in tracks[1:]:
        shift = track.length_m - first.length_m
        if abs(shift) > 1.0:
            notes.append(
                Note("sections", section, "length_km", Why.SIMPLIFIED, f"{shift / 1000:+.3f} km")
            )
        for column, own, of_first in (
            ("permitted_speed_km_per_h", track.permitted_km_per_h, first.permitted_km_per_h),
            ("traction", track.traction, first.traction),
        ):
            if own != of_first:
                notes.append(Note("sections", section, column, Why.SIMPLIFIED, str(own)))
        if track.rows != first.rows:
            notes.append(Note("sections", section, "track_profiles", Why.SIMPLIFIED))
    if len(tracks) > MOST_TRACKS:
        notes.append(Note("sections", section, "tracks", Why.OUT_OF_RANGE, str(len(tracks))))

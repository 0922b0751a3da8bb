"""What the objects of an infrastructure say of each other: that it exists and fits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from keruen.errors import StudyError
from keruen.exchange.railjson.findings import Findings, Place
from keruen.exchange.railjson.parsing import Lists, Object
from keruen.exchange.railjson.shapes import SWITCH_TYPES, SwitchType
from keruen.model.findings import Suggestions

TOLERANCE_M: Final = 1e-3
"""Offsets may lie beyond the end of a track by this much: OSRD counts in millimetres."""


def switch_types(lists: Lists) -> dict[str, SwitchType]:
    """Kinds of switch of an infrastructure: those that all have, and its own."""
    own = {
        kind["id"]: SwitchType(
            tuple(kind["ports"]),
            {
                group: tuple((pair["src"], pair["dst"]) for pair in pairs)
                for group, pairs in kind["groups"].items()
            },
        )
        for kind in lists["extended_switch_types"]
    }
    return {**own, **SWITCH_TYPES}


class _Check:
    """Looks at every reference of an infrastructure."""

    def __init__(self, lists: Lists, findings: Findings) -> None:
        self.lists = lists
        self.findings = findings
        self.lengths = {t["id"]: float(t["length"]) for t in lists["track_sections"]}
        self.types = switch_types(lists)
        self._tracks = Suggestions(self.lengths)
        self._types = Suggestions(self.types)

    def offset(self, track: str, offset: float, place: Place) -> None:
        """An offset lies on its track."""
        length = self.lengths.get(track)
        if length is not None and offset > length + TOLERANCE_M:
            self.findings.error(
                "railjson_beyond_track", place, value=float(offset), limit=length, track=track
            )

    def track(self, track: str, place: Place) -> None:
        """A track exists."""
        if track not in self.lengths:
            better = self._tracks(track)
            self.findings.error(
                "railjson_unknown_reference",
                place,
                value=track,
                better=better,
                kind="track_sections",
            )

    def span(self, span: Object, track: str, place: Place) -> None:
        """A stretch lies on its track and does not end before it begins."""
        self.offset(track, span["end"], (*place, "end"))
        if span["begin"] >= span["end"]:
            begin, end = float(span["begin"]), float(span["end"])
            self.findings.error("railjson_range_order", (*place, "begin"), value=begin, end=end)

    def tracks(self) -> None:
        """Slopes, curves and loading gauges lie on their track."""
        for i, track in enumerate(self.lists["track_sections"]):
            for name in ("slopes", "curves", "loading_gauge_limits"):
                for j, span in enumerate(track.get(name, ())):
                    self.span(span, track["id"], ("track_sections", i, name, j))

    def points(self) -> None:
        """Points lie on tracks that exist."""
        for i, point in enumerate(self.lists["operational_points"]):
            for j, part in enumerate(point["parts"]):
                self.located(part, ("operational_points", i, "parts", j))
        for name in ("buffer_stops", "detectors", "signals"):
            for i, one in enumerate(self.lists[name]):
                self.located(one, (name, i))

    def located(self, one: Object, place: Place) -> None:
        """One point."""
        self.track(one["track"], (*place, "track"))
        self.offset(one["track"], one["position"], (*place, "position"))

    def ranges(self) -> None:
        """Stretches of limits and wires lie on tracks that exist."""
        for name in ("speed_sections", "electrifications"):
            for i, one in enumerate(self.lists[name]):
                for j, span in enumerate(one["track_ranges"]):
                    place = (name, i, "track_ranges", j)
                    self.track(span["track"], (*place, "track"))
                    self.span(span, span["track"], place)

    def own_types(self) -> None:
        """Kinds of switch join ports that they have."""
        for i, kind in enumerate(self.lists["extended_switch_types"]):
            for group, pairs in kind["groups"].items():
                for j, pair in enumerate(pairs):
                    for end in ("src", "dst"):
                        place = ("extended_switch_types", i, "groups", group, j, end)
                        self._port(pair[end], kind["ports"], place)

    def _port(self, port: str, ports: Iterable[str], place: Place) -> None:
        known = sorted(ports)
        if port not in known:
            self.findings.error(
                "railjson_unknown_port", place, value=port, known=", ".join(known[:20])
            )

    def switches(self) -> None:
        """Switches are of a known kind, have its ports, and share no end of a track."""
        taken: dict[tuple[str, str], str] = {}
        for i, switch in enumerate(self.lists["switches"]):
            kind = self.types.get(switch["switch_type"])
            place: Place = ("switches", i)
            if kind is None:
                value = switch["switch_type"]
                better = self._types(value)
                self.findings.error(
                    "railjson_unknown_reference",
                    (*place, "switch_type"),
                    value=value,
                    better=better,
                    kind="switch_types",
                )
                continue
            for port in sorted(set(kind.ports) - set(switch["ports"])):
                self.findings.error("railjson_missing_field", (*place, "ports"), field=port)
            for port, end in switch["ports"].items():
                at = (*place, "ports", port)
                self._port(port, kind.ports, at)
                self.track(end["track"], (*at, "track"))
                key = (end["track"], end["endpoint"])
                if key in taken:
                    self.findings.error("railjson_end_taken", at, value=key[0], other=taken[key])
                taken.setdefault(key, switch["id"])

    def routes(self) -> None:
        """Routes name what exists; they are not carried over, so this is a warning."""
        known = {
            "Detector": {one["id"] for one in self.lists["detectors"]},
            "BufferStop": {one["id"] for one in self.lists["buffer_stops"]},
            "switches": {one["id"] for one in self.lists["switches"]},
        }
        for i, route in enumerate(self.lists["routes"]):
            for kind, value, place in _named(route):
                if kind in known and value not in known[kind]:
                    at = ("routes", i, *place)
                    self.findings.warning(
                        "railjson_unknown_reference", at, value=value, better="", kind=kind
                    )


def _named(route: Mapping[str, Any]) -> Iterator[tuple[str, str, Place]]:
    """What a route names, as far as it has the shape for it: kind, id, place."""
    for end in ("entry_point", "exit_point"):
        point = route.get(end)
        if isinstance(point, dict):
            yield str(point.get("type")), str(point.get("id")), (end, "id")
    released = route.get("release_detectors")
    for i, detector in enumerate(released if isinstance(released, list) else ()):
        yield "Detector", str(detector), ("release_detectors", i)
    directions = route.get("switches_directions")
    for switch in directions if isinstance(directions, dict) else ():
        yield "switches", str(switch), ("switches_directions", switch)


def require_fitting(lists: Lists, findings: Findings) -> None:
    """Hold every reference against what it names.

    Parameters
    ----------
    lists : mapping of str to list of dict
        Objects of the right shape.
    findings : Findings
        Warnings are added to it.

    Raises
    ------
    StudyError
        With every reference that does not fit, at its place.
    """
    check = _Check(lists, findings)
    for look in (
        check.tracks,
        check.points,
        check.ranges,
        check.own_types,
        check.switches,
        check.routes,
    ):
        look()
    if findings.has_errors:
        raise StudyError(findings.problems())

"""What a reader of a line's capacity should know of it: tracks too short or too few."""

from __future__ import annotations

from collections.abc import Mapping

from keruen.capacity.line import LineSection
from keruen.capacity.line_places import station_loops
from keruen.capacity.section import KIND
from keruen.errors import Problem, Severity
from keruen.model import Model
from keruen.model.records import record_number


def short_track_warnings(model: Model, sections: tuple[LineSection, ...]) -> tuple[Problem, ...]:
    """Say where the ordinary train of a line finds no track to cross, so that a gap reaches on.

    Parameters
    ----------
    model : Model
        Of a day.
    sections : tuple of LineSection
        As :func:`keruen.capacity.line.read_line` gives them.

    Returns
    -------
    tuple of Problem
        ``train_longer_than_station`` at rows of ``station_tracks``, or of ``sections`` where the
        loops of the sections beside a node are told; ``train_longer_than_loops`` at sections.
    """
    stations = station_loops(model)
    longest = max((one.facts.train_m for one in sections), default=0.0)
    found: dict[tuple[str, str], Problem] = {}
    for one in sections:
        facts = one.facts
        told: dict[str, object] = {"train": longest, "gap": round(facts.gap_km, 1)}
        if facts.is_single and facts.loop_m < longest:
            at = (KIND, one.id, "loop_length_m")
            found[KIND, one.id] = _warning(
                model, "train_longer_than_loops", at, {**told, "loop": facts.loop_m}
            )
        for node in one.reaches_over:
            if node in stations:
                own = stations[node]
                at = ("station_tracks", own.row, "useful_length_m")
                place = {"node": node, "loop": own.useful_m, "tracks": own.tracks}
                found["station_tracks", own.row] = _warning(
                    model, "train_longer_than_station", at, {**told, **place}
                )
    return tuple(found.values())


def packet_warnings(model: Model, sections: tuple[LineSection, ...]) -> tuple[Problem, ...]:
    """Warn of single track on which packets are asked for and cannot run, with the first section.

    Parameters
    ----------
    model : Model
        Of a day.
    sections : tuple of LineSection
        Of one line, as :func:`keruen.capacity.line.read_line` gives them.

    Returns
    -------
    tuple of Problem
        One at most.
    """
    wanting = [
        one.id
        for one in sections
        if one.facts.is_single and one.facts.packets.share > 0.0 and not one.facts.has_packets
    ]
    if not wanting:
        return ()
    line = model.text(KIND, wanting[0], "line")
    params = {"line": line, "section": wanting[0], "count": len(wanting)}
    row = record_number(model, KIND, wanting[0])
    return (
        Problem(Severity.WARNING, "packets_do_not_fit", f"{KIND}.csv", row, "signalling", params),
    )


def _warning(
    model: Model, code: str, at: tuple[str, str, str], told: Mapping[str, object]
) -> Problem:
    table, row, column = at
    record = record_number(model, table, row)
    return Problem(Severity.WARNING, code, f"{table}.csv", record, column, {"row": row, **told})

"""Capacity of a railway section: crossing on single track, following on more.

Road and sea sections have no capacity of their own here: their records say ``unbounded``.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Final, NamedTuple

from keruen.capacity.cannot_run import in_their_rows
from keruen.capacity.gap_running import GapRun, gap_run, speed_km_per_h
from keruen.capacity.hauling import HAULING_COLUMNS, hauling_of, read_hauled, read_track
from keruen.capacity.reader import ElementReader
from keruen.capacity.record import Capacity, Input, derived, of_trains, unbounded
from keruen.errors import FailedError
from keruen.model import Model
from keruen.rail.crossing import StationIntervals, best_period_min, scheme_periods_min
from keruen.rail.line import NO_PACKETS, PacketRule
from keruen.rail.line_capacity import (
    FORMULAS,
    DayAllowances,
    Level,
    LineCapacity,
    Method,
    Packet,
    Removal,
    double_track,
    packet_period_min,
    single_track,
)
from keruen.units import running_time_min

KIND: Final = "sections"
PLACE_TRACKS: Final = 2
"""Tracks of a place on single track that the study says nothing of (assumption)."""
DOUBLE: Final = 2
"""From so many tracks on, each direction has its own."""
_OF_SINGLE: Final = frozenset(
    {
        "start_min",
        "stop_min",
        "crossing_interval_min",
        "non_simultaneous_interval_min",
        "window_single_min",
        "reserve_single_share",
        "removal_passenger_single",
        "packet_share",
        "packet_trains",
    }
)
_OF_PACKETS: Final = frozenset({"packet_share", "packet_trains"})
_OF_DOUBLE: Final = frozenset(
    {"headway_min", "window_double_min", "reserve_double_share", "removal_passenger_double"}
)
_OF_RUNNING: Final = HAULING_COLUMNS | {
    "length_km",
    "crossing_gap_km",
    "freight_speed_km_per_h",
    "running_time_forward_min",
    "running_time_backward_min",
}


class SectionFacts(NamedTuple):
    """A railway section in numbers: all that its capacity depends on.

    Times in minutes, lengths in kilometres, speeds in km/h, trains and pairs a day.
    ``window_tracks`` is the number of tracks whose window and reserve hold, ``tracks`` when None:
    apart from it only where a what-if keeps the windows of before. ``places_km`` is the longest
    stretch between two places whatever their length, ``gap_km`` when None: less than it where
    loops are too short for the ordinary train. ``loop_m`` is the useful length of loops, infinite
    when not told; ``train_m`` that of the ordinary train, nought when not told. ``packets`` are
    those asked for; they run where ``place_tracks``, the fewest tracks at an end of the gap, leave
    room (:attr:`has_packets`).
    """

    tracks: int
    gap_km: float
    speed_km_per_h: float
    forward_min: float
    backward_min: float
    automatic: bool
    intervals: StationIntervals
    headway_min: float
    window_single_min: float
    window_double_min: float
    reliability_share: float
    reserve_single_share: float
    reserve_double_share: float
    passenger_pairs: float
    removal_single: float
    removal_double: float
    freight_pairs: float
    window_tracks: int | None = None
    places_km: float | None = None
    loop_m: float = math.inf
    train_m: float = 0.0
    packets: PacketRule = NO_PACKETS
    place_tracks: int = PLACE_TRACKS

    @property
    def has_packets(self) -> bool:
        """Whether trains run in packets (:meth:`keruen.rail.line.PacketRule.fit`)."""
        fit = self.packets.fit(self.place_tracks, automatic=self.automatic)
        return self.is_single and fit

    @property
    def packet(self) -> Packet:
        """Packets of both directions as the formulas take them."""
        headway = self.headway_min
        return Packet(headway, headway, self.packets.share, self.packets.trains)

    @property
    def between_places_km(self) -> float:
        """Longest stretch between two places, whatever their length."""
        return self.gap_km if self.places_km is None else self.places_km

    @property
    def is_single(self) -> bool:
        """Whether trains of both directions share the track."""
        return self.tracks < DOUBLE

    @property
    def allowances(self) -> DayAllowances:
        """Window, reliability and reserve that hold for the number of tracks."""
        if (self.window_tracks or self.tracks) < DOUBLE:
            window, reserve = self.window_single_min, self.reserve_single_share
        else:
            window, reserve = self.window_double_min, self.reserve_double_share
        return DayAllowances(window, self.reliability_share, reserve)

    @property
    def removals(self) -> tuple[Removal, ...]:
        """Background trains with the freight trains each removes."""
        coefficient = self.removal_single if self.is_single else self.removal_double
        return (Removal(self.passenger_pairs, coefficient), Removal(self.freight_pairs, 1.0))


def read_section(reader: ElementReader) -> SectionFacts:
    """Read a railway section.

    The gap between crossing points is the section's own cell; where that is empty, the class's gap
    or the length of the section, whichever is shorter. On single track whose loops do not take the
    ordinary train the section is one gap, however many loops it has; a running time typed for the
    longest stretch then grows with the length.
    """
    signal = reader.word("signalling")

    def of_signalling(column: str) -> float:
        return reader.number(column, "signalling", signal)

    length, places_km = reader.number("length_km"), reader.number("crossing_gap_km")
    places_km = min(places_km, length)
    tracks = int(reader.number("tracks"))
    decides = tracks < DOUBLE and places_km < length
    # What decides nothing is looked at without being remembered.
    fit = reader if decides else ElementReader(reader.model, reader.table, reader.row)
    loop = fit.optional("loop_length_m")
    loop_m, train_m = math.inf if loop is None else loop, ordinary_train_m(fit)
    gap = length if decides and loop_m < train_m else places_km
    run = _running(reader, gap)

    def typed(column: str) -> float | None:
        minutes = reader.optional(column)
        return None if minutes is None else minutes * gap / places_km

    forward, backward = typed("running_time_forward_min"), typed("running_time_backward_min")
    return SectionFacts(
        tracks=tracks,
        gap_km=gap,
        speed_km_per_h=speed_km_per_h(gap, run.forward_min),
        forward_min=run.forward_min if forward is None else forward,
        backward_min=run.backward_min if backward is None else backward,
        automatic=reader.word("block", "signalling", signal) == "auto",
        intervals=StationIntervals(
            of_signalling("start_min") if run.start_min is None else run.start_min,
            of_signalling("stop_min") if run.stop_min is None else run.stop_min,
            of_signalling("crossing_interval_min"),
            of_signalling("non_simultaneous_interval_min"),
        ),
        headway_min=of_signalling("headway_min"),
        window_single_min=of_signalling("window_single_min"),
        window_double_min=of_signalling("window_double_min"),
        reliability_share=of_signalling("reliability_share"),
        reserve_single_share=of_signalling("reserve_single_share"),
        reserve_double_share=of_signalling("reserve_double_share"),
        passenger_pairs=reader.number("passenger_pairs_per_day"),
        removal_single=of_signalling("removal_passenger_single"),
        removal_double=of_signalling("removal_passenger_double"),
        freight_pairs=reader.number("freight_pairs_per_day"),
        window_tracks=tracks,
        places_km=places_km,
        loop_m=loop_m,
        train_m=train_m,
        packets=_packets(reader, signal),
        place_tracks=_place_tracks(reader, signal, tracks >= DOUBLE or gap < length),
    )


def _packets(reader: ElementReader, signal: str) -> PacketRule:
    """Packets asked for."""
    share = reader.optional("packet_share", "signalling", signal)
    if not share:
        return NO_PACKETS
    trains = reader.optional("packet_trains", "signalling", signal)
    return PacketRule(share, NO_PACKETS.trains if trains is None else int(trains))


def _place_tracks(reader: ElementReader, signal: str, untold: bool) -> int:
    """Fewest tracks at an end of the hardest gap; places within a section are not told.

    Nothing is read where no packets are asked for.
    """
    model = reader.model
    automatic = model.text("signalling", signal, "block") == "auto"
    if untold or not automatic or not model.number("signalling", signal, "packet_share"):
        return PLACE_TRACKS
    fewest: list[float] = []
    for end in ("from_node", "to_node"):
        rows = model.rows("station_tracks", node=model.text(KIND, reader.row, end))
        known = [(model.number("station_tracks", row, "tracks") or 0.0, row) for row in rows]
        if not known:
            return PLACE_TRACKS
        fewest.append(reader.number("tracks", "station_tracks", max(known)[1]))
    return int(min(fewest))


def ordinary_train_m(reader: ElementReader) -> float:
    """Length of the ordinary train of a section, metres; nought when the study tells none.

    It is the train that is hauled there. Where nothing of ``haulings`` fits the traction, it is the
    longest that runs on the same gauge.
    """
    model = reader.model
    hauling = hauling_of(model, reader.row)
    if hauling is not None:
        train = model.text("haulings", hauling, "train_type")
        return reader.number("length_m", "train_types", train)
    gauge = model.number("sections", reader.row, "gauge_mm")
    trains = {
        model.text("haulings", row, "train_type")
        for row in map(str, model["haulings"].index)
        if model.number("haulings", row, "gauge_mm") == gauge
    }
    lengths = [(model.number("train_types", train, "length_m") or 0.0, train) for train in trains]
    if not lengths:
        return 0.0
    return reader.number("length_m", "train_types", max(lengths)[1])


def _running(reader: ElementReader, gap_km: float) -> GapRun:
    """Running time over the hardest gap: of the ordinary train, else by the typed speed."""
    hauling = hauling_of(reader.model, reader.row)
    track = None if hauling is None else read_track(reader)
    if hauling is None or track is None:
        typed = running_time_min(gap_km, reader.number("freight_speed_km_per_h"))
        return GapRun(typed, typed, None, None, None)
    try:
        run = gap_run(read_hauled(reader, hauling), track, gap_km, reader.row)
    except FailedError as failed:
        raise FailedError(in_their_rows(reader.model, failed.problems)) from failed
    if not track.profile:
        reader.note("profile", "ruling_gradient", "1")
    return run


@lru_cache(maxsize=1 << 16)
def period_min(facts: SectionFacts, direction: str = "forward") -> float:
    """Minutes that one train (double track) or one pair (single track) takes on the hardest gap.

    Where trains run in packets it is the mean over those in packets and the others.

    Parameters
    ----------
    facts : SectionFacts
        The section.
    direction : str
        Direction of the follower on double track.
    """
    if facts.is_single:
        period = float(best_period_min(facts.forward_min, facts.backward_min, facts.intervals))
        return packet_period_min(period, facts.packet) if facts.has_packets else period
    running = facts.forward_min if direction == "forward" else facts.backward_min
    headway = facts.headway_min if facts.automatic else running + facts.headway_min
    return headway * 2.0 / facts.tracks


def section_capacity(facts: SectionFacts, level: Level, direction: str = "forward") -> LineCapacity:
    """Trains a day in one direction, before and after background trains.

    Parameters
    ----------
    facts : SectionFacts
        The section.
    level : Level
        Maximal, available or practical.
    direction : str
        ``forward`` or ``backward``; matters on double track with unequal running times.

    Returns
    -------
    LineCapacity
        Of the parallel timetable (:mod:`keruen.rail.line_capacity`).
    """
    method = single_track if facts.is_single else double_track
    found = method(period_min(facts, direction), level, facts.allowances, facts.removals)
    return found._replace(method=Method.SINGLE_TRACK_PACKET) if facts.has_packets else found


def schemes(facts: SectionFacts) -> dict[str, float]:
    """Period of each crossing scheme on the hardest gap, minutes; empty on double track."""
    if not facts.is_single:
        return {}
    return scheme_periods_min(facts.forward_min, facts.backward_min, facts.intervals)


def limit_of(facts: SectionFacts) -> str:
    """Code of what binds the section."""
    if facts.is_single:
        return "crossing_period"
    return "headway_auto" if facts.automatic else "headway_semi_auto"


def capacities(model: Model, row: str) -> list[Capacity]:
    """Records of one section, all levels."""
    reader = ElementReader(model, KIND, row)
    mode = reader.word("mode")
    if mode != "rail":
        return unbounded(KIND, row, "truck" if mode == "road" else "vessel", reader.inputs)
    return records_of(row, read_section(reader), reader.inputs)


def records_of(row: str, facts: SectionFacts, inputs: tuple[Input, ...]) -> list[Capacity]:
    """Records of a railway section that was read, all levels.

    Parameters
    ----------
    row : str
        Row of ``sections``.
    facts : SectionFacts
        In numbers.
    inputs : tuple of Input
        What they rest on; what decides nothing is left out.
    """
    idle = _idle_columns(facts)
    read = tuple(i for i in inputs if i.cell is None or i.cell[2] not in idle)
    records: list[Capacity] = []
    same = facts.is_single or facts.forward_min == facts.backward_min or facts.automatic
    for direction in ("both",) if same else ("forward", "backward"):
        for level in Level:
            found = section_capacity(facts, level, "forward" if same else direction)
            told = (*read, *_derived(facts, found))
            record = of_trains((KIND, row), direction, found.trains_per_day, level, told)
            records.append(
                record._replace(
                    gross_trains_per_day=found.gross_trains_per_day,
                    limit=limit_of(facts),
                    formula=FORMULAS[found.method],
                )
            )
    return records


def _idle_columns(facts: SectionFacts) -> frozenset[str]:
    """Columns that were read and decide nothing for a section of so many tracks and such a block.

    They are those of the other number of tracks and, where trains follow each other at the headway
    of an automatic block, what makes up a running time.
    """
    if facts.is_single:
        if facts.has_packets:
            return _OF_DOUBLE - {"headway_min"}
        return _OF_DOUBLE if facts.automatic else _OF_DOUBLE | _OF_PACKETS
    return _OF_SINGLE | _OF_RUNNING if facts.automatic else _OF_SINGLE


def _derived(facts: SectionFacts, found: LineCapacity) -> tuple[Input, ...]:
    runs = facts.is_single or not facts.automatic
    of_packet = ("headway_odd_min", "headway_even_min") if facts.has_packets else ()
    period = period_min(facts._replace(packets=NO_PACKETS)) if of_packet else found.period_min
    quantities = (
        *((("gap_km", facts.gap_km, "km"),) if runs else ()),
        ("period_min", period, "min"),
        *((name, facts.headway_min, "min") for name in of_packet),
        ("usable_min", found.usable_min, "min"),
        ("removed_trains_per_day", found.removed_trains_per_day, "trains/day"),
    )
    return tuple(derived(*quantity) for quantity in quantities)

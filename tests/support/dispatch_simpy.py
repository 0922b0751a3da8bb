"""The dispatcher of a line once more, readable, as SimPy processes: same rules, same streams.

Written from the rules in docs/explanation/dispatcher.md for lines on which every train fits on
every point's tracks it needs; first come, first served. It shares with the kernel the random
streams and nothing else. Slow and plain on purpose.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field
from typing import Any

import simpy

from keruen.events import streams
from keruen.rail.dispatch.network import Network, Setting, Spread, TrainPath, Trains

SIGNALS = -1  # instead of a track: a place at the block signals of a lane
LONG_AGO = -(10**12)
LAST = 9  # at an instant control comes after everything that happens by itself


def amount(spread: Spread, low: float, high: float, base: int, counter: int) -> float:
    if spread == Spread.UNIFORM:
        return low + (high - low) * streams.uniform(base, counter)
    if spread == Spread.EXPONENTIAL:
        return low + high * streams.exponential(base, counter)
    if spread == Spread.LOGNORMAL:
        return streams.lognormal(base, counter, low, high)
    return 0.0


@dataclass
class Lane:
    places: int = 0
    standing: list[Train] = field(default_factory=list)  # who holds its places, the first first
    inside: int = 0
    direction: int | None = None
    entered: int = 0
    passes: int = 0
    cleared: int = 0
    reached: int = LONG_AGO
    coming: list[Train] = field(default_factory=list)  # in order, where arrivals are kept apart
    kept_until: int = LONG_AGO

    def leads_to(self, wanted: int) -> bool:
        return len(self.standing) < self.places if wanted == SIGNALS else not self.standing


Clearing = tuple[int, Lane, int]
"""Leg, lane and time of entering of the section a train comes out of."""


@dataclass
class Station:
    """Tracks by length, the longest first."""

    lengths: list[float]
    counting: set[int]
    holders: dict[int, int] = field(default_factory=dict)  # track -> train
    through: dict[int, set[int]] = field(default_factory=lambda: {0: set(), 1: set()})
    came: list[list[int]] = field(default_factory=list)  # section, when it stands: the last first


@dataclass
class Train:
    number: int
    path: TrainPath
    direction: int
    leg_offset: int
    status: str = "outside"
    place: int = 0  # index in the path of the point it stands at
    track: Any = None
    asked: int = 0
    able: int = 0
    waits_for: Any = None
    go: Any = None
    clearing: Any = None
    begin: int = 0
    lane: Any = None
    target: Any = None
    in_lane: Any = None
    to_stop: bool = False


class Oracle:
    def __init__(
        self, network: Network, paths: list[TrainPath], trains: Trains, setting: Setting
    ) -> None:
        self.env = simpy.Environment()
        self.network, self.setting = network, setting
        self.control_called = False
        self.arrivals: list[tuple[int, int, int, int]] = []  # train, section, enter, leave
        self.finish = [-1] * len(trains.path)
        self.lanes = [[Lane() for _ in range(one.tracks)] for one in network.sections]
        self.stations = self.build_stations(paths)
        offsets = [0]
        for path in paths:
            offsets.append(offsets[-1] + len(path.sections))
        self.trains = []
        for number, way in enumerate(trains.path):
            path = paths[way]
            direction = 0 if path.points[0] < path.points[-1] else 1
            train = Train(number, path, direction, offsets[way])
            self.trains.append(train)
            self.env.process(self.life(train, int(trains.earliest_ms[number])))
        self.asking: list[Train] = []

    def lanes_of(self, number: int, direction: int) -> tuple[list[Lane], list[Lane]]:
        """Lanes of a direction alone and those of both, in the order in which they are tried."""
        there, shared, back = self.network.sections[number].split
        lanes = self.lanes[number]
        both = lanes[there : there + shared]
        if direction == 0:
            return lanes[:there], both
        return lanes[there + shared :][::-1], both if there + back == 0 else both[::-1]

    def build_stations(self, paths: list[TrainPath]) -> list[Station]:
        longest = [0.0] * len(self.network.points)
        for path in paths:
            for point in path.points:
                longest[point] = max(longest[point], path.length_m)
        stations = []
        for spot, need in zip(self.network.points, longest, strict=True):
            lengths = sorted(spot.track_lengths_m, reverse=True)
            counting = {k for k, length in enumerate(lengths) if length >= need}
            assert len(counting) >= 2
            stations.append(Station(lengths, counting))
        for path in paths:
            direction = 0 if path.points[0] < path.points[-1] else 1
            for place, number in enumerate(path.sections):
                section = self.network.sections[number]
                if section.one_train or section.headway_ms == 0:
                    continue
                lasting = path.run_ms[place] + path.start_ms[place] + path.stop_ms[place]
                for lane in self.lanes_of(number, direction)[0]:
                    lane.places = max(lane.places, lasting // section.headway_ms + 1)
        return stations

    @property
    def now(self) -> int:
        return int(self.env.now)

    # --- the life of a train ----------------------------------------------------------------------

    def life(self, train: Train, earliest: int) -> Generator[Any, Any, None]:
        setting, path = self.setting, train.path
        base = streams.stream(setting.seed, setting.draw, train.number)
        delay = int(amount(*setting.delay, base, 0) + 0.5)
        yield self.env.timeout(earliest + delay)
        train.asked = self.now
        train.go = self.env.event()
        self.ask(train)
        yield train.go  # in the network
        last = len(path.sections)
        dwells = path.dwell_ms or (0,) * (last + 1)
        if dwells[0]:
            yield self.env.timeout(dwells[0])
            self.ask_to_leave(train)
        while train.place < last:
            leg = train.place
            standing, run = yield train.go  # granted; train.begin is the departure
            if train.begin > self.now:
                yield self.env.timeout(train.begin - self.now)
                self.leave_point(train)
            if standing:
                run += path.start_ms[leg]
            stops = leg + 1 == last or dwells[leg + 1] > 0
            if stops:
                run += path.stop_ms[leg]
            yield self.env.timeout(run)
            while (until := self.kept_until(train, leg, stops)) > self.now:
                yield self.env.timeout(until - self.now)
            train.clearing = (leg, train.lane, train.begin)
            train.place = leg + 1
            train.track = train.target
            if stops:
                self.clear(train, train.clearing)
                if train.in_lane is not None:
                    train.to_stop = True
                    self.ask_to_leave(train)
                    yield train.go  # out of the lane
                yield self.env.timeout(dwells[leg + 1])
                if train.place < last:
                    self.ask_to_leave(train)
            else:
                train.status = "approaching"
                train.asked = self.now
                train.go = self.env.event()
                self.ask(train)
        self.give_back(train, path.points[last], train.track)
        self.finish[train.number] = self.now

    def keeps_apart(self, number: int, point: int) -> bool:
        section = self.network.sections[number]
        asked = self.network.points[point].arrivals_apart
        return asked and section.tracks == 1 and section.non_simultaneous_ms > 0

    def kept_until(self, train: Train, leg: int, stops: bool) -> int:
        """Until when a train is kept from coming in; notes its coming where it is not."""
        number = train.path.sections[leg]
        section = self.network.sections[number]
        point = train.path.points[leg + 1]
        if not self.keeps_apart(number, point):
            return self.now
        came = self.stations[point].came
        braked = train.path.stop_ms[leg] if stops else 0
        # The last that came at all, or where that came as this one does, the last before it from
        # elsewhere.
        others = [stands for side, stands in came if side != number]
        until = max([self.now, *(stands + section.non_simultaneous_ms for stands in others[:1])])
        if not section.one_train:
            until = max(until, train.lane.reached + section.headway_ms + braked)
            if train.lane.coming[0] is not train and train.lane.kept_until >= self.now:
                until = max(until, train.lane.kept_until, self.now + 1)
        if until > self.now:
            train.lane.kept_until = max(train.lane.kept_until, until)
            train.lane.passes = max(train.lane.passes, until - braked)
            return until
        train.lane.coming.remove(train)
        train.lane.reached = self.now - braked
        if came and came[0][0] == number:
            came[0][1] = self.now
        else:
            came.insert(0, [number, self.now])
            del came[2:]
        return self.now

    def ask(self, train: Train) -> None:
        self.asking.append(train)
        self.call_control()

    def ask_to_leave(self, train: Train) -> None:
        train.status = "standing"
        train.asked = train.able = self.now
        train.go = self.env.event()
        self.ask(train)

    # --- what frees things ------------------------------------------------------------------------

    def give_back(self, train: Train, point: int, track: int) -> None:
        station = self.stations[point]
        del station.holders[track]
        station.through[train.direction].discard(track)
        self.released(("point", point))

    def leave_point(self, train: Train) -> None:
        self.give_back(train, train.path.points[train.place], train.track)

    def clear(self, train: Train, clearing: Clearing) -> None:
        leg, lane, entered = clearing
        number = train.path.sections[leg]
        lane.inside -= 1
        lane.cleared = max(lane.cleared, self.now)
        self.arrivals.append((train.number, number, entered, self.now))
        if lane.inside == 0:
            self.released(("lane", self.group(number, train.direction)))
            if self.network.sections[number].split[1]:
                self.released(("lane", self.group(number, 1 - train.direction)))

    def released(self, thing: object) -> None:
        for train in self.asking:
            if train.waits_for == thing:
                train.waits_for = None
        self.call_control()

    def group(self, number: int, direction: int) -> tuple[int, int | str]:
        there, _, back = self.network.sections[number].split
        return number, "both" if there + back == 0 else direction

    # --- control ----------------------------------------------------------------------------------

    def call_control(self) -> None:
        if self.control_called:
            return
        self.control_called = True
        event = self.env.event()
        event.callbacks.append(self.control)
        event._ok, event._value = True, None
        self.env.schedule(event, priority=LAST)  # type: ignore[arg-type]

    def control(self, _: object) -> None:
        """Serve those who ask, who has asked longest first, until nobody can be served."""
        while True:
            able = [train for train in self.asking if train.waits_for is None]
            if not able:
                break
            train = min(able, key=lambda one: (one.asked, one.number))
            if train.status == "outside":
                self.try_to_enter(train)
            else:
                self.try_to_go(train)
        self.control_called = False

    def free_track(self, train: Train, place: int, last: bool) -> int | None:
        """The shortest free track; not the last counting one for a train that goes on."""
        path = train.path
        station = self.stations[path.points[place]]
        free = [
            track
            for track, length in enumerate(station.lengths)
            if length >= path.length_m and track not in station.holders
        ]
        if not free:
            return None
        track = max(free)
        taken = station.through[train.direction] | {track}
        if last or track not in station.counting or taken != station.counting:
            return track
        return None

    def take(self, train: Train, place: int, track: int, last: bool) -> None:
        station = self.stations[train.path.points[place]]
        station.holders[track] = train.number
        if not last and track in station.counting:
            station.through[train.direction].add(track)

    def came_out(self, train: Train) -> bool:
        """Whether a train at block signals, the first there, has found a track ahead."""
        lane, point = train.in_lane, train.path.points[train.place]
        last = train.place == len(train.path.sections)
        track = self.free_track(train, train.place, last) if lane.standing[0] is train else None
        if track is None:
            train.waits_for = ("point", point)
            return False
        self.take(train, train.place, track, last)
        lane.standing.pop(0)
        train.in_lane, train.track = None, track
        train.able = max(train.able, self.now)
        self.released(("point", point))
        return True

    def try_to_enter(self, train: Train) -> None:
        track = self.free_track(train, 0, False)
        if track is None:
            train.waits_for = ("point", train.path.points[0])
            return
        self.take(train, 0, track, False)
        train.track = track
        self.asking.remove(train)
        train.go.succeed()
        if not (train.path.dwell_ms and train.path.dwell_ms[0]):
            self.ask_to_leave(train)

    def claimed(self, train: Train, group: tuple[int, int | str]) -> bool:
        return any(
            other.waits_for == ("lane", group)
            and (other.asked, other.number) < (train.asked, train.number)
            for other in self.asking
        )

    def lane_for(
        self, train: Train, standing: bool, run: int, wanted: int
    ) -> tuple[Lane | None, int]:
        number = train.path.sections[train.place]
        section = self.network.sections[number]
        own, both = self.lanes_of(number, train.direction)
        group = self.group(number, train.direction)
        if own and both and self.claimed(train, self.group(number, 1 - train.direction)):
            both = []
        found: list[tuple[int, int, int, Lane]] = []
        for order, lane in enumerate(own + both):
            if not lane.leads_to(wanted):
                continue
            if lane.direction is None:
                entry = 0
            elif lane.direction == train.direction and section.one_train:
                if lane.inside:
                    continue
                entry = lane.cleared + section.headway_ms
            elif lane.direction == train.direction:
                entry = max(lane.entered, lane.passes - run) + section.headway_ms
            elif lane.inside:
                continue
            else:
                gap = section.crossing_ms if standing else section.non_simultaneous_ms
                entry = lane.cleared + gap
            found.append((max(entry, self.now), order, entry, lane))
        if not found or self.claimed(train, group):
            return None, 0
        _, _, entry, lane = min(found, key=lambda one: one[:2])
        return lane, entry

    def after_windows(self, train: Train, leg: int, begin: int, standing: bool) -> int:
        path = train.path
        lasting = path.run_ms[leg] + (path.start_ms[leg] if standing else 0)
        ends = leg + 1 == len(path.sections)
        if ends or (path.dwell_ms and path.dwell_ms[leg + 1]):
            lasting += path.stop_ms[leg]
        met = True
        while met:
            met = False
            for window in self.network.sections[path.sections[leg]].all_windows:
                # The last opening before the train would be through.
                number = (begin + lasting - 1 - window.start_ms) // window.period_ms
                shuts = window.start_ms + number * window.period_ms + window.length_ms
                if begin < shuts:
                    begin, met = shuts, True
        return begin

    def try_to_go(self, train: Train) -> None:
        leg, path, now = train.place, train.path, self.now
        if train.in_lane is not None:
            if not self.came_out(train):
                if train.status == "approaching":
                    self.brake(train)
                return
            if train.to_stop:
                train.to_stop = False
                self.asking.remove(train)
                train.go.succeed()
                return
        last = leg + 1 == len(path.sections)
        base = streams.stream(self.setting.seed, self.setting.draw, train.number)
        run = path.run_ms[leg]
        counter = 64 * (train.leg_offset + leg + 1)
        run += int(run * amount(*self.setting.stretch, base, counter) + 0.5)
        track = self.free_track(train, leg + 1, last)
        own, both = self.lanes_of(path.sections[leg], train.direction)
        if track is None or not any(lane.leads_to(track) for lane in own + both):
            track = SIGNALS if any(lane.leads_to(SIGNALS) for lane in own) else None
        if train.status == "approaching":
            if track is not None:
                lane, entry = self.lane_for(train, False, run, track)
                open_now = self.after_windows(train, leg, now, False) == now
                if lane is not None and entry <= now and open_now:
                    self.clear(train, train.clearing)
                    self.grant(train, (lane, track, now, False, run))
                    return
            self.brake(train)
        if track is None:
            train.waits_for = ("point", path.points[leg + 1])
            return
        lane, entry = self.lane_for(train, True, run + path.start_ms[leg], track)
        if lane is None:
            train.waits_for = ("lane", self.group(path.sections[leg], train.direction))
            return
        begin = max(entry, now, train.able)
        opening = self.after_windows(train, leg, begin, True)
        if opening > begin:
            train.waits_for = ("window", train.number)
            self.env.process(self.later(opening - now, train.waits_for))
            return
        self.grant(train, (lane, track, begin, True, run))

    def later(self, delay: int, thing: object) -> Generator[Any, Any, None]:
        yield self.env.timeout(delay)
        self.released(thing)

    def brake(self, train: Train) -> None:
        train.status = "standing"
        stop = train.path.stop_ms[train.place - 1]
        train.able = self.now + stop
        came = self.stations[train.path.points[train.place]].came
        if came and came[0][0] == train.path.sections[train.place - 1]:
            came[0][1] = train.able
        self.env.process(self.come_to_stand(train, train.clearing, stop))

    def come_to_stand(
        self, train: Train, clearing: Clearing, stop: int
    ) -> Generator[Any, Any, None]:
        yield self.env.timeout(stop)
        self.clear(train, clearing)

    def grant(self, train: Train, what: tuple[Lane, Any, int, bool, int]) -> None:
        lane, track, begin, standing, run = what
        leg = train.place
        if track == SIGNALS:
            lane.standing.append(train)
            train.in_lane = lane
        else:
            self.take(train, leg + 1, track, leg + 1 == len(train.path.sections))
        start = train.path.start_ms[leg] if standing else 0
        lane.inside += 1
        if self.keeps_apart(train.path.sections[leg], train.path.points[leg + 1]):
            lane.coming.append(train)
        if lane.direction != train.direction:
            lane.direction, lane.reached = train.direction, LONG_AGO
        lane.entered = begin
        lane.passes = begin + start + run
        train.lane, train.target, train.begin = lane, track, begin
        train.status = "moving"
        self.asking.remove(train)
        if begin == self.now:
            self.leave_point(train)
        train.go.succeed((standing, run))


def run_oracle(
    network: Network, paths: list[TrainPath], trains: Trains, setting: Setting
) -> tuple[list[int], list[tuple[int, int, int, int]]]:
    """Finishing times of all trains, and (train, section, enter, leave) of every run."""
    oracle = Oracle(network, paths, trains, setting)
    oracle.env.run()
    return oracle.finish, oracle.arrivals

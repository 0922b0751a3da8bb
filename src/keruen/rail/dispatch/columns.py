"""The memory of the dispatcher: one flat array of whole numbers, and what stands in which column.

Kernels see this array and nothing else: times in milliseconds, tracks as bits, and things by their
*address*, the place in the array where their row begins; 0 stands for nothing. ``m[train + ASKED]``
is a column of a train's row. One array costs a call of a kernel least, and a copy of it is a copy
of the run. The array holds, in this order: the header, points, groups, lanes, the lists (heap,
candidates, orders), paths, moves, legs, shut times, trains, the list of readiness, records.

Bit k of a mask is track k of a point, the tracks being sorted from the longest to the shortest, so
that the tracks a train fits on are the lowest bits.

Bits beyond the tracks are places at the block signals of the lanes that lead to the point.

A route is cut into *moves*: from one holding point, where the train may wait, to the next. A move
has one *leg* for each section it runs over; more than one where the train does not fit between.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int64]

MAX_TRACKS: Final = 60
"""Tracks of one point that are used, the longest: as many bits as a mask has."""

LONG_AGO: Final = -(1 << 40)
"""A time before all others, ms."""


# header: settings of the run, where the parts are, totals
NOTHING: Final = 0
GUARD: Final = 1
POLICY: Final = 2
HORIZON: Final = 3  # how far look-ahead looks, ms
RECORDING: Final = 4
POINTS_AT: Final = 5
POINT_COUNT: Final = 6
GROUPS_AT: Final = 7
LANES_AT: Final = 8
HEAP_AT: Final = 9
CANDIDATE_LIST: Final = 10  # trains that ask at this instant
ORDER_LIST: Final = 11  # certified order of the trains in the network (banker)
SEARCH_LIST: Final = 12
PATHS_AT: Final = 13  # from here on nothing changes but trains and records
MOVES_AT: Final = 14
LEGS_AT: Final = 15
TRAINS_AT: Final = 16
TRAIN_COUNT: Final = 17
READY_LIST: Final = 18  # trains in the order in which they are ready
RECORDS_AT: Final = 19
RECORDS_END: Final = 20
NOW: Final = 21
NEXT_READY: Final = 22  # place in the list of readiness
RECORD_NEXT: Final = 23
INNETWORK: Final = 24  # trains that hold a track
CANDIDATES: Final = 25  # their number
SAFETY_QUEUE: Final = 26  # first train that waits for safety
CHANGED: Final = 27  # 1: holdings have changed since those were last tried
CONFLICTS: Final = 28  # waits for other trains
SEARCHES: Final = 29  # for a certified order
MOST_AT_ONCE: Final = 30
FULL: Final = 31  # 1: a part is too short: an error of ours
GATES: Final = 32  # look-ahead: conflicts rolled forward
OVERRULED: Final = 33  # look-ahead: conflicts not decided by priority
TRAIN_WIDTH: Final = 34  # columns of a train
SHUTS_AT: Final = 35
HEADER: Final = 36


# point
POINT_NUMBER: Final = 0
POINT_ALL: Final = 1  # mask of its tracks
POINT_COUNTING: Final = 2  # on a line: tracks that every train that waits here fits on
HELD: Final = 3  # tracks held: stood on, reserved, or passed on
STANDING: Final = 4  # tracks held once all that moves stands
HELD_WITH: Final = 5  # on a line: counting tracks held by through trains with the line
HELD_AGAINST: Final = 6
POINT_QUEUE: Final = 7  # first train that waits for a track here
SCRATCH: Final = 8  # holdings of a state that is being examined
SIDE: Final = 9  # group over which the last train came whose arrival is kept apart
SIDE_STANDS: Final = 10  # when it passed or came to a stand
OTHERS_STAND: Final = 11  # the same of the last that came over another section
POINT_COLUMNS: Final = 12


# group: the lanes of a section that a train of one direction may choose from
GROUP_LANE: Final = 0  # first lane
GROUP_STEP: Final = 1  # from one lane to the next; the group's own come before the shared
GROUP_LANES: Final = 2  # number of lanes
GROUP_OWN: Final = 3  # so many of them are of this direction alone
GROUP_SECTION: Final = 4  # number of the section
HEADWAY: Final = 5  # following trains: between entries, or after clearing where ONE_TRAIN
ONE_TRAIN: Final = 6  # 1: semi-automatic block, one train in the section at a time
CROSSING: Final = 7  # opposing train starts so long after clearing (tau_s)
NON_SIMULTANEOUS: Final = 8  # opposing train passes so long after clearing (tau_np)
PARTNER: Final = 9  # group of the other direction that shares lanes; 0: none
GROUP_PLACES: Final = 10  # places at block signals of each own lane, for want of a track ahead
GROUP_PLACE_BIT: Final = 11  # first of their bits at the point ahead
GROUP_QUEUE: Final = 12  # first train that waits for a lane
GROUP_COLUMNS: Final = 13


# lane: one track of a section
LANE_NUMBER: Final = 0  # within its section
INSIDE: Final = 1  # trains granted and not yet out
DIRECTION: Final = 2  # of the last; -1 before any
ENTERED: Final = 3  # when the last enters
PASSES: Final = 4  # when the last would pass the far end
CLEARED: Final = 5  # when the last has left
REACHED: Final = 6  # when the last of its direction reached the far end, where that is kept apart
PLACES: Final = 7  # places at its block signals
PLACE_BIT: Final = 8  # bit of the first of them at the point ahead; they are taken in turn
PLACE_FIRST: Final = 9  # place of the train that is first in it
PLACES_HELD: Final = 10
TICKETS: Final = 11  # given to trains, where arrivals are kept apart
TURN: Final = 12  # the last of them that has come in
KEPT_UNTIL: Final = 13  # latest time until which a train in it is kept from coming in
LANE_COLUMNS: Final = 14


# path: way with the running times of a class of trains
PATH_MOVE: Final = 0  # first move
PATH_END: Final = 1  # behind its last move
PATH_ORIGIN: Final = 2  # point
PATH_FIT: Final = 3  # tracks of the origin it fits on
PATH_DWELL: Final = 4  # dwell at the origin
PATH_DWELL_CAUSE: Final = 5
PATH_DIRECTION: Final = 6  # on a line: 0 one way, 1 the other
PATH_COLUMNS: Final = 7


# move
MOVE_LEG: Final = 0  # first leg
MOVE_LEGS: Final = 1  # number of legs
MOVE_POINT: Final = 2  # holding point it leads to
MOVE_FIT: Final = 3  # tracks there it fits on
MOVE_STOPS: Final = 4  # 1: it stops there in any case
MOVE_DWELL: Final = 5
MOVE_DWELL_CAUSE: Final = 6
MOVE_LAST: Final = 7  # 1: its destination
MOVE_PERIOD: Final = 8  # windows ahead return together after so long; 0: there are none
MOVE_SHUT: Final = 9  # first row of beginnings from a stand that meet a window
MOVE_SHUTS: Final = 10  # number of such rows
MOVE_SHUT_PASSING: Final = 11
MOVE_SHUTS_PASSING: Final = 12
MOVE_COLUMNS: Final = 13


# shut: begin a move from then on, and before then, and it meets a window
SHUT_FROM: Final = 0
SHUT_UNTIL: Final = 1
SHUT_COLUMNS: Final = 2


# leg
LEG_GROUP: Final = 0
LEG_DIRECTION: Final = 1  # 0 from the start of the section to its end, 1 back
LEG_RUN: Final = 2  # running time
LEG_START: Final = 3  # supplement for starting from a stand at its beginning
LEG_STOP: Final = 4  # supplement for stopping at its end
LEG_POINT: Final = 5  # point at its end
LEG_APART: Final = 6  # arrivals there from elsewhere are so long before (tau_np); 0: no such rule
LEG_NUMBER: Final = 7
LEG_COLUMNS: Final = 8


# train
TRAIN_NUMBER: Final = 0  # in the timetable given
TRAIN_PLACE: Final = 1  # among the trains in this array
TRAIN_PATH: Final = 2
TRAIN_EARLIEST: Final = 3  # earliest departure
TRAIN_WEIGHT: Final = 4  # greater is more urgent
TRAIN_NEXT: Final = 5  # train that is ready when this one has entered
TRAIN_FED: Final = 6  # 1: it is some train's TRAIN_NEXT
READY_MS: Final = 7
STATUS: Final = 8
MOVE: Final = 9  # next move to be granted; while it runs: the one it makes
PLACE: Final = 10  # point it stands at, or comes from
TRACK: Final = 11  # track it holds there; -1 outside
TARGET_TRACK: Final = 12  # while it moves: the track it holds ahead
ASKED: Final = 13  # since when it asks: its place among those who came first
ABLE: Final = 14  # from then on it can leave: it stands
ARRIVED: Final = 15  # to dwell
LEFT: Final = 16  # entered the section it is in
CAUSE: Final = 17  # of its wait
AFTER: Final = 18  # next train in the queue it is in
LISTED: Final = 19  # 1: among the candidates of this instant
LEG_PLACE: Final = 20  # leg of its move it is on
LOST: Final = 21  # time lost so far
GAVE_WAY: Final = 22  # move at which it gave way last (look-ahead)
PLANNED: Final = 23  # when it reaches the next holding point
OLD_LANE: Final = 24  # lane it comes out of
OLD_LEG: Final = 25
OLD_ENTERED: Final = 26
KEPT_SINCE: Final = 27  # since when it is kept before the point ahead; 0: it is not
DRAWN_FOR: Final = 28  # move whose running times stand in RUN_HELD
IN_LANE: Final = 29  # lane whose place at block signals it holds instead of a track; 0: none
STREAM: Final = 30  # base of its random numbers
TICKET: Final = 31  # its number among those that come over its lane, where arrivals are kept apart
LANE_HELD: Final = 32  # of each leg: its lane,
THROUGH_HELD: Final = 33  # track it passes on behind it,
RUN_HELD: Final = 34  # running time, stretched as it happens to be
LEG_HELD: Final = 3  # columns for each leg of its longest move
TRAIN_COLUMNS: Final = 32  # and LEG_HELD for each leg of the longest move of all


# status of a train
OUTSIDE: Final = 0
WAITING: Final = 1
APPROACHING: Final = 2  # asks too, but has not come to a stand yet
MOVING: Final = 3  # granted: leaves, or has left
DWELLING: Final = 4
DONE: Final = 5


# kind of event; the item of an event is train * KINDS + kind
READY: Final = 0
LEG_END: Final = 1  # would pass, or arrives at, the end of a leg
CLEAR: Final = 2  # has come to a stand: its last section is clear
DEPART: Final = 3
DWELL_END: Final = 4
AGAIN: Final = 5  # asks again: a window has ended, or it has given way
KINDS: Final = 8


# record: packed into one word, then two times
REC_WHAT: Final = 0
REC_ENTER: Final = 1
REC_LEAVE: Final = 2
RECORD_COLUMNS: Final = 3

# bits of the packed word, from the lowest
CAUSE_BITS: Final = 4
TRACK_BITS: Final = 8
KIND_BITS: Final = 1
ELEMENT_BITS: Final = 20


# kind of record
IN_SECTION: Final = 0
AT_POINT: Final = 1


# cause of a wait
NO_WAIT: Final = 0
OPPOSING: Final = 1
FOLLOWING: Final = 2
NO_TRACK: Final = 3
SAFETY: Final = 4
WINDOW: Final = 5
DWELL: Final = 6
PRIORITY: Final = 7
DISTURBANCE: Final = 8
CREW_CHANGE: Final = 9
LOCOMOTIVE_CHANGE: Final = 10


# guard
UNGUARDED: Final = 0  # avoidance switched off: trains may lock
BY_LINE: Final = 1  # no direction takes the last track
BY_ORDER: Final = 2  # banker


# policy
FIRST_COME: Final = 0
BY_PRIORITY: Final = 1
LOOK_AHEAD: Final = 2


# distribution
NO_SPREAD: Final = 0
UNIFORM: Final = 1
EXPONENTIAL: Final = 2
LOGNORMAL: Final = 3


class Chance(NamedTuple):
    """Key of the random streams, and what disturbs the trains.

    ``delay_*`` in ms, ``stretch_*`` as shares of the running time. By kind: ``UNIFORM`` between
    ``low`` and ``high``; ``EXPONENTIAL`` of mean ``high``, from ``low`` upwards; ``LOGNORMAL`` exp
    of a normal of mean ``low`` and deviation ``high``.
    """

    seed: int
    draw: int
    delay_kind: int
    delay_low: float
    delay_high: float
    stretch_kind: int
    stretch_low: float
    stretch_high: float

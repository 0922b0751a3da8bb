"""How far the time on a link may be from its mean: what is known of queues, schedules and hours.

What waits in a queue waits about exponentially long, with a standard deviation as large as its
mean. Who comes to a schedule or before a closed gate without knowing of it waits evenly up to the
whole interval. Service has the spread of its Erlang stages. Running times, standing at stations and
papers are taken to be what they are: of them no spread is known here, so that the spread told is
the least.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from keruen.flows.freight.draft import Draft
from keruen.model import Model

DAY_H: Final = 24.0


class Planned(NamedTuple):
    """What of the time on an empty link is waiting, and how the time varies.

    Parameters
    ----------
    wait_h : float
        Hours of waiting for a departure or for opening.
    variance_h2 : float
        Variance of the time on the empty link.
    """

    wait_h: float = 0.0
    variance_h2: float = 0.0


def closed_hours(open_h: float) -> Planned:
    """Wait for opening of who comes at any time of the day.

    With ``c`` hours closed a part ``c / 24`` waits evenly between nought and ``c``: the mean is
    ``c^2 / 48``, the mean square ``c^3 / 72``.

    Parameters
    ----------
    open_h : float
        Hours a day that it is open.

    Examples
    --------
    >>> closed_hours(12.0)
    Planned(wait_h=3.0, variance_h2=15.0)
    >>> closed_hours(24.0).wait_h
    0.0
    """
    shut = max(0.0, DAY_H - open_h)
    mean = shut * shut / (2.0 * DAY_H)
    return Planned(mean, shut**3 / (3.0 * DAY_H) - mean * mean)


def departures(interval_h: float) -> Planned:
    """Wait for the next departure of who comes without knowing when it is.

    >>> departures(6.0)
    Planned(wait_h=3.0, variance_h2=3.0)
    """
    return Planned(interval_h / 2.0, interval_h * interval_h / 12.0)


def service_variance(service_h: float, stages: float) -> float:
    """Variance of a service time of Erlang stages.

    >>> service_variance(4.0, 4.0)
    4.0
    """
    return service_h * service_h / stages


def planned(model: Model, draft: Draft) -> Planned:
    """What of the standing time of a link is waiting, and how the time varies.

    Parameters
    ----------
    model : Model
        Of the day.
    draft : Draft
        A link.
    """
    if draft.mode == "sea":
        return departures(draft.wait_h)
    if draft.mode not in ("border", "handling"):
        return Planned()
    service = model.number(draft.table, draft.row, "service_h") or 0.0
    stages = model.number(draft.table, draft.row, "service_stages") or 1.0
    served = service_variance(service, stages)
    if draft.mode == "handling":
        return Planned(0.0, served)
    closed = closed_hours(model.number(draft.table, draft.row, "hours_per_day") or DAY_H)
    return Planned(closed.wait_h, closed.variance_h2 + served)

"""What the check of a study can say of its flows without an equilibrium."""

from __future__ import annotations

from keruen.errors import FailedError, Problem
from keruen.flows.freight.stranded import stranded_problems
from keruen.flows.freight.years import FreightYears
from keruen.model import Model
from keruen.study.freight import has_freight
from keruen.study.targets import days_of


def reach_problems(base: Model) -> list[Problem]:
    """Tell what flows of the base year would refuse, or else the demand that no way serves.

    The freight network is compiled and the demand fitted as flows do; whether a way leads from
    zone to zone needs no equilibrium.

    Parameters
    ----------
    base : Model
        The study, not yet of a day.

    Returns
    -------
    list of Problem
        Errors with which flows would stop, or warnings about demand that cannot move; none where
        the study has no freight.
    """
    if not has_freight(base):
        return []
    years, year = FreightYears(base, days_of(base)), base.settings.base_year
    try:
        return stranded_problems(base, years.freight(year), years.loaded(year))
    except FailedError as failure:
        return list(failure.problems)

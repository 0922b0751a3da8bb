"""Capacities of a day with projects open that are not yet: each variant worked out once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from keruen.capacity.registry import Capacities
from keruen.errors import FailedError
from keruen.model import Model
from keruen.study.metrics import Days


class Variants:
    """What-if capacities of a study.

    Parameters
    ----------
    base : Model
        The study, scenario and draw included, before any day.
    days : callable
        Its capacities by day as it stands.
    """

    def __init__(self, base: Model, days: Days) -> None:
        self.base = base
        self.days = days
        self._known: dict[tuple[date, frozenset[str]], Capacities | None] = {}

    def on(self, day: date, projects: Iterable[str]) -> Capacities | None:
        """Capacities of a day with projects open, whatever their dates.

        Returns
        -------
        Capacities or None
            None when the projects cannot be open together: one changes what another would bring.
        """
        key = (day, frozenset(projects))
        if key not in self._known:
            known = self.days(day)
            try:
                model = self.base.with_open(key[1]).at(day, known.model)
            except FailedError:
                self._known[key] = None
            else:
                self._known[key] = known.revised(model)
        return self._known[key]

    def opened(self, day: date) -> Callable[[str], Capacities | None]:
        """Capacities of a day by the one project that is open besides."""
        return lambda project: self.on(day, (project,))

    def days_with(self, day: date, projects: Iterable[str]) -> Days | None:
        """Capacities by day with projects open on one day, and as they stand on all others."""
        known = self.on(day, projects)
        if known is None:
            return None
        return lambda other: known if other == day else self.days(other)

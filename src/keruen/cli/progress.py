"""How far the work is: a bar on a terminal, lines elsewhere, always on standard error."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from keruen.i18n import Translator

Advance = Callable[[str, float], None]
"""Told the name of the step under way and the share of it that is done."""

PATIENCE_S: Final = 0.7
"""Seconds before a bar appears: what is over sooner needs none."""
_ALMOST: Final = 0.9999


@contextmanager
def progress(t: Translator, *, lines: bool = False) -> Iterator[Advance]:
    """Show the progress of steps while the block runs.

    Parameters
    ----------
    t : Translator
        Language; steps are called ``word.step.NAME``.
    lines : bool
        Whether to write one line a step where standard error is no terminal.

    Yields
    ------
    callable
        To be told the step and the share done.
    """
    if sys.stderr is not None and sys.stderr.isatty():
        with _bar(t) as advance:
            yield advance
    elif lines and sys.stderr is not None:
        yield _lines(t)
    else:
        yield lambda step, share: None


def tell_compiling(t: Translator, policy: str) -> None:
    """Say on standard error that the dispatcher is compiled first, where it is not yet.

    Parameters
    ----------
    t : Translator
        Language.
    policy : str
        Name of the policy, as ``--policy`` takes it.
    """
    from keruen.rail.dispatch.kernels import is_compiled
    from keruen.rail.dispatch.network import Policy

    if sys.stderr is not None and not is_compiled(Policy[policy.upper()]):
        print(t("cli.progress.compiling"), file=sys.stderr, flush=True)


def _lines(t: Translator) -> Advance:
    told: set[str] = set()

    def advance(step: str, share: float) -> None:
        del share
        if step not in told:
            told.add(step)
            print(t("cli.progress.step", step=t(f"word.step.{step}")), file=sys.stderr, flush=True)

    return advance


@contextmanager
def _bar(t: Translator) -> Iterator[Advance]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    bar = Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%", markup=False),
        TimeElapsedColumn(),
        console=Console(stderr=True, markup=False, emoji=False, highlight=False),
        transient=True,
    )
    task = bar.add_task("", total=1.0)
    begun = time.monotonic()

    def advance(step: str, share: float) -> None:
        # A task that is done has its clock stopped, and the next step is still to come.
        bar.update(task, description=t(f"word.step.{step}"), completed=min(share, _ALMOST))
        if not bar.live.is_started and time.monotonic() - begun > PATIENCE_S:
            bar.start()

    try:
        yield advance
    finally:
        bar.stop()

"""Run the body of a command and print its answer, whatever it ends with."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from keruen.cli import streams
from keruen.cli.answer import Answer, Asked
from keruen.cli.envelope import dumps, envelope
from keruen.cli.outcome import outcome_of
from keruen.cli.screen import Screen
from keruen.errors import ExitStatus, error
from keruen.i18n import Translator

PROGRAM: Final = "keruen"

Body = Callable[[], Answer]
Show = Callable[[Screen, Answer], None]


@dataclass(frozen=True, slots=True)
class Runner:
    """Runs commands in one language.

    Parameters
    ----------
    t : Translator
        Language of everything a person reads.
    arguments : tuple of str
        Arguments of the command line, for the log of an internal error.
    """

    t: Translator
    arguments: tuple[str, ...] = ()

    def run(self, asked: Asked, body: Body, show: Show, *, lists: bool = False) -> int:
        """Run a command.

        Parameters
        ----------
        asked : Asked
            The command and its common options.
        body : callable
            Makes the answer; may raise.
        show : callable
            Prints a result for people; called when there is one.
        lists : bool
            Whether ``show`` prints the problems itself.

        Returns
        -------
        int
            Exit status.
        """
        try:
            with streams.answer_only():
                answer = body()
        except BrokenPipeError:
            return ExitStatus.OK
        except (Exception, KeyboardInterrupt) as failure:
            answer = outcome_of(failure, self.arguments)
        return self.tell(asked, answer, show, lists=lists)

    def tell(
        self, asked: Asked, answer: Answer, show: Show | None = None, *, lists: bool = False
    ) -> int:
        """Print an answer and return the exit status."""
        try:
            if asked.json:
                self._print_json(asked, answer)
            else:
                self._print_words(asked, answer, show, lists=lists)
        except (BrokenPipeError, SystemExit):
            # The reader has gone; rich answers that by leaving with a status of its own.
            streams.discard(sys.stdout)
        except OSError as failure:
            # The answer itself cannot be written (a full disk, say): one line, and no second try.
            streams.discard(sys.stdout)
            reason = failure.strerror or type(failure).__name__
            fault = error("cannot_write", value="stdout", reason=reason)
            Screen(self.t, sys.stderr).failure((fault,))
            return int(ExitStatus.FAILED)
        except (Exception, KeyboardInterrupt) as failure:
            if answer.status in (ExitStatus.INTERNAL, ExitStatus.INTERRUPTED):
                raise
            return self.tell(asked, outcome_of(failure, self.arguments))
        return int(answer.outcome)

    def _print_json(self, asked: Asked, answer: Answer) -> None:
        streams.write_line(dumps(envelope(asked, answer, self.t)))

    def _print_words(self, asked: Asked, answer: Answer, show: Show | None, *, lists: bool) -> None:
        if answer.result is not None and show is not None:
            show(Screen(self.t), answer)
        if answer.problems and not (lists and answer.result is not None):
            screen = Screen(self.t, sys.stderr)
            if answer.result is None:
                screen.failure(answer.problems)
            else:
                screen.problems(answer.problems)
            if answer.outcome is ExitStatus.USAGE:
                command = " ".join((PROGRAM, *asked.command.split(), "--help"))
                screen.line(self.t("cli.help.see", command=command))

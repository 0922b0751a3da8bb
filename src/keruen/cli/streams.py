"""Standard output belongs to the answer: everything else that prints goes to standard error."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator


def own_standard_output() -> None:
    """Keep the process's standard output for the answer.

    File descriptor 1 becomes a copy of standard error and ``sys.stdout`` the only way to the real
    output, so that a library or a child process that prints by itself cannot spoil an answer. Does
    nothing where ``sys.stdout`` is not the process's own: in a notebook, in a test.
    """
    own, errors = sys.__stdout__, sys.stderr
    if own is None or errors is None or sys.stdout is not own:
        return
    try:
        real = os.dup(own.fileno())
        os.dup2(errors.fileno(), 1)
    except (OSError, ValueError):
        return
    lines = os.isatty(real)
    sys.stdout = os.fdopen(
        real, "w", buffering=1 if lines else -1, encoding="utf-8", errors="backslashreplace"
    )


@contextlib.contextmanager
def answer_only() -> Iterator[None]:
    """Send what is printed meanwhile to standard error."""
    with contextlib.redirect_stdout(sys.stderr):
        yield


def write_line(text: str) -> None:
    """Write a line of UTF-8 to standard output, whatever the encoding of the stream."""
    if sys.stdout is None:
        return
    buffer = getattr(sys.stdout, "buffer", None)
    if buffer is None:
        sys.stdout.write(text + "\n")
    else:
        sys.stdout.flush()
        buffer.write(text.encode("utf-8") + b"\n")
    sys.stdout.flush()


def finish() -> None:
    """Flush both streams; where the reader has gone, leave quietly."""
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except (OSError, ValueError):
            discard(stream)


def discard(stream: object) -> None:
    """Point a stream whose reader has gone to nowhere, so that closing it says nothing."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())  # type: ignore[attr-defined]
        os.close(nowhere)

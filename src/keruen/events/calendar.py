"""Lengths of time in whole milliseconds, in which events are timed."""

from __future__ import annotations

from typing import Final

MINUTE_MS: Final = 60_000
DAY_MS: Final = 86_400_000

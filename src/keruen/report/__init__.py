"""A run as pictures and as one HTML file that asks nothing of any other place.

Pictures are pure functions: plain records in, SVG text out, words already translated.
"""

from __future__ import annotations

from keruen.report.writing import render, write_reports

__all__ = ["render", "write_reports"]

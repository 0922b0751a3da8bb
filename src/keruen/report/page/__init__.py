"""The report of a run: one HTML file in a language, whole in itself.

Each section of the page is a module here that turns a run into plain records in the reader's words;
the templates lay them out.
"""

from __future__ import annotations

from keruen.report.page.assembly import Sibling, render_matter
from keruen.report.page.matter import Matter, read_matter

__all__ = ["Matter", "Sibling", "read_matter", "render_matter"]

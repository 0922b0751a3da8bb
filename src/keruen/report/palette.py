"""Colours of the pictures, light and dark, as CSS custom properties; and how contrast is measured.

A drawing names roles (``var(--k-land)``), never colours, so that one SVG serves a light screen, a
dark one and paper. The utilisation ramp changes in lightness from step to step, so that it reads in
grey and with any colour vision; series of a chart carry a dash pattern and a direct label besides.
"""

from __future__ import annotations

from typing import NamedTuple


class Shade(NamedTuple):
    """One role's colour on a light and on a dark page, as ``#rrggbb``."""

    light: str
    dark: str


ROLES: dict[str, Shade] = {
    "paper": Shade("#ffffff", "#14181d"),
    "ink": Shade("#1b2126", "#e9edf1"),
    "muted": Shade("#56616b", "#a3aeb9"),
    "rule": Shade("#d5dbe0", "#343c45"),
    "band": Shade("#eef1f4", "#1e242b"),
    "water": Shade("#dbe7ef", "#10151b"),
    "land": Shade("#f6f4ee", "#23282f"),
    "home": Shade("#fffdf3", "#2b323a"),
    "home-rim": Shade("#a39b82", "#6b7785"),
    "border": Shade("#b9b3a4", "#505a66"),
    "coast": Shade("#9fb3c0", "#3d4854"),
    "water-ink": Shade("#45687f", "#7f9db3"),
    "land-ink": Shade("#6b6656", "#9aa3ad"),
    "halo": Shade("#ffffff", "#14181d"),
    "unknown": Shade("#7d868f", "#8b95a0"),
    "bar": Shade("#8fa3b5", "#5c7084"),
    "accent": Shade("#b3261e", "#ff8a75"),
    "target": Shade("#1b2126", "#e9edf1"),
    "met": Shade("#0f6b3c", "#6fd39b"),
    "missed": Shade("#a8231b", "#ff9484"),
    "undetermined": Shade("#7a5200", "#f0c060"),
    "assumed": Shade("#7a5200", "#f0c060"),
}
"""Every role but the two scales below."""

UTILISATION: tuple[Shade, ...] = (
    Shade("#5a92b8", "#4a7dc0"),
    Shade("#5a6bc0", "#8f8ae0"),
    Shade("#7d3c98", "#d98fd0"),
    Shade("#8e1a4e", "#ffae78"),
    Shade("#3d0814", "#fff0a0"),
)
"""From idle to full: darker on a light page, brighter on a dark one."""

SERIES: tuple[Shade, ...] = (
    Shade("#2a14b1", "#36c2f4"),
    Shade("#c76e14", "#fbc3b1"),
    Shade("#2c9a93", "#acd831"),
    Shade("#76132a", "#e92f3a"),
    Shade("#b56ae3", "#ae43e8"),
    Shade("#5a1b7d", "#cc5487"),
)
"""Lines of one chart, in this order; more lines than these repeat with another dash pattern."""

DASHES: tuple[str | None, ...] = (None, "7 3", "2 3", "10 3 2 3", "5 2", "4 1.5")

FONT = '"Noto Sans", "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif'


def colour(role: str) -> str:
    """CSS expression for a role; raises KeyError for a role that does not exist.

    >>> colour("land")
    'var(--k-land)'
    """
    if role not in _KNOWN:
        raise KeyError(role)
    return f"var(--k-{role})"


def utilisation_colour(step: int) -> str:
    """CSS expression for one step of the utilisation ramp, the last for anything above.

    >>> utilisation_colour(0), utilisation_colour(9)
    ('var(--k-u0)', 'var(--k-u4)')
    """
    return colour(f"u{min(max(step, 0), len(UTILISATION) - 1)}")


def series_colour(index: int) -> str:
    """CSS expression for the line of that index, beginning again after the last.

    >>> series_colour(7)
    'var(--k-s1)'
    """
    return colour(f"s{index % len(SERIES)}")


def shades() -> dict[str, Shade]:
    """All roles with both colours, scales included."""
    steps = {f"u{index}": shade for index, shade in enumerate(UTILISATION)}
    lines = {f"s{index}": shade for index, shade in enumerate(SERIES)}
    return {**ROLES, **steps, **lines}


_KNOWN = frozenset(shades())


def luminance(shade: str) -> float:
    """Relative luminance of ``#rrggbb`` as WCAG 2.1 defines it, 0 for black to 1 for white.

    >>> luminance("#ffffff")
    1.0
    """
    red, green, blue = (_linear(int(shade[start : start + 2], 16)) for start in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    """Contrast ratio of two colours as WCAG 2.1 defines it: (L₁ + 0.05) / (L₂ + 0.05), 1 to 21.

    >>> contrast("#000000", "#ffffff")
    21.0
    """
    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


def _linear(byte: int) -> float:
    value = byte / 255
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)


def stylesheet() -> str:
    """CSS of all pictures: once in a page, or inside an SVG that stands alone.

    The page follows the reader's system; ``data-theme="light"`` or ``"dark"`` on the root element
    overrides it; paper is always light.
    """
    light = _properties(0)
    dark = _properties(1)
    return (
        f":root{{{light}}}"
        f"@media screen and (prefers-color-scheme:dark){{:root:not([data-theme=light]){{{dark}}}}}"
        f"@media screen{{:root[data-theme=dark]{{{dark}}}}}" + _RULES
    )


def _properties(theme: int) -> str:
    return "".join(f"--k-{role}:{shade[theme]};" for role, shade in shades().items())


_RULES = (
    f".k-pic{{font-family:{FONT};max-width:100%;height:auto;display:block}}"
    ".k-pic text{fill:var(--k-ink)}"
    ".k-pic .k-m{fill:var(--k-muted)}"
    ".k-pic .k-b{font-weight:600}"
    ".k-pic .k-halo,.k-pic .k-clear{paint-order:stroke;stroke:var(--k-halo);stroke-width:3px;"
    "stroke-linejoin:round}"
    ".k-pic .k-clear{stroke-width:6px}"
    ".k-pic .k-line:hover .k-stroke{stroke:var(--k-ink)}"
    ".k-narrow{display:none}"
    "@media (max-width:760px){.k-wide{display:none}.k-narrow{display:block}}"
    ".k-chip{display:inline-flex;align-items:center;gap:.35em;font-weight:600;white-space:nowrap}"
    ".k-chip svg{width:1em;height:1em;flex:none}"
    ".k-chip-met{color:var(--k-met)}"
    ".k-chip-missed{color:var(--k-missed)}"
    ".k-chip-undetermined{color:var(--k-undetermined)}"
)

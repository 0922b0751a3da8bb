"""Chains of ``keruen route`` in words, the same on the screen and on the page.

Legs and chains are those of the JSON contract.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from keruen.i18n.amounts import figures, tenths, whole
from keruen.i18n.translator import ABSENT, Translator

Record = Mapping[str, Any]

_SINGLE: Final = ("gauge_change", "transshipment")
"""Legs that lead nowhere."""
_HOURS_PER_DAY: Final = 24.0
_GAS_FIGURES: Final = 3
_LEAST_SHARE: Final = 5e-4
"""What is less is nought as it is written."""


def leg_name(leg: Record) -> str:
    """Where a leg leads.

    >>> leg_name({"mode": "sea", "from_name": "Aktau", "to_name": "Alat"})
    'Aktau – Alat'
    """
    if leg["mode"] in _SINGLE or leg["from_name"] == leg["to_name"]:
        return str(leg["from_name"])
    return f"{leg['from_name']} – {leg['to_name']}"


def leg_told(t: Translator, leg: Record) -> str:
    """What a leg is and where it leads."""
    mode = leg["mode"]
    return f"{t(f'word.leg.{mode}')}: {leg_name(leg)}"


def via_told(chain: Record) -> str:
    """What tells a chain from the others.

    >>> via_told({"via": ["Dostyk", "Aktau – Alat"]}), via_told({"via": []})
    ('Dostyk, Aktau – Alat', '—')
    """
    return ", ".join(chain["via"]) or ABSENT


def days_told(t: Translator, hours: float) -> str:
    """Hours as days with one decimal."""
    return tenths(t, hours / _HOURS_PER_DAY)


def gases_told(t: Translator, one: Record) -> str:
    """Greenhouse gases; where a part is not known, that it is more than what is."""
    if one["co2e_kg"] is not None:
        return figures(t, one["co2e_kg"], _GAS_FIGURES)
    known = one["co2e_known_kg"]
    return f"> {figures(t, known, _GAS_FIGURES)}" if known > 0 else ABSENT


def cost_told(t: Translator, leg: Record) -> str:
    """What a leg costs; nothing told where the study has no price for it.

    >>> from keruen.i18n import translator
    >>> cost_told(translator("en"), {"cost_usd": 12.3, "priced": True})
    '12'
    """
    return whole(t, leg["cost_usd"]) if leg["priced"] else ABSENT


def leg_cells(t: Translator, leg: Record) -> tuple[str, ...]:
    """Kilometres, hours, their spread, hours of waiting, cost and gases of a leg, for a table."""
    hours = (whole(t, leg[name]) for name in ("time_h", "time_sd_h", "wait_h"))
    length = whole(t, leg["length_km"]) if leg["length_km"] else ""
    return length, *hours, cost_told(t, leg), gases_told(t, leg)


def sum_told(t: Translator, chain: Record) -> str:
    """What a chain costs; nothing told where no leg of it has a price."""
    known = any(leg["priced"] for leg in chain["legs"]) or any(chain["items_usd"].values())
    return whole(t, chain["cost_usd"]) if known else ABSENT


def items_told(t: Translator, chain: Record) -> list[tuple[str, str]]:
    """What a chain costs by item, each with its dollars; those below half a dollar are left out."""
    items = chain["items_usd"].items()
    return [(t(f"word.cost.{name}"), whole(t, usd)) for name, usd in items if round(usd)]


def remarks_told(t: Translator, result: Record) -> list[str]:
    """What there is besides the chains told: ways outside the network, more chains, refusals."""
    found = [
        t(
            "word.route.other_way",
            name=one["name"],
            days=days_told(t, one["time_h"]),
            cost=whole(t, one["cost_usd"]),
        )
        for one in result["other_ways"]
    ]
    left = result["chains_found"] - len(result["chains"])
    if left:
        found.append(t.plural("word.route.left_out", left))
    share = result["turned_away_share"]
    if share is not None and share >= _LEAST_SHARE:
        found.append(t("word.route.turned_away", share=t.percent(share, 1)))
    return found

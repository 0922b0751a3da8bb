"""A quote for a box: the chains between two places, with time, cost and greenhouse gases.

Usage: python examples/quote_for_a_box.py STUDY_FOLDER ORIGIN DESTINATION COMMODITY YEAR
"""

from __future__ import annotations

import sys
from pathlib import Path

from keruen.flows.equilibrium import Settings
from keruen.flows.freight.forwarding import Wanted, quote
from keruen.flows.freight.years import FreightYears, mid_year
from keruen.model import load_model
from keruen.model.place_names import find_named
from keruen.study.targets import days_of


def offer(folder: Path, origin: str, destination: str, commodity: str, year: int) -> str:
    """The quote as text."""
    study = load_model(folder)
    days = days_of(study)
    flows = FreightYears(study, days, Settings(gap=1e-4)).flows(year)
    places = [find_named(study, ("zones", "nodes"), text, text) for text in (origin, destination)]
    cargo = find_named(study, ("commodities",), commodity, commodity).row
    found = quote(study, days(mid_year(year)).model, flows, Wanted(places[0], places[1], cargo))
    lines = [f"{origin} to {destination}, one {found.cargo.unit} of {cargo} in {year}"]
    for number, way in enumerate(found.ways, start=1):
        usd = sum(leg.cost_usd for leg in way.legs) + found.of_pair_usd
        days_told = f"{way.time_h / 24:.1f} days (sd {way.time_sd_h / 24:.1f})"
        gases = "gases not known" if way.co2e_kg is None else f"{way.co2e_kg:.0f} kg CO2e"
        share = f"{way.chain.share:.0%} would take it"
        lines.append(f"{number}. {days_told}, {usd:.0f} USD, {gases}; {share}")
        for leg in way.legs:
            ends = leg.start[1] if leg.start == leg.end else f"{leg.start[1]} - {leg.end[1]}"
            lines.append(f"   {leg.mode:14} {ends:28} {leg.time_h:6.1f} h {leg.cost_usd:7.0f} USD")
    return "\n".join(lines)


if __name__ == "__main__":
    print(offer(Path(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4], int(sys.argv[5])))

"""Sources with their licences, and how the run was made: what somebody else needs to repeat it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from keruen.report.page.context import Context
from keruen.report.page.matter import rows
from keruen.report.page.names import BASE_LANGUAGE, Said

_LINK: Final = re.compile(r"https?://[^\s\"'<>;,]+")
_HASH_SHOWN: Final = 16


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One source: its number, what it is, where it stands, on what terms."""

    number: int
    title: str
    publisher: str
    date: str
    address: str
    link: str
    licence: str


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of how the run was made."""

    name: str
    value: str
    is_code: bool = False


@dataclass(frozen=True, slots=True)
class Method:
    """How the run was made."""

    facts: tuple[Fact, ...]
    inputs: tuple[tuple[str, str], ...]
    versions: tuple[tuple[str, str], ...]
    study_licence: str
    note: Said


def sources(context: Context) -> tuple[SourceRow, ...]:
    """Tell all sources in the order of their footnotes."""
    found = []
    for number, row in enumerate(rows(context.matter.model["sources"].reset_index(drop=True)), 1):
        address = str(row["address"] or "")
        link = _LINK.search(address)
        found.append(
            SourceRow(
                number,
                str(row["title"]),
                str(row["publisher"] or ""),
                str(row["date"] or ""),
                address,
                link.group() if link and link.group() == address.strip() else "",
                str(row["licence"] or ""),
            )
        )
    return tuple(found)


def method(context: Context) -> Method:
    """Tell the manifest of the run."""
    manifest, t = context.matter.run.manifest, context.t
    settings = context.matter.model.settings
    created = datetime.fromisoformat(str(manifest["created"]))
    facts = [
        Fact(t("report.method.version"), str(manifest["keruen"])),
        Fact(t("report.method.code"), str(manifest["code"])[:_HASH_SHOWN], is_code=True),
        Fact(t("report.method.command"), str(manifest["command"]), is_code=True),
        Fact(t("report.method.created"), t.date(created.date())),
        Fact(t("report.method.scenario"), _scenario(context)),
        Fact(t("report.method.seed"), str(manifest["seed"]), is_code=True),
        Fact(t("report.method.years"), f"{manifest['first_year']}–{manifest['last_year']}"),
        Fact(t("report.method.base_date"), t.date(settings.base_date)),
    ]
    if manifest.get("as_of"):
        day = datetime.fromisoformat(str(manifest["as_of"])).date()
        facts.append(Fact(t("report.method.as_of"), t.date(day)))
    versions = manifest.get("versions") or {}
    return Method(
        tuple(facts),
        tuple(sorted((n, str(h)[:_HASH_SHOWN]) for n, h in manifest["inputs"].items())),
        tuple(sorted((str(name), str(version)) for name, version in versions.items())),
        settings.licence,
        Said(settings.licence, BASE_LANGUAGE),
    )


def _scenario(context: Context) -> str:
    scenario = context.matter.run.manifest["scenario"]
    if scenario is None:
        return context.t("report.method.base")
    return context.names.of("scenarios", str(scenario))

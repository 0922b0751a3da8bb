"""A study of a few rows, right in every check, and ways to break it."""

from __future__ import annotations

from pathlib import Path

SETTINGS = """\
format: 1
name: small
title: {en: A small study}
languages: [en, kk]
base_year: 2024
base_date: 2024-01-01
first_year: 2024
last_year: 2030
currency: USD
price_year: 2024
seed: 7
"""
SOURCES = """\
id,title,publisher,licence
register,Register,Somebody,CC0-1.0
"""
NODES = """\
id,kind,country,name_en,source,confidence
east,station,KZ,East,register,official
west,station,KZ,West,register,published
"""
SECTIONS = """\
id,mode,from_node,to_node,length_km,source,confidence
east_west,road,east,west,120,register,derived
"""


def write_study(folder: Path, **tables: str) -> Path:
    """Write the study into a new folder; ``tables`` replace or add files by their stem."""
    folder.mkdir(parents=True)
    files = {"sources": SOURCES, "nodes": NODES, "sections": SECTIONS, **tables}
    (folder / "study.yaml").write_text(SETTINGS, encoding="utf-8")
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder

"""How rows are called in a language: by their own name, or by the places they stand for."""

from __future__ import annotations

from typing import Final

from keruen.model.model import Model

BASE_LANGUAGE: Final = "en"


def in_language(model: Model, table: str, row: str, stem: str, language: str) -> str:
    """A text that a table holds in several languages, in English where the language is missing.

    Parameters
    ----------
    model : Model
        The study.
    table, row : str
        The row.
    stem : str
        Name of the columns without their language, such as ``definition``.
    language : str
        Two-letter code.

    Returns
    -------
    str
        Empty when the row has it in neither language.
    """
    columns = model[table].columns
    for code in (language, BASE_LANGUAGE):
        column = f"{stem}_{code}"
        if column in columns:
            text = model.text(table, row, column)
            if text:
                return text
    return ""


def name_of(model: Model, table: str, row: str, language: str) -> str:
    """Name of a row.

    Sections are called by their two ends; what stands in a terminal or at a node by that place.

    Parameters
    ----------
    model : Model
        The study; a model of a day knows the rows that projects bring too.
    table, row : str
        The row; one that does not exist is called by its key.
    language : str
        Two-letter code.

    Returns
    -------
    str
        Never empty.
    """
    if table not in model.tables or row not in model[table].index:
        return row
    own = in_language(model, table, row, "name", language)
    if own:
        return own
    columns = model[table].columns
    for column, place in (("terminal", "terminals"), ("node", "nodes")):
        if column in columns:
            return name_of(model, place, model.text(table, row, column), language)
    if {"from_node", "to_node"} <= set(columns):
        ends = (model.text(table, row, column) for column in ("from_node", "to_node"))
        return " – ".join(name_of(model, "nodes", end, language) for end in ends)
    return row

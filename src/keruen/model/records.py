"""Which record of its file a row of a model is, for messages."""

from __future__ import annotations

from keruen.errors import Problem, Severity
from keruen.model.files import decode, read_bytes
from keruen.model.model import Model
from keruen.model.reading import read_text_table
from keruen.model.text import parse_csv
from keruen.schema import load_schema


def record_number(model: Model, table: str, row: str) -> int | None:
    """Record number of a row in the file it was read from, the header being record 1.

    A model does not keep it, because only messages need it; so the file is read once more.

    Parameters
    ----------
    model : Model
        Read from a folder.
    table, row : str
        The row.

    Returns
    -------
    int or None
        None for a row that stands in no file, as one that a project inserts.
    """
    declared = load_schema()[table]
    raw, _ = read_bytes(model.path, declared.file)
    if raw is None:
        return None
    text, _ = parse_csv(decode(raw, declared.file)[0], declared.file)
    if text is None:
        return None
    reading, _ = read_text_table(text, declared)
    position = int(reading.positions([row])[0])
    return None if position < 0 else int(reading.rows[position])


def cell_error(
    model: Model, table: str, row: str, column: str, code: str, **params: object
) -> Problem:
    """Build an error of a cell of a model, located in the file that it was read from.

    The parameter ``row`` of its message is the key of the row.
    """
    number = record_number(model, table, row)
    known = {"row": row, **params}
    return Problem(Severity.ERROR, code, f"{table}.csv", number, column, known)

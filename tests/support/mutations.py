"""Break the files of a study at random, as people, programs and disks do; the same seed, the same.

A mutation takes the files as bytes by name, changes some, and says in a word what it did.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from random import Random

Files = dict[str, bytes]
Mutation = Callable[[Random, Files], str]

HOSTILE = (
    "../../etc/passwd",
    "-1",
    "CON",
    "x" * 5000,
    "=1+1",
    "<script>alert(1)</script>",
    "{value}{0}%s",
    "\x1b[2J",
    "a\u202eb",
    "\x00",
    "'; --",
    "🚂",
    "a/b/c",
    "nan",
    "None",
    "",
    " ",
    '"',
    "a\nb",
)
NUMBERS = (
    "-1", "0", "1e400", "-1e300", "1e-320", "1,5", "1 200", "\u22125", "１２", "NaN", "inf", "0x10",
    "1_000", "12 km", "99999999999999999999", "0.0000001", "true", "1e5", "--1",
)  # fmt: skip
DATES = (
    "30.09.2025", "2025-02-30", "20244-01-01", "0001-01-01", "9999-12-31", "2025", "2025-9-3",
    "45930", "2025-01-01T00:00",
)  # fmt: skip
LINES = (
    "seed: [1", "a: &a [*a]", "title: 5", "languages: en", "base_date: 2024-02-30", "seed: -1",
    "name: ../x", "last_year: 1990", "time_axis: {hours: 1}", "? [a]", "\t", "name: con",
    "first_year: 99999999999999999999", "seed: 0x" + "f" * 5000, "x: !!python/name:os.system",
)  # fmt: skip


def tables(files: Files) -> list[str]:
    return sorted(name for name in files if name.endswith(".csv"))


def grid(raw: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(raw.decode("utf-8", errors="replace"), newline="")))


def text(rows: list[list[str]]) -> bytes:
    stream = io.StringIO(newline="")
    csv.writer(stream, lineterminator="\n").writerows(rows)
    return stream.getvalue().encode("utf-8", errors="replace")


def in_a_table(change: Callable[[Random, list[list[str]]], str]) -> Mutation:
    """A mutation of the rows of one table, the header being the first."""

    def mutate(random: Random, files: Files) -> str:
        name = random.choice(tables(files))
        try:
            rows = grid(files[name])
        except csv.Error:
            return f"{name}: left alone"
        if len(rows) < 2 or not rows[0]:
            return f"{name}: left alone"
        done = change(random, rows)
        files[name] = text(rows)
        return f"{name}: {done}"

    mutate.__name__ = change.__name__
    return mutate


def in_a_file(change: Callable[[Random, bytes], bytes]) -> Mutation:
    """A mutation of the bytes of one file."""

    def mutate(random: Random, files: Files) -> str:
        name = random.choice(sorted(files))
        files[name] = change(random, files[name])
        return f"{name}: {change.__name__}"

    mutate.__name__ = change.__name__
    return mutate


def a_cell(random: Random, rows: list[list[str]]) -> tuple[list[str], int]:
    row = random.choice([row for row in rows[1:] if row] or rows[:1])
    return row, random.randrange(len(row))


def drop_cell(random: Random, rows: list[list[str]]) -> str:
    row, column = a_cell(random, rows)
    del row[column]
    return f"cell {column} dropped"


def double_cell(random: Random, rows: list[list[str]]) -> str:
    row, column = a_cell(random, rows)
    row.insert(column, row[column])
    return f"cell {column} doubled"


def empty_cell(random: Random, rows: list[list[str]]) -> str:
    row, column = a_cell(random, rows)
    row[column] = ""
    return f"cell {column} emptied"


def swap_cells(random: Random, rows: list[list[str]]) -> str:
    (row, column), (other, place) = a_cell(random, rows), a_cell(random, rows)
    row[column], other[place] = other[place], row[column]
    return "cells swapped"


def inject(random: Random, rows: list[list[str]]) -> str:
    row, column = a_cell(random, rows)
    row[column] = random.choice((*HOSTILE, *NUMBERS, *DATES))
    return f"cell {column} is {row[column][:20]!r}"


def misspell(random: Random, rows: list[list[str]]) -> str:
    row, column = a_cell(random, rows)
    letters = list(row[column] or "x")
    letters[random.randrange(len(letters))] = random.choice("abcxyz_09 -")
    row[column] = "".join(letters)
    return f"cell {column} misspelt"


def scale(random: Random, rows: list[list[str]]) -> str:
    row, column = a_cell(random, rows)
    try:
        row[column] = repr(float(row[column]) * random.choice((-1, 0, 1e-6, 1e3, 1e9, 1e300)))
    except ValueError:
        return "no number to scale"
    return f"cell {column} scaled to {row[column]}"


def drop_row(random: Random, rows: list[list[str]]) -> str:
    del rows[random.randrange(len(rows))]
    return "row dropped"


def double_row(random: Random, rows: list[list[str]]) -> str:
    rows.append(list(random.choice(rows)))
    return "row doubled"


def shuffle_rows(random: Random, rows: list[list[str]]) -> str:
    body = rows[1:]
    random.shuffle(body)
    rows[1:] = body
    return "rows shuffled"


def drop_all_rows(random: Random, rows: list[list[str]]) -> str:
    del random
    del rows[1:]
    return "all rows dropped"


def drop_column(random: Random, rows: list[list[str]]) -> str:
    column = random.randrange(len(rows[0]))
    for row in rows:
        del row[column : column + 1]
    return f"column {column} dropped"


def double_column(random: Random, rows: list[list[str]]) -> str:
    column = random.randrange(len(rows[0]))
    for row in rows:
        row.append(row[column] if column < len(row) else "")
    return f"column {column} doubled"


def swap_columns(random: Random, rows: list[list[str]]) -> str:
    first, second = (random.randrange(len(rows[0])) for _ in range(2))
    for row in rows[random.randrange(2) :]:
        if max(first, second) < len(row):
            row[first], row[second] = row[second], row[first]
    return f"columns {first} and {second} swapped"


def rename_column(random: Random, rows: list[list[str]]) -> str:
    column = random.randrange(len(rows[0]))
    rows[0][column] = random.choice((rows[0][column].upper(), rows[0][column][1:], "x", *HOSTILE))
    return f"column {column} renamed"


def noise(random: Random, raw: bytes) -> bytes:
    found = bytearray(raw)
    for _ in range(random.randrange(1, 20)):
        if found:
            found[random.randrange(len(found))] = random.randrange(256)
    return bytes(found)


def truncate(random: Random, raw: bytes) -> bytes:
    return raw[: random.randrange(len(raw) + 1)]


def cut_out(random: Random, raw: bytes) -> bytes:
    start = random.randrange(len(raw) + 1)
    return raw[:start] + raw[start + random.randrange(200) :]


def other_separator(random: Random, raw: bytes) -> bytes:
    return raw.replace(b",", random.choice((b";", b"\t", b"|", b",,", b" ")))


def decimal_commas(random: Random, raw: bytes) -> bytes:
    del random
    return raw.replace(b".", b",")


def other_line_ends(random: Random, raw: bytes) -> bytes:
    return raw.replace(b"\n", random.choice((b"\r\n", b"\r", b"\n\n", b"")))


def other_encoding(random: Random, raw: bytes) -> bytes:
    found = raw.decode("utf-8", errors="replace")
    return found.encode(
        random.choice(("utf-16", "utf-32", "cp1251", "utf-8-sig", "utf-7")), "replace"
    )


def emptied(random: Random, raw: bytes) -> bytes:
    del raw
    return random.choice((b"", b"\n", b"\xef\xbb\xbf", b"\x00", b'"', b",,,\n"))


def drop_file(random: Random, files: Files) -> str:
    name = random.choice(sorted(files))
    if len(files) > 1:
        del files[name]
    return f"{name}: dropped"


def rename_file(random: Random, files: Files) -> str:
    name = random.choice(tables(files))
    other = random.choice((name.upper(), f"{name[:-5]}.csv", random.choice(tables(files))))
    files[other] = files.pop(name)
    return f"{name}: called {other}"


def other_settings(random: Random, files: Files) -> str:
    lines = files.get("study.yaml", b"").decode("utf-8", errors="replace").splitlines() or [""]
    place = random.randrange(len(lines))
    line = random.choice((*LINES, lines[place] * 2, ""))
    lines[place : place + random.randrange(2)] = [line]
    files["study.yaml"] = "\n".join(lines).encode("utf-8", errors="replace")
    return f"study.yaml: line {place} is {line[:30]!r}"


MUTATIONS: tuple[Mutation, ...] = (
    *map(
        in_a_table,
        (
            drop_cell,
            double_cell,
            empty_cell,
            swap_cells,
            inject,
            inject,
            inject,
            misspell,
            misspell,
            scale,
            drop_row,
            double_row,
            shuffle_rows,
            drop_all_rows,
            drop_column,
            double_column,
            swap_columns,
            rename_column,
        ),
    ),
    *map(
        in_a_file,
        (
            noise,
            truncate,
            cut_out,
            other_separator,
            decimal_commas,
            other_line_ends,
            other_encoding,
            emptied,
        ),
    ),
    drop_file,
    rename_file,
    other_settings,
    other_settings,
)


def mutate(random: Random, files: Files) -> list[str]:
    """Break files in one to three ways and say in which."""
    return [random.choice(MUTATIONS)(random, files) for _ in range(random.choice((1, 1, 2, 3)))]

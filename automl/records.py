"""Tables out of JSON and JSON lines, SQLite files and Parquet."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from typing import Any

from automl.errors import DataError
from automl.tables import KEPT_ASIDE, Table, cell, flat, text_frame


def read_json(text: str, name: str, encoding: str) -> Table:
    """One object a line, a list of objects, or an object that holds such a list. Raises DataError."""
    records: list[dict[str, Any]] = []
    aside: list[tuple[int, str]] = []
    notes: list[str] = []
    try:
        records = [flat(item) for item in _listed(json.loads(text), notes) if isinstance(item, dict)]
    except json.JSONDecodeError:
        for number, line in enumerate(text.splitlines(), start=1):
            if line.strip():
                _record(line, number, records, aside)
    except RecursionError as error:
        raise DataError(f"{name} is nested too deeply; give a list of plain objects.") from error
    if not records:
        raise DataError(f"{name} holds no JSON objects; give one object a line, or a list of objects.")
    header = list(dict.fromkeys(key for record in records for key in record))
    rows = [[cell(record.get(key)) for key in header] for record in records]
    return Table(
        frame=text_frame(header, rows, name),
        source=name,
        format="json",
        encoding=encoding,
        aside=tuple(aside[:KEPT_ASIDE]),
        aside_count=len(aside),
        notes=notes,
    )


def _listed(whole: Any, notes: list[str]) -> list[Any]:
    """The records: the list itself, the longest list of objects inside, columns turned into rows, or the one object."""
    if isinstance(whole, list):
        return whole
    if not isinstance(whole, dict):
        return []
    lists = {key: part for key, part in whole.items() if isinstance(part, list)}
    nested = any(isinstance(item, dict | list) for part in lists.values() for item in part)
    if not nested and len(lists) == len(whole) > 1 and len({len(part) for part in lists.values()}) == 1:
        return [dict(zip(lists, row, strict=True)) for row in zip(*lists.values(), strict=True)]
    objects = {key: part for key, part in lists.items() if part and all(isinstance(item, dict) for item in part)}
    if objects:
        longest = max(objects, key=lambda key: len(objects[key]))
        notes.append(f"The list '{longest}' was read.")
        return objects[longest]
    return [whole]


def _record(line: str, number: int, records: list[dict[str, Any]], aside: list[tuple[int, str]]) -> None:
    try:
        value = json.loads(line)
    except (json.JSONDecodeError, RecursionError):
        value = None
    if isinstance(value, dict):
        records.append(flat(value))
    else:
        aside.append((number, line[:200]))


def read_database(data: bytes, name: str, wanted: str = "") -> Table:
    """The table of an SQLite file that was named, else the one with most rows. Raises DataError."""
    try:
        with closing(sqlite3.connect(":memory:")) as base:
            base.deserialize(data)
            listed = base.execute(
                "select name from sqlite_master where type in ('table', 'view') and name not like 'sqlite_%'"
            )
            names = [str(row[0]) for row in listed]
            if wanted and wanted not in names:
                raise DataError(f"{name} has no table '{wanted}'; its tables are {', '.join(names)}.")
            counts = {one: base.execute(f"select count(*) from {_quoted(one)}").fetchone()[0] for one in names}
            if not any(counts.values()):
                raise DataError(f"{name} has no table with rows; choose another file.")
            chosen = wanted or max(counts, key=lambda one: counts[one])
            found = base.execute(f"select * from {_quoted(chosen)}")
            header = [column[0] for column in found.description]
            rows = [[cell(value) for value in row] for row in found]
    except sqlite3.Error as error:
        raise DataError(f"{name} is no readable database; save its table as .csv and attach that.") from error
    notes = [f"The database has {len(names)} tables; '{chosen}' was read."] if len(names) > 1 else []
    return Table(text_frame(header, rows, name), name, "sqlite", sheet=chosen, notes=notes)


def _quoted(name: str) -> str:
    doubled = name.replace('"', '""')
    return f'"{doubled}"'


def read_parquet(data: bytes, name: str) -> Table:
    """The columns of a Parquet file. Raises DataError."""
    import pyarrow as pa
    from pyarrow import parquet

    try:
        frame = parquet.read_table(pa.BufferReader(data)).to_pandas()
    except (pa.ArrowException, OSError, ValueError) as error:
        raise DataError(f"{name} is no readable Parquet file; save it again, or as .csv.") from error
    if not len(frame):
        raise DataError(f"{name} has columns and no rows; choose a file with rows.")
    columns = [[cell(value) for value in frame[column].tolist()] for column in frame]
    header = [".".join(map(str, one)) if isinstance(one, tuple) else str(one) for one in frame.columns]
    return Table(text_frame(header, map(list, zip(*columns, strict=True)), name), name, "parquet")

"""Tables out of JSON and JSON lines, SQLite files and Parquet."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from itertools import islice
from typing import Any

import pandas as pd

from automl import typed
from automl.errors import DataError
from automl.tables import KEPT_ASIDE, Table, arrow_frame, column_names, flat

BATCH = 20_000
"""Rows that lie in memory as Python's values at a time."""


def read_json(text: str, name: str, encoding: str) -> Table:
    """One object a line, a list of objects, or an object that holds such a list. Raises DataError."""
    aside: list[tuple[int, str]] = []
    notes: list[str] = []
    try:
        records = iter([flat(item) for item in _listed(json.loads(text), notes) if isinstance(item, dict)])
    except json.JSONDecodeError:
        records = _lines(text, aside)
    except RecursionError as error:
        raise DataError(f"{name} is nested too deeply; give a list of plain objects.") from error
    parts = []
    while batch := list(islice(records, BATCH)):
        header = list(dict.fromkeys(key for record in batch for key in record))
        parts.append(_table(header, [[record.get(key) for record in batch] for key in header]))
    if not parts:
        raise DataError(f"{name} holds no JSON objects; give one object a line, or a list of objects.")
    return Table(
        frame=_frame(parts, name),
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


def _lines(text: str, aside: list[tuple[int, str]]) -> Iterator[dict[str, Any]]:
    """The objects of JSON lines; lines that are none are set aside."""
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except (json.JSONDecodeError, RecursionError):
            value = None
        if isinstance(value, dict):
            yield flat(value)
        else:
            aside.append((number, line[:200]))


def _table(header: list[str], columns: Iterable[Sequence[Any]]) -> Any:
    """An Arrow table of texts."""
    import pyarrow as pa

    return pa.table([typed.written(column) for column in columns], names=header)


def _frame(parts: list[Any], name: str) -> pd.DataFrame:
    """A frame of texts, its names told apart, from tables of which each may lack columns. Raises DataError."""
    import pyarrow as pa

    if not any(part.num_rows for part in parts):
        raise DataError(f"{name} has a header and no rows; choose a file with rows.")
    whole = pa.concat_tables(parts, promote_options="default")
    parts.clear()
    columns = [column.fill_null("") if column.null_count else column for column in whole.columns]
    return arrow_frame([pa.table(columns, names=column_names(whole.column_names))])


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
            header = column_names([column[0] for column in found.description])
            parts = [_table(header, zip(*rows, strict=True)) for rows in iter(lambda: found.fetchmany(BATCH), [])]
    except sqlite3.Error as error:
        raise DataError(f"{name} is no readable database; save its table as .csv and attach that.") from error
    notes = [f"The database has {len(names)} tables; '{chosen}' was read."] if len(names) > 1 else []
    return Table(_frame(parts, name), name, "sqlite", sheet=chosen, notes=notes)


def _quoted(name: str) -> str:
    doubled = name.replace('"', '""')
    return f'"{doubled}"'


def read_parquet(data: bytes, name: str) -> Table:
    """The columns of a Parquet file. Raises DataError."""
    import pyarrow as pa
    from pyarrow import parquet

    try:
        whole = parquet.read_table(pa.BufferReader(data))
        names = whole.slice(0, 0).to_pandas().columns  # as pandas has them, without its index
    except (pa.ArrowException, OSError, ValueError) as error:
        raise DataError(f"{name} is no readable Parquet file; save it again, or as .csv.") from error
    if not len(whole):
        raise DataError(f"{name} has columns and no rows; choose a file with rows.")
    header = [".".join(map(str, one)) if isinstance(one, tuple) else str(one) for one in names]
    index = (whole.schema.pandas_metadata or {}).get("index_columns", [])
    kept = [typed.texts(whole[place]) for place, name in enumerate(whole.column_names) if name not in index]
    return Table(_frame([pa.table(kept, names=column_names(header))], name), name, "parquet")

"""Reading a client's file into a table of texts.

Everything enters as text, whatever the format: a label that is a number in one file and a text in the next is then the
same label, and types are decided once, in one place (`automl.kinds`). Lines that do not fit are kept aside with their
number, never dropped silently.

    file ──▶ blocks of UTF-8 ──▶ columns of texts ──▶ bronze.parquet (every row)
             (automl.encoded)   (automl.delimited) └▶ Table (every row, or every n-th of a very large file)
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from typing import Any, BinaryIO

from automl.archives import unpacked
from automl.bronze import Bronze
from automl.delimited import Delimited
from automl.encoded import ForeignError, encoding_of, surveyed, utf8_blocks
from automl.errors import STOPPED, DataError
from automl.records import read_database, read_json, read_parquet
from automl.tables import Table, arrow_frame
from automl.workbooks import read_workbook

LARGEST = 256 * 1024**2
"""Bytes of a delimited file above which every n-th row is taken for what has to lie in memory."""
LONG = 200_000
"""Rows after which a wish to stop is heeded; fewer are read in no time, and then there will be a model."""
EVERY_ROW = 2**63
"""For `largest`: take every row of a file, however large."""
WORKBOOK = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
PACKED = (b"PK\x03\x04", b"\x1f\x8b")


def read_table(
    path: str | Path,
    name: str = "",
    sheet: str = "",
    bronze: Path | None = None,
    largest: int = LARGEST,
    stopped: Callable[[], bool] = lambda: False,
) -> Table:
    """Read a file as a table of texts; `name` is what the user calls it, `sheet` a sheet or table in it.

    Delimited text, workbooks (.xlsx, .xls, .xlsb, .ods), JSON and JSON lines, Parquet, SQLite, and one of these in a
    .zip or .gz; what it is shows in its first bytes, and for text in its name. All rows are written to `bronze`, a
    Parquet file. Of a delimited file beyond `largest` bytes, the table holds rows spread evenly, and says so.

    Raises DataError, also when it was `stopped`.
    """
    path = Path(path)
    name = name or path.name
    if not path.is_file():
        raise DataError(f"There is no file {name}; check the path.")
    # Python's own buffer would copy what is read in large blocks once more.
    with path.open("rb", buffering=0) as file, path.open("rb") as twin, ThreadPoolExecutor(2) as aside:
        hashed = aside.submit(lambda: hashlib.file_digest(twin, "sha256").hexdigest())
        kept = Bronze(bronze, aside) if bronze else None
        called = name if PurePath(name).suffix else f"{name}{path.suffix}"
        table = _table(file, called, _Wanted(sheet, kept, largest, stopped))
        table = replace(table, source=name, sha256=hashed.result())
        if kept:
            kept.finish(table)
    return table


@dataclass(frozen=True)
class _Wanted:
    sheet: str
    bronze: Bronze | None
    largest: int
    stopped: Callable[[], bool]


def _table(file: BinaryIO, name: str, wanted: _Wanted) -> Table:
    head = file.read(4096)
    start = head
    while start and not start.strip():
        start = file.read(1024**2)
    file.seek(0)
    if not start:
        raise DataError(f"{name} is empty; choose a file with a header line and rows.")
    if head.startswith(PACKED):
        inside = unpacked(file.read(), name)
        if inside is not None:
            table = _table(io.BytesIO(inside[1]), inside[0], wanted)
            return replace(table, notes=[f"'{inside[0]}' was read from {name}.", *table.notes])
        file.seek(0)
    if head.startswith(WORKBOOK):
        return read_workbook(file.read(), name, wanted.sheet)
    if head.startswith(b"PAR1"):
        return read_parquet(file.read(), name)
    if head.startswith(b"SQLite format 3\0"):
        return read_database(file.read(), name, wanted.sheet)
    encoding = encoding_of(file, name)
    try:
        return _text(file, name, encoding, wanted)
    except ForeignError:
        return _text(file, name, surveyed(file), wanted)


def _text(file: BinaryIO, name: str, encoding: str, wanted: _Wanted) -> Table:
    told = "utf-8" if encoding == "mixed" else encoding
    if PurePath(name).suffix.lower() in (".jsonl", ".ndjson", ".json"):
        return read_json(b"".join(utf8_blocks(file, encoding)).decode(), name, told)
    step = max(1, -(-file.seek(0, io.SEEK_END) // wanted.largest))
    return replace(_delimited(Delimited(utf8_blocks(file, encoding), name), name, wanted, step), encoding=told)


def _delimited(source: Delimited, name: str, wanted: _Wanted, step: int) -> Table:
    """Every `step`-th row of a delimited file, and all of them in bronze."""
    parts: list[Any] = []
    count, bronze = 0, wanted.bronze
    if bronze:
        bronze.begin()
    for rows in source.rows():
        if count > LONG and wanted.stopped():
            raise DataError(STOPPED)
        if bronze:
            bronze.add(rows)
        parts.append(rows if step == 1 else _every(rows, step, -count % step))
        count += rows.num_rows
    if not count:
        raise DataError(f"{name} has a header and no rows; choose a file with rows.")
    notes = source.notes
    if step > 1:
        notes = [*notes, f"The file has {count:,} rows; every {step}th was used, which is enough to learn from."]
    return Table(
        frame=arrow_frame(parts),
        source=name,
        format="csv",
        delimiter=source.delimiter,
        aside=tuple(source.aside.lines),
        aside_count=source.aside.count,
        decimal_comma=source.delimiter == ";",
        every=step,
        notes=notes,
    )


def _every(rows: Any, step: int, start: int) -> Any:
    import numpy as np

    return rows.take(np.arange(start, rows.num_rows, step))

"""A table as it was read, whatever it was read from: texts, with names that are told apart."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

import pandas as pd

from automl.errors import DataError

KEPT_ASIDE = 100
MAX_INFLATED = 200 * 1024**2
"""The most bytes an archive may unpack to: half a megabyte can be made to fill a gigabyte of memory."""


@dataclass(frozen=True)
class Table:
    """A file as it was read: `frame` holds texts (missing where nothing was written), one row a record.

    `aside` are the first lines that did not fit, as (line number, text), and `aside_count` is how many there were.
    `decimal_comma` says that the file writes numbers with a comma. Of a very large file only each `every`-th row is
    there. `notes` tell what was assumed.
    """

    frame: pd.DataFrame
    source: str
    format: str
    sha256: str = ""
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    aside: tuple[tuple[int, str], ...] = ()
    aside_count: int = 0
    decimal_comma: bool = False
    every: int = 1
    notes: list[str] = field(default_factory=list)

    @property
    def columns(self) -> list[str]:
        """The names, in order."""
        return [str(name) for name in self.frame.columns]


def text_frame(header: list[str], rows: Iterable[list[str]], name: str) -> pd.DataFrame:
    """A frame of texts, one list of cells a row. Raises DataError when there is no row."""
    stripped = [[text.strip() for text in row] for row in rows]
    if not stripped:
        raise DataError(f"{name} has a header and no rows; choose a file with rows.")
    return pd.DataFrame(stripped, columns=column_names(header), dtype="str")


def arrow_frame(parts: list[Any]) -> pd.DataFrame:
    """A frame of texts from Arrow tables of large strings, one after the other, without a copy; the list is emptied."""
    import pyarrow as pa

    whole = pa.concat_tables(parts)
    parts.clear()
    kind = pd.StringDtype("pyarrow", na_value=float("nan"))
    frame: pd.DataFrame = whole.to_pandas(types_mapper={pa.large_string(): kind}.get)
    return frame


def column_names(header: list[str]) -> list[str]:
    """The header's names with spaces tidied, empty ones numbered and repeated ones told apart."""
    names: dict[str, None] = {}
    for position, raw in enumerate(header, start=1):
        name = " ".join(raw.replace("\ufeff", "").replace("\0", "").split()) or f"column_{position}"
        candidate, copy = name, 2
        while candidate in names:
            candidate, copy = f"{name}_{copy}", copy + 1
        names[candidate] = None
    return list(names)


def cell(value: Any) -> str:
    """A cell of a workbook, a database or a JSON file as the text a CSV would hold."""
    if value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and value != value):
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.decode("utf-8", errors="replace")
    return json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, dict | list) else str(value)


def flat(value: dict[str, Any], prefix: str = "", depth: int = 20) -> dict[str, Any]:
    """Nested objects as dotted keys, down to `depth`."""
    found: dict[str, Any] = {}
    for key, item in value.items():
        if isinstance(item, dict) and depth:
            found.update(flat(item, f"{prefix}{key}.", depth - 1))
        else:
            found[f"{prefix}{key}"] = item
    return found

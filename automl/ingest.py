"""Reading a client's file into a table of texts.

Everything enters as text, whatever the format: a label that is a number in one file and a text in the next is then the
same label, and types are decided once, in one place (`automl.kinds`). Lines that do not fit are kept aside with their
number, never dropped silently.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pandas as pd

from automl.errors import DataError

DELIMITERS = (",", ";", "\t", "|")
SNIFF_CHARS = 65_536
KEPT_ASIDE = 100
csv.field_size_limit(10_000_000)


@dataclass(frozen=True)
class Table:
    """A file as it was read: `frame` holds texts (missing where nothing was written), one row a record.

    `aside` are the first lines that did not fit, as (line number, text), and `aside_count` is how many there were.
    `decimal_comma` says that the file writes numbers with a comma. `notes` tell what was assumed.
    """

    frame: pd.DataFrame
    source: str
    sha256: str
    format: str
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    aside: tuple[tuple[int, str], ...] = ()
    aside_count: int = 0
    decimal_comma: bool = False
    notes: list[str] = field(default_factory=list)


MAX_INFLATED = 200 * 1024**2
"""The most bytes a workbook may unpack to: half a megabyte can be made to fill a gigabyte of memory."""


def read_table(path: str | Path, name: str = "", sheet: str = "") -> Table:
    """Read a CSV, TSV, Excel (.xlsx) or JSON-lines file; `name` is what the user calls it. Raises DataError."""
    path = Path(path)
    name = name or path.name
    if not path.is_file():
        raise DataError(f"There is no file {name}; check the path.")
    data = path.read_bytes()
    if not data.strip():
        raise DataError(f"{name} is empty; choose a file with a header line and rows.")
    digest = hashlib.sha256(data).hexdigest()
    suffix = Path(name).suffix.lower() or path.suffix.lower()
    if data[:4] == b"PK\x03\x04":
        return _excel(path, name, digest, sheet)
    if data[:4] in (b"\xd0\xcf\x11\xe0", b"PAR1") or suffix in (".xls", ".parquet"):
        raise DataError(f"{name} is in a format that cannot be read yet; save it as .xlsx or .csv and attach that.")
    text, encoding = _decode(data, name)
    if suffix in (".jsonl", ".ndjson", ".json"):
        return _json(text, name, digest, encoding)
    return _delimited(text, name, digest, encoding)


def _decode(data: bytes, name: str) -> tuple[str, str]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace"), "utf-16"
    if data[:SNIFF_CHARS].count(0) > 0:
        raise DataError(f"{name} is not a text table; save it as .csv or .xlsx and attach that.")
    try:
        return data.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace"), "cp1252"


def _delimited(text: str, name: str, digest: str, encoding: str) -> Table:
    first, _, rest = text.partition("\n")
    told = first.strip().lower()
    if told.startswith("sep=") and len(told) == 5:  # what Excel writes to name its delimiter
        delimiter, text = first.strip()[4], rest
    else:
        delimiter = _sniff(text)
    # A reader's line number counts physical lines, so a quoted line break does not shift the numbers told to the user.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True)
    numbered: list[tuple[int, list[str]]] = []
    try:
        numbered.extend((reader.line_num, cells) for cells in reader if any(cell.strip() for cell in cells))
    except csv.Error as error:
        raise DataError(f"{name} breaks off at line {reader.line_num} ({error}); save it again as CSV.") from error
    if not numbered:
        raise DataError(f"{name} holds no rows; choose a file with a header line and rows.")
    header, body, aside = _aligned(numbered)
    notes = []
    if _looks_like_data(header[1]):
        body.insert(0, header[1])
        header = (0, [""] * len(header[1]))
        notes.append("The file has no header line, so the columns were numbered.")
    lines = tuple((number, delimiter.join(cells)[:200]) for number, cells in aside[:KEPT_ASIDE])
    return Table(
        frame=_frame(header[1], body, name),
        source=name,
        sha256=digest,
        format="csv",
        encoding=encoding,
        delimiter=delimiter,
        aside=lines,
        aside_count=len(aside),
        decimal_comma=delimiter == ";",
        notes=notes,
    )


def _sniff(text: str) -> str:
    """The delimiter under which most lines, the first among them, have the same number of fields."""
    sample = text[:SNIFF_CHARS]
    if len(text) > SNIFF_CHARS:
        sample = sample[: sample.rfind("\n") + 1] or sample
    best, best_score = ",", (0.0, 0)
    for delimiter in DELIMITERS:
        try:
            rows = [row for row in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter) if row]
        except csv.Error:
            continue
        if not rows:
            continue
        fields, count = Counter(len(row) for row in rows).most_common(1)[0]
        if fields < 2:
            continue
        score = (count / len(rows) - 0.5 * (len(rows[0]) != fields), fields)
        if score > best_score:
            best, best_score = delimiter, score
    return best


Lines = list[tuple[int, list[str]]]


def _aligned(numbered: Lines) -> tuple[tuple[int, list[str]], list[list[str]], Lines]:
    """The header, the rows as wide as it, and the rest with line numbers."""
    width = Counter(len(cells) for _, cells in numbered).most_common(1)[0][0]
    start = next(i for i, (_, cells) in enumerate(numbered) if len(cells) == width)
    if start > 20:
        start = 0
    width = len(numbered[start][1])
    body: list[list[str]] = []
    aside: Lines = list(numbered[:start])
    for number, cells in numbered[start + 1 :]:
        if len(cells) > width and not any(cell.strip() for cell in cells[width:]):
            cells = cells[:width]
        if len(cells) == width:
            body.append(cells)
        else:
            aside.append((number, cells))
    return numbered[start], body, aside


def _looks_like_data(cells: list[str]) -> bool:
    """Whether a would-be header is all numbers, and so is a row."""
    try:
        return bool([float(cell) for cell in cells])
    except ValueError:
        return False


def _excel(path: Path, name: str, digest: str, sheet: str) -> Table:
    import openpyxl

    try:
        with zipfile.ZipFile(path) as parts:
            inflated = sum(part.file_size for part in parts.infolist())
        if inflated > MAX_INFLATED:
            size = f"{inflated // 1024**2:,} MB"
            raise DataError(f"{name} unpacks to {size}, more than is safe to read; save it as .csv and attach that.")
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except DataError:
        raise
    except Exception as error:
        raise DataError(f"{name} is no readable Excel workbook; save it again as .xlsx or .csv.") from error
    try:
        sheets = {found.title: list(found.iter_rows(values_only=True)) for found in book.worksheets}
    finally:
        book.close()
    if not sheets:
        raise DataError(f"{name} has no sheet with cells; choose another file.")
    if sheet and sheet not in sheets:
        raise DataError(f"{name} has no sheet '{sheet}'; its sheets are {', '.join(sheets)}.")
    chosen = sheet or max(sheets, key=lambda title: sum(any(cell is not None for cell in row) for row in sheets[title]))
    rows = [[_cell(cell) for cell in row] for row in sheets[chosen]]
    filled = [i for i in range(max(map(len, rows), default=0)) if any(len(row) > i and row[i].strip() for row in rows)]
    numbered = [
        (number, [row[i] if i < len(row) else "" for i in filled])
        for number, row in enumerate(rows, start=1)
        if any(cell.strip() for cell in row)
    ]
    # A title above the table fills one cell; the header is the first row that fills at least half of them.
    start = next((i for i, (_, row) in enumerate(numbered) if 2 * sum(map(bool, row)) >= len(filled)), 0)
    if not numbered[start + 1 :]:
        raise DataError(f"The sheet '{chosen}' of {name} holds no rows; choose a sheet with a header and rows.")
    notes = []
    if len(sheets) > 1:
        notes.append(f"The workbook has {len(sheets)} sheets; '{chosen}' was read.")
    aside = tuple((number, " ".join(filter(None, row))[:200]) for number, row in numbered[:start])
    return Table(
        frame=_frame(numbered[start][1], [row for _, row in numbered[start + 1 :]], name),
        source=name,
        sha256=digest,
        format="xlsx",
        sheet=chosen,
        aside=aside,
        aside_count=len(aside),
        notes=notes,
    )


def _cell(value: Any) -> str:
    """A cell of a workbook or a JSON value as the text a CSV would hold."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)


def _json(text: str, name: str, digest: str, encoding: str) -> Table:
    records: list[dict[str, Any]] = []
    aside: list[tuple[int, str]] = []
    try:
        whole = json.loads(text)
    except json.JSONDecodeError:
        for number, line in enumerate(text.splitlines(), start=1):
            if line.strip():
                _record(line, number, records, aside)
    else:
        items = whole if isinstance(whole, list) else [whole]
        records = [_flat(item) for item in items if isinstance(item, dict)]
    if not records:
        raise DataError(f"{name} holds no JSON objects; give one object a line, or a list of objects.")
    header = list(dict.fromkeys(key for record in records for key in record))
    rows = [[_cell(record.get(key)) for key in header] for record in records]
    return Table(
        frame=_frame(header, rows, name),
        source=name,
        sha256=digest,
        format="jsonl",
        encoding=encoding,
        aside=tuple(aside[:KEPT_ASIDE]),
        aside_count=len(aside),
    )


def _record(line: str, number: int, records: list[dict[str, Any]], aside: list[tuple[int, str]]) -> None:
    try:
        value = json.loads(line)
    except json.JSONDecodeError:
        value = None
    if isinstance(value, dict):
        records.append(_flat(value))
    else:
        aside.append((number, line[:200]))


def _flat(value: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    """Nested objects as dotted keys."""
    flat: dict[str, Any] = {}
    for key, item in value.items():
        if isinstance(item, dict):
            flat.update(_flat(item, f"{prefix}{key}."))
        else:
            flat[f"{prefix}{key}"] = item
    return flat


def _frame(header: list[str], rows: Iterable[list[str]], name: str) -> pd.DataFrame:
    rows = list(rows)
    if not rows:
        raise DataError(f"{name} has a header and no rows; choose a file with rows.")
    frame = pd.DataFrame(rows, columns=column_names(header), dtype="str")
    return pd.DataFrame({column: frame[column].str.strip() for column in frame.columns})


def column_names(header: list[str]) -> list[str]:
    """The header's names with spaces tidied, empty ones numbered and repeated ones told apart."""
    names: list[str] = []
    for position, raw in enumerate(header, start=1):
        name = " ".join(raw.replace("\ufeff", "").split()) or f"column_{position}"
        candidate, copy = name, 2
        while candidate in names:
            candidate, copy = f"{name}_{copy}", copy + 1
        names.append(candidate)
    return names

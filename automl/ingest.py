"""Reading a client's file into a table of texts.

Everything enters as text, whatever the format: a label that is a number in one file and a text in the next is then the
same label, and types are decided once, in one place (`automl.kinds`). Lines that do not fit are kept aside with their
number, never dropped silently.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections import Counter
from dataclasses import replace
from pathlib import Path, PurePath

from automl.archives import unpacked
from automl.errors import DataError
from automl.records import read_database, read_json, read_parquet
from automl.tables import KEPT_ASIDE, Table, text_frame
from automl.workbooks import read_workbook

DELIMITERS = (",", ";", "\t", "|")
SNIFF_CHARS = 65_536
csv.field_size_limit(10_000_000)


def read_table(path: str | Path, name: str = "", sheet: str = "") -> Table:
    """Read a file as a table of texts; `name` is what the user calls it, `sheet` a sheet or table in it.

    Delimited text, workbooks (.xlsx, .xls, .xlsb, .ods), JSON and JSON lines, Parquet, SQLite, and one of these in a
    .zip or .gz; what it is shows in its first bytes, and for text in its name. Raises DataError.
    """
    path = Path(path)
    name = name or path.name
    if not path.is_file():
        raise DataError(f"There is no file {name}; check the path.")
    data = path.read_bytes()
    table = _table(data, name if PurePath(name).suffix else f"{name}{path.suffix}", sheet)
    return replace(table, source=name, sha256=hashlib.sha256(data).hexdigest())


def _table(data: bytes, name: str, sheet: str) -> Table:
    if not data.strip():
        raise DataError(f"{name} is empty; choose a file with a header line and rows.")
    suffix = PurePath(name).suffix.lower()
    if data.startswith((b"PK\x03\x04", b"\x1f\x8b")):
        inside = unpacked(data, name)
        if inside is not None:
            table = _table(inside[1], inside[0], sheet)
            return replace(table, notes=[f"'{inside[0]}' was read from {name}.", *table.notes])
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return read_workbook(data, name, sheet)
    if data.startswith(b"PAR1"):
        return read_parquet(data, name)
    if data.startswith(b"SQLite format 3\0"):
        return read_database(data, name, sheet)
    text, encoding = _decode(data, name)
    if suffix in (".jsonl", ".ndjson", ".json"):
        return read_json(text, name, encoding)
    return _delimited(text, name, encoding)


def _decode(data: bytes, name: str) -> tuple[str, str]:
    """The text and its encoding; a line that is not UTF-8 in a file that else is one counts as Windows-1252."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace"), "utf-16"
    head = data[:SNIFF_CHARS]
    if 3 * head.count(0) > len(head) and not any(head[0::2] if head[0] == 0 else head[1::2]):
        encoding = "utf-16-be" if head[0] == 0 else "utf-16-le"
        return data.decode(encoding, errors="replace"), encoding
    if head.count(0) > 0:
        raise DataError(f"{name} is not a text table; save it as .csv or .xlsx and attach that.")
    try:
        return data.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        lines = data.splitlines(keepends=True)
        odd = [_odd(line) for line in lines]
        if sum(odd) > 0.5 * sum(not line.isascii() for line in lines):
            return data.decode("cp1252", errors="replace"), "cp1252"
        pairs = zip(lines, odd, strict=True)
        return "".join(line.decode("cp1252" if bad else "utf-8", errors="replace") for line, bad in pairs), "utf-8"


def _odd(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return True
    return False


def _delimited(text: str, name: str, encoding: str) -> Table:
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
        frame=text_frame(header[1], body, name),
        source=name,
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

"""Spreadsheets (XLSX, XLS, XLSB, ODS), read with python-calamine: each sheet is a page and a table."""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from integrations.media.documents.archive import check_archive, members
from integrations.media.documents.format import Block, DocumentFormat, LockedDocument, Parsed, UnreadableDocument, row
from integrations.media.documents.markup_tree import DAMAGED

MOST_ROWS, MOST_COLUMNS = 20_000, 200
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_WORKBOOK = ("Workbook".encode("utf-16-le"), "Book\0".encode("utf-16-le"))
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"


def sniff(path: Path, head: bytes) -> bool:
    """An old workbook, or a zip archive that holds a new one."""
    if head.startswith(OLE):
        with path.open("rb") as file:
            data = file.read(50_000_000)
        return any(name in data for name in _WORKBOOK)
    inside = members(path) if head.startswith(b"PK") else []
    return "xl/workbook.xml" in inside or "xl/workbook.bin" in inside or (_ODS in head[:200])


def read(path: Path) -> Parsed:
    """Read every sheet. Raises UnreadableDocument when it is unsafe, damaged or empty."""
    from python_calamine import CalamineError, CalamineWorkbook

    with path.open("rb") as file:
        if file.read(2) == b"PK":
            check_archive(path)
    blocks: list[Block] = []
    notes: list[str] = []
    try:
        book = CalamineWorkbook.from_path(str(path))
        names = [one.name for one in book.sheets_metadata if str(one.typ).endswith("WorkSheet")]
        for number, name in enumerate(names, 1):
            lines = book.get_sheet_by_name(name).to_python(skip_empty_area=True, nrows=MOST_ROWS + 1)
            if len(lines) > MOST_ROWS:
                notes.append(f"Only the first {MOST_ROWS:,} rows of the sheet {name} were read.")
            rows = [row([_text(value) for value in line[:MOST_COLUMNS]], number, number) for line in lines[:MOST_ROWS]]
            blocks += [Block(name, "heading", number, level=1), *(one for one in rows if one.text)]
    except (CalamineError, OSError, ValueError) as error:
        if "password" in str(error).lower():
            locked = "The spreadsheet is locked with a password; please save a copy without one."
            raise LockedDocument(locked) from error
        raise UnreadableDocument(DAMAGED) from error
    except BaseException as error:  # the library panics, outside of Exception, on some damaged files
        if isinstance(error, MemoryError | KeyboardInterrupt | SystemExit):
            raise
        raise UnreadableDocument(DAMAGED) from error
    if not any(block.kind == "row" for block in blocks):
        raise UnreadableDocument("The spreadsheet is empty; please check that the right file was uploaded.")
    return Parsed(blocks, pages=len(names), notes=notes)


def _text(value: Any) -> str:
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ", timespec="minutes")
    return value.isoformat() if isinstance(value, date | time) else str(value)


FORMAT = DocumentFormat(
    name="spreadsheet", suffixes=("xlsx", "xls", "xlsm", "xlsb", "ods"), sniff=sniff, read=read, specific=2
)

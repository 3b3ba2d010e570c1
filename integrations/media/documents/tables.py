"""The tables of a document, cell by cell: for jobs that hand them on as data.

Most formats state their tables. A PDF does not: where lines are ruled, pdfplumber finds the cells they part; else the
gaps between words do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from integrations.media.documents.format import Block
from integrations.media.documents.scanned import scanned

MOST_RULED_PAGES = 60
"""Pages of a PDF that are searched for ruled lines; each takes a tenth of a second."""
FEWEST_ROWS = 2


@dataclass
class Table:
    """Rows of cells, all of one length; the first row heads them. `title` is the heading above."""

    title: str
    page: int | None
    rows: list[list[str]]


def read_tables(path: str, name: str, password: str = "") -> list[dict[str, Any]]:
    """The tables of a file, as ``{"title", "page", "rows"}``. Raises UnreadableDocument."""
    format, parsed = scanned(Path(path), name, password)
    found = tables_of(parsed.blocks)
    if format.name == "PDF" and not parsed.scanned and (pages := _pages_with_rows(found)):
        ruled = _ruled(Path(path), password, pages[:MOST_RULED_PAGES])
        here = {table.page for table in ruled}
        titles = {table.page: table.title for table in reversed(found)}
        for table in ruled:
            table.title = titles.get(table.page, "")
        found = sorted([*(one for one in found if one.page not in here), *ruled], key=lambda one: one.page or 0)
    return [{"title": one.title, "page": one.page, "rows": _even(one.rows)} for one in found if len(one.rows) > 1]


def tables_of(blocks: Sequence[Block]) -> list[Table]:
    """The tables among blocks; one that goes on over a page is one table when its number stays."""
    found: dict[int, Table] = {}
    heading = ""
    for block in blocks:
        if block.kind == "heading":
            heading = block.text
        elif block.table:
            table = found.setdefault(block.table, Table(heading, block.page, []))
            table.rows.append(list(block.cells))
    return [table for table in found.values() if len(table.rows) >= FEWEST_ROWS and max(map(len, table.rows)) > 1]


def _pages_with_rows(found: list[Table]) -> list[int]:
    return sorted({table.page for table in found if table.page})


def _ruled(path: Path, password: str, pages: list[int]) -> list[Table]:
    import pdfplumber

    found: list[Table] = []
    try:
        with pdfplumber.open(path, password=password or None) as document:
            for number in pages:
                page = document.pages[number - 1]
                if len(page.lines) + len(page.rects) >= 4:
                    for rows in page.extract_tables():
                        clean = [[" ".join((cell or "").split()) for cell in row] for row in rows]
                        if len(clean) >= FEWEST_ROWS and len(clean[0]) > 1 and any(map(any, clean)):
                            found.append(Table("", number, clean))
                page.close()
    except Exception:  # what this library trips over was read already by the other; its tables stand
        return []
    return found


def _even(rows: list[list[str]]) -> list[list[str]]:
    width = max(map(len, rows))
    return [[*row, *[""] * (width - len(row))] for row in rows]

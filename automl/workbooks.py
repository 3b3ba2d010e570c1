"""Tables out of spreadsheets: .xlsx, .xlsm, .xlsb, .xls and .ods, through Calamine.

The fullest sheet is read, or the one that was named. A title above the table is kept aside; a header of two rows whose
upper one has merged cells becomes one row of names ("2025 q1").
"""

from __future__ import annotations

import io
from pathlib import PurePath
from typing import Any

from automl.errors import DataError
from automl.tables import Table, cell, text_frame

Merged = list[tuple[tuple[int, int], tuple[int, int]]]


def read_workbook(data: bytes, name: str, sheet: str = "") -> Table:
    """The table of a workbook. Raises DataError."""
    sheets, merged = _sheets(data, name)
    if sheet and sheet not in sheets:
        raise DataError(f"{name} has no sheet '{sheet}'; its sheets are {', '.join(sheets)}.")
    chosen = sheet or max(sheets, key=lambda title: sum(any(row) for row in sheets[title]), default="")
    rows = sheets.get(chosen, [])
    filled = [i for i in range(max(map(len, rows), default=0)) if any(row[i].strip() for row in rows)]
    numbered = [(n, [row[i] for i in filled]) for n, row in enumerate(rows) if any(one.strip() for one in row)]
    # A title above the table fills one cell; the header is the first row that fills at least half of them.
    wide = {low[0] for low, high in merged.get(chosen, []) if low[0] == high[0] and high[1] > low[1]}
    start = next((i for i, (_, row) in enumerate(numbered) if 2 * sum(map(bool, row)) >= len(filled)), 0)
    aside = tuple((n + 1, " ".join(filter(None, row))[:200]) for n, row in numbered[:start] if n not in wide)
    if not numbered[start + 1 :]:
        raise DataError(f"The sheet '{chosen}' of {name} holds no rows; choose a sheet with a header and rows.")
    header, first = _header(numbered, start, wide, [_spans(merged.get(chosen, []), n, filled) for n, _ in numbered])
    notes = [f"The workbook has {len(sheets)} sheets; '{chosen}' was read."] if len(sheets) > 1 else []
    return Table(
        frame=text_frame(header, [row for _, row in numbered[first:]], name),
        source=name,
        format=PurePath(name).suffix.lower().lstrip(".") or "xlsx",
        sheet=chosen,
        aside=aside,
        aside_count=len(aside),
        notes=notes,
    )


def _sheets(data: bytes, name: str) -> tuple[dict[str, list[list[str]]], dict[str, Merged]]:
    """The cells of every sheet, and which of them are merged as ((row, column), (row, column))."""
    from python_calamine import CalamineError, PasswordError, load_workbook

    sheets: dict[str, list[list[str]]] = {}
    merged: dict[str, Merged] = {}
    try:
        book = load_workbook(io.BytesIO(data))
        for title in book.sheet_names:
            found = book.get_sheet_by_name(title)
            sheets[title] = [[cell(value) for value in row] for row in found.to_python(skip_empty_area=False)]
            merged[title] = list(found.merged_cell_ranges or [])
    except PasswordError as error:
        raise DataError(f"{name} is protected by a password; save it without one and attach that.") from error
    except (CalamineError, OSError, ValueError) as error:
        raise DataError(f"{name} is no readable workbook; save it again as .xlsx or .csv.") from error
    return sheets, merged


def _header(
    numbered: list[tuple[int, list[str]]], start: int, wide: set[int], spans: list[dict[int, int]]
) -> tuple[list[str], int]:
    """The names, and the place of the first row below them; a row with wide merged cells heads the row under it."""
    row = numbered[start][1]
    if start and numbered[start - 1][0] in wide:
        above, below, first = start - 1, row, start + 1
    elif numbered[start][0] in wide and start + 2 < len(numbered):
        above, below, first = start, numbered[start + 1][1], start + 2
    else:
        return row, start + 1
    upper = numbered[above][1]
    upper = [upper[spans[above].get(place, place)] for place in range(len(upper))]
    return [f"{a} {b}".strip() if a != b else a for a, b in zip(upper, below, strict=True)], first


def _spans(merged: Merged, row: int, filled: list[int]) -> dict[int, int]:
    """For each place of a row that lies in a merged cell, the place that holds its text."""
    places: dict[int, Any] = {column: place for place, column in enumerate(filled)}
    found = {}
    for low, high in merged:
        if low[0] <= row <= high[0] and low[1] in places:
            for column in range(low[1], high[1] + 1):
                if column in places:
                    found[places[column]] = places[low[1]]
    return found

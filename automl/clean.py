"""From a table of texts to typed columns, with every change listed and counted."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from automl.errors import DataError
from automl.kinds import ColumnType, blank_missing, convert, infer, plain_numbers
from automl.tables import Table

FEW_DUPLICATES = 0.2
"""Repeated rows above this share are taken for real repetitions, as in a table of few categories."""


@dataclass(frozen=True)
class Change:
    """One kind of change: what was done, to which column ("" for the whole table), and how many values or rows."""

    what: str
    count: int
    column: str = ""


@dataclass(frozen=True)
class Clean:
    """A typed table. Numbers and booleans are float (0, 1, missing), dates datetime, everything else text.

    `texts` are the same rows as they were written, which is how labels are given back.
    """

    frame: pd.DataFrame
    texts: pd.DataFrame
    types: dict[str, ColumnType]
    changes: tuple[Change, ...] = ()
    warnings: tuple[str, ...] = field(default=())

    def named(self, *kinds: str) -> list[str]:
        """The columns of these kinds, in order."""
        return [name for name, kind in self.types.items() if kind.kind in kinds]


def clean(table: Table, *, drop_duplicates: bool = True) -> Clean:
    """Type every column, merge spellings that differ by case alone, drop empty columns and repeated rows.

    Raises DataError when nothing is left.
    """
    changes: list[Change] = []
    warnings: list[str] = []
    if table.aside_count:
        changes.append(Change("lines that do not fit the header were kept aside", table.aside_count))
    types: dict[str, ColumnType] = {}
    columns: dict[str, Any] = {}
    plain: dict[str, npt.NDArray[np.float64]] = {}
    texts: dict[str, Any] = {}
    blank = 0
    for name in table.columns:
        values = table.frame[name]
        numbers = None if table.decimal_comma else plain_numbers(values)
        if numbers is None:
            texts[name] = blank_missing(values)
            blank += int((texts[name].isna() & (values != "")).sum())
        else:
            texts[name], plain[name] = values, numbers
    if blank:
        changes.append(Change("words for nothing (NA, null, -, …) became missing values", blank))

    for name in texts:
        if name in plain:
            types[name], columns[name] = ColumnType("number"), plain[name]
            continue
        kind = infer(texts[name], table.decimal_comma)
        if kind.kind == "empty":
            changes.append(Change("empty column left out", len(table.frame), name))
            continue
        if kind.kind == "category":
            texts[name] = _one_spelling(texts[name], name, changes)
        types[name] = kind
        columns[name] = convert(texts[name], kind.kind, kind.format, table.decimal_comma)
        changes.extend(_conversions(name, kind, texts[name]))
        if kind.ambiguous:
            warnings.append(f"The dates in '{name}' could be day first or month first; day first was taken.")
    if not types:
        raise DataError(f"{table.source} holds no values, only missing ones; choose a file with data.")
    frame, kept = pd.DataFrame(columns), pd.DataFrame({name: texts[name] for name in types})
    if drop_duplicates:
        frame, kept = _without_repeats(frame, kept, changes, warnings)
    return Clean(frame, kept, types, tuple(changes), tuple(warnings))


def _one_spelling(values: pd.Series[Any], name: str, changes: list[Change]) -> pd.Series[Any]:
    counts = values.value_counts()
    usual: dict[str, str] = {}
    for spelling in counts.index:
        usual.setdefault(" ".join(str(spelling).casefold().split()), str(spelling))
    merged = {s: usual[" ".join(str(s).casefold().split())] for s in counts.index}
    count = int(sum(counts[s] for s, kept in merged.items() if s != kept))
    if count:
        changes.append(Change("spellings that differ only by case or spaces were merged", count, name))
    return values.map(merged).astype("str") if count else values


def _conversions(name: str, kind: ColumnType, texts: pd.Series[Any]) -> list[Change]:
    changes = []
    known = int(texts.notna().sum())
    if kind.kind == "number" and kind.unit:
        label = "percentages" if kind.unit == "%" else f"amounts in {kind.unit}"
        changes.append(Change(f"{label} became numbers", known - kind.spoilt, name))
    elif kind.kind == "number" and kind.decimal == ",":
        changes.append(Change("numbers with a decimal comma became numbers", known - kind.spoilt, name))
    elif kind.kind == "date":
        changes.append(Change("texts became dates", known - kind.spoilt, name))
    elif kind.kind == "boolean":
        changes.append(Change("words for yes and no became true and false", known, name))
    if kind.spoilt:
        changes.append(Change(f"values that are no {kind.kind} became missing", kind.spoilt, name))
    return changes


def _without_repeats(
    frame: pd.DataFrame, texts: pd.DataFrame, changes: list[Change], warnings: list[str]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    repeats = frame.duplicated()
    count = int(repeats.sum())
    if not count:
        return frame, texts
    if count > FEW_DUPLICATES * len(frame):
        warnings.append(f"{count:,} rows repeat another row; they were kept, together on one side of every split.")
        return frame, texts
    changes.append(Change("rows that repeat another row were dropped", count))
    keep = ~repeats
    return frame[keep].reset_index(drop=True), texts[keep].reset_index(drop=True)

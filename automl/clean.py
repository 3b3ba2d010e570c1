"""From a table of texts to typed columns, with every change listed and counted."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from automl.errors import STOPPED, DataError
from automl.kinds import ColumnType, blank_missing, convert, infer, plain_numbers
from automl.nearness import near_repeats
from automl.tables import Table
from automl.texts import Embed

LONG = 2_000_000
"""Values from which cleaning takes so long that a wish to stop is heeded."""
WIDE = 100
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

    `texts` are the same rows as they were written, which is how labels are given back. `outliers` counts for each
    column the numbers far from the others, `near` are pairs of rows whose texts say almost the same, by column;
    neither is changed. `embed` tells what the texts mean, where that is wanted.
    """

    frame: pd.DataFrame
    texts: pd.DataFrame
    types: dict[str, ColumnType]
    changes: tuple[Change, ...] = ()
    warnings: tuple[str, ...] = field(default=())
    outliers: dict[str, int] = field(default_factory=dict)
    near: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    embed: Embed | None = field(default=None, compare=False, repr=False)

    def named(self, *kinds: str) -> list[str]:
        """The columns of these kinds, in order."""
        return [name for name, kind in self.types.items() if kind.kind in kinds]


def clean(
    table: Table,
    *,
    drop_duplicates: bool = True,
    without: Collection[str] = (),
    stopped: Callable[[], bool] = lambda: False,
) -> Clean:
    """Type every column, merge spellings that differ by case alone, drop empty columns and repeated rows.

    `without` names steps of `STEPS` that are left out. Raises DataError when nothing is left, or it was `stopped`.
    """
    changes: list[Change] = []
    warnings: list[str] = []
    if table.aside_count:
        changes.append(Change("lines that do not fit the header were kept aside", table.aside_count))
    types: dict[str, ColumnType] = {}
    columns: dict[str, Any] = {}
    texts: dict[str, Any] = {}
    blank = 0
    for name in table.columns:
        if table.frame.size > LONG and stopped():
            raise DataError(STOPPED)
        values = table.frame[name]
        numbers = None if table.decimal_comma else plain_numbers(values)
        if numbers is not None:
            types[name], columns[name], texts[name] = ColumnType("number"), numbers, values
            continue
        known = blank_missing(values, words="missing" not in without)
        blank += int(known.isna().sum()) - int((values == "").sum())
        kind = _wanted(infer(known, table.decimal_comma), without)
        if kind.kind == "empty":
            changes.append(Change("empty column left out", len(table.frame), name))
            continue
        if kind.kind == "category" and "spellings" not in without:
            known = _one_spelling(known, name, changes)
        types[name], texts[name] = kind, known
        columns[name] = convert(known, kind.kind, kind.format, table.decimal_comma)
        changes.extend(_conversions(name, kind, known))
        if kind.ambiguous:
            warnings.append(f"The dates in '{name}' could be day first or month first; day first was taken.")
    if blank:
        changes.insert(
            bool(table.aside_count), Change("words for nothing (NA, null, -, …) became missing values", blank)
        )
    if not types:
        raise DataError(f"{table.source} holds no values, only missing ones; choose a file with data.")
    # A long table is too large to be copied; a wide one is quick only when it is one block, which takes a copy.
    frame = pd.DataFrame(columns, copy=len(columns) > WIDE)
    kept = pd.DataFrame({name: texts[name] for name in types})
    if drop_duplicates and "duplicates" not in without:
        frame, kept = _without_repeats(frame, kept, changes, warnings)
    outliers = {} if "outliers" in without else _far_out(frame, types)
    near = {} if "near" in without else _near(frame, types, warnings)
    return Clean(frame, kept, types, tuple(changes), tuple(warnings), outliers, near)


def _wanted(kind: ColumnType, without: Collection[str]) -> ColumnType:
    """The kind, or a category where it takes a step that is not wanted."""
    step = {"date": "dates", "boolean": "booleans", "number": "units" if kind.unit else ""}.get(kind.kind, "")
    return ColumnType("category") if step and step in without else kind


def _far_out(frame: pd.DataFrame, types: dict[str, ColumnType]) -> dict[str, int]:
    """How many numbers of each column lie beyond Tukey's outer fences, three times the middle half's width away."""
    found: dict[str, int] = {}
    for name, kind in types.items():
        if kind.kind == "number":
            values = frame[name].to_numpy()
            known = values[~np.isnan(values)]
            low, high = np.quantile(known, [0.25, 0.75]) if len(known) >= 20 else (0.0, 0.0)
            if high > low:
                count = int(((known < low - 3 * (high - low)) | (known > high + 3 * (high - low))).sum())
                found |= {name: count} if count else {}
    return found


def _near(frame: pd.DataFrame, types: dict[str, ColumnType], warnings: list[str]) -> dict[str, list[tuple[int, int]]]:
    found = {name: near_repeats(frame[name]) for name, kind in types.items() if kind.kind == "text"}
    found = {name: pairs for name, pairs in found.items() if pairs}
    for name, pairs in found.items():
        rows = f"{len(pairs):,} rows say" if len(pairs) > 1 else "One row says"
        earlier, later = pairs[0]
        warnings.append(
            f"{rows} almost the same in '{name}' as an earlier row (row {later + 1} as row {earlier + 1}); "
            "all were kept, so a check on held out rows may look better than it is."
        )
    return found


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
        money = len(kind.unit) == 3 and kind.unit.isupper()
        label = "percentages" if kind.unit == "%" else f"{'amounts' if money else 'measures'} in {kind.unit}"
        changes.append(Change(f"{label} became numbers", known - kind.spoilt, name))
    elif kind.kind == "number" and kind.decimal == ",":
        changes.append(Change("numbers with a decimal comma became numbers", known - kind.spoilt, name))
    elif kind.kind == "date":
        changes.append(Change("texts became dates", known - kind.spoilt, name))
        if kind.mixed:
            changes.append(Change("dates among them were written in another way than most", kind.mixed, name))
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

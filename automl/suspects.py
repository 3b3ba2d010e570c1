"""Columns that would make a model look better than it is: ids, echoes of the target, rows that belong together."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from automl.clean import Clean

ID_NAME = re.compile(
    r"(?:^|[\s_.-])(?:id|uuid|guid|key|index|row|nr|no|number|code)$|^(?:unnamed.*|#|id.*)$", re.IGNORECASE
)
GROUP_NAME = re.compile(
    r"^(?:user|customer|client|patient|subject|person|member|household|session|account|student|employee)"
    r"[\s_.-]?(?:id|no|nr|number|key)$|^(?:subject|patient)$",
    re.IGNORECASE,
)
CHUNK = 200
"""Columns looked at together."""
ECHO = 0.99995
"""A rank correlation with the target at least this strong means that the column was computed from it."""


@dataclass(frozen=True)
class Suspect:
    """A column that is left out of the model, and why, in words that follow its name."""

    column: str
    why: str


def ids(table: Clean, target: str) -> list[Suspect]:
    """Columns that name a row instead of describing it."""
    found = []
    for name in table.frame.columns:
        if name == target:
            continue
        values, kind = table.frame[name].array, table.types[name].kind
        known = values[~pd.isna(values)]
        different = len(pd.unique(known))
        if different <= 1:
            found.append(Suspect(name, "holds one value only"))
        elif kind == "number" and different == len(known) >= 20 and (np.asarray(known) % 1 == 0).all():
            if _counts(np.asarray(known)) or ID_NAME.search(name):
                found.append(Suspect(name, "numbers the rows"))
        elif kind == "category" and len(known) >= 20 and different > 0.9 * len(known):
            found.append(Suspect(name, "is different in almost every row"))
    return found


def _counts(values: npt.NDArray[np.float64]) -> bool:
    """Whether whole numbers rise from row to row in steps of about one."""
    steps = np.diff(values)
    return bool((steps > 0).all() and np.median(steps) <= 2)


def echoes(table: Clean, target: str, labels: pd.Series[Any], ignore: set[str]) -> list[Suspect]:
    """Columns that repeat the target in another form: a fixed multiple, the same label under another name.

    `labels` is the target as the model sees it: numbers for regression, texts for classes.
    """
    found = []
    for name in _resembling(
        table, labels, [str(name) for name in table.frame if name != target and name not in ignore]
    ):
        both = pd.DataFrame({"a": table.frame[name], "b": labels}).dropna()
        if len(both) < 20 or len(both) < 0.5 * len(labels):
            continue
        if _same(both["a"], both["b"], table.types[name].kind):
            found.append(Suspect(name, f"repeats '{target}' in another form"))
    return found


def _resembling(table: Clean, labels: pd.Series[Any], names: list[str]) -> list[str]:
    """The columns without those that cannot repeat a number, told by one look at all number columns together."""
    if not pd.api.types.is_numeric_dtype(labels):
        return names
    numbers = [name for name in names if table.types[name].kind == "number"]
    if not numbers:
        return names
    related = _correlations(table, labels, numbers)
    return [name for name, near in zip(numbers, related >= 0.95, strict=True) if near]


def _correlations(table: Clean, labels: pd.Series[Any], numbers: list[str]) -> npt.NDArray[np.float64]:
    """|Pearson's r| of each of these columns with the labels, over the rows that have both; 0 where there is none."""
    truth = labels.to_numpy(dtype=float)
    rows = ~np.isnan(truth)
    found = np.zeros(len(numbers))
    for start in range(0, len(numbers), CHUNK):
        names = numbers[start : start + CHUNK]
        values, y = table.frame[names].to_numpy(dtype=float)[rows], truth[rows, None]
        known = ~np.isnan(values)
        count = np.maximum(known.sum(axis=0), 1)
        with np.errstate(all="ignore"):
            a = np.where(known, values - np.where(known, values, 0).sum(axis=0) / count, 0)
            b = np.where(known, y - np.where(known, y, 0).sum(axis=0) / count, 0)
            r = (a * b).sum(axis=0) / np.sqrt((a**2).sum(axis=0) * (b**2).sum(axis=0))
        found[start : start + CHUNK] = np.abs(np.nan_to_num(r))
    return found


def _same(a: pd.Series[Any], b: pd.Series[Any], kind: str) -> bool:
    if pd.api.types.is_numeric_dtype(b):
        if kind != "number" or a.nunique() < 3:
            return False
        return bool(abs(a.rank().corr(b.rank())) >= ECHO and abs(a.corr(b)) >= 0.95)
    if kind not in ("category", "boolean", "number", "text") or a.nunique() != b.nunique() or b.nunique() < 2:
        return False
    return len(pd.DataFrame({"a": a, "b": b}).drop_duplicates()) == b.nunique()


def near_echoes(table: Clean, target: str, labels: pd.Series[Any], columns: list[str]) -> list[str]:
    """Columns that almost give the target away on their own; kept, but worth a question to the client."""
    found = []
    numeric = pd.api.types.is_numeric_dtype(labels)
    if numeric:
        numbers = [name for name in columns if table.types[name].kind == "number"]
        return [name for name, r in zip(numbers, _correlations(table, labels, numbers), strict=True) if r >= 0.995]
    usual = float(labels.value_counts(normalize=True).iloc[0])
    for name in columns:
        values, kind = table.frame[name], table.types[name].kind
        if kind in ("category", "boolean") and 2 <= values.nunique() <= 50:
            given = _pure(values, labels, usual)
        else:
            given = kind == "number" and _parted(values, labels, usual)
        if given or (bool(values.isna().any()) and _pure(values.isna(), labels, usual)):
            found.append(name)
    return found


def _pure(values: pd.Series[Any], labels: pd.Series[Any], usual: float) -> bool:
    """Whether knowing a level, or that the value is missing, almost settles the label."""
    counts = pd.crosstab(values, labels)
    return bool(counts.max(axis=1).sum() / max(1, counts.to_numpy().sum()) >= max(0.995, usual + 0.005))


def _parted(values: pd.Series[Any], labels: pd.Series[Any], usual: float) -> bool:
    """Whether one cut through a number almost parts a label from the others."""
    both = pd.DataFrame({"a": values, "b": labels}).dropna().sort_values("a", kind="stable")
    if len(both) < 40 or both["a"].nunique() < 3:
        return False
    own = pd.get_dummies(both["b"]).to_numpy(dtype=float)
    below, cuts = own.cumsum(axis=0), np.flatnonzero(np.diff(both["a"].to_numpy()))
    # The right ones when the commonest label on each side is said.
    right = below[cuts].max(axis=1) + (below[-1] - below[cuts]).max(axis=1)
    return bool(right.max() / len(both) >= max(0.995, usual + 0.005))


def group_column(table: Clean, target: str) -> str | None:
    """A column whose name says that it tells people or things apart, of which each has several rows."""
    for name in table.frame.columns:
        unique = table.frame[name].nunique()
        if name != target and GROUP_NAME.match(name) and unique >= 10 and len(table.frame) >= 1.5 * unique:
            return str(name)
    return None


def time_column(table: Clean, target: str) -> str | None:
    """The one date by which the rows are already in order and almost all different: a record over time."""
    dates = [name for name in table.named("date") if name != target]
    if len(dates) != 1:
        return None
    values = table.frame[dates[0]].dropna()
    ordered = values.is_monotonic_increasing and len(values) == len(table.frame)
    return dates[0] if ordered and values.nunique() >= 0.8 * len(values) else None

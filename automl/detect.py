"""Which column to predict, and what sort of prediction it is, each with its reasons."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import pandas as pd
from rapidfuzz import fuzz

from automl import quantiles
from automl.clean import Clean
from automl.errors import DataError
from automl.tasks import NUMBERS, Task

TASKS: dict[str, str] = {
    "classification": "classes",
    "classify": "classes",
    "binary": "classes",
    "multiclass": "classes",
    "regression": "regression",
    "quantile": "quantile",
    "quantiles": "quantile",
    "series": "series",
    "forecast": "series",
}
USUAL = (
    "target",
    "label",
    "class",
    "y",
    "outcome",
    "churn",
    "churned",
    "survived",
    "default",
    "price",
    "sales",
    "revenue",
)
ALIKE = 82.0
"""How alike, of 100, a named target and a column must be."""
FEW_NUMBERS = 10
MANY_CLASSES = 100
RARE = 5
"""Classes with fewer rows than this cannot be learned and checked."""


@dataclass(frozen=True)
class Detected:
    """The target and the task, with `reasons` in words and a `confidence` from 0 to 1; of quantiles the `levels`."""

    target: str
    task: Task
    reasons: tuple[str, ...]
    confidence: float
    levels: tuple[float, ...] = ()


def detect(table: Clean, target: str | None = None, hint: str = "", task: str | None = None) -> Detected:
    """Find the target by its name, else by the words of `hint`, else by what tables usually hold. Raises DataError."""
    column, why, sure = find_target(list(table.frame.columns), target, hint)
    named = quantiles.levels(hint)
    wanted = task or ("quantile" if named and table.types[column].kind == "number" else None)
    kind, reason, kind_sure = _task(table, column, wanted)
    levels = (named or quantiles.USUAL) if kind == "quantile" else ()
    if levels:
        reason = f"you asked for quantiles of it, and I predict those of {', '.join(f'{one:.4g}' for one in levels)}"
    told = [name for name in table.named("text") if name != column]
    if told and kind in ("binary", "multiclass"):
        reason += f", which the words in '{told[0]}' may tell (text classification)"
    return Detected(column, kind, (why, reason), round(min(sure, kind_sure), 2), levels)


def find_target(columns: list[str], target: str | None, hint: str = "") -> tuple[str, str, float]:
    """The column meant, why, and how sure that is. Raises DataError when a name is given that no column has."""
    if target:
        scored = [(_alike(target, column), column) for column in columns]
        score, column = max(scored, key=lambda pair: (pair[0], -columns.index(pair[1])))
        if score >= ALIKE:
            return column, f"you named '{column}'", round(score / 100, 2)
    mentioned = [column for column in columns if _mentions(hint, column)]
    if len(mentioned) == 1:
        return mentioned[0], f"your message mentions '{mentioned[0]}'", 0.9
    if target:
        listed = ", ".join(f"'{column}'" for column in columns[:30])
        raise DataError(f"No column is called '{target}'; say which to predict: {listed}.")
    if mentioned:
        return mentioned[0], f"your message mentions '{mentioned[0]}' first", 0.6
    for name in USUAL:
        for column in columns:
            if column.casefold() == name:
                return column, f"tables usually mean '{column}' to be predicted", 0.7
    return columns[-1], f"no column was named, and '{columns[-1]}' is the last one", 0.4


def _words(text: str) -> str:
    """A name as plain lower-case words: camel case and underscores opened."""
    opened = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", text)
    return " ".join(re.findall(r"[^\W_]+", opened.casefold()))


def _alike(phrase: str, column: str) -> float:
    a, b = _words(phrase), _words(column)
    if a == b or phrase == column:
        return 100.0
    if b and f" {b} " in f" {a} ":
        return 95.0 - 0.1 * a.index(b)  # "price of the diamonds" names price; the first named wins
    if a and f" {a} " in f" {b} ":
        return 90.0
    if len(b) >= 4 and any(word.startswith(b) or (len(word) >= 4 and b.startswith(word)) for word in a.split()):
        return 86.0  # "whether they churned" names Churn
    return float(fuzz.ratio(a, b)) if len(b) > 2 else 0.0


def _mentions(hint: str, column: str) -> bool:
    words = _words(column)
    return len(words) > 2 and f" {words} " in f" {_words(hint)} "


def _task(table: Clean, column: str, wanted: str | None) -> tuple[Task, str, float]:
    values: pd.Series[Any] = table.frame[column].dropna()
    kind, unique = table.types[column].kind, int(values.nunique())
    if wanted and wanted.casefold() not in TASKS:
        raise DataError(f"There is no task '{wanted}'; choose binary, multiclass, regression, quantile or series.")
    sort = TASKS[wanted.casefold()] if wanted else None
    if unique < 2:
        raise DataError(f"'{column}' holds one value only, so there is nothing to learn; choose another column.")
    if sort == "series":
        return "series", f"you asked for a forecast of '{column}'", 1.0
    if sort in NUMBERS and kind != "number":
        raise DataError(f"'{column}' holds words, not numbers; ask for classes, or choose a number column.")
    if kind == "date":
        raise DataError(f"'{column}' holds dates, which cannot be predicted; choose a number or a class.")
    if sort is None:
        sort = "regression" if kind == "number" and not _is_classes(values, unique) else "classes"
    if sort == "quantile":
        return "quantile", "you asked for quantiles", 1.0
    if sort == "regression":
        return "regression", f"'{column}' is a number with {unique:,} different values", 1.0 if unique > 20 else 0.7
    if unique > MANY_CLASSES or unique > 0.5 * len(values):
        raise DataError(f"'{column}' has {unique:,} different values, too many to tell apart; choose another column.")
    task: Task = "binary" if unique == 2 else "multiclass"
    return task, f"'{column}' has {unique} different values", 0.7 if kind == "number" and unique > 2 else 1.0


def _is_classes(values: pd.Series[Any], unique: int) -> bool:
    """Numbers that stand for classes: two values, or a few whole ones that each come often."""
    if unique == 2:
        return True
    return bool(unique <= FEW_NUMBERS and (values % 1 == 0).all() and len(values) >= 20 * unique)

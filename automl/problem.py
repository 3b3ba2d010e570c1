"""What exactly is to be learned: labels, usable columns and rows, and which rows will judge."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from automl import split, suspects, wishes
from automl.clean import Clean
from automl.detect import RARE, Detected, find_target
from automl.errors import DataError
from automl.suspects import Suspect
from automl.tasks import NUMBERS, Task

FEWEST_ROWS = 20
LARGEST = 1e100
"""Numbers above this cannot be squared, as every measure of error does."""
Array = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Problem:
    """What is to be learned: labels are numbers, or codes of `classes`; `rows` may be used for training.

    `monotone` names columns with which the prediction may only rise (1) or fall (-1); `levels` are the
    quantiles wanted.
    """

    table: Clean
    columns: list[str]
    task: Task
    labels: Array
    classes: tuple[str, ...]
    rows: Rows
    groups: Rows | None
    ordered: bool
    monotone: dict[str, int] = field(default_factory=dict)
    levels: tuple[float, ...] = ()

    @property
    def outputs(self) -> int:
        """How many columns a model's scores have: one a class or a level, or one number."""
        return max(1, len(self.classes), len(self.levels))

    def aims(self, rows: Rows) -> Array:
        """The labels of these rows as numbers (rows, aims): one column a class of several, else one."""
        labels = self.labels[rows]
        return np.eye(len(self.classes))[labels.astype(int)] if len(self.classes) > 2 else labels[:, None]


@dataclass(frozen=True)
class Posed:
    """A problem with the rows that will judge it, the columns that were left out, and what the user should know."""

    problem: Problem
    holdout: Rows
    dropped: list[Suspect]
    warnings: list[str]


def pose(table: Clean, detected: Detected, ignore: list[str], seed: int, words: str = "") -> Posed:
    """Settle labels, columns and the holdout; `words` may hold wishes. Raises DataError when too little is left."""
    target, task = detected.target, detected.task
    warnings: list[str] = []
    values = table.frame[target] if task in NUMBERS else class_labels(table, target)
    rows = _usable(values, target, task, warnings)
    classes = () if task in NUMBERS else tuple(in_order(values.iloc[rows].unique().tolist()))
    if len(classes) == 2:
        task = "binary"  # also where too rare classes were left out
    codes = {label: float(code) for code, label in enumerate(classes)}
    coded = values.to_numpy(dtype=float) if not classes else np.array([codes.get(value, np.nan) for value in values])

    group, moment = suspects.group_column(table, target), suspects.time_column(table, target)
    dropped = _dropped(table, target, values, ignore, group, warnings)
    gone = {item.column for item in dropped} | {target}
    columns = [name for name in table.frame.columns if name not in gone]
    if not columns:
        raise DataError(f"No column is left to predict '{target}' from; give a table with more columns.")
    for name in suspects.near_echoes(table, target, values, columns):
        warnings.append(f"'{name}' alone almost gives '{target}' away; make sure it is known before '{target}' is.")

    groups = _groups(table, group, [*columns, target])
    ordered = group is None and moment is not None
    own = groups[rows] if groups is not None else None
    train_at, holdout_at = split.holdout(coded[rows], own, ordered, seed)
    if ordered and classes and len(np.unique(coded[rows][train_at])) < len(classes):
        ordered = False  # a class that only comes late could not be learned at all
        train_at, holdout_at = split.holdout(coded[rows], own, ordered, seed)
    if ordered:
        warnings.append(f"The rows are in order of '{moment}', so the model was checked on the last ones.")
    monotone, notes = wishes.monotone(table, words, columns)
    if monotone and task == "multiclass":
        monotone, notes = {}, ["With more than two classes, no column can be told which way to push."]
    warnings += notes
    problem = Problem(table, columns, task, coded, classes, rows[train_at], groups, ordered, monotone, detected.levels)
    return Posed(problem, rows[holdout_at], dropped, warnings)


def _usable(values: pd.Series[Any], target: str, task: Task, warnings: list[str]) -> Rows:
    """The rows with a target that can be learned from."""
    usable = values.notna().to_numpy(copy=True)
    if absent := int((~usable).sum()):
        warnings.append(f"{absent:,} rows have no '{target}' and were left out.")
    if task not in NUMBERS:
        counts = values.value_counts()
        rare = [str(label) for label, count in counts.items() if count < RARE]
        if rare:
            usable &= ~values.isin(rare).to_numpy()
            warnings.append(f"Too few rows to learn from, left out: {', '.join(rare[:10])}.")
        if values[usable].nunique() < 2:
            raise DataError(f"'{target}' needs at least two values with {RARE} rows each; give more rows.")
    elif values.abs().max() > LARGEST:
        raise DataError(f"'{target}' holds numbers too large to learn from; give them in a larger unit.")
    rows = np.flatnonzero(usable)
    if len(rows) < FEWEST_ROWS:
        raise DataError(f"Only {len(rows)} rows can be used, and at least {FEWEST_ROWS} are needed; give more rows.")
    return rows


def _dropped(
    table: Clean, target: str, values: pd.Series[Any], ignore: list[str], group: str | None, warnings: list[str]
) -> list[Suspect]:
    """The columns that are kept from the model, each once."""
    dropped: list[Suspect] = []
    for name in ignore:
        try:
            column, *_ = find_target(list(table.frame.columns), name)
            dropped.append(Suspect(column, "was to be ignored"))
        except DataError:
            warnings.append(f"There is no column '{name}' to leave out.")
    dropped += suspects.ids(table, target)
    if group:
        dropped.append(Suspect(group, "tells people or things apart; its rows stay together in every split"))
    dropped += suspects.echoes(table, target, values, {item.column for item in dropped})
    return list({item.column: item for item in reversed(dropped)}.values())[::-1]


def class_labels(table: Clean, target: str) -> pd.Series[Any]:
    """The target's labels as they were written; numbers in their shortest form, so that 1.0 and 1 are one label."""
    texts, values = table.texts[target], table.frame[target]
    if table.types[target].kind == "number":
        short = [f"{value:.15g}" if pd.notna(value) else None for value in values]
        return pd.Series(short, index=values.index, dtype="str")
    if table.types[target].kind == "boolean":
        usual = texts.groupby(values).agg(lambda found: found.value_counts().index[0])
        return values.map(usual).astype("str")
    return texts


def in_order(labels: list[str]) -> list[str]:
    """Labels in their natural order: numbers by size, "no" before "yes", words by the alphabet."""
    try:
        return sorted(labels, key=float)
    except ValueError:
        return sorted(labels)


def _groups(table: Clean, column: str | None, seen: list[str]) -> Rows | None:
    """Rows that must stay on one side: those of one person or thing, or equal in all that a model is told."""
    if column is not None:
        return pd.factorize(table.frame[column])[0].astype(np.int64)
    told = table.frame[seen]
    if told.duplicated().any():
        return pd.factorize(pd.util.hash_pandas_object(told, index=False))[0].astype(np.int64)
    return None

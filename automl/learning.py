"""One run from file to judged model, in memory: read, clean, choose the target, split, race, judge."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from automl import metrics, split, suspects
from automl.clean import Clean, clean
from automl.detect import RARE, Detected, detect, find_target
from automl.errors import DataError
from automl.estimators import Estimator
from automl.features import Preparation
from automl.ingest import Table, read_table
from automl.prediction import predictions
from automl.profile import quality
from automl.train import BASELINE, Problem, Progress, Trained, constant, race

FEWEST_ROWS = 20
Stage = Callable[[str], AbstractContextManager[None]]
Rows = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Learned:
    """A judged model: `predictions` are the holdout rows with their outcome, `sample` rows to explain it with."""

    result: dict[str, Any]
    source: dict[str, Any]
    preparation: Preparation
    estimator: Estimator
    predictions: pd.DataFrame
    sample: pd.DataFrame


def learn(
    data: str,
    *,
    target: str | None,
    task: str | None,
    budget: float,
    name: str,
    hint: str,
    ignore: list[str],
    seed: int,
    progress: Progress,
    stage: Stage,
) -> Learned:
    """See `automl.studio.run`. Raises DataError."""
    started = time.monotonic()
    progress("Reading the file", 0.02)
    with stage("read"):
        table = read_table(data, name)
    progress("Cleaning", 0.06)
    with stage("clean"):
        cleaned = clean(table)
    with stage("detect"):
        detected = detect(cleaned, target, hint, task)
        problem, holdout, dropped, warnings = _problem(cleaned, detected, ignore, seed)
    with stage("train"):
        left = max(0.5, budget - (time.monotonic() - started))
        trained = race(problem, left, seed, progress)
    progress("Judging on rows held out", 0.88)
    with stage("judge"):
        matrix = trained.preparation.transform(cleaned.frame.iloc[holdout])
        predicted = trained.estimator.predict(matrix)
        figures = _judged(problem, holdout, predicted, seed)
    result = {
        "name": table.source,
        "target": detected.target,
        "task": detected.task,
        "classes": list(problem.classes),
        "reasons": list(detected.reasons),
        "confidence": detected.confidence,
        **figures,
        "leaderboard": _leaderboard(trained, figures["metric"]),
        "stopped": trained.stopped,
        "rows": {"read": len(table.frame), "train": len(problem.rows), "holdout": len(holdout)},
        "columns": problem.columns,
        "dropped": [{"column": item.column, "why": item.why} for item in dropped],
        "changes": [{"what": c.what, "count": c.count, "column": c.column} for c in cleaned.changes],
        "quality": quality(cleaned.frame),
        "warnings": [*table.notes, *cleaned.warnings, *warnings],
    }
    source = {
        "name": table.source,
        "sha256": table.sha256,
        "format": table.format,
        "rows": len(table.frame),
        "columns": len(table.frame.columns),
    }
    outcome = cleaned.texts.iloc[holdout].reset_index(drop=True)
    shown = predictions(predicted, problem.classes)
    outcome = outcome.rename(columns={column: f"{column}_given" for column in outcome if column in shown})
    return Learned(
        result, source, trained.preparation, trained.estimator, outcome.join(shown), _sample(problem, holdout, seed)
    )


def _problem(
    table: Clean, detected: Detected, ignore: list[str], seed: int
) -> tuple[Problem, Rows, list[suspects.Suspect], list[str]]:
    target, task = detected.target, detected.task
    warnings: list[str] = []
    values = table.frame[target] if task == "regression" else class_labels(table, target)
    usable = values.notna().to_numpy()
    if absent := int((~usable).sum()):
        warnings.append(f"{absent:,} rows have no '{target}' and were left out.")
    if task != "regression":
        counts = values.value_counts()
        rare = [str(label) for label, count in counts.items() if count < RARE]
        if rare:
            usable &= ~values.isin(rare).to_numpy()
            warnings.append(f"Too few rows to learn from, left out: {', '.join(rare[:10])}.")
        if values[usable].nunique() < 2:
            raise DataError(f"'{target}' needs at least two values with {RARE} rows each; give more rows.")
    rows = np.flatnonzero(usable)
    if len(rows) < FEWEST_ROWS:
        raise DataError(f"Only {len(rows)} rows can be used, and at least {FEWEST_ROWS} are needed; give more rows.")

    classes = () if task == "regression" else tuple(in_order(values[usable].unique().tolist()))
    if task == "regression":
        labels = values.to_numpy(dtype=float)
    else:
        codes = {label: float(code) for code, label in enumerate(classes)}
        labels = np.array([codes.get(value, np.nan) for value in values])

    left_out = [
        suspects.Suspect(find_target(list(table.frame.columns), name)[0], "was to be ignored") for name in ignore
    ]
    left_out += suspects.ids(table, target)
    left_out += suspects.echoes(table, target, values, {item.column for item in left_out})
    group, moment = suspects.group_column(table, target), suspects.time_column(table, target)
    if group and group not in {item.column for item in left_out}:
        left_out.append(suspects.Suspect(group, "tells people or things apart; its rows stay together in every split"))
    gone = {item.column for item in left_out} | {target}
    columns = [name for name in table.frame.columns if name not in gone]
    if not columns:
        raise DataError(f"No column is left to predict '{target}' from; give a table with more columns.")
    for name in suspects.near_echoes(table, target, values, columns):
        warnings.append(f"'{name}' alone almost gives '{target}' away; make sure it is known before '{target}' is.")
    ordered = group is None and moment is not None
    if ordered:
        warnings.append(f"The rows are in order of '{moment}', so the model was checked on the last ones.")
    groups = _groups(table, group)
    train_at, holdout_at = split.holdout(labels[rows], groups[rows] if groups is not None else None, ordered, seed)
    problem = Problem(table, columns, task, labels, classes, rows[train_at], groups, ordered)
    return problem, rows[holdout_at], left_out, warnings


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


def _groups(table: Clean, column: str | None) -> Rows | None:
    if column is not None:
        return pd.factorize(table.frame[column])[0].astype(np.int64)
    if table.frame.duplicated().any():
        return pd.factorize(pd.util.hash_pandas_object(table.frame, index=False))[0].astype(np.int64)
    return None


def _judged(problem: Problem, holdout: Rows, predicted: npt.NDArray[np.float64], seed: int) -> dict[str, Any]:
    labels, task = problem.labels[holdout], problem.task
    metric = metrics.PRIMARY[task]
    figures = metrics.evaluate(task, labels, predicted)
    low, high = metrics.interval(task, labels, predicted, seed)
    return {
        "metric": metric,
        "score": figures[metric],
        "interval": [low, high],
        "metrics": figures,
        "baseline": metrics.evaluate(task, labels, constant(problem, problem.rows, len(holdout))),
    }


def _leaderboard(trained: Trained, metric: str) -> list[dict[str, Any]]:
    return [
        {
            "model": entry.name,
            "score": entry.metrics[metric],
            "metric": metric,
            "loss": entry.loss,
            "seconds": entry.seconds,
            "folds": entry.folds,
            "rounds": entry.rounds,
            "chosen": entry.chosen,
            "baseline": entry.name == BASELINE,
        }
        for entry in trained.leaderboard
    ]


def _sample(problem: Problem, holdout: Rows, seed: int) -> pd.DataFrame:
    """All usable rows in an order of which every beginning is a stratified sample."""
    rows = np.concatenate([problem.rows, holdout])
    numbers = split.fold_numbers(problem.labels[rows], max(2, len(rows) // 20), None, seed)
    return problem.table.texts.iloc[rows[np.argsort(numbers, kind="stable")]]

"""One run from file to judged model, in memory: read, clean, choose the target, split, race, judge."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from automl import metrics, split
from automl.blend import Blend
from automl.clean import clean
from automl.detect import detect
from automl.errors import DataError
from automl.features import Preparation
from automl.ingest import read_table
from automl.prediction import predictions
from automl.problem import Problem, pose
from automl.profile import quality
from automl.reach import reach
from automl.standings import BASELINE, constant
from automl.train import Progress, Trained, race
from automl.trials import replay

Stage = Callable[[str], AbstractContextManager[None]]
Rows = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Learned:
    """A judged model: `predictions` are the holdout rows with their outcome, `sample` rows to explain it with.

    `reach` says how far off a predicted number may be (see `automl.reach`); classes have none.
    """

    result: dict[str, Any]
    source: dict[str, Any]
    preparation: Preparation
    blend: Blend
    predictions: pd.DataFrame
    sample: pd.DataFrame
    recipe: dict[str, Any]
    reach: dict[str, Any] | None


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
    stopped: Callable[[], bool],
    started: float,
    models: list[str] | None = None,
) -> Learned:
    """See `automl.studio.run`. Raises DataError."""
    progress("Reading the file", 0.02)
    with stage("read"):
        table = read_table(data, name)
    progress("Cleaning", 0.06)
    with stage("clean"):
        cleaned = clean(table)
    with stage("detect"):
        detected = detect(cleaned, target, _without(hint, ignore), task)
        posed = pose(cleaned, detected, ignore, seed)
        problem, holdout = posed.problem, posed.holdout
    with stage("train"):
        left = max(0.5, budget - (time.monotonic() - started))
        trained = race(problem, holdout, left, seed, progress, stopped, models)
    progress("Judging on rows held out", 0.88)
    with stage("judge"):
        predicted = trained.holdout
        figures = _judged(problem, holdout, predicted, seed)
        span = reach(problem.labels[holdout], predicted) if problem.task == "regression" else None
    result = {
        "name": table.source,
        "target": detected.target,
        "task": problem.task,
        "classes": list(problem.classes),
        "reasons": list(detected.reasons),
        "confidence": detected.confidence,
        **figures,
        "leaderboard": _leaderboard(trained, figures["metric"]),
        "stopped": trained.stopped,
        "learned_from": "all rows" if trained.on_all else "training rows",
        "rows": {"read": len(table.frame), "train": len(problem.rows), "holdout": len(holdout)},
        "columns": problem.columns,
        "dropped": [{"column": item.column, "why": item.why} for item in posed.dropped],
        "changes": [{"what": c.what, "count": c.count, "column": c.column} for c in cleaned.changes],
        "quality": quality(cleaned.frame),
        "warnings": [*table.notes, *cleaned.warnings, *posed.warnings],
    }
    source = {
        "name": table.source,
        "sha256": table.sha256,
        "format": table.format,
        "rows": len(table.frame),
        "columns": len(table.frame.columns),
    }
    outcome = cleaned.texts.iloc[holdout].reset_index(drop=True)
    shown = predictions(predicted, problem.classes, span)
    outcome = outcome.rename(columns={column: f"{column}_given" for column in outcome if column in shown})
    return Learned(
        result,
        source,
        trained.preparation,
        trained.blend,
        outcome.join(shown),
        _sample(problem, holdout, seed),
        trained.recipe,
        span.to_json() if span else None,
    )


def relearn(data: str, asked: dict[str, Any], recipe: dict[str, Any], sha256: str) -> dict[str, Any]:
    """The figures of a run, found again by its recipe from the same file. Raises DataError when the file is another."""
    table = read_table(data, asked["name"])
    if table.sha256 != sha256:
        raise DataError(f"{table.source} is not the file this model was trained on; give that one.")
    cleaned = clean(table)
    detected = detect(cleaned, asked["target"], _without(asked["hint"], asked["ignore"]), asked["task"])
    posed = pose(cleaned, detected, asked["ignore"], asked["seed"])
    predicted = replay(posed.problem, posed.holdout, recipe, asked["seed"])
    return _judged(posed.problem, posed.holdout, predicted, asked["seed"])


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
        "baseline": metrics.evaluate(task, labels, constant(problem, problem.labels[problem.rows], len(holdout))),
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
            "weight": entry.weight,
            "chosen": entry.chosen,
            "baseline": entry.name == BASELINE,
        }
        for entry in trained.leaderboard
    ]


def _without(hint: str, names: list[str]) -> str:
    """The user's words less the columns they want left out, which are no target."""
    for name in names:
        hint = re.sub(rf"\b{re.escape(name)}\b", " ", hint, flags=re.IGNORECASE)
    return hint


def _sample(problem: Problem, holdout: Rows, seed: int) -> pd.DataFrame:
    """All usable rows in an order of which every beginning is a stratified sample."""
    rows = np.concatenate([problem.rows, holdout])
    numbers = split.fold_numbers(problem.labels[rows], max(2, len(rows) // 20), None, seed)
    return problem.table.texts.iloc[rows[np.argsort(numbers, kind="stable")]]

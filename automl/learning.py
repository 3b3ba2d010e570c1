"""One run from file to judged model, in memory: read, clean, choose the target, split, race, judge."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from automl import costs, metrics, split
from automl.blend import Blend
from automl.clean import Clean, clean
from automl.costs import Decision
from automl.detect import Detected, detect
from automl.errors import DataError
from automl.features import Preparation
from automl.ingest import read_table
from automl.prediction import predictions
from automl.problem import Problem, pose
from automl.profile import quality
from automl.reach import reach
from automl.series import detection
from automl.series.forecasting import Forecast, forecast
from automl.standings import BASELINE, ENSEMBLE, constant
from automl.tables import Table
from automl.train import Progress, Trained, race
from automl.trials import replay

Stage = Callable[[str], AbstractContextManager[None]]
Rows = npt.NDArray[np.int64]

SAMPLE_ROWS = 2_000
"""Rows kept in the run's folder for explaining it."""


class Kept(Protocol):
    """A model that can be stored; its files by name, the last one naming the others."""

    def save(self, folder: Path) -> dict[str, Path]: ...


@dataclass(frozen=True)
class Tabular:
    """A blend with the preparation of its rows."""

    preparation: Preparation
    blend: Blend

    def save(self, folder: Path) -> dict[str, Path]:
        """Write both."""
        path = folder / "preparation.json"
        path.write_text(json.dumps(self.preparation.to_json(), ensure_ascii=False), encoding="utf-8")
        *parts, whole = self.blend.save(folder)
        own = {f"model/{part.relative_to(folder).as_posix()}": part for part in parts}
        return {"preparation": path, **own, "model": whole}


@dataclass(frozen=True)
class Learned:
    """A judged model and the tables that are kept with it.

    Among the tables, `predictions` are rows it had not seen with their outcome, `sample` rows to explain it with, and
    `forecast` what a forecast says comes. `reach` says how far off a predicted number may be (see `automl.reach`),
    `decision` from which chance on a class is said.
    """

    result: dict[str, Any]
    source: dict[str, Any]
    model: Kept
    tables: dict[str, pd.DataFrame]
    recipe: dict[str, Any]
    reach: dict[str, Any] | None = None
    decision: dict[str, Any] | None = None


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
    kept: Path | None = None,
) -> Learned:
    """See `automl.studio.run`. Raises DataError."""
    progress("Reading the file", 0.02)
    with stage("read"):
        table = read_table(data, name)
    progress("Cleaning", 0.06)
    with stage("clean"):
        cleaned = clean(table)
    with stage("detect"):
        detected = _detected(cleaned, target, task, hint, ignore)
    if detected.task == "series":
        left = max(0.5, budget - (time.monotonic() - started))
        return _forecast(table, cleaned, detected, hint, ignore, left, seed, progress, stage, stopped)
    with stage("pose"):
        posed = pose(cleaned, detected, ignore, seed, hint)
        problem, holdout = posed.problem, posed.holdout
    with stage("train"):
        left = max(0.5, budget - (time.monotonic() - started))
        shelf = kept / table.sha256[:16] if kept else None  # another file is another training
        trained = race(problem, holdout, left, seed, progress, stopped, models, budget, shelf)
    progress("Judging on rows held out", 0.88)
    with stage("judge"):
        predicted = trained.holdout
        figures = _judged(problem, holdout, predicted, seed)
        span = reach(problem.labels[holdout], predicted) if problem.task == "regression" else None
        cost, decision = _priced(problem, holdout, trained, hint)
    result = {
        "name": table.source,
        "target": detected.target,
        "task": problem.task,
        "classes": list(problem.classes),
        "levels": list(problem.levels),
        "reasons": list(detected.reasons),
        "confidence": detected.confidence,
        **figures,
        "leaderboard": _leaderboard(trained, figures["metric"]),
        "costs": cost,
        "curve": trained.curve,
        "monotone": problem.monotone,
        "stopped": trained.stopped,
        "learned_from": "all rows" if trained.on_all else "training rows",
        "rows": {"read": len(table.frame), "train": len(problem.rows), "holdout": len(holdout)},
        "columns": problem.columns,
        "dropped": [{"column": item.column, "why": item.why} for item in posed.dropped],
        "changes": [{"what": c.what, "count": c.count, "column": c.column} for c in cleaned.changes],
        "quality": quality(cleaned.frame),
        "warnings": [*table.notes, *cleaned.warnings, *posed.warnings],
    }
    outcome = cleaned.texts.iloc[holdout].reset_index(drop=True)
    shown = predictions(predicted, problem.classes, span, decision, problem.levels)
    outcome = outcome.rename(columns={column: f"{column}_given" for column in outcome if column in shown})
    return Learned(
        result,
        _source(table),
        Tabular(trained.preparation, trained.blend),
        {"predictions": outcome.join(shown), "sample": _sample(problem, holdout, seed).head(SAMPLE_ROWS)},
        trained.recipe,
        span.to_json() if span else None,
        decision.to_json() if decision else None,
    )


def _priced(
    problem: Problem, holdout: Rows, trained: Trained, hint: str
) -> tuple[dict[str, Any] | None, Decision | None]:
    """What mistakes cost by the user's words, and from which chance on the model acts; None where they say nothing."""
    if problem.task != "binary":
        return None, None
    stated = costs.read(hint, problem.classes, problem.labels[problem.rows])
    if stated is None:
        return None, None
    seen, labels = trained.checked
    decision = costs.decide(stated, problem.classes, labels, seen)
    return costs.compared(stated, decision, problem.labels[holdout], trained.holdout), decision


def _detected(cleaned: Clean, target: str | None, task: str | None, hint: str, ignore: list[str]) -> Detected:
    found = detect(cleaned, target, _without(hint, ignore), task)
    if task is None and (why := detection.wanted(cleaned, found, hint, ignore)):
        return replace(found, task="series", reasons=(*found.reasons[:1], why))
    return found


def _forecast(
    table: Table,
    cleaned: Clean,
    detected: Detected,
    hint: str,
    ignore: list[str],
    budget: float,
    seed: int,
    progress: Progress,
    stage: Stage,
    stopped: Callable[[], bool],
) -> Learned:
    cleaned = _every_row(table, cleaned)

    def tell(text: str) -> None:
        progress(text, None)

    with stage("train"):
        found = forecast(cleaned, detected.target, hint, ignore, budget, seed, tell, stopped)
    figures = {key: value for key, value in found.figures.items() if key != "board"}
    result = {
        "name": table.source,
        "target": detected.target,
        "task": "series",
        "classes": [],
        "reasons": [*detected.reasons, *found.reasons],
        "confidence": detected.confidence,
        "metric": metrics.PRIMARY["series"],
        **figures,
        "leaderboard": _methods(found),
        "stopped": found.stopped,
        "learned_from": "all rows",
        "rows": {"read": len(table.frame), "train": len(cleaned.frame), "holdout": len(found.judged)},
        "columns": [figures["series"]["time"], *figures["series"]["keys"]],
        "dropped": [],
        "changes": [{"what": c.what, "count": c.count, "column": c.column} for c in cleaned.changes],
        "quality": quality(cleaned.frame),
        "warnings": [*table.notes, *cleaned.warnings, *found.warnings],
    }
    tables = {"predictions": found.judged, "forecast": found.coming}
    return Learned(result, _source(table), found.forecaster, tables, found.recipe)


def _every_row(table: Table, cleaned: Clean) -> Clean:
    """Rows that repeat others count in a record over time."""
    return cleaned if len(cleaned.frame) == len(table.frame) else clean(table, drop_duplicates=False)


def _methods(found: Forecast) -> list[dict[str, Any]]:
    """The field of a forecast, the blend first."""
    weights = found.forecaster.weights
    blended = {"model": ENSEMBLE, "metrics": found.figures["metrics"], "seconds": 0.0, "baseline": False}
    board = sorted(found.figures["board"], key=lambda one: (one["baseline"], -one["metrics"]["skill"]))
    alone = len(weights) == 1
    return [
        {
            "model": one["model"],
            "score": one["metrics"]["skill"],
            "metric": "skill",
            "loss": one["metrics"]["mae"],
            "seconds": one["seconds"],
            "folds": found.figures["series"]["origins"],
            "rounds": 0,
            "weight": round(weights.get(one["model"], 0.0), 4),
            "chosen": one is blended or (alone and one["model"] in weights),
            "baseline": one["baseline"],
        }
        for one in ([] if alone else [blended]) + board
    ]


def _source(table: Table) -> dict[str, Any]:
    return {
        "name": table.source,
        "sha256": table.sha256,
        "format": table.format,
        "rows": len(table.frame),
        "columns": len(table.frame.columns),
    }


def relearn(data: str, asked: dict[str, Any], recipe: dict[str, Any], sha256: str) -> dict[str, Any]:
    """The figures of a run, found again by its recipe from the same file. Raises DataError when the file is another."""
    table = read_table(data, asked["name"])
    if table.sha256 != sha256:
        raise DataError(f"{table.source} is not the file this model was trained on; give that one.")
    cleaned = clean(table)
    detected = _detected(cleaned, asked["target"], asked["task"], asked["hint"], asked["ignore"])
    if detected.task == "series":
        again = forecast(
            _every_row(table, cleaned), detected.target, asked["hint"], asked["ignore"], 1e6, asked["seed"],
            lambda text: None, lambda: False, recipe,
        )  # fmt: skip
        return again.figures
    posed = pose(cleaned, detected, asked["ignore"], asked["seed"], asked["hint"])
    predicted = replay(posed.problem, posed.holdout, recipe, asked["seed"])
    return _judged(posed.problem, posed.holdout, predicted, asked["seed"])


def _judged(problem: Problem, holdout: Rows, predicted: npt.NDArray[np.float64], seed: int) -> dict[str, Any]:
    labels, task = problem.labels[holdout], problem.task
    metric = metrics.PRIMARY[task]
    figures = metrics.evaluate(task, labels, predicted, problem.levels)
    low, high = metrics.interval(task, labels, predicted, seed, problem.levels)
    guess = constant(problem, problem.labels[problem.rows], len(holdout))
    return {
        "metric": metric,
        "score": figures[metric],
        "interval": [low, high],
        "metrics": figures,
        "baseline": metrics.evaluate(task, labels, guess, problem.levels),
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

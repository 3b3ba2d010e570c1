"""One run from file to judged model, in memory: read, clean, choose the target, split, race, judge."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from automl import judged, judging, split
from automl.clean import Clean, clean
from automl.clean_steps import unwanted
from automl.detect import Detected, detect
from automl.errors import DataError
from automl.features import NO_EMBEDDER
from automl.ingest import read_table
from automl.meaning import with_meaning
from automl.news import Progress
from automl.outcome import Learned, Tabular, source_of
from automl.prediction import predictions
from automl.problem import Problem, pose
from automl.profile import quality
from automl.reach import reach
from automl.series import detection
from automl.series import learning as forecasts
from automl.series.forecasting import forecast
from automl.texts import Embed
from automl.train import race
from automl.trials import replay

Stage = Callable[[str], AbstractContextManager[None]]
Rows = npt.NDArray[np.int64]

SAMPLE_ROWS = 2_000
"""Rows kept in the run's folder for explaining it."""


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
    bronze: Path | None = None,
    embedder: str = "",
) -> Learned:
    """See `automl.studio.run`. Raises DataError."""
    progress("Reading the file", 0.02)
    with stage("read"):
        table = read_table(data, name, bronze=bronze, stopped=stopped)
    progress("Cleaning", 0.06)
    with stage("clean"):
        cleaned = clean(table, without=unwanted(hint), stopped=stopped)
    with stage("detect"):
        detected = _detected(cleaned, target, task, hint, ignore)
    if detected.task == "series":
        left = max(0.5, budget - (time.monotonic() - started))
        with stage("train"):
            return forecasts.learn(
                table, cleaned, detected, hint, ignore, left, seed, lambda text: progress(text, None), stopped
            )
    with stage("read texts"):
        cleaned = with_meaning(cleaned, detected.target, embedder, hint, budget, progress, stopped)
    with stage("pose"):
        posed = pose(cleaned, detected, ignore, seed, hint)
        problem, holdout, dropped = posed.problem, posed.holdout, posed.dropped
        warnings = [*table.notes, *cleaned.warnings, *posed.warnings]
    outcome = cleaned.texts.iloc[holdout].reset_index(drop=True)
    sample = cleaned.texts.iloc[_sampled(problem, holdout, seed)[:SAMPLE_ROWS]]
    source, read = source_of(table), len(table.frame)
    # Nothing needs the texts any more, and they are most of what lies in memory.
    table, cleaned = replace(table, frame=table.frame.head(0)), replace(cleaned, texts=cleaned.texts.head(0).copy())
    problem = replace(problem, table=cleaned)
    del posed
    with stage("train"):
        left = max(0.5, budget - (time.monotonic() - started))
        shelf = kept / table.sha256[:16] if kept else None  # another file is another training
        trained = race(problem, holdout, left, seed, progress, stopped, models, budget, shelf)
    progress("Judging on rows held out", 0.88)
    with stage("judge"):
        predicted = trained.holdout
        figures = judging.figures(problem, holdout, predicted, seed)
        span = reach(problem.labels[holdout], predicted) if problem.task == "regression" else None
        cost, decision = judging.priced(problem, holdout, trained, hint)
    shown = predictions(predicted, problem.classes, span, decision, problem.levels)
    held = outcome.rename(columns={column: f"{column}_given" for column in outcome if column in shown}).join(shown)
    result = {
        "name": table.source,
        "target": detected.target,
        "task": problem.task,
        "classes": list(problem.classes),
        "levels": list(problem.levels),
        "reasons": list(detected.reasons),
        "confidence": detected.confidence,
        **figures,
        "leaderboard": judging.leaderboard(trained, figures["metric"]),
        "costs": cost,
        "segments": judged.segments_told(held, problem.columns, detected.target, problem.task),
        "curve": trained.curve,
        "monotone": problem.monotone,
        "stopped": trained.stopped,
        "learned_from": "all rows" if trained.on_all else "training rows",
        "rows": {"read": read, "train": len(problem.rows), "holdout": len(holdout)},
        "columns": problem.columns,
        "dropped": [{"column": item.column, "why": item.why} for item in dropped],
        "changes": [{"what": c.what, "count": c.count, "column": c.column} for c in cleaned.changes],
        "quality": quality(cleaned.frame),
        "warnings": warnings,
    }
    return Learned(
        result,
        source,
        Tabular(trained.preparation, trained.blend),
        {"predictions": held, "sample": sample},
        trained.recipe | {"meanings": cleaned.embed is not None},
        span.to_json() if span else None,
        decision.to_json() if decision else None,
    )


def _detected(cleaned: Clean, target: str | None, task: str | None, hint: str, ignore: list[str]) -> Detected:
    found = detect(cleaned, target, _without(hint, ignore), task)
    if task is None and (why := detection.wanted(cleaned, found, hint, ignore)):
        return replace(found, task="series", reasons=(*found.reasons[:1], why))
    return found


def relearn(
    data: str, asked: dict[str, Any], recipe: dict[str, Any], sha256: str, embed: Embed | None = None
) -> dict[str, Any]:
    """The figures of a run, found again by its recipe from the same file.

    Raises DataError when the file is another, or it takes an embedder that is not there.
    """
    table = read_table(data, asked["name"])
    if table.sha256 != sha256:
        raise DataError(f"{table.source} is not the file this model was trained on; give that one.")
    cleaned = clean(table, without=unwanted(asked["hint"]))
    detected = _detected(cleaned, asked["target"], asked["task"], asked["hint"], asked["ignore"])
    if detected.task == "series":
        again = forecast(
            forecasts.every_row(table, cleaned), detected.target, asked["hint"], asked["ignore"], 1e6, asked["seed"],
            lambda text: None, lambda: False, recipe,
        )  # fmt: skip
        return again.figures
    if recipe.get("meanings"):
        if embed is None:
            raise DataError(NO_EMBEDDER)
        cleaned = replace(cleaned, embed=embed)
    posed = pose(cleaned, detected, asked["ignore"], asked["seed"], asked["hint"])
    predicted = replay(posed.problem, posed.holdout, recipe, asked["seed"])
    return judging.figures(posed.problem, posed.holdout, predicted, asked["seed"])


def _without(hint: str, names: list[str]) -> str:
    """The user's words less the columns they want left out, which are no target."""
    for name in names:
        hint = re.sub(rf"\b{re.escape(name)}\b", " ", hint, flags=re.IGNORECASE)
    return hint


def _sampled(problem: Problem, holdout: Rows, seed: int) -> Rows:
    """All usable rows in an order of which every beginning is a stratified sample."""
    rows = np.concatenate([problem.rows, holdout])
    numbers = split.fold_numbers(problem.labels[rows], max(2, len(rows) // 20), None, seed)
    return np.asarray(rows[np.argsort(numbers, kind="stable")])

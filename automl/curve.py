"""Whether more rows would help: the error of one good model learned from ever more of the rows there are."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import replace
from typing import Any

import numpy as np

from automl import ensemble
from automl.folds import Fold
from automl.problem import Problem
from automl.trials import Trial, attempt

SHARES = (0.125, 0.25, 0.5)
"""The parts of a fold that are learned from, beside the whole, which the race has done."""
FEWEST = 40
COST = 0.9
"""What these fits take, of the time of a whole one, about."""
HELPS = 0.02
"""Twice the rows help where they lower the error by at least this share."""


def curve(
    problem: Problem, fold: Fold, trial: Trial, pool: Executor, late: Callable[[], bool], seed: int
) -> list[dict[str, Any]]:
    """Rows and error of the trial's setting on the first fold, fewest rows first; empty where there are too few."""
    order = np.random.default_rng(seed).permutation(len(fold.labels))
    parts = [order[: int(share * len(order))] for share in SHARES]
    kinds = len(problem.classes)
    parts = [rows for rows in parts if len(rows) >= FEWEST and len(np.unique(fold.labels[rows])) >= kinds]

    def error(scores: Any) -> float:
        found = ensemble.loss(problem.task, scores, fold.check_labels, problem.levels)
        return float(np.sqrt(found)) if problem.task == "regression" else found

    def learned(rows: Any) -> float:
        smaller = replace(fold, matrix=fold.matrix[rows], labels=fold.labels[rows])
        return error(attempt(problem, trial.candidate, smaller, late, seed).check)

    found = [{"rows": len(rows), "error": one} for rows, one in zip(parts, pool.map(learned, parts), strict=True)]
    whole = {"rows": len(order), "error": error(trial.attempts[0].check)}
    return [*found, whole] if len(found) >= 2 and not late() else []


def in_words(points: list[dict[str, Any]], task: str) -> str:
    """What the curve says about twice the rows: as much again as the last doublings gained on average, but less."""
    if not points:
        return ""
    errors = [point["error"] for point in points]
    gains = [1 - after / before for before, after in itertools.pairwise(errors) if before > 0]
    # Learning curves follow a power law (Hestness et al., 2017), so that each doubling gains about the same share.
    expected = min(float(np.mean(gains[-2:])), gains[-1]) if gains else 0.0
    measure = {"regression": "typical error", "quantile": "pinball loss"}.get(task, "log loss")
    path = ", ".join(f"{point['rows']:,} rows {point['error']:.4g}" for point in points)
    told = (
        f"**More rows would help**: twice as many would lower the {measure} by about {expected:.0%}."
        if expected >= HELPS
        else "More rows like these would hardly help; better columns might."
    )
    return f"{told} (One model's {measure} by rows learned from: {path}.)"

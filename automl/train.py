"""The race: a short list of good settings, tried on inner folds in order of promise, within a time budget.

The holdout is not seen here. Each candidate's score is that of rows it was not fitted on; its preparation is fitted on
its own training rows too. The best is fitted again on all training rows.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from automl import features, metrics, split
from automl.estimators import Estimator, boosting, linear
from automl.features import Preparation
from automl.problem import Problem

Array = npt.NDArray[np.float64]
Progress = Callable[[str, float | None], None]

SPENT = 0.9
"""The share of the budget after which nothing new is begun; the rest is for the last fit and the report."""

SMALL = 5_000
"""Rows below which five folds are used instead of one."""

WORTH = 0.002
"""A candidate that lowers the loss by less than this share has not improved on the best."""

HOPELESS = 1.08
"""A candidate this many times worse than the best on the first fold is not tried on the others."""


@dataclass(frozen=True)
class Candidate:
    """One entry of the race."""

    name: str
    family: str
    settings: dict[str, Any] = field(default_factory=dict)


TREES = {"num_leaves": 31, "feature_fraction": 0.9, "bagging_fraction": 0.9, "lambda_l2": 1.0}
CANDIDATES = (
    Candidate("Linear", "linear"),
    Candidate("LightGBM", "boosting", TREES),
    Candidate("LightGBM, small trees", "boosting", TREES | {"num_leaves": 8, "learning_rate": 0.08, "lambda_l2": 5.0}),
    Candidate("LightGBM, random splits", "boosting", TREES | {"extra_trees": True, "learning_rate": 0.08}),
    Candidate("LightGBM, few columns a tree", "boosting", TREES | {"num_leaves": 63, "feature_fraction": 0.5}),
)


@dataclass(frozen=True)
class Fold:
    """One inner split, encoded by rules learned from its fit rows."""

    preparation: Preparation
    matrix: Array
    labels: Array
    check: Array
    check_labels: Array


@dataclass
class Entry:
    """A candidate's standing: the metrics of rows it was not fitted on, over the folds it ran on."""

    name: str
    loss: float
    metrics: dict[str, float]
    seconds: float
    folds: int
    rounds: int = 0
    chosen: bool = False


@dataclass(frozen=True)
class Trained:
    """The winner, fitted on all training rows, and the whole field, best first."""

    estimator: Estimator
    preparation: Preparation
    leaderboard: list[Entry]
    stopped: str


def race(problem: Problem, budget: float, seed: int, progress: Progress) -> Trained:
    """Run the candidates until time is up or nothing improves, and fit the best."""
    start = time.monotonic()
    deadline = start + SPENT * budget
    prepared = _folds(problem, seed)
    field_ = [_baseline(problem, prepared)]
    best: tuple[float, Candidate | None, list[float]] = (float("inf"), None, [])
    idle, stopped = 0, "every candidate was tried"
    for number, candidate in enumerate(CANDIDATES):
        if best[1] is not None and time.monotonic() > deadline:
            stopped = "the time was up"
            break
        if idle >= 2:
            stopped = "nothing improved any more"
            break
        if candidate.family == "linear" and not _suits_linear(prepared):
            continue
        progress(f"Training {candidate.name}", 0.15 + 0.6 * number / len(CANDIDATES))
        entry, losses = _try(problem, candidate, prepared, best, deadline, seed)
        field_.append(entry)
        complete = len(losses) == len(prepared)
        if complete and entry.loss < best[0] * (1 - WORTH):
            best, idle = (entry.loss, candidate, losses), 0
        elif best[1] is not None:
            idle += 1
    chosen = best[1] or next(c for c in CANDIDATES if c.name == field_[-1].name)
    progress(f"Fitting {chosen.name} on all training rows", 0.8)
    estimator, preparation = _last_fit(problem, chosen, field_, len(prepared), start + budget, seed)
    field_.sort(key=lambda entry: (entry.name == BASELINE, entry.folds < len(prepared), entry.loss))
    return Trained(estimator, preparation, field_, stopped)


def _folds(problem: Problem, seed: int) -> list[Fold]:
    count = 5 if len(problem.rows) < SMALL else 1
    groups = problem.groups[problem.rows] if problem.groups is not None else None
    prepared = []
    for fit_at, check_at in split.folds(problem.labels[problem.rows], count, groups, problem.ordered, seed):
        fit_rows, check_rows = problem.rows[fit_at], problem.rows[check_at]
        preparation = features.fit(problem.table, fit_rows, problem.columns)
        matrix, check = (preparation.transform(problem.table.frame.iloc[rows]) for rows in (fit_rows, check_rows))
        prepared.append(Fold(preparation, matrix, problem.labels[fit_rows], check, problem.labels[check_rows]))
    return prepared


def _suits_linear(prepared: list[Fold]) -> bool:
    small = linear.fits_in(prepared[0].matrix, prepared[0].preparation.categorical)
    return small and all(len(np.unique(fold.labels)) > 1 for fold in prepared)


def _try(
    problem: Problem,
    candidate: Candidate,
    prepared: list[Fold],
    best: tuple[float, Candidate | None, list[float]],
    deadline: float,
    seed: int,
) -> tuple[Entry, list[float]]:
    start = time.monotonic()
    losses: list[float] = []
    rounds: list[int] = []
    predicted, truth = [], []
    for fold in prepared:
        known = (fold.check, fold.check_labels)
        model = _fit(problem, candidate, fold.preparation, fold.matrix, fold.labels, known, None, deadline, seed)
        if isinstance(model, boosting.Boosting):
            rounds.append(model.rounds)
        predicted.append(model.predict(fold.check))
        truth.append(fold.check_labels)
        losses.append(metrics.loss(problem.task, fold.check_labels, predicted[-1]))
        if best[2] and losses[0] > HOPELESS * best[2][0]:
            break
        if best[1] is not None and time.monotonic() > deadline:
            break
    figures = metrics.evaluate(problem.task, np.concatenate(truth), np.concatenate(predicted))
    entry = Entry(
        name=candidate.name,
        loss=float(np.mean(losses)),
        metrics=figures,
        seconds=round(time.monotonic() - start, 3),
        folds=len(losses),
        rounds=int(np.median(rounds)) if rounds else 0,
    )
    return entry, losses


def _fit(
    problem: Problem,
    candidate: Candidate,
    preparation: Preparation,
    matrix: Array,
    labels: Array,
    check: tuple[Array, Array] | None,
    rounds: int | None,
    deadline: float,
    seed: int,
) -> Estimator:
    task, classes = problem.task, len(problem.classes)
    if candidate.family == "linear":
        return linear.fit(candidate.settings, task, classes, matrix, labels, preparation.categorical)
    return boosting.fit(
        candidate.settings,
        task,
        classes,
        matrix,
        labels,
        preparation.categorical,
        check=check,
        rounds=rounds or boosting.MOST_ROUNDS,
        deadline=deadline,
        seed=seed,
    )


def _last_fit(
    problem: Problem, chosen: Candidate, entries: list[Entry], folds: int, deadline: float, seed: int
) -> tuple[Estimator, Preparation]:
    entry = next(entry for entry in entries if entry.name == chosen.name)
    entry.chosen = True
    preparation = features.fit(problem.table, problem.rows, problem.columns)
    matrix, labels = preparation.transform(problem.table.frame.iloc[problem.rows]), problem.labels[problem.rows]
    # A quarter more rows than a fold had can carry somewhat more rounds.
    rounds = max(1, round(1.1 * entry.rounds)) if entry.rounds else None
    return _fit(problem, chosen, preparation, matrix, labels, None, rounds, deadline, seed), preparation


def _baseline(problem: Problem, prepared: list[Fold]) -> Entry:
    """Always the mean, or each class as often as it occurs: what a model must beat."""
    predicted, truth = [], []
    for fold in prepared:
        predicted.append(constant(problem, fold.labels, len(fold.check)))
        truth.append(fold.check_labels)
    labels, guess = np.concatenate(truth), np.concatenate(predicted)
    loss = metrics.loss(problem.task, labels, guess)
    return Entry(BASELINE, loss, metrics.evaluate(problem.task, labels, guess), 0.0, len(prepared))


BASELINE = "Baseline (no columns used)"


def constant(problem: Problem, labels: Array, count: int) -> Array:
    """The baseline's predictions for `count` rows, learned from the labels of others."""
    if problem.task == "regression":
        return np.full(count, labels.mean())
    shares = np.bincount(labels.astype(int), minlength=len(problem.classes)) / len(labels)
    return np.tile(shares, (count, 1))

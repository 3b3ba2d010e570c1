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

SPENT = 0.93
"""The share of the budget after which nothing is trained any more; the rest is for judging and the report."""

SMALL = 5_000
"""Rows below which five folds are used instead of one."""

WORTH = 0.002
"""A candidate that lowers the loss by less than this share has not improved on the best."""

LONGER = 1.4
"""How much longer the last fit takes than one fold's: more rows, and more rounds."""

HOPELESS = 1.08
"""A candidate this many times worse than the best on the first fold is not tried on the others."""


@dataclass(frozen=True)
class Candidate:
    """One entry of the race; `pace` multiplies the learning rate, for trees that are weak each."""

    name: str
    family: str
    settings: dict[str, Any] = field(default_factory=dict)
    pace: float = 1.0


TREES = {"num_leaves": 31, "feature_fraction": 0.9, "bagging_fraction": 0.9, "lambda_l2": 1.0}
CANDIDATES = (
    Candidate("Linear", "linear"),
    Candidate("LightGBM", "boosting", TREES),
    Candidate("LightGBM, small trees", "boosting", TREES | {"num_leaves": 8, "lambda_l2": 5.0}, 1.6),
    Candidate("LightGBM, random splits", "boosting", TREES | {"extra_trees": True}, 1.6),
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


@dataclass(frozen=True)
class Best:
    """The leader: its mean loss, that of the first fold, and the seconds its last fit may take."""

    candidate: Candidate
    loss: float
    first: float
    last_fit_s: float


def race(problem: Problem, budget: float, seed: int, progress: Progress) -> Trained:
    """Run the candidates until time is up or nothing improves, and fit the best."""
    end = time.monotonic() + SPENT * budget
    prepared = _folds(problem, seed)
    rows, columns = prepared[0].matrix.shape
    rate = boosting.pace(rows, columns, budget)
    entries = [_baseline(problem, prepared)]
    best: Best | None = None
    idle, stopped = 0, "every candidate was tried"
    for number, candidate in enumerate(CANDIDATES):
        now = time.monotonic()
        # What a candidate takes must leave time to fit it once more, or the leader, on all rows.
        until = now + (end - now) / (1 + LONGER / len(prepared))
        until = min(until, end - best.last_fit_s) if best else until
        if best and now >= until:
            stopped = "the time was up"
            break
        if idle >= 2:
            stopped = "nothing improved any more"
            break
        if candidate.family == "linear" and not _suits_linear(prepared):
            continue
        progress(f"Training {candidate.name}", 0.15 + 0.6 * number / len(CANDIDATES))
        entry, first = _try(problem, candidate, prepared, best, until, rate, seed)
        entries.append(entry)
        if best is None or (entry.folds == len(prepared) and entry.loss < best.loss * (1 - WORTH)):
            best, idle = Best(candidate, entry.loss, first, LONGER * entry.seconds / entry.folds), 0
        else:
            idle += 1
    assert best is not None, "at least one candidate suits every table"
    progress(f"Fitting {best.candidate.name} on all training rows", 0.8)
    entry = next(entry for entry in entries if entry.name == best.candidate.name)
    entry.chosen = True
    estimator, preparation = _last_fit(problem, best.candidate, entry.rounds, rate, max(end, now + 0.2), seed)
    entries.sort(key=lambda entry: (entry.name == BASELINE, entry.folds < len(prepared), entry.loss))
    return Trained(estimator, preparation, entries, stopped)


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
    best: Best | None,
    until: float,
    rate: float,
    seed: int,
) -> tuple[Entry, float]:
    """A candidate's standing and its loss on the first fold."""
    start = time.monotonic()
    losses: list[float] = []
    rounds: list[int] = []
    predicted, truth = [], []
    for number, fold in enumerate(prepared):
        now = time.monotonic()
        if best and losses and (losses[0] > HOPELESS * best.first or now >= until):
            break
        share = now + max(0.1, (until - now) / (len(prepared) - number))
        known = (fold.check, fold.check_labels)
        model = _fit(problem, candidate, fold.preparation, fold.matrix, fold.labels, known, None, rate, share, seed)
        if isinstance(model, boosting.Boosting):
            rounds.append(model.rounds)
        predicted.append(model.predict(fold.check))
        truth.append(fold.check_labels)
        losses.append(metrics.loss(problem.task, fold.check_labels, predicted[-1]))
    figures = metrics.evaluate(problem.task, np.concatenate(truth), np.concatenate(predicted))
    entry = Entry(
        name=candidate.name,
        loss=float(np.mean(losses)),
        metrics=figures,
        seconds=round(time.monotonic() - start, 3),
        folds=len(losses),
        rounds=int(np.median(rounds)) if rounds else 0,
    )
    return entry, losses[0]


def _fit(
    problem: Problem,
    candidate: Candidate,
    preparation: Preparation,
    matrix: Array,
    labels: Array,
    check: tuple[Array, Array] | None,
    rounds: int | None,
    rate: float,
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
        learning_rate=rate * candidate.pace,
        check=check,
        rounds=rounds or boosting.MOST_ROUNDS,
        deadline=deadline,
        seed=seed,
    )


def _last_fit(
    problem: Problem, chosen: Candidate, rounds: int, rate: float, deadline: float, seed: int
) -> tuple[Estimator, Preparation]:
    preparation = features.fit(problem.table, problem.rows, problem.columns)
    matrix, labels = preparation.transform(problem.table.frame.iloc[problem.rows]), problem.labels[problem.rows]
    # A quarter more rows than a fold had can carry somewhat more rounds.
    more = max(1, round(1.1 * rounds)) if rounds else None
    return _fit(problem, chosen, preparation, matrix, labels, None, more, rate, deadline, seed), preparation


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

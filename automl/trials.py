"""A candidate on a fold: fitted, and asked about rows it was not fitted on."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from automl import ensemble, estimators
from automl.blend import unlogged
from automl.estimators import Estimator, Lesson
from automl.features import Preparation
from automl.folds import Fold, Folds
from automl.portfolio import Candidate
from automl.problem import Problem

Array = npt.NDArray[np.float64]
Fit = Callable[[str, dict[str, Any], Lesson], Estimator]

WATCHED = ("boosting", "ordered", "paired")
"""Families that learn a little otherwise when rows to check are watched, also where the rounds are known."""
SPENT = 0.93
"""The share of the budget after which nothing is trained any more; the rest is for judging and the report."""


class Clock:
    """How much time is left, and whether somebody asked to stop."""

    def __init__(self, budget: float, stopped: Callable[[], bool]) -> None:
        self.start = time.monotonic()
        self.end = self.start + SPENT * budget
        self._stopped, self._asked = stopped, False

    def grant(self, seconds: float) -> None:
        """Put off the end to this many seconds from now, where it would come sooner."""
        self.end = max(self.end, time.monotonic() + seconds)

    def left(self) -> float:
        """Seconds left; none when somebody asked to stop."""
        return 0.0 if self.asked() else self.end - time.monotonic()

    def passed(self) -> float:
        """The share of the time that is over."""
        return min(1.0, (time.monotonic() - self.start) / max(1e-9, self.end - self.start))

    def asked(self) -> bool:
        """Whether somebody asked to stop."""
        self._asked = self._asked or self._stopped()
        return self._asked

    def late(self, seconds: float = float("inf")) -> Callable[[], bool]:
        """Whether these seconds have passed from now, or the time is up."""
        until = min(self.end, time.monotonic() + seconds)
        return lambda: time.monotonic() > until or self.asked()


@dataclass(frozen=True)
class Attempt:
    """What a candidate did on one fold: scores (see `ensemble.scores`) of the rows to check and of the holdout."""

    model: Estimator
    check: Array
    holdout: Array
    seconds: float


@dataclass
class Trial:
    """A candidate with its attempts, in the order of the folds."""

    candidate: Candidate
    attempts: list[Attempt]

    @property
    def seconds(self) -> float:
        """Seconds a fold took, on average."""
        return float(np.mean([attempt.seconds for attempt in self.attempts]))

    @property
    def rounds(self) -> int:
        return int(np.median([attempt.model.rounds for attempt in self.attempts]))

    def check(self, part: slice) -> Array:
        """The scores of the rows to check of these folds, one after the other."""
        return np.concatenate([attempt.check for attempt in self.attempts[part]])

    def holdout(self) -> Array:
        """The scores of the holdout: the mean of the fold models'."""
        return np.asarray(np.mean([attempt.holdout for attempt in self.attempts], axis=0))


def lesson_of(
    problem: Problem,
    preparation: Preparation,
    matrix: Array,
    labels: Array,
    candidate: Candidate,
    late: Callable[[], bool],
    seed: int,
) -> Lesson:
    """What a candidate is to learn from encoded rows."""
    return Lesson(
        task=problem.task,
        classes=len(problem.classes),
        matrix=matrix,
        labels=np.log1p(labels) if candidate.logged else labels,
        categorical=preparation.categorical,
        late=late,
        seed=seed,
        monotone=signs(problem, preparation),
        levels=problem.levels,
    )


def signs(problem: Problem, preparation: Preparation) -> dict[int, int]:
    """The problem's wishes about columns, as matrix columns."""
    columns = [preparation.features[origin].column for origin in preparation.origins]
    return {place: problem.monotone[name] for place, name in enumerate(columns) if name in problem.monotone}


def attempt(
    problem: Problem,
    candidate: Candidate,
    fold: Fold,
    late: Callable[[], bool],
    seed: int,
    rounds: int | None = None,
    fit: Fit = estimators.fit,
    blind: bool = False,
) -> Attempt:
    """Fit on a fold, stopping early on its rows to check; or for `rounds` that are known already.

    When `blind`, the rows to check are not watched in any case.
    """
    start = time.monotonic()
    lesson = lesson_of(problem, fold.preparation, fold.matrix, fold.labels, candidate, late, seed)
    if rounds is not None:
        lesson = replace(lesson, rounds=rounds)
    if not blind and (rounds is None or candidate.family in WATCHED):
        truth = np.log1p(fold.check_labels) if candidate.logged else fold.check_labels
        lesson = replace(lesson, check=(fold.check, truth))
    model = fit(candidate.family, candidate.settings, lesson)
    seen, held = model.predict(fold.check), model.predict(fold.holdout)
    if candidate.logged:
        seen, held = unlogged(seen), unlogged(held)
    task = problem.task
    return Attempt(model, ensemble.scores(task, seen), ensemble.scores(task, held), time.monotonic() - start)


def recipe(chosen: list[tuple[Trial, float]], slope: float, shift: list[float]) -> dict[str, Any]:
    """What was found, as JSON: enough to do it again without searching."""
    members = [
        {
            "candidate": asdict(trial.candidate),
            "weight": weight,
            "rounds": [attempt.model.rounds for attempt in trial.attempts],
        }
        for trial, weight in chosen
    ]
    return {"members": members, "slope": slope, "shift": shift}


def replay(problem: Problem, holdout: npt.NDArray[np.int64], recipe: dict[str, Any], seed: int) -> Array:
    """The holdout's predictions by a recipe: the same as they were when it was found."""
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):  # as in the race: sums in another order differ in their last digits
        return _replayed(problem, holdout, recipe, seed)


def _replayed(problem: Problem, holdout: npt.NDArray[np.int64], recipe: dict[str, Any], seed: int) -> Array:
    folds, total = Folds(problem, holdout, seed), np.zeros(1)
    for member in recipe["members"]:
        candidate = Candidate(**member["candidate"])
        attempts = [
            attempt(problem, candidate, folds[number], lambda: False, seed, rounds, blind=number >= folds.first)
            for number, rounds in enumerate(member["rounds"])
        ]
        total = total + member["weight"] * Trial(candidate, attempts).holdout()
    return ensemble.pooled(problem.task, recipe["slope"] * total + np.array(recipe["shift"]))

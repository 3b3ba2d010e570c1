"""The members of the blend fitted once more, on all rows, with other seeds too where there is time."""

from __future__ import annotations

from concurrent.futures import Executor, Future
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from automl import estimators, features
from automl.blend import Member
from automl.errors import lacks_memory
from automl.estimators import Estimator
from automl.features import Preparation
from automl.problem import Problem
from automl.trials import Clock, Fit, Trial, lesson_of

LONGER = 1.1
"""How much longer a fit takes for each row more than a fold has, since it has somewhat more rounds too."""
SEEDS = 3
"""How often a member is fitted with other seeds; their mean errs less than each."""
BY_CHANCE = ("boosting", "lines", "ordered", "paired", "xgboosting", "network")
"""Families that other seeds change enough to be worth it."""
ENOUGH = 0.6
"""A fit that time cut off before this share of its rounds is not used."""


def refitted(
    problem: Problem,
    rows: npt.NDArray[np.int64],
    chosen: list[tuple[Trial, float]],
    share: float,
    clock: Clock,
    pool: Executor,
    seed: int,
    fit: Fit = estimators.fit,
) -> tuple[tuple[Member, ...], Preparation]:
    """Members fitted on `rows`, which are `share` times as many as a fold had; none where the time was too short."""
    preparation, matrix = features.learned(problem.table, rows, problem.columns, problem.aims(rows), seed)
    labels = problem.labels[rows]

    def again(trial: Trial, number: int) -> Estimator | None:
        if clock.left() < (0.5 if number == 0 else 1.2) * LONGER * share * trial.seconds:
            return None
        candidate = trial.candidate
        lesson = lesson_of(problem, preparation, matrix, labels, candidate, clock.late(), seed + number)
        # More rows than a fold had can carry somewhat more rounds of boosting.
        more = 1 + 0.15 * (share - 1) if candidate.family in BY_CHANCE[:5] else 1.0
        wanted = max(1, round(more * trial.rounds)) if trial.rounds else 0
        try:
            model = fit(candidate.family, candidate.settings, replace(lesson, rounds=wanted))
        except Exception as error:
            if not lacks_memory(error):
                raise
            return None  # the model of a fold, which is there, has to do
        return model if model.rounds >= ENOUGH * wanted else None

    queued: list[list[Future[Estimator | None]]] = [[] for _ in chosen]
    for number in range(SEEDS):
        for place, (trial, _) in enumerate(chosen):
            if number == 0 or trial.candidate.family in BY_CHANCE:
                queued[place].append(pool.submit(again, trial, number))
    members = []
    for (trial, weight), futures in zip(chosen, queued, strict=True):
        models = [model for future in futures if (model := future.result())]
        members += [Member(model, weight / len(models), trial.candidate.logged) for model in models]
    total = sum(member.weight for member in members)
    return tuple(replace(member, weight=member.weight / total) for member in members), preparation

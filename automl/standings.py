"""Who did how well on rows they were not fitted on, beside a baseline that looks at no column."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from automl import ensemble, metrics, quantiles
from automl.folds import Folds
from automl.problem import Problem
from automl.trials import Trial

Array = npt.NDArray[np.float64]

BASELINE = "Baseline (no columns used)"
ENSEMBLE = "Ensemble"


@dataclass(frozen=True)
class Entry:
    """A candidate's standing over the folds it ran on; `weight` is its share in the blend."""

    name: str
    loss: float
    metrics: dict[str, float]
    seconds: float
    folds: int
    rounds: int = 0
    weight: float = 0.0
    chosen: bool = False


def standings(
    problem: Problem, folds: Folds, trials: list[Trial], chosen: list[tuple[Trial, float]], final: Array, done: int
) -> list[Entry]:
    """The field, best first, the blend before its members, the baseline last. `final` are the blend's predictions."""
    task, weights = problem.task, {id(trial): weight for trial, weight in chosen}

    def entry(name: str, predicted: Array, seconds: float, count: int, **more: float | bool) -> Entry:
        truth = folds.labels(folds.counted(count))
        figures = metrics.evaluate(task, truth, predicted, problem.levels)
        rounds, weight = int(more.get("rounds", 0)), round(float(more.get("weight", 0.0)), 4)
        loss = metrics.loss(task, truth, predicted, problem.levels)
        return Entry(name, loss, figures, round(seconds, 3), count, rounds, weight, bool(more.get("chosen")))

    entries = []
    for trial in trials:
        weight, seconds = weights.get(id(trial), 0.0), sum(attempt.seconds for attempt in trial.attempts)
        part = folds.counted(len(trial.attempts))
        predicted, alone = ensemble.pooled(task, trial.check(part)), len(chosen) == 1 and weight > 0
        more = {"rounds": trial.rounds, "weight": weight, "chosen": alone}
        entries.append(entry(trial.candidate.name, predicted, seconds, len(trial.attempts), **more))
    entries.sort(key=lambda one: (not one.chosen, -one.folds, one.loss))
    if len(chosen) > 1:
        seconds = sum(one.seconds for one in entries if one.weight)
        entries.insert(0, entry(ENSEMBLE, final, seconds, done, weight=1.0, chosen=True))
    guess = [constant(problem, folds[n].labels, len(folds[n].check_labels)) for n in range(done)[folds.counted(done)]]
    return [*entries, entry(BASELINE, np.concatenate(guess), 0.0, done)]


def constant(problem: Problem, labels: Array, count: int) -> Array:
    """The baseline's predictions for `count` rows, learned from the labels of others."""
    if problem.task == "quantile":
        return quantiles.constant(labels, count, problem.levels)
    if problem.task == "regression":
        return np.full(count, labels.mean())
    shares = np.bincount(labels.astype(int), minlength=len(problem.classes)) / len(labels)
    return np.tile(shares, (count, 1))

"""How good a blend is on the rows held out: figures with intervals, beside a baseline, and what mistakes cost."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from automl import costs, metrics
from automl.costs import Decision
from automl.problem import Problem
from automl.standings import BASELINE, constant
from automl.train import Trained

Rows = npt.NDArray[np.int64]


def figures(problem: Problem, holdout: Rows, predicted: npt.NDArray[np.float64], seed: int) -> dict[str, Any]:
    """Metric, score, its 95 % interval, all metrics, and those of a baseline that looks at no column."""
    labels, task = problem.labels[holdout], problem.task
    metric = metrics.PRIMARY[task]
    found = metrics.evaluate(task, labels, predicted, problem.levels)
    low, high = metrics.interval(task, labels, predicted, seed, problem.levels, _together(problem, holdout))
    guess = constant(problem, problem.labels[problem.rows], len(holdout))
    return {
        "metric": metric,
        "score": found[metric],
        "interval": [low, high],
        "metrics": found,
        "baseline": metrics.evaluate(task, labels, guess, problem.levels),
    }


def _together(problem: Problem, holdout: Rows) -> Rows | None:
    """Numbers of what hangs together among the rows held out: a group, or a stretch of time; None where nothing does.

    Stretches are the third root of the rows long (Hall, Horowitz and Jing, 1995).
    """
    if problem.groups is not None:
        return problem.groups[holdout]
    return np.arange(len(holdout)) // max(1, round(len(holdout) ** (1 / 3))) if problem.ordered else None


def priced(
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


def leaderboard(trained: Trained, metric: str) -> list[dict[str, Any]]:
    """The field as JSON, best first."""
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

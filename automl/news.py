"""What a race tells while it runs: the stage, how many were tried, the best so far, and the seconds left."""

from __future__ import annotations

import math
from collections.abc import Callable
from threading import Lock

from automl import ensemble, metrics
from automl.field import Field
from automl.portfolio import Candidate
from automl.trials import Attempt, Clock

Progress = Callable[[str, float | None], None]

BEGINS, ENDS = 0.12, 0.87
"""The parts of a run between which it races."""


class News:
    """Tells `progress` how the race stands."""

    def __init__(self, progress: Progress, clock: Clock, field: Field) -> None:
        self._progress, self._clock, self._field = progress, clock, field
        self._tried, self._best, self._lowest = 0, "", math.inf
        self._turn, self._reached = Lock(), BEGINS

    def note(self, candidate: Candidate, done: Attempt) -> None:
        """Count a candidate, and remember how the best one does on the first fold."""
        self._tried += 1
        if (loss := self._field.first_loss(done)) >= self._lowest:
            return
        problem, labels = self._field.problem, self._field.folds.labels(slice(1))
        metric = metrics.PRIMARY[problem.task]
        figures = metrics.evaluate(problem.task, labels, ensemble.pooled(problem.task, done.check), problem.levels)
        name = metrics.TOLD.get(metric, metric)
        self._lowest, self._best = loss, f"best so far {name} {figures[metric]:.3f} by {candidate.name}"

    def tell(self, text: str) -> None:
        """Say the stage and what is known of the rest."""
        tried = f"{self._tried} tried, {self._best}" if self._best else ""
        left = f"{max(0, math.ceil(self._clock.left()))} s left"
        with self._turn:  # fits end side by side, and a bar must not go back
            self._reached = max(self._reached, BEGINS + (ENDS - BEGINS) * self._clock.passed())
            self._progress(" · ".join(filter(None, (text, tried, left))), self._reached)

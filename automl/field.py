"""Everything that was tried on the folds so far, and what each is worth alone and beside the others."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from automl import ensemble
from automl.folds import Folds
from automl.problem import Problem
from automl.trials import Attempt, Trial

Array = npt.NDArray[np.float64]
Blended = list[tuple[Trial, float]]

HOPELESS = 1.5
"""A candidate this many times worse than the best on the first fold, and of no use to a blend, is not promoted."""


@dataclass
class Field:
    """The trials of a race, of which the first `done` folds are over."""

    problem: Problem
    folds: Folds
    seed: int
    trials: list[Trial] = field(default_factory=list)
    done: int = 1

    def full(self) -> list[Trial]:
        """The trials that ran on every fold that is over."""
        return [trial for trial in self.trials if len(trial.attempts) == self.done]

    def weights(self, trials: list[Trial]) -> Array:
        """How much each counts in a blend of these."""
        members, labels = [trial.check(self._counted) for trial in trials], self.labels()
        rows = min(len(labels), len(self.problem.rows))
        return ensemble.weights(self.problem.task, members, labels, self.seed, self.problem.levels, rows)

    def blended(self, trials: list[Trial]) -> Blended:
        """Those of these that count in a blend, with their weights, the strongest first."""
        weighed = zip(trials, self.weights(trials), strict=True)
        return sorted([(trial, float(w)) for trial, w in weighed if w > 0], key=lambda pair: -pair[1])

    def loss(self, members: Blended) -> float:
        """What a blend loses on the rows its members were not fitted on."""
        return ensemble.loss(self.problem.task, self.summed(members), self.labels(), self.problem.levels)

    def summed(self, members: Blended) -> Array:
        """What a blend scores the rows its members were not fitted on."""
        return sum((w * trial.check(self._counted) for trial, w in members), np.zeros(1))

    def labels(self) -> Array:
        """The labels of these rows."""
        return self.folds.labels(self._counted)

    @property
    def _counted(self) -> slice:
        return self.folds.counted(self.done)

    def first_loss(self, found: Attempt) -> float:
        """What an attempt on the first fold loses."""
        return ensemble.loss(self.problem.task, found.check, self.folds.labels(slice(1)), self.problem.levels)

    def promoted(self, room: float) -> list[Trial]:
        """Those that a blend on the first fold would use, then the others by loss while `room` seconds last."""
        checked, found = [trial.attempts[0].check for trial in self.trials], list[Trial]()
        weights = ensemble.weights(
            self.problem.task, checked, self.folds.labels(slice(1)), self.seed, self.problem.levels
        )
        losses = [self.first_loss(trial.attempts[0]) for trial in self.trials]
        for number in sorted(range(len(self.trials)), key=lambda n: (-weights[n], losses[n])):
            trial = self.trials[number]
            cost = trial.seconds * (min(len(self.folds), 2 * self.folds.first) - 1)
            hopeless = weights[number] == 0 and losses[number] > HOPELESS * min(losses)
            if weights[number] > 0 or (cost <= room and not hopeless):
                found.append(trial)
                room -= cost
        return found

"""The inner splits, each encoded by rules learned from its own training rows, made when first asked for.

Where rows are few, a score on one split of them is mostly chance, so that they are split anew several times:

    turn 1: models stop learning where the rows to check say        → how long to learn
    turn 2, 3, …: they learn for so long, the checked rows unseen   → how good they are
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from automl import features, split
from automl.features import Preparation
from automl.problem import Problem

Array = npt.NDArray[np.float64]

FOLDS = 5
MOST_BYTES = 128 * 1024**2
"""Bytes of all folds together up to which they are kept; of larger tables, the first one and the one in use are."""
FEW = 600
"""Rows below which there are further turns."""
ENOUGH = 1_000
"""Predictions that are scored where there are further turns, about."""
MOST_TURNS = 5
"""Further turns there are at most."""


@dataclass(frozen=True)
class Fold:
    """One inner split: rows to fit on, rows to check on, and the holdout as this fold's rules encode it."""

    preparation: Preparation
    matrix: Array
    labels: Array
    check: Array
    check_labels: Array
    holdout: Array


class Folds:
    """The folds by number, those of the `first` turn first; only those that are used cost anything."""

    def __init__(self, problem: Problem, holdout: npt.NDArray[np.int64], seed: int) -> None:
        labels, ordered = problem.labels[problem.rows], problem.ordered
        groups = problem.groups[problem.rows] if problem.groups is not None else None
        further = 0 if ordered or len(labels) >= FEW else min(MOST_TURNS, math.ceil(ENOUGH / len(labels)))
        turns = [split.folds(labels, FOLDS, groups, ordered, seed + turn) for turn in range(1 + further)]
        self.problem, self._holdout, self._seed = problem, holdout, seed
        self._parts = [part for turn in turns for part in turn]
        self.first = len(turns[0])
        self._made: dict[int, Fold] = {}

    def __len__(self) -> int:
        return len(self._parts)

    def __getitem__(self, number: int) -> Fold:
        if number not in self._made:
            problem = self.problem
            fit_rows, check_rows = (problem.rows[part] for part in self._parts[number])
            aims = problem.aims(fit_rows)
            preparation, matrix = features.learned(problem.table, fit_rows, problem.columns, aims, self._seed)
            check, held = (
                preparation.transform(problem.table.frame.iloc[rows]) for rows in (check_rows, self._holdout)
            )
            labels = problem.labels
            if number and len(self) * (matrix.nbytes + check.nbytes + held.nbytes) > MOST_BYTES:
                self._made = {0: self[0]}  # a search would ask for the others again, but large tables leave it no time
            self._made[number] = Fold(preparation, matrix, labels[fit_rows], check, labels[check_rows], held)
        return self._made[number]

    def forget(self) -> None:
        """Give their memory back; what is asked for again is made again."""
        self._made.clear()

    def counted(self, done: int) -> slice:
        """The folds that count, of the `done` that are over: all of the first turn, or else all of the others.

        A model of the first turn that stopped where the rows to check were told best looks better on them than it is.
        """
        return slice(self.first if done >= 2 * self.first else 0, done)

    def labels(self, part: slice) -> Array:
        """The labels of the rows to check of these folds, one after the other."""
        return np.concatenate([self.problem.labels[self.problem.rows[check]] for _, check in self._parts[part]])

"""The inner splits, each encoded by rules learned from its own training rows, made when first asked for."""

from __future__ import annotations

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
TINY = 600
"""Rows below which there are eight folds instead of five."""


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
    """The folds by number; only those that are used cost anything."""

    def __init__(self, problem: Problem, holdout: npt.NDArray[np.int64], seed: int) -> None:
        count = FOLDS if len(problem.rows) >= TINY else 8
        groups = problem.groups[problem.rows] if problem.groups is not None else None
        self._problem, self._holdout, self._seed = problem, holdout, seed
        self._parts = split.folds(problem.labels[problem.rows], count, groups, problem.ordered, seed)
        self._made: dict[int, Fold] = {}

    def __len__(self) -> int:
        return len(self._parts)

    def __getitem__(self, number: int) -> Fold:
        if number not in self._made:
            problem = self._problem
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

    def labels(self, count: int) -> Array:
        """The labels of the rows to check of the first `count` folds, one after the other."""
        return np.concatenate([self._problem.labels[self._problem.rows[check]] for _, check in self._parts[:count]])

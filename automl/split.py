"""Which rows train and which judge: never the same row, nor the same person, nor the future before the past."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.int64]
HOLDOUT = 5
"""One row of this many is held out."""
MANY = 10_000
"""Rows from which half of that share judges well enough."""


def holdout(labels: npt.NDArray[Any], groups: Rows | None, ordered: bool, seed: int) -> tuple[Rows, Rows]:
    """Training and holdout rows, a fifth held out.

    `labels` keep their mix on both sides; rows with the same number in `groups` stay together; with `ordered` the last
    rows are held out.
    """
    if ordered:
        return _last(len(labels))
    return _part(fold_numbers(labels, HOLDOUT if len(labels) < MANY else 2 * HOLDOUT, groups, seed), 0)


def folds(
    labels: npt.NDArray[Any], count: int, groups: Rows | None, ordered: bool, seed: int
) -> list[tuple[Rows, Rows]]:
    """The inner (fit, check) pairs. With `count` 1, or `ordered`, there is one."""
    if ordered:
        return [_last(len(labels))]
    numbers = fold_numbers(labels, max(count, HOLDOUT), groups, seed)
    return [_part(numbers, fold) for fold in range(count)]


def fold_numbers(labels: npt.NDArray[Any], count: int, groups: Rows | None, seed: int) -> Rows:
    """For each row the number of its fold, from 0 to `count` - 1."""
    random = np.random.default_rng(seed)
    if groups is not None:
        members = np.unique(groups)
        numbers = random.permutation(np.arange(len(members)) % count)
        return numbers[np.searchsorted(members, groups)].astype(np.int64)
    # Neighbours in label order go to different folds, which keeps every fold's mix of labels, for classes and numbers.
    order = np.lexsort((random.random(len(labels)), labels))
    blocks = [random.permutation(count) for _ in range(len(labels) // count + 1)]
    numbers = np.empty(len(labels), dtype=np.int64)
    numbers[order] = np.concatenate(blocks)[: len(labels)]
    return numbers


def _part(numbers: Rows, fold: int) -> tuple[Rows, Rows]:
    return np.flatnonzero(numbers != fold), np.flatnonzero(numbers == fold)


def _last(rows: int) -> tuple[Rows, Rows]:
    cut = rows - max(1, rows // HOLDOUT)
    return np.arange(cut), np.arange(cut, rows)

"""What is usual where a column has a level: the mean of the target, drawn towards the whole's where rows are few.

The rows it is learned from are told the mean of rows in other parts of the table, never their own label (cross fitting,
Pargent et al., 2022); all other rows are told the mean of all rows of their level. Means of earlier rows alone, as
CatBoost takes them, are noisier than what new rows are told, which trees are misled by.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]

MANY_LEVELS = 12
"""Levels from which a column is told by its target; fewer are told apart by each model itself."""
MOST_AIMS = 6
"""Target columns up to which that is done."""
DRAWN = 5.0
"""Rows of the whole's mean that each level's is mixed with."""
PARTS = 5
"""Parts of the rows that are learned from, each told by the others."""


def learned(codes: Codes, levels: int, aims: Array) -> tuple[tuple[float, ...], ...]:
    """The mean of each level (levels, aims), from rows with its code; -1 is no level."""
    known, whole = codes >= 0, aims.mean(axis=0)
    counts = np.bincount(codes[known], minlength=levels)[:, None]
    sums = np.column_stack([np.bincount(codes[known], aims[known, place], levels) for place in range(aims.shape[1])])
    found = (sums + DRAWN * whole) / (counts + DRAWN)
    return tuple(tuple(float(f"{value:.6g}") for value in row) for row in found)


def told(codes: Codes, means: tuple[tuple[float, ...], ...]) -> Array:
    """The means for rows that were not learned from (rows, aims); missing where there is no level."""
    return np.asarray(np.vstack([np.array(means), np.full(len(means[0]), np.nan)])[codes])


def crossed(codes: Codes, aims: Array, seed: int = 0) -> Array:
    """The means for the rows that are learned from (rows, aims), each from the parts it is not in."""
    part = np.random.default_rng(seed).permutation(len(codes)) % PARTS
    levels, found = int(codes.max(initial=0)) + 1, np.empty(aims.shape)
    for number in range(PARTS):
        own = part == number
        found[own] = told(codes[own], learned(codes[~own], levels, aims[~own]))
    return found

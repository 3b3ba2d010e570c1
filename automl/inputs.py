"""A matrix with gaps and level codes made into standardised inputs, for models that weigh or measure them."""

from __future__ import annotations

import itertools
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

FARTHEST = 10.0
"""Standard deviations beyond which a value is taken for this far, so that no model is sent to absurd predictions."""


@dataclass(frozen=True)
class Layout:
    """How the matrix becomes standardised inputs: numbers filled with the median, level codes one input a level.

    `edges` holds, for each matrix column, the quantiles between which a number is also written piece by piece: the
    share of each piece that lies below it (Gorishniy et al., 2022). Without edges it is one number.
    """

    levels: dict[int, int]
    median: list[float]
    mean: list[float] = field(default_factory=list)
    scale: list[float] = field(default_factory=list)
    edges: list[list[float]] = field(default_factory=list)

    def expand(self, matrix: Array) -> tuple[Array, list[int]]:
        """The inputs before centring (rows × inputs), and for each the matrix column it comes from."""
        columns, origins = [], []
        for position in range(matrix.shape[1]):
            values = matrix[:, position]
            if position in self.levels:
                made = [(values == level).astype(float) for level in range(self.levels[position])]
            else:
                filled = np.where(np.isnan(values), self.median[position], values)
                made = [filled]
                edges = self.edges[position] if self.edges else []
                made += [np.clip((filled - low) / (high - low), 0, 1) for low, high in itertools.pairwise(edges)]
            columns += made
            origins += [position] * len(made)
        return (np.column_stack(columns) if columns else np.zeros((len(matrix), 0))), origins

    def inputs(self, matrix: Array) -> tuple[Array, list[int]]:
        """The standardised inputs, and where each comes from."""
        expanded, origins = self.expand(matrix)
        return np.clip((expanded - np.array(self.mean)) / np.array(self.scale), -FARTHEST, FARTHEST), origins

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Layout:
        """The counterpart of `to_json`. Raises KeyError or TypeError when the file is not one."""
        levels = {int(position): count for position, count in stored["levels"].items()}
        return cls(**{**stored, "levels": levels})


def lay_out(matrix: Array, categorical: dict[int, int], pieces: int = 0) -> tuple[Layout, Array, list[int]]:
    """A layout learned from a matrix, with that matrix's inputs and their origins."""
    known = ~np.isnan(matrix)
    width = matrix.shape[1]
    median = [float(np.median(matrix[known[:, i], i])) if known[:, i].any() else 0.0 for i in range(width)]
    edges: list[list[float]] = []
    for position in range(width if pieces else 0):
        values = matrix[known[:, position], position]
        few = position in categorical or not len(values)
        found = [] if few else np.unique(np.quantile(values, np.linspace(0, 1, pieces + 1))).tolist()
        edges.append(found if len(found) > 2 else [])
    bare = Layout(categorical, median, edges=edges)
    expanded, origins = bare.expand(matrix)
    scale, mean = expanded.std(axis=0), expanded.mean(axis=0)
    steady = np.where(scale > 1e-12, scale, 1.0)
    layout = Layout(categorical, median, mean.tolist(), steady.tolist(), edges)
    return layout, np.clip((expanded - mean) / steady, -FARTHEST, FARTHEST), origins


def inputs_count(matrix: Array, categorical: dict[int, int]) -> int:
    """How many inputs a layout without pieces would have."""
    return int(matrix.shape[1] - len(categorical) + sum(categorical.values()))

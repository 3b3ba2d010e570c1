"""How far off a predicted number may be: intervals that hold for nine rows of ten, from errors on rows held out.

Mondrian conformal prediction (Vovk, Gammerman and Shafer, 2005; Boström and Johansson, 2020): rows are put in bins by
what is predicted, and each bin has the reach of its own absolute errors, so that large predictions may err more.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

SHARE = 0.9
"""How many of all rows the interval is to hold for."""
LEAST = 40
"""Rows held out that a bin needs."""
MOST_BINS = 5


@dataclass(frozen=True)
class Reach:
    """`edges` part the predictions into bins; `errors` is how far each bin's interval goes to either side."""

    edges: tuple[float, ...]
    errors: tuple[float, ...]

    def around(self, predicted: Array) -> tuple[Array, Array]:
        """The lower and the upper end for each prediction."""
        reach = np.array(self.errors)[np.searchsorted(np.array(self.edges), predicted, side="right")]
        return predicted - reach, predicted + reach

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Reach:
        """The counterpart of `to_json`."""
        return cls(tuple(stored["edges"]), tuple(stored["errors"]))


def reach(truth: Array, predicted: Array, share: float = SHARE) -> Reach:
    """Learn it from rows that the model had not seen."""
    bins = int(np.clip(len(truth) // LEAST, 1, MOST_BINS))
    edges = np.unique(np.quantile(predicted, np.linspace(0, 1, bins + 1)[1:-1]))
    codes, errors = np.searchsorted(edges, predicted, side="right"), np.abs(truth - predicted)
    own = [errors[codes == code] for code in range(len(edges) + 1)]
    return Reach(tuple(edges.tolist()), tuple(_quantile(part if len(part) else errors, share) for part in own))


def _quantile(errors: Array, share: float) -> float:
    """The error of the rank that conformal prediction asks for; the largest where there are too few."""
    rank = min(len(errors), math.ceil((len(errors) + 1) * share))
    return float(np.sort(errors)[rank - 1])

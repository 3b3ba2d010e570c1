"""The models that are raced, one file each, behind one protocol.

Estimator ── predict(matrix)        regression: (rows,)      classes: probabilities (rows, classes)
          ── contributions(matrix)  regression, binary: (rows, features)      multiclass: (rows, features, classes)
          ── save(folder)           text and JSON only; `load` reads them back
"""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from automl.detect import Task

Array = npt.NDArray[np.float64]


class Estimator(Protocol):
    """A fitted model. `family` names the module that loads it; `settings` is what it was fitted with."""

    family: str

    def predict(self, matrix: Array) -> Array:
        """Predicted numbers (rows,), or probabilities (rows, classes)."""
        ...

    def contributions(self, matrix: Array) -> tuple[Array, Array]:
        """SHAP values and the base value (a number, or one a class), in the target's unit or in log odds."""
        ...

    def save(self, folder: Path) -> list[Path]:
        """Write the model as text files and return them."""
        ...


def load(family: str, folder: Path, task: Task, classes: int) -> Estimator:
    """Read a saved model back. Raises OSError or ValueError when its files are damaged."""
    if family == "boosting":
        from automl.estimators.boosting import Boosting

        return Boosting.load(folder, task, classes)
    from automl.estimators.linear import Linear

    return Linear.load(folder, task)

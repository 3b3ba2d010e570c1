"""The models that are raced, one file each: a folder scan finds them.

module.fit(settings, lesson) → Estimator      module.load(folder, task, classes) → Estimator

Estimator ── predict(matrix)   regression: (rows,)      classes: probabilities (rows, classes)
                               quantile: (rows, levels)
          ── save(folder)      text, JSON, arrays or the library's own format, never a pickle
Additive  ── contributions(matrix) too, where SHAP values are exact
             regression, binary: (rows, features)      multiclass: (rows, features, classes)
             quantile: (rows, features), of the middle level
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from automl.tasks import Task

Array = npt.NDArray[np.float64]

FAMILIES = frozenset(module.name for module in pkgutil.iter_modules(__path__))


@dataclass(frozen=True)
class Lesson:
    """What a model is fitted on.

    Attributes:
        task: What sort of prediction is learned.
        classes: How many classes there are; 0 for numbers.
        matrix: Numbers (rows, columns); NaN is missing.
        labels: Numbers, or class codes from 0 (rows,).
        categorical: The columns that hold level codes, and how many levels each has.
        check: Rows to stop early on, as matrix and labels.
        rounds: How many rounds or trees to make at most; 0 leaves it to the family.
        late: Whether to stop now, with what there is; asked between rounds.
        threads: How many threads a fit may use.
        monotone: Columns with which predictions may only rise (1) or fall (-1).
        levels: The levels of the quantiles that are learned, rising.
        seed: The same seed gives the same model, unless it was late first.
    """

    task: Task
    classes: int
    matrix: Array
    labels: Array
    categorical: dict[int, int]
    check: tuple[Array, Array] | None = None
    rounds: int = 0
    late: Callable[[], bool] = lambda: False
    threads: int = 1
    seed: int = 0
    monotone: dict[int, int] = field(default_factory=dict)
    levels: tuple[float, ...] = ()


class Estimator(Protocol):
    """A fitted model. `family` names the module that loads it; `rounds` is how many were used, 0 where it has none."""

    family: str

    @property
    def rounds(self) -> int: ...

    def predict(self, matrix: Array) -> Array:
        """Predicted numbers (rows,), quantiles (rows, levels), or probabilities (rows, classes)."""
        ...

    def save(self, folder: Path) -> list[Path]:
        """Write the model's files and return them."""
        ...


@runtime_checkable
class Additive(Protocol):
    """A model that gives exact SHAP values of its own."""

    def contributions(self, matrix: Array) -> tuple[Array, Array]:
        """SHAP values and the base value (a number, or one a class), in the target's unit or in log odds."""
        ...


def fit(family: str, settings: dict[str, Any], lesson: Lesson) -> Estimator:
    """Train a model of a family."""
    return _module(family).fit(settings, lesson)  # type: ignore[no-any-return]


def load(family: str, folder: Path, task: Task, classes: int) -> Estimator:
    """Read a saved model back. Raises OSError or ValueError when its files are damaged."""
    return _module(family).load(folder, task, classes)  # type: ignore[no-any-return]


def warm(family: str) -> None:
    """Import what a family needs, so that no fit is held responsible for the seconds that takes."""
    importlib.import_module(_module(family).LIBRARY)


def _module(family: str) -> Any:
    if family not in FAMILIES:
        raise ValueError(f"there is no family of models called {family!r}")
    return importlib.import_module(f"{__name__}.{family}")

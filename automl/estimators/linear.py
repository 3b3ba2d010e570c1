"""A regularised linear model: ridge regression for numbers, logistic regression for classes.

On small tables it is often as good as trees, and easier to explain. It is kept as its coefficients in JSON.
"""

from __future__ import annotations

import json
import warnings
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from automl.detect import Task

Array = npt.NDArray[np.float64]

FILE = "linear.json"
MOST_INPUTS = 2000


@dataclass(frozen=True)
class Layout:
    """How the matrix becomes standardised inputs: numbers filled with the median, level codes one input a level."""

    levels: dict[int, int]
    median: list[float]
    mean: list[float]
    scale: list[float]

    def expand(self, matrix: Array) -> tuple[Array, list[int]]:
        """The inputs before centring (rows × inputs), and for each the matrix column it comes from."""
        columns, origins = [], []
        for position in range(matrix.shape[1]):
            values = matrix[:, position]
            if position in self.levels:
                for level in range(self.levels[position]):
                    columns.append((values == level).astype(float))
                    origins.append(position)
            else:
                columns.append(np.where(np.isnan(values), self.median[position], values))
                origins.append(position)
        return np.column_stack(columns), origins

    def inputs(self, matrix: Array) -> tuple[Array, list[int]]:
        """The standardised inputs, and where each comes from."""
        expanded, origins = self.expand(matrix)
        # A value far outside the training range must not send a linear model to absurd predictions.
        return np.clip((expanded - np.array(self.mean)) / np.array(self.scale), -10, 10), origins


class Linear:
    """Coefficients over a `Layout`, with the protocol of `automl.estimators.Estimator`."""

    family = "linear"

    def __init__(self, task: Task, layout: Layout, weights: Array, base: Array) -> None:
        """Take `weights` of shape (outputs, inputs) and `base` of shape (outputs,)."""
        self._task, self._layout, self._weights, self._base = task, layout, weights, base

    def predict(self, matrix: Array) -> Array:
        inputs, _ = self._layout.inputs(matrix)
        raw = inputs @ self._weights.T + self._base
        if self._task == "regression":
            return np.asarray(raw[:, 0])
        if self._task == "binary":
            chance = 1 / (1 + np.exp(-raw[:, 0]))
            return np.column_stack([1 - chance, chance])
        powers = np.exp(raw - raw.max(axis=1, keepdims=True))
        return np.asarray(powers / powers.sum(axis=1, keepdims=True))

    def contributions(self, matrix: Array) -> tuple[Array, Array]:
        # A linear model's SHAP value is weight × (value − mean), and the mean is 0 here (Lundberg and Lee, 2017).
        inputs, origins = self._layout.inputs(matrix)
        parts = inputs[:, :, None] * self._weights.T[None, :, :]
        values = np.zeros((len(matrix), matrix.shape[1], len(self._base)))
        for place, origin in enumerate(origins):
            values[:, origin] += parts[:, place]
        return (values, self._base) if self._task == "multiclass" else (values[:, :, 0], self._base)

    def save(self, folder: Path) -> list[Path]:
        path = folder / FILE
        stored = {"layout": asdict(self._layout), "weights": self._weights.tolist(), "base": self._base.tolist()}
        path.write_text(json.dumps(stored), encoding="utf-8")
        return [path]

    @classmethod
    def load(cls, folder: Path, task: Task) -> Linear:
        """Read the coefficients. Raises OSError when the file is missing, ValueError when it is damaged."""
        try:
            stored: dict[str, Any] = json.loads((folder / FILE).read_text(encoding="utf-8"))
            layout = stored["layout"]
            layout["levels"] = {int(position): count for position, count in layout["levels"].items()}
            return cls(task, Layout(**layout), np.array(stored["weights"]), np.array(stored["base"]))
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"{FILE} is no linear model: {error}") from error


def fits_in(matrix: Array, categorical: dict[int, int]) -> bool:
    """Whether the table is small enough for a linear model to be worth its time."""
    inputs = matrix.shape[1] - len(categorical) + sum(categorical.values())
    return bool(0 < inputs <= MOST_INPUTS and len(matrix) * inputs <= 20_000_000)


def fit(
    settings: dict[str, Any], task: Task, classes: int, matrix: Array, labels: Array, categorical: dict[int, int]
) -> Linear:
    """Train on numbers, or on label codes from 0 to `classes` - 1."""
    from sklearn.linear_model import LogisticRegression, RidgeCV

    known = ~np.isnan(matrix)
    median = [float(np.median(matrix[known[:, i], i])) if known[:, i].any() else 0.0 for i in range(matrix.shape[1])]
    bare = Layout(categorical, median, [], [])
    expanded, _ = bare.expand(matrix)
    scale = expanded.std(axis=0)
    layout = Layout(categorical, median, expanded.mean(axis=0).tolist(), np.where(scale > 1e-12, scale, 1.0).tolist())
    inputs, _ = layout.inputs(matrix)
    if task == "regression":
        ridge = RidgeCV(alphas=np.logspace(-2, 4, 13)).fit(inputs, labels)
        return Linear(task, layout, np.atleast_2d(ridge.coef_), np.atleast_1d(ridge.intercept_))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # not fully converged is good enough here: the score on held-out rows decides
        model = LogisticRegression(C=settings.get("C", 0.3), max_iter=300).fit(inputs, labels)
    weights, base = np.zeros((classes, inputs.shape[1])), np.full(classes, -30.0)
    if task == "binary":
        return Linear(task, layout, model.coef_, model.intercept_)
    present = model.classes_.astype(int)
    if len(present) == 2:  # one row of coefficients then speaks for both
        weights[present], base[present] = (
            np.vstack([-model.coef_, model.coef_]) / 2,
            np.array([-0.5, 0.5]) * model.intercept_,
        )
    else:
        weights[present], base[present] = model.coef_, model.intercept_
    return Linear(task, layout, weights, base)

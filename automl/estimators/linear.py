"""A regularised linear model: ridge regression for numbers, logistic regression for classes.

On small tables it is often as good as trees, and easier to explain. It is kept as its coefficients in JSON.
"""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any

import numpy as np

from automl.estimators import Array, Lesson
from automl.inputs import Layout, lay_out
from automl.tasks import Task

LIBRARY = "sklearn.linear_model"
FILE = "linear.json"


class Linear:
    """Coefficients over a `Layout`, with the protocol of `automl.estimators.Estimator`."""

    family = "linear"
    rounds = 0

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
        stored = {"layout": self._layout.to_json(), "weights": self._weights.tolist(), "base": self._base.tolist()}
        path.write_text(json.dumps(stored), encoding="utf-8")
        return [path]


def load(folder: Path, task: Task, classes: int) -> Linear:
    """Read the coefficients. Raises OSError when the file is missing, ValueError when it is damaged."""
    try:
        stored: dict[str, Any] = json.loads((folder / FILE).read_text(encoding="utf-8"))
        layout = Layout.from_json(stored["layout"])
        return Linear(task, layout, np.array(stored["weights"]), np.array(stored["base"]))
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{FILE} is no linear model: {error}") from error


def fit(settings: dict[str, Any], lesson: Lesson) -> Linear:
    """Train on numbers, or on class codes; `settings` take `C`, the inverse of the penalty, and `pieces`."""
    from sklearn.linear_model import LogisticRegression, RidgeCV

    task, classes = lesson.task, lesson.classes
    layout, inputs, _ = lay_out(lesson.matrix, lesson.categorical, settings.get("pieces", 0))
    if task == "regression":
        ridge = RidgeCV(alphas=np.logspace(-2, 5, 15)).fit(inputs, lesson.labels)
        return Linear(task, layout, np.atleast_2d(ridge.coef_), np.atleast_1d(ridge.intercept_))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # not fully converged is good enough here: the score on held-out rows decides
        model = LogisticRegression(C=settings.get("C", 0.3), max_iter=200).fit(inputs, lesson.labels)
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

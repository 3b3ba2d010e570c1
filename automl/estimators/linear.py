"""A regularised linear model: ridge regression for numbers, logistic regression for classes, quantile regression.

On small tables it is often as good as trees, and easier to explain. It is kept as its coefficients in JSON.
"""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any

import numpy as np

from automl import quantiles
from automl.estimators import Array, Lesson
from automl.inputs import Layout, lay_out
from automl.tasks import Task

LIBRARY = "sklearn.linear_model"
FILE = "linear.json"
CORNER = 0.02
"""How far, in standard deviations of the target, the corner of the pinball loss is rounded."""
FIRM = 1.0
"""The penalty on the squared weights of quantile regression, beside the sum over rows."""


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
        if self._task == "quantile":
            return raw
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
        if self._task == "multiclass":
            return values, self._base
        place = quantiles.middle(len(self._base)) if self._task == "quantile" else 0
        return values[:, :, place], self._base[[place]]

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
    if task == "quantile":
        return Linear(task, layout, *_lines(inputs, lesson.labels, lesson.levels))
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


def _lines(inputs: Array, labels: Array, levels: tuple[float, ...]) -> tuple[Array, Array]:
    """Weights (levels, inputs) and bases (levels,) that lower the pinball loss, its corner rounded a little."""
    from scipy.optimize import minimize

    spread = float(labels.std()) or 1.0
    truth, rows = (labels - labels.mean()) / spread, len(labels)
    weights, bases = [], []
    for level in levels:

        def cost(values: Array, level: float = level) -> tuple[float, Array]:
            away = truth - inputs @ values[1:] - values[0]
            # A logistic corner instead of a sharp one (Zheng, 2011), so that gradients lead to the lowest point.
            raised = np.logaddexp(0, -away / CORNER)
            pull = level - 1 / (1 + np.exp(np.clip(away / CORNER, -50, 50)))
            held = FIRM * float(values[1:] @ values[1:]) / rows
            slope = np.concatenate([[-pull.mean()], -(inputs.T @ pull) / rows + 2 * FIRM * values[1:] / rows])
            return float((level * away + CORNER * raised).mean()) + held, slope

        start = np.zeros(inputs.shape[1] + 1)
        start[0] = np.quantile(truth, level)
        found = minimize(cost, start, jac=True, method="L-BFGS-B", options={"maxiter": 200}).x
        weights.append(found[1:] * spread)
        bases.append(found[0] * spread + labels.mean())
    return np.array(weights), np.array(bases)

"""How good predictions are, and how sure that is.

Classes are judged on probabilities (rows × classes) and label codes; numbers on the predicted values, quantiles on
one a level (rows × levels).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from automl import quantiles
from automl.tasks import Task

Array = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]

PRIMARY: dict[Task, str] = {
    "binary": "roc_auc",
    "multiclass": "accuracy",
    "regression": "r2",
    "quantile": "skill",
    "series": "skill",
}
"""The figure a run is known by; higher is better for each."""

TOLD = {"roc_auc": "ROC AUC", "accuracy": "Accuracy", "r2": "R²", "skill": "Error saved"}
"""Figures as a client reads them."""

RESAMPLES = 300
TINY = 1e-12


def evaluate(task: Task, labels: Array, predicted: Array, levels: tuple[float, ...] = ()) -> dict[str, float]:
    """Every metric of a task, by name; `levels` are those of quantiles."""
    if task == "quantile":
        return quantiles.figures(labels, predicted, levels)
    if task == "regression":
        error = predicted - labels
        spread = float(((labels - labels.mean()) ** 2).sum())
        return {
            "r2": 1 - float((error**2).sum()) / spread if spread else 0.0,
            "mae": float(np.abs(error).mean()),
            "rmse": float(np.sqrt((error**2).mean())),
        }
    chosen = predicted.argmax(axis=1)
    figures = {"accuracy": float((chosen == labels).mean()), "log_loss": loss(task, labels, predicted)}
    if task == "binary":
        return {"roc_auc": roc_auc(labels, predicted[:, 1]), "f1": _f1(labels, chosen, 1), **figures}
    present = np.unique(np.concatenate([labels, chosen]))
    return {"macro_f1": float(np.mean([_f1(labels, chosen, code) for code in present])), **figures}


def loss(task: Task, labels: Array, predicted: Array, levels: tuple[float, ...] = ()) -> float:
    """What candidates are raced on, lower is better: log loss, pinball loss, or the root mean squared error."""
    if task == "quantile":
        return quantiles.pinball(labels, predicted, levels)
    if task == "regression":
        return float(np.sqrt(((predicted - labels) ** 2).mean()))
    own = predicted[np.arange(len(labels)), labels.astype(int)]
    return float(-np.log(np.clip(own, TINY, 1.0)).mean())


def roc_auc(labels: Array, scores: Array) -> float:
    """The chance that a row of class 1 scores above one of class 0 (Mann and Whitney's U); 0.5 with one class only."""
    positive = labels == 1
    many, few = int(positive.sum()), int((~positive).sum())
    if not many or not few:
        return 0.5
    _, inverse, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[inverse]
    return float((ranks[positive].sum() - many * (many + 1) / 2) / (many * few))


def interval(
    task: Task,
    labels: Array,
    predicted: Array,
    seed: int = 0,
    levels: tuple[float, ...] = (),
    blocks: Rows | None = None,
) -> tuple[float, float]:
    """The 95 % interval of the primary metric, by the percentile bootstrap over rows.

    Rows with the same number in `blocks` hang together and are drawn together (Davison and Hinkley, 1997): each for
    itself they would make a figure look surer than it is. Draws in which only one class comes say nothing of a ROC AUC.
    """
    random = np.random.default_rng(seed)
    drawn, values = _drawing(len(labels), blocks), []
    for _ in range(RESAMPLES):
        rows = drawn(random)
        if task != "binary" or len(np.unique(labels[rows])) > 1:
            values.append(_primary(task, labels[rows], predicted[rows], levels))
    low, high = np.percentile(values, [2.5, 97.5]) if values else (0.0, 1.0)
    return float(low), float(high)


def _drawing(count: int, blocks: Rows | None) -> Callable[[np.random.Generator], Rows]:
    """Draws rows with replacement: as many as there are, or as many blocks as there are."""
    if blocks is None:
        return lambda random: random.integers(0, count, count)
    order = np.argsort(blocks, kind="stable")
    _, starts, sizes = np.unique(blocks[order], return_index=True, return_counts=True)

    def drawn(random: np.random.Generator) -> Rows:
        chosen = random.integers(0, len(sizes), len(sizes))
        lengths = sizes[chosen]
        begun = np.cumsum(lengths) - lengths
        return np.asarray(order[np.repeat(starts[chosen] - begun, lengths) + np.arange(lengths.sum())])

    return drawn


def _primary(task: Task, labels: Array, predicted: Array, levels: tuple[float, ...]) -> float:
    if task == "binary":
        return roc_auc(labels, predicted[:, 1])
    if task == "multiclass":
        return float((predicted.argmax(axis=1) == labels).mean())
    return evaluate(task, labels, predicted, levels)[PRIMARY[task]]


def _f1(labels: Array, chosen: npt.NDArray[Any], code: float) -> float:
    hits = float(((labels == code) & (chosen == code)).sum())
    wrong = float(((labels == code) != (chosen == code)).sum())
    return 2 * hits / (2 * hits + wrong) if hits else 0.0

"""Which models speak together, and how loud: greedy selection on rows none of them was fitted on.

Caruana et al. (2004): from nothing, the model that helps most is added again and again; how often each was added is its
weight. Chances are pooled in logarithms, so that SHAP values of members add up to those of the whole.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from automl import quantiles
from automl.tasks import Task

Array = npt.NDArray[np.float64]

STEPS = 40
BAGS = 6
"""On small tables the selection is repeated on this many samples of the rows, and the weights averaged."""
HELD = 1_500
"""Rows from which selection alone tells the weights; of fewer it tells their share of these, and the rest goes to all
that may be as good as the best."""
SMALL = 5_000
MOST_CELLS = 120_000
"""Chances looked at in a selection; of more, a sample is taken."""
LEAST_WEIGHT = 0.04
TINY = 1e-6


def scores(task: Task, predicted: Array) -> Array:
    """What is averaged: numbers (rows, 1), quantiles (rows, levels), or the logarithm of chances (rows, classes)."""
    if task == "quantile":
        return predicted
    if task == "regression":
        return predicted[:, None]
    return np.asarray(np.log(np.clip(predicted, TINY, 1)))


def pooled(task: Task, summed: Array) -> Array:
    """Predictions from averaged scores: numbers (rows,), quantiles in order, or chances (rows, classes)."""
    if task == "quantile":
        return np.sort(summed, axis=1)
    if task == "regression":
        return np.asarray(summed[:, 0])
    powers = np.exp(summed - summed.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def loss(task: Task, summed: Array, labels: Array, levels: tuple[float, ...] = ()) -> float:
    """The mean squared error, the pinball loss, or the log loss of averaged scores; lower is better."""
    return float(losses(task, summed, labels, levels).mean())


def losses(task: Task, summed: Array, labels: Array, levels: tuple[float, ...] = ()) -> Array:
    """The same of each row (rows,)."""
    if task == "quantile":
        return quantiles.pinballs(labels, summed, levels)
    if task == "regression":
        return np.asarray((summed[:, 0] - labels) ** 2)
    top = summed.max(axis=1)
    own = summed[np.arange(len(labels)), labels.astype(int)]
    return np.asarray(top + np.log(np.exp(summed - top[:, None]).sum(axis=1)) - own)


def weights(
    task: Task,
    members: list[Array],
    labels: Array,
    seed: int = 0,
    levels: tuple[float, ...] = (),
    distinct: int = 0,
) -> Array:
    """How much each member counts (sums to 1), from their scores on the same rows (rows, outputs) each.

    With `distinct`, how many different rows these are, few rows leave part of the weight to all that may be as good.
    """
    random = np.random.default_rng(seed)
    rows, most = len(labels), max(1, MOST_CELLS // members[0].shape[1])
    if rows >= SMALL:
        chosen = np.arange(rows) if rows <= most else random.choice(rows, most, replace=False)
        found = _greedy(task, [member[chosen] for member in members], labels[chosen], levels)
    else:
        found = np.zeros(len(members))
        for _ in range(BAGS):
            chosen = random.integers(0, rows, rows)
            found += _greedy(task, [member[chosen] for member in members], labels[chosen], levels) / BAGS
    if 0 < distinct < HELD:
        told = distinct / HELD
        found = told * found + (1 - told) * _as_good(task, members, labels, levels, distinct)
    found[found < min(LEAST_WEIGHT, found.max())] = 0.0
    return np.asarray(found / found.sum())


def _as_good(task: Task, members: list[Array], labels: Array, levels: tuple[float, ...], distinct: int) -> Array:
    """Weights by how little tells a member from the best one: by standard errors of the difference, like Gauss."""
    each = np.array([losses(task, member, labels, levels) for member in members])
    behind = each - each[each.mean(axis=1).argmin()]
    unsure = behind.std(axis=1) / np.sqrt(distinct)
    found = np.exp(-0.5 * (behind.mean(axis=1) / np.maximum(unsure, TINY * each.mean() + 1e-300)) ** 2)
    return np.asarray(found / found.sum())


def _greedy(task: Task, members: list[Array], labels: Array, levels: tuple[float, ...]) -> Array:
    counts, best_counts = np.zeros(len(members)), np.zeros(len(members))
    total, best = np.zeros_like(members[0]), np.inf
    for step in range(1, STEPS + 1):
        losses = [loss(task, (total + member) / step, labels, levels) for member in members]
        pick = int(np.argmin(losses))
        counts[pick] += 1
        total = total + members[pick]
        if losses[pick] < best * (1 - 1e-6):
            best, best_counts = losses[pick], counts.copy()
        elif step > best_counts.sum() + 5:
            break
    return np.asarray(best_counts / best_counts.sum())


def calibration(
    task: Task, summed: Array, labels: Array, levels: tuple[float, ...] = (), distinct: int = 0
) -> tuple[float, list[float]]:
    """The slope, and for two classes the shift of each, that make chances come true most often (Platt, 1999).

    Few `distinct` rows hold it near doing nothing: a slope of 1 and no shift. Quantiles are shifted until each holds as
    it says.
    """
    if task == "quantile":
        return 1.0, quantiles.shifts(labels, summed, levels)
    if task == "regression":
        return 1.0, [0.0]
    from scipy.optimize import minimize

    outputs = summed.shape[1]
    chosen = np.random.default_rng(0).permutation(len(labels))[: max(1, MOST_CELLS // outputs)]
    part, truth = summed[chosen], labels[chosen]

    def shifts(values: Array) -> Array:
        return np.array([0.0, values[1]]) if outputs == 2 else np.zeros(outputs)

    def cost(values: Array) -> float:
        held = 5.0 * (values**2).sum() / min(len(truth), distinct or len(truth))
        return loss(task, part * np.exp(values[0]) + shifts(values), truth) + float(held)

    found = minimize(cost, np.zeros(2 if outputs == 2 else 1), method="Nelder-Mead", options={"maxiter": 120}).x
    return float(np.exp(np.clip(found[0], -2, 2))), shifts(found).tolist()

"""A booster that also sees differences, products and ratios of columns that work together.

Which columns those are is found in the rows it learns from: pairs of which one splits right below the other in a few
small trees, the pairs that lower the loss most first. What the new columns contribute is shared by the two they are
made of, so that nobody else needs to know of them.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from automl import estimators
from automl.estimators import Additive, Array, Estimator, Lesson, boosting
from automl.tasks import Task

LIBRARY = "lightgbm"
FILE = "pairs.json"
OF = "boosting"
INSIDE = "booster"
COUNT = 6
"""Pairs that are made."""
TREES = 30
ROWS = 20_000
"""Rows on which pairs are looked for at most."""
NEAR = 1e-9
Pair = tuple[int, int]

WAYS: tuple[Callable[[Array, Array], Array], ...] = (
    lambda one, two: one - two,
    lambda one, two: one * two,
    lambda one, two: np.divide(one, two, out=np.full(len(one), np.nan), where=np.abs(two) > NEAR),
)


class Paired:
    """A booster over more columns, with the protocol of `automl.estimators.Estimator`."""

    family = "paired"

    def __init__(self, inner: Estimator, pairs: list[Pair]) -> None:
        self._inner, self._pairs = inner, pairs

    @property
    def rounds(self) -> int:
        return self._inner.rounds

    def predict(self, matrix: Array) -> Array:
        return self._inner.predict(widened(matrix, self._pairs))

    def contributions(self, matrix: Array) -> tuple[Array, Array]:
        assert isinstance(self._inner, Additive)
        raw, base = self._inner.contributions(widened(matrix, self._pairs))
        values, width = raw[:, : matrix.shape[1]].copy(), matrix.shape[1]
        for number, pair in enumerate(self._pairs):
            own = raw[:, width + number * len(WAYS) : width + (number + 1) * len(WAYS)].sum(axis=1)
            for column in pair:
                values[:, column] += own / 2
        return values, base

    def save(self, folder: Path) -> list[Path]:
        (folder / INSIDE).mkdir(exist_ok=True)
        path = folder / FILE
        path.write_text(json.dumps(self._pairs), encoding="utf-8")
        return [*self._inner.save(folder / INSIDE), path]


def load(folder: Path, task: Task, classes: int) -> Paired:
    """Read both. Raises OSError when a file is missing, ValueError when it is damaged."""
    try:
        pairs = [(int(one), int(two)) for one, two in json.loads((folder / FILE).read_text(encoding="utf-8"))]
    except TypeError as error:
        raise ValueError(f"{FILE} holds no pairs: {error}") from error
    return Paired(estimators.load(OF, folder / INSIDE, task, classes), pairs)


def fit(settings: dict[str, Any], lesson: Lesson) -> Paired:
    """Find the pairs, and train on the widened matrix."""
    pairs = together(lesson)
    check = (widened(lesson.check[0], pairs), lesson.check[1]) if lesson.check is not None else None
    wider = replace(lesson, matrix=widened(lesson.matrix, pairs), check=check)
    return Paired(estimators.fit(OF, settings, wider), pairs)


def widened(matrix: Array, pairs: list[Pair]) -> Array:
    """The matrix with three columns more a pair."""
    made = [way(matrix[:, one], matrix[:, two]) for one, two in pairs for way in WAYS]
    return np.column_stack([matrix, *made]) if made else matrix


def together(lesson: Lesson) -> list[Pair]:
    """The pairs of number columns of which one splits below the other, by the gain of the lower split."""
    rows = np.random.default_rng(lesson.seed).permutation(len(lesson.labels))[:ROWS]
    part = replace(lesson, matrix=lesson.matrix[rows], labels=lesson.labels[rows], check=None, rounds=TREES)
    model = boosting.fit({"num_leaves": 15, "learning_rate": 0.1, "feature_fraction": 0.8}, part)
    gains: dict[Pair, float] = defaultdict(float)
    for tree in model.dumped()["tree_info"]:
        _follow(tree["tree_structure"], None, gains)
    plain = {pair: gain for pair, gain in gains.items() if not set(pair) & set(lesson.categorical)}
    return sorted(plain, key=lambda pair: (-plain[pair], pair))[:COUNT]


def _follow(node: dict[str, Any], above: int | None, gains: dict[Pair, float]) -> None:
    if "split_feature" not in node:
        return
    own = int(node["split_feature"])
    if above is not None and above != own:
        gains[min(above, own), max(above, own)] += float(node["split_gain"])
    _follow(node["left_child"], own, gains)
    _follow(node["right_child"], own, gains)

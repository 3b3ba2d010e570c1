"""Random forests and extremely randomised trees (Geurts et al., 2006), kept as arrays of their trees' nodes."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from automl.estimators import Array, Lesson
from automl.tasks import Task

LIBRARY = "sklearn.ensemble"
FILE = "forest.npz"
MOST_TREES = 300
BATCH = 10
"""Trees grown between two looks at the clock, at most."""
LOOK_S = 0.5
"""Seconds between two looks, about; a tree is always finished."""
MOST_BYTES = 80_000_000
"""What all trees together may take, in memory and as a file."""
NODE_BYTES = 64


class Forest:
    """Trees with the protocol of `automl.estimators.Estimator`; their leaves hold numbers, or shares of classes."""

    family = "forest"

    def __init__(self, trees: list[Any], fill: Array, task: Task, columns: int) -> None:
        self._trees, self._fill, self._task, self._columns = trees, fill, task, columns

    @property
    def rounds(self) -> int:
        return len(self._trees)

    def predict(self, matrix: Array) -> Array:
        inputs = _filled(matrix, self._fill)
        total = np.zeros((len(matrix), self._trees[0].max_n_classes))
        for tree in self._trees:
            total += tree.predict(inputs).reshape(len(matrix), -1)
        if self._task == "regression":
            return np.asarray(total[:, 0] / len(self._trees))
        return np.asarray(total / total.sum(axis=1, keepdims=True))

    def save(self, folder: Path) -> list[Path]:
        path = folder / FILE
        states = [tree.__getstate__() for tree in self._trees]
        np.savez(
            path,
            fill=self._fill,
            columns=self._columns,
            outputs=self._trees[0].max_n_classes,
            depth=[state["max_depth"] for state in states],
            count=[state["node_count"] for state in states],
            nodes=np.concatenate([state["nodes"] for state in states]),
            values=np.concatenate([state["values"] for state in states]),
        )
        return [path]


def load(folder: Path, task: Task, classes: int) -> Forest:
    """Read the trees. Raises OSError when the file is missing, ValueError when it is damaged."""
    from sklearn.tree._tree import Tree

    with np.load(folder / FILE, allow_pickle=False) as stored:
        try:
            columns, outputs = int(stored["columns"]), int(stored["outputs"])
            ends = np.cumsum(stored["count"])
            nodes, values, depths = stored["nodes"], stored["values"], stored["depth"]
            trees = []
            for number, end in enumerate(ends):
                part = slice(end - int(stored["count"][number]), end)
                tree = Tree(columns, np.array([outputs], dtype=np.intp), 1)
                tree.__setstate__(
                    {
                        "max_depth": int(depths[number]),
                        "node_count": part.stop - part.start,
                        "nodes": np.ascontiguousarray(nodes[part]),
                        "values": np.ascontiguousarray(values[part]),
                    }
                )
                trees.append(tree)
            return Forest(trees, stored["fill"], task, columns)
        except KeyError as error:
            raise ValueError(f"{FILE} is no forest: {error}") from error


def fit(settings: dict[str, Any], lesson: Lesson) -> Forest:
    """Grow trees until there are enough, or the time is up. `settings` take scikit-learn's names and `extra`."""
    from sklearn import ensemble

    own = dict(settings)
    kind = "ExtraTrees" if own.pop("extra", False) else "RandomForest"
    sort = "Regressor" if lesson.task == "regression" else "Classifier"
    fill = _fill(lesson.matrix)
    inputs = _filled(lesson.matrix, fill)
    model = getattr(ensemble, kind + sort)(
        n_estimators=0, warm_start=True, n_jobs=lesson.threads, random_state=lesson.seed, **own
    )
    labels = lesson.labels if lesson.task == "regression" else lesson.labels.astype(int)
    wanted, least = lesson.rounds or MOST_TREES, NODE_BYTES + 8 * max(1, lesson.classes)
    more = 1
    while model.n_estimators < wanted:
        start, before = time.monotonic(), model.n_estimators
        model.n_estimators = min(wanted, before + more)
        model.fit(inputs, labels)
        more = int(np.clip(LOOK_S * (model.n_estimators - before) / max(1e-6, time.monotonic() - start), 1, BATCH))
        size = least * sum(tree.tree_.node_count for tree in model.estimators_)
        if lesson.late() or size > MOST_BYTES:
            break
    trees = [tree.tree_ for tree in model.estimators_]
    if lesson.task != "regression" and len(model.classes_) < lesson.classes:
        trees = [_widened(tree, model.classes_.astype(int), lesson.classes) for tree in trees]
    return Forest(trees, fill, lesson.task, lesson.matrix.shape[1])


def _widened(tree: Any, present: npt.NDArray[np.int64], classes: int) -> Any:
    """A tree over all classes from one that met only those `present`."""
    from sklearn.tree._tree import Tree

    state = tree.__getstate__()
    values = np.zeros((len(state["values"]), 1, classes))
    values[:, :, present] = state["values"]
    wide = Tree(tree.n_features, np.array([classes], dtype=np.intp), 1)
    wide.__setstate__(state | {"values": values})
    return wide


def _fill(matrix: Array) -> Array:
    """A value below all others for each column, to stand for missing."""
    known = np.where(np.isnan(matrix), np.inf, matrix).min(axis=0, initial=np.inf)
    return np.asarray(np.where(np.isfinite(known), known - 1.0, -1.0))


def _filled(matrix: Array, fill: Array) -> npt.NDArray[np.float32]:
    filled = np.where(np.isnan(matrix), fill, matrix)
    return np.ascontiguousarray(np.clip(filled, -3e38, 3e38), dtype=np.float32)

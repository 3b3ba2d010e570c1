"""The nearest rows, near ones weighing more: good where like things lie close and classes are many."""

from __future__ import annotations

import json
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from automl.estimators import Array, Lesson
from automl.inputs import Layout, lay_out
from automl.tasks import Task

LIBRARY = "sklearn.neighbors"
FILE = "neighbours.npz"
LAYOUT = "neighbours.json"
CHUNK = 2_000


class Neighbours:
    """Rows kept as inputs, with the protocol of `automl.estimators.Estimator`."""

    family = "neighbours"
    rounds = 0

    def __init__(
        self, layout: Layout, known: npt.NDArray[np.float32], labels: Array, count: int, task: Task, classes: int
    ) -> None:
        self._layout, self._known, self._labels, self._count = layout, known, labels, count
        self._task, self._classes = task, classes

    @cached_property
    def _index(self) -> Any:
        from sklearn.neighbors import NearestNeighbors

        return NearestNeighbors(n_neighbors=min(self._count, len(self._known)), algorithm="brute").fit(self._known)

    def predict(self, matrix: Array) -> Array:
        parts = [self._part(matrix[start : start + CHUNK]) for start in range(0, max(1, len(matrix)), CHUNK)]
        return np.concatenate(parts)

    def _part(self, matrix: Array) -> Array:
        outputs = max(1, self._classes)
        if not len(matrix):
            return np.zeros(0) if self._task == "regression" else np.zeros((0, outputs))
        inputs = self._layout.inputs(matrix)[0].astype(np.float32)
        distance, nearest = self._index.kneighbors(inputs)
        weight = 1 / (distance + 1e-3 * max(1e-9, float(np.median(distance))) + 1e-9)
        weight /= weight.sum(axis=1, keepdims=True)
        labels = self._labels[nearest]
        if self._task == "regression":
            return np.asarray((weight * labels).sum(axis=1))
        shares = np.stack([(weight * (labels == code)).sum(axis=1) for code in range(outputs)], axis=1)
        # One imagined neighbour of no class keeps a chance from being nothing at all.
        return np.asarray((shares * self._count + 1 / outputs) / (self._count + 1))

    def save(self, folder: Path) -> list[Path]:
        path, layout = folder / FILE, folder / LAYOUT
        np.savez_compressed(path, known=self._known, labels=self._labels)
        layout.write_text(json.dumps({"layout": self._layout.to_json(), "count": self._count}), encoding="utf-8")
        return [path, layout]


def load(folder: Path, task: Task, classes: int) -> Neighbours:
    """Read the rows. Raises OSError when a file is missing, ValueError when one is damaged."""
    try:
        stored = json.loads((folder / LAYOUT).read_text(encoding="utf-8"))
        with np.load(folder / FILE, allow_pickle=False) as arrays:
            known, labels = arrays["known"], arrays["labels"]
        return Neighbours(Layout.from_json(stored["layout"]), known, labels, int(stored["count"]), task, classes)
    except (KeyError, TypeError) as error:
        raise ValueError(f"{FILE} holds no neighbours: {error}") from error


def fit(settings: dict[str, Any], lesson: Lesson) -> Neighbours:
    """Keep the rows; `settings` take `count`, how many neighbours speak."""
    layout, inputs, _ = lay_out(lesson.matrix, lesson.categorical)
    known = inputs.astype(np.float32)
    return Neighbours(layout, known, lesson.labels, settings.get("count", 15), lesson.task, lesson.classes)

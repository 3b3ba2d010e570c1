"""The finished model: a few estimators that speak together, calibrated, kept in a folder each."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from automl import ensemble, estimators, quantiles
from automl.estimators import Additive, Estimator
from automl.tasks import Task

Array = npt.NDArray[np.float64]

FILE = "blend.json"
SAMPLING_S = 4.0
"""How long sampling the SHAP values of models without exact ones may take, about."""
ORDERS = 16


@dataclass(frozen=True)
class Member:
    """One estimator with its weight; `logged` says that it speaks of log(1 + target)."""

    estimator: Estimator
    weight: float
    logged: bool = False

    def predict(self, matrix: Array) -> Array:
        """Predictions in the target's own unit, or chances."""
        return unlogged(self.estimator.predict(matrix)) if self.logged else self.estimator.predict(matrix)


def unlogged(values: Array) -> Array:
    """From log(1 + target) back to the target."""
    return np.asarray(np.expm1(np.clip(values, 0.0, 700.0)))


@dataclass(frozen=True)
class Blend:
    """Members whose weighted scores, sloped and shifted, are the prediction.

    `classes` is how many classes or levels of quantiles there are, 0 for a number.
    """

    task: Task
    classes: int
    members: tuple[Member, ...]
    slope: float = 1.0
    shift: tuple[float, ...] = (0.0,)

    def predict(self, matrix: Array) -> Array:
        """Predicted numbers (rows,), quantiles (rows, levels), or probabilities (rows, classes)."""
        return ensemble.pooled(self.task, self.slope * self._scores(matrix, self.members) + np.array(self.shift))

    def _scores(self, matrix: Array, members: tuple[Member, ...]) -> Array:
        total = np.zeros((len(matrix), max(1, self.classes)))
        for member in members:
            total += member.weight * ensemble.scores(self.task, member.predict(matrix))
        return total

    @property
    def exact(self) -> bool:
        """Whether every member knows its SHAP values, so that none are sampled."""
        return all(isinstance(one.estimator, Additive) and not one.logged for one in self.members)

    def contributions(self, matrix: Array, origins: list[int], seed: int = 0) -> tuple[Array, Array]:
        """SHAP values by column of origin, and the base value, in the target's unit or in log odds.

        Of quantiles, those of the middle level.

        Exact for members that know theirs (trees of boosters, linear models); sampled in pairs of opposite orders for
        the others (Štrumbelj and Kononenko, 2014), and adding up exactly all the same.

        Returns:
            (rows, origins), or (rows, origins, classes) for several classes; and the base, a number or one a class.
        """
        outputs = self.classes if self.task == "multiclass" else 1
        count = max(origins) + 1
        places = [np.flatnonzero(np.array(origins) == origin) for origin in range(count)]
        values, base = np.zeros((len(matrix), count, outputs)), np.zeros(outputs)
        exact = [member for member in self.members if isinstance(member.estimator, Additive) and not member.logged]
        for member in exact:
            assert isinstance(member.estimator, Additive)
            raw, own = member.estimator.contributions(matrix)
            raw = raw.reshape(len(matrix), matrix.shape[1], outputs)
            for origin, columns in enumerate(places):
                values[:, origin] += member.weight * raw[:, columns].sum(axis=1)
            base += member.weight * own
        rest = tuple(member for member in self.members if member not in exact)
        if rest and len(matrix):
            sampled, own = self._sampled(rest, matrix, places, seed)
            values, base = values + sampled, base + own
        values, base = self.slope * values, self.slope * base
        if self.task == "multiclass":
            return values, base + np.array(self.shift)
        return values[:, :, 0], base + self._shifted()

    def _shifted(self) -> float:
        if self.task == "quantile":
            return self.shift[quantiles.middle(self.classes)]
        return self.shift[1] - self.shift[0] if self.task == "binary" else 0.0

    def _sampled(
        self, members: tuple[Member, ...], matrix: Array, places: list[npt.NDArray[np.int64]], seed: int
    ) -> tuple[Array, Array]:
        random = np.random.default_rng(seed)

        def value(states: Array) -> Array:
            found = self._scores(states, members)
            if self.task == "quantile":
                return found[:, [quantiles.middle(self.classes)]]
            return found[:, 1:] - found[:, :1] if self.task == "binary" else found

        start = time.monotonic()
        outputs = value(matrix).shape[1]
        pace = time.monotonic() - start
        orders = int(np.clip(SAMPLING_S / max(1e-3, pace * 2 * len(places)), 1, ORDERS))
        values, base = np.zeros((len(matrix), len(places), outputs)), np.zeros(outputs)
        for _ in range(orders):
            other = matrix[random.integers(len(matrix))]
            order = random.permutation(len(places))
            for way in (order, order[::-1]):
                states = np.tile(other, (len(matrix), 1))
                before = value(states)
                base += before[0] / (2 * orders)
                for origin in way:
                    states[:, places[origin]] = matrix[:, places[origin]]
                    after = value(states)
                    values[:, origin] += (after - before) / (2 * orders)
                    before = after
        return values, base

    def save(self, folder: Path) -> list[Path]:
        """Write every member and how they speak together; returns the files, the last one naming the others."""
        files, stored = [], []
        for number, member in enumerate(self.members):
            own = folder / f"{number}"
            own.mkdir(parents=True, exist_ok=True)
            files += member.estimator.save(own)
            stored.append({"family": member.estimator.family, "weight": member.weight, "logged": member.logged})
        path = folder / FILE
        text = {"members": stored, "slope": self.slope, "shift": self.shift}
        path.write_text(json.dumps(text, indent=1), encoding="utf-8")
        return [*files, path]


def load(folder: Path, task: Task, classes: int) -> Blend:
    """Read a blend back. Raises OSError or ValueError when its files are damaged."""
    try:
        stored: dict[str, Any] = json.loads((folder / FILE).read_text(encoding="utf-8"))
        members = tuple(
            Member(
                estimators.load(part["family"], folder / f"{number}", task, classes),
                float(part["weight"]),
                bool(part["logged"]),
            )
            for number, part in enumerate(stored["members"])
        )
        return Blend(task, classes, members, float(stored["slope"]), tuple(stored["shift"]))
    except (KeyError, TypeError) as error:
        raise ValueError(f"{FILE} is no blend: {error}") from error

"""A finished forecast: methods that speak together, kept as JSON and the estimators' own formats."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from automl import estimators
from automl.estimators import Estimator, Lesson
from automl.series.lags import CALENDAR, Lags
from automl.series.local import METHODS
from automl.series.panel import Grid, Panel

Array = npt.NDArray[np.float64]

FILE = "forecaster.json"
LEARNED: dict[str, tuple[str, dict[str, Any], int]] = {
    "Linear on lags": ("linear", {}, 0),
    "LightGBM on lags, small trees": (
        "boosting",
        {"num_leaves": 8, "learning_rate": 0.08, "feature_fraction": 0.7, "bagging_fraction": 0.8, "lambda_l2": 5.0},
        150,
    ),
    "LightGBM on lags": (
        "boosting",
        {"num_leaves": 31, "learning_rate": 0.05, "feature_fraction": 0.7, "bagging_fraction": 0.8, "lambda_l2": 5.0},
        200,
    ),
}
"""Family, settings and rounds of the methods that learn from lags of all series together."""


@dataclass(frozen=True)
class Shape:
    """What all methods share: the step, the horizon and the seasons in steps; whether values are learned as logarithms.

    `named` is how many series there were to learn from.
    """

    step: str
    horizon: int
    season: int
    year: int
    logged: bool
    named: int

    @property
    def lags(self) -> Lags:
        """What the methods that learn are told."""
        return Lags(self.season, self.year, self.horizon, self.named, CALENDAR[self.step])

    def inward(self, values: Array) -> Array:
        return np.log(values) if self.logged else values

    def outward(self, values: Array) -> Array:
        return np.exp(np.clip(values, -700.0, 700.0)) if self.logged else values


def fitted(name: str, history: Array, moments: pd.DatetimeIndex, shape: Shape, gaps: Array, seed: int) -> Estimator:
    """Learn one of `LEARNED` from a known history (series, moments), in the shape's own scale.

    `gaps` says where nothing was recorded; such values are no outcome to learn from.
    """
    family, settings, rounds = LEARNED[name]
    series, length = history.shape
    places = shape.lags.places(series, length, seed)
    recorded = ~gaps[places[0], places[1] + places[2] - 1]
    places = (places[0][recorded], places[1][recorded], places[2][recorded])
    matrix, categorical, level, own = shape.lags.matrix(history, np.arange(series, dtype=float), moments, places)
    outcome = (history[places[0], places[1] + places[2] - 1] - level) / own
    lesson = Lesson("regression", 0, matrix, outcome, categorical, rounds=rounds, seed=seed)
    return estimators.fit(family, settings, lesson)


def ahead(
    name: str, model: Estimator | None, history: Array, codes: Array, moments: pd.DatetimeIndex, shape: Shape
) -> Array:
    """What a method says comes after a known history (series, steps). `moments` are the known and the coming ones."""
    series, length = history.shape
    if model is None:
        past, coming = moments[:length], moments[length : length + shape.horizon]
        return METHODS[name](history, shape.horizon, max(1, shape.season), past, coming)
    one, three = np.meshgrid(np.arange(series), np.arange(1, shape.horizon + 1), indexing="ij")
    places = (one.ravel(), np.full(one.size, length), three.ravel())
    matrix, _, level, own = shape.lags.matrix(history, codes, moments, places)
    return np.asarray((level + own * model.predict(matrix)).reshape(series, shape.horizon))


@dataclass(frozen=True)
class Forecaster:
    """Methods by weight, the models of those that learn, and how far the 90 % interval reaches at each step.

    `reach` (horizon,) is in units of a series' usual change from season to season (see `unit`).
    """

    grid: Grid
    shape: Shape
    weights: dict[str, float]
    models: dict[str, Estimator]
    keys: tuple[tuple[str, ...], ...]
    reach: tuple[float, ...]
    floor: float | None = None

    def forecast(self, panel: Panel) -> pd.DataFrame:
        """The coming rows of every series: its keys, the moment, `prediction`, `low` and `high`."""
        shape, known = self.shape, panel.known()
        coming = panel.coming(shape.horizon)
        history, moments = shape.inward(known), pd.DatetimeIndex(panel.moments.append(coming))
        places = {key: float(number) for number, key in enumerate(self.keys)}
        codes = np.array([places.get(key, np.nan) for key in panel.keys])
        total = np.zeros((len(known), shape.horizon))
        for name, weight in self.weights.items():
            total += weight * ahead(name, self.models.get(name), history, codes, moments, shape)
        middle = shape.outward(total)
        away = unit(known, shape.season)[:, None] * np.array(self.reach)[None, :]
        return table(panel, coming, self.bounded(middle), self.bounded(middle - away), self.bounded(middle + away))

    def bounded(self, values: Array) -> Array:
        """No lower than the series ever can be."""
        return values if self.floor is None else np.maximum(values, self.floor)

    def save(self, folder: Path) -> dict[str, Path]:
        """Write the models and how they speak together; returns the files by name."""
        files: dict[str, Path] = {}
        for number, model in enumerate(self.models.values()):
            own = folder / f"{number}"
            own.mkdir(parents=True, exist_ok=True)
            for path in model.save(own):
                files[f"model/{path.relative_to(folder).as_posix()}"] = path
        path = folder / FILE
        stored: dict[str, Any] = {"grid": self.grid.to_json(), "shape": asdict(self.shape), "weights": self.weights}
        stored |= {"models": list(self.models), "keys": self.keys, "reach": self.reach, "floor": self.floor}
        path.write_text(json.dumps(stored, indent=1, ensure_ascii=False), encoding="utf-8")
        return files | {"model": path}


def load(folder: Path) -> Forecaster:
    """Read a forecaster back. Raises OSError or ValueError when its files are damaged."""
    try:
        stored: dict[str, Any] = json.loads((folder / FILE).read_text(encoding="utf-8"))
        models = {
            name: estimators.load(LEARNED[name][0], folder / f"{number}", "regression", 0)
            for number, name in enumerate(stored["models"])
        }
        return Forecaster(
            Grid.from_json(stored["grid"]),
            Shape(**stored["shape"]),
            {name: float(weight) for name, weight in stored["weights"].items()},
            models,
            tuple(tuple(key) for key in stored["keys"]),
            tuple(map(float, stored["reach"])),
            stored["floor"],
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"{FILE} is no forecaster: {error}") from error


def unit(known: Array, season: int) -> Array:
    """Each series' mean change from one season to the next (series,), by which errors of several are compared."""
    lag = max(1, min(season, known.shape[1] - 1))
    found = np.abs(known[:, lag:] - known[:, :-lag]).mean(axis=1)
    usual = float(found[found > 0].mean()) if (found > 0).any() else 1.0
    return np.asarray(np.where(found > 0, found, usual))


def table(panel: Panel, moments: pd.DatetimeIndex, middle: Array, low: Array, high: Array) -> pd.DataFrame:
    """Forecasts (series, steps) as rows."""
    form = "%Y-%m-%d %H:%M" if panel.grid.step == "h" else "%Y-%m-%d"
    columns: dict[str, Any] = {panel.grid.time: np.tile(moments.strftime(form), len(panel.keys))}
    for place, name in enumerate(panel.grid.keys):
        columns[name] = np.repeat([key[place] for key in panel.keys], len(moments))
    found = {"prediction": middle, "low": low, "high": high}
    return pd.DataFrame(columns | {name: values.ravel() for name, values in found.items()})

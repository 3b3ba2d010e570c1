"""LightGBM: gradient-boosted trees, kept in LightGBM's own text format."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from automl.detect import Task

Array = npt.NDArray[np.float64]

FILE = "lightgbm.txt"
PATIENCE = 50
MOST_ROUNDS = 3000
TINY_TABLE = 10_000
"""Rows below which one thread is faster than several that wait for each other."""

OBJECTIVES: dict[Task, str] = {"binary": "binary", "multiclass": "multiclass", "regression": "regression"}
METRICS: dict[Task, str] = {"binary": "binary_logloss", "multiclass": "multi_logloss", "regression": "l2"}


class Boosting:
    """A LightGBM booster with the protocol of `automl.estimators.Estimator`."""

    family = "boosting"

    def __init__(self, booster: Any, task: Task, classes: int) -> None:
        self._booster, self._task, self._classes = booster, task, classes

    @property
    def rounds(self) -> int:
        """How many rounds are used: those up to the best one."""
        return int(self._booster.best_iteration) or int(self._booster.current_iteration())

    def predict(self, matrix: Array) -> Array:
        raw = np.asarray(self._booster.predict(matrix, num_threads=threads(len(matrix))), dtype=float)
        return np.column_stack([1 - raw, raw]) if self._task == "binary" else raw

    def contributions(self, matrix: Array) -> tuple[Array, Array]:
        # The same values as shap.TreeExplainer's, which calls this, without the seconds that importing shap takes.
        raw = np.asarray(
            self._booster.predict(matrix, pred_contrib=True, num_threads=threads(len(matrix))), dtype=float
        )
        if self._task != "multiclass":
            return raw[:, :-1], raw[0, -1:]
        cube = raw.reshape(len(matrix), self._classes, matrix.shape[1] + 1).transpose(0, 2, 1)
        return cube[:, :-1, :], cube[0, -1, :]

    def save(self, folder: Path) -> list[Path]:
        path = folder / FILE
        path.write_text(self._booster.model_to_string(num_iteration=self.rounds), encoding="utf-8")
        return [path]

    @classmethod
    def load(cls, folder: Path, task: Task, classes: int) -> Boosting:
        """Read the text format. Raises OSError when the file is missing, ValueError when it is no model."""
        import lightgbm

        text = (folder / FILE).read_text(encoding="utf-8")
        try:
            return cls(lightgbm.Booster(model_str=text), task, classes)
        except lightgbm.basic.LightGBMError as error:
            raise ValueError(f"{FILE} is no LightGBM model: {error}") from error


def pace(rows: int, columns: int, budget: float) -> float:
    """The learning rate that lets trees converge in the time there is: from 0.05 for small tables to 0.2."""
    return float(np.clip(0.05 * (rows * columns / budget / 2_000) ** 0.37, 0.05, 0.2))


def threads(rows: int) -> int:
    """How many threads to use for so many rows."""
    return 1 if rows < TINY_TABLE else min(os.cpu_count() or 1, 8)


def fit(
    settings: dict[str, Any],
    task: Task,
    classes: int,
    matrix: Array,
    labels: Array,
    categorical: dict[int, int],
    *,
    learning_rate: float = 0.05,
    check: tuple[Array, Array] | None = None,
    rounds: int = MOST_ROUNDS,
    deadline: float = float("inf"),
    seed: int = 0,
) -> Boosting:
    """Train, stopping early on `check` (matrix, labels) where given, and at `deadline` (of `time.monotonic`) anyway."""
    import lightgbm

    rows = len(labels)
    params = {
        "objective": OBJECTIVES[task],
        "metric": METRICS[task],
        "learning_rate": learning_rate,
        "min_data_in_leaf": int(np.clip(rows // 100, 3, 20)),
        "min_data_per_group": int(np.clip(rows // 50, 5, 100)),
        "bagging_freq": 1,
        "max_bin": 255,
        "verbosity": -1,
        "seed": seed,
        "deterministic": True,
        "force_row_wise": True,
        "num_threads": threads(rows),
        "feature_pre_filter": False,
    } | settings
    if task == "multiclass":
        params["num_class"] = classes

    def stop_in_time(env: Any) -> None:
        if time.monotonic() > deadline:
            raise lightgbm.callback.EarlyStopException(env.iteration, env.evaluation_result_list)

    callbacks: list[Any] = [stop_in_time]
    train = lightgbm.Dataset(matrix, labels, categorical_feature=list(categorical), params={"verbosity": -1})
    valid = []
    if check is not None:
        valid = [train.create_valid(check[0], check[1])]
        callbacks.append(lightgbm.early_stopping(PATIENCE, verbose=False))
    booster = lightgbm.train(params, train, num_boost_round=rounds, valid_sets=valid, callbacks=callbacks)
    return Boosting(booster, task, classes)

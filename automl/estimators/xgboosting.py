"""XGBoost: boosted trees grown by loss, kept in XGBoost's own JSON."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from automl import quantiles
from automl.estimators import Array, Lesson
from automl.tasks import Task

LIBRARY = "xgboost"
FILE = "xgboost.ubj"
PATIENCE = 60
MOST_ROUNDS = 2000
OBJECTIVES: dict[Task, str] = {
    "binary": "binary:logistic",
    "multiclass": "multi:softprob",
    "regression": "reg:squarederror",
    "quantile": "reg:quantileerror",
}


class XGBoosting:
    """An XGBoost booster with the protocol of `automl.estimators.Estimator`."""

    family = "xgboosting"

    def __init__(self, booster: Any, task: Task, threads: int = 0) -> None:
        self._booster, self._task, self._threads = booster, task, threads
        self._kinds = list(booster.feature_types or [])

    @property
    def rounds(self) -> int:
        return int(self._booster.num_boosted_rounds())

    def predict(self, matrix: Array) -> Array:
        raw = np.asarray(self._booster.predict(self._table(matrix)), dtype=float)
        if self._task == "quantile":
            return raw.reshape(len(matrix), -1)
        return np.column_stack([1 - raw, raw]) if self._task == "binary" else raw

    def contributions(self, matrix: Array) -> tuple[Array, Array]:
        raw = np.asarray(self._booster.predict(self._table(matrix), pred_contribs=True), dtype=float)
        if self._task == "quantile" and raw.ndim == 3:
            raw = raw[:, quantiles.middle(raw.shape[1])]
        if self._task != "multiclass":
            return raw[:, :-1], raw[0, -1:]
        cube = raw.transpose(0, 2, 1)
        return cube[:, :-1, :], cube[0, -1, :]

    def save(self, folder: Path) -> list[Path]:
        path = folder / FILE
        path.write_bytes(self._booster.save_raw("ubj"))
        return [path]

    def _table(self, matrix: Array) -> Any:
        import xgboost

        kinds = self._kinds or None
        return xgboost.DMatrix(matrix, nthread=self._threads or None, feature_types=kinds, enable_categorical=True)


def load(folder: Path, task: Task, classes: int) -> XGBoosting:
    """Read XGBoost's own format. Raises OSError when the file is missing, ValueError when it is no model."""
    import xgboost

    try:
        return XGBoosting(xgboost.Booster(model_file=bytearray((folder / FILE).read_bytes())), task)
    except xgboost.core.XGBoostError as error:
        raise ValueError(f"{FILE} is no XGBoost model: {error}") from error


def fit(settings: dict[str, Any], lesson: Lesson) -> XGBoosting:
    """Train, stopping early on the rows to check where there are any."""
    import xgboost

    params = {
        "objective": OBJECTIVES[lesson.task],
        "nthread": lesson.threads,
        "seed": lesson.seed,
        "tree_method": "hist",
        "max_bin": 255,
        "verbosity": 0,
    } | settings
    if lesson.task == "multiclass":
        params["num_class"] = lesson.classes
    if lesson.levels:
        params["quantile_alpha"] = list(lesson.levels)
    if lesson.monotone:
        signs = [lesson.monotone.get(column, 0) for column in range(lesson.matrix.shape[1])]
        params["monotone_constraints"] = f"({','.join(map(str, signs))})"
    kinds = ["c" if column in lesson.categorical else "float" for column in range(lesson.matrix.shape[1])]
    own = {"nthread": lesson.threads, "max_bin": 255, "feature_types": kinds, "enable_categorical": True}
    train = xgboost.QuantileDMatrix(lesson.matrix, lesson.labels, **own)
    callbacks: list[Any] = [_in_time(lesson.late)]
    watched = []
    if lesson.check is not None:
        check = xgboost.QuantileDMatrix(lesson.check[0], lesson.check[1], ref=train, **own)
        watched = [(check, "check")]
        callbacks.append(xgboost.callback.EarlyStopping(rounds=PATIENCE, save_best=True))
    booster = xgboost.train(
        params,
        train,
        num_boost_round=lesson.rounds or MOST_ROUNDS,
        evals=watched,
        callbacks=callbacks,
        verbose_eval=False,
    )
    booster.set_param({"nthread": lesson.threads})
    return XGBoosting(booster, lesson.task, lesson.threads)


def _in_time(late: Callable[[], bool]) -> Any:
    import xgboost

    class InTime(xgboost.callback.TrainingCallback):  # type: ignore[misc]
        """Stops when the time is up."""

        def after_iteration(self, model: Any, epoch: int, evals_log: Any) -> bool:
            return late()

    return InTime()

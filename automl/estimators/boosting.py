"""LightGBM: gradient-boosted trees, kept in LightGBM's own text format."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from automl.estimators import Array, Lesson
from automl.tasks import Task

LIBRARY = "lightgbm"
FILE = "lightgbm.txt"
PATIENCE = 60
MOST_ROUNDS = 3000

OBJECTIVES: dict[Task, str] = {"binary": "binary", "multiclass": "multiclass", "regression": "regression"}
METRICS: dict[Task, str] = {"binary": "binary_logloss", "multiclass": "multi_logloss", "regression": "l2"}


class Boosting:
    """A LightGBM booster with the protocol of `automl.estimators.Estimator`."""

    family = "boosting"

    def __init__(self, booster: Any, task: Task, classes: int, threads: int = 0) -> None:
        self._booster, self._task, self._classes, self._threads = booster, task, classes, threads
        # Chances learned with the second class counted several times are turned back to true ones (Elkan, 2001).
        self._heavier = float(booster.params.get("scale_pos_weight", 1.0)) if task == "binary" else 1.0

    @property
    def rounds(self) -> int:
        """How many rounds are used: those up to the best one."""
        best = int(self._booster.best_iteration)  # -1 where it was read back
        return best if best > 0 else int(self._booster.current_iteration())

    def predict(self, matrix: Array) -> Array:
        raw = np.asarray(self._booster.predict(matrix, num_threads=self._threads), dtype=float)
        if self._task != "binary":
            return raw
        odds = raw / np.maximum(1 - raw, 1e-15) / self._heavier
        return np.column_stack([1 / (1 + odds), odds / (1 + odds)])

    def contributions(self, matrix: Array) -> tuple[Array, Array]:
        # The same values as shap.TreeExplainer's, which calls this, without the seconds that importing shap takes.
        raw = np.asarray(self._booster.predict(matrix, pred_contrib=True, num_threads=self._threads), dtype=float)
        if self._task != "multiclass":
            return raw[:, :-1], raw[0, -1:] - np.log(self._heavier)
        cube = raw.reshape(len(matrix), self._classes, matrix.shape[1] + 1).transpose(0, 2, 1)
        return cube[:, :-1, :], cube[0, -1, :]

    def dumped(self) -> dict[str, Any]:
        """The trees as LightGBM tells them."""
        return self._booster.dump_model()  # type: ignore[no-any-return]

    def save(self, folder: Path) -> list[Path]:
        path = folder / FILE
        path.write_text(self._booster.model_to_string(num_iteration=self.rounds), encoding="utf-8")
        return [path]


def load(folder: Path, task: Task, classes: int) -> Boosting:
    """Read the text format. Raises OSError when the file is missing, ValueError when it is no model."""
    import lightgbm

    text = (folder / FILE).read_text(encoding="utf-8")
    try:
        return Boosting(lightgbm.Booster(model_str=text), task, classes)
    except lightgbm.basic.LightGBMError as error:
        raise ValueError(f"{FILE} is no LightGBM model: {error}") from error


def fit(settings: dict[str, Any], lesson: Lesson) -> Boosting:
    """Train, stopping early on the rows to check where there are any."""
    import lightgbm

    rows = len(lesson.labels)
    params = {
        "objective": OBJECTIVES[lesson.task],
        "metric": METRICS[lesson.task],
        "min_data_in_leaf": int(np.clip(rows // 100, 3, 20)),
        "min_data_per_group": int(np.clip(rows // 50, 5, 100)),
        "bagging_freq": 1,
        "max_bin": 255,
        "verbosity": -1,
        "seed": lesson.seed,
        "deterministic": True,
        "force_col_wise": True,
        "num_threads": lesson.threads,
        "feature_pre_filter": False,
    } | settings
    if lesson.task == "multiclass":
        params["num_class"] = lesson.classes
    if lesson.monotone:
        params["monotone_constraints"] = [lesson.monotone.get(column, 0) for column in range(lesson.matrix.shape[1])]

    made: list[int] = []

    def stop_in_time(env: Any) -> None:
        # A round that finds no split leaves no tree, so rounds are counted by trees and not by turns.
        made.append(int(env.model.current_iteration()))
        done = lesson.rounds and (made[-1] == lesson.rounds or len(made) >= lesson.rounds + PATIENCE)
        if lesson.late() or done:
            raise lightgbm.callback.EarlyStopException(env.iteration, env.evaluation_result_list)

    callbacks: list[Any] = [stop_in_time]
    own = {"verbosity": -1, "num_threads": lesson.threads, "feature_pre_filter": False}
    train = lightgbm.Dataset(lesson.matrix, lesson.labels, categorical_feature=list(lesson.categorical), params=own)
    valid = []
    if lesson.check is not None:
        valid = [train.create_valid(*lesson.check)]
        callbacks.append(lightgbm.early_stopping(PATIENCE, verbose=False))
    rounds = lesson.rounds + PATIENCE if lesson.rounds else MOST_ROUNDS
    booster = lightgbm.train(params, train, num_boost_round=rounds, valid_sets=valid, callbacks=callbacks)
    booster.best_iteration = made[booster.best_iteration - 1]
    return Boosting(booster, lesson.task, lesson.classes, lesson.threads)

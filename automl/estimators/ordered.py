"""CatBoost: boosted symmetric trees whose categories are encoded by the target of earlier rows only.

Ordered target statistics keep a level's own label out of its encoding (Prokhorenkova et al., 2018). Kept in CatBoost's
JSON format.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from automl import quantiles
from automl.estimators import Array, Lesson
from automl.tasks import NUMBERS, Task

LIBRARY = "catboost"
FILE = "catboost.cbm"
FORMAT = "cbm"
LEVELS = "catboost.json"
PATIENCE = 60
MOST_ROUNDS = 2000
OBJECTIVES: dict[Task, str] = {
    "binary": "Logloss",
    "multiclass": "MultiClass",
    "regression": "RMSE",
    "quantile": "MultiQuantile",
}


class Ordered:
    """A CatBoost model with the protocol of `automl.estimators.Estimator`; `levels` are its categorical columns."""

    family = "ordered"

    def __init__(self, model: Any, task: Task, levels: list[int], threads: int = -1) -> None:
        self._model, self._task, self._levels, self._threads = model, task, levels, threads

    @property
    def rounds(self) -> int:
        return int(self._model.tree_count_)

    def predict(self, matrix: Array) -> Array:
        kind = "RawFormulaVal" if self._task in NUMBERS else "Probability"
        pool = _pool(matrix, None, self._levels)
        found = np.asarray(self._model.predict(pool, prediction_type=kind, thread_count=self._threads), dtype=float)
        return found.reshape(len(matrix), -1) if self._task == "quantile" else found

    def contributions(self, matrix: Array) -> tuple[Array, Array]:
        raw = self._model.get_feature_importance(
            _pool(matrix, np.zeros(len(matrix)), self._levels), type="ShapValues", thread_count=self._threads
        )
        raw = np.asarray(raw, dtype=float)
        if self._task == "quantile" and raw.ndim == 3:
            raw = raw[:, quantiles.middle(raw.shape[1])]
        if self._task != "multiclass":
            return raw[:, :-1], raw[0, -1:]
        cube = raw.transpose(0, 2, 1)
        return cube[:, :-1, :], cube[0, -1, :]

    def save(self, folder: Path) -> list[Path]:
        path, levels = folder / FILE, folder / LEVELS
        self._model.save_model(str(path), format=FORMAT)
        levels.write_text(",".join(map(str, self._levels)), encoding="utf-8")
        return [path, levels]


def load(folder: Path, task: Task, classes: int) -> Ordered:
    """Read CatBoost's own format. Raises OSError when the file is missing, ValueError when it is no model."""
    import catboost

    levels = [int(number) for number in (folder / LEVELS).read_text(encoding="utf-8").split(",") if number]
    model = catboost.CatBoost()
    try:
        model.load_model(blob=(folder / FILE).read_bytes(), format=FORMAT)
    except catboost.CatBoostError as error:
        raise ValueError(f"{FILE} is no CatBoost model: {error}") from error
    return Ordered(model, task, levels)


def fit(settings: dict[str, Any], lesson: Lesson) -> Ordered:
    """Train, stopping early on the rows to check where there are any."""
    import catboost

    levels = sorted(lesson.categorical)
    params = {
        "loss_function": OBJECTIVES[lesson.task],
        # How many rounds are announced changes each tree, so it is the same for a fold, its repetition and the refit.
        "iterations": max(lesson.rounds, MOST_ROUNDS),
        "thread_count": lesson.threads,
        "random_seed": lesson.seed,
        "allow_writing_files": False,
        "logging_level": "Silent",
        "boosting_type": "Plain",
        "max_ctr_complexity": 1,
    } | settings
    if lesson.task == "multiclass":
        params["classes_count"] = lesson.classes
    if lesson.levels:
        alone = "Quantile" if len(lesson.levels) == 1 else OBJECTIVES["quantile"]
        params["loss_function"] = f"{alone}:alpha={','.join(map(str, lesson.levels))}"
    check = _pool(*lesson.check, levels) if lesson.check is not None else None
    patience = PATIENCE if check is not None else None
    model = catboost.CatBoost(params)
    model.fit(
        _pool(lesson.matrix, lesson.labels, levels),
        eval_set=check,
        early_stopping_rounds=patience,
        use_best_model=check is not None,
        callbacks=[_InTime(lesson.late, lesson.rounds)],
    )
    return Ordered(model, lesson.task, levels, lesson.threads)


class _InTime:
    """Stops when the time is up, or the rounds are made that were wanted."""

    def __init__(self, late: Callable[[], bool], rounds: int) -> None:
        self._late, self._rounds = late, rounds

    def after_iteration(self, info: Any) -> bool:
        """Whether to go on."""
        return not self._late() and info.iteration != self._rounds


def _pool(matrix: Array, labels: Array | None, levels: list[int]) -> Any:
    """CatBoost's own table; level codes become whole numbers, a missing one -1."""
    import catboost

    if not levels:
        return catboost.Pool(matrix, labels)
    codes = np.nan_to_num(matrix[:, levels], nan=-1.0).astype(np.int64)
    plain = [column for column in range(matrix.shape[1]) if column not in set(levels)]
    data = catboost.FeaturesData(
        num_feature_data=np.ascontiguousarray(matrix[:, plain], dtype=np.float32) if plain else None,
        cat_feature_data=_names(codes),
    )
    return catboost.Pool(data, labels)


def _names(codes: npt.NDArray[np.int64]) -> npt.NDArray[Any]:
    """Whole numbers as bytes objects, which is how CatBoost takes categories."""
    words = np.array([str(code).encode() for code in range(-1, int(codes.max(initial=0)) + 1)], dtype=object)
    return words[codes + 1]

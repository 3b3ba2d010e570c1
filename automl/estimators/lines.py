"""Quantiles by LightGBM: boosted trees for each level, all with as many rounds as are best for all together."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from automl import quantiles
from automl.estimators import Array, Lesson
from automl.tasks import Task

LIBRARY = "lightgbm"
PATIENCE = 60
MOST_ROUNDS = 2000


class Lines:
    """A booster a level, with the protocol of `automl.estimators.Estimator`."""

    family = "lines"

    def __init__(self, boosters: list[Any], rounds: int, threads: int = 0) -> None:
        self._boosters, self._rounds, self._threads = boosters, rounds, threads

    @property
    def rounds(self) -> int:
        return self._rounds

    def predict(self, matrix: Array) -> Array:
        return np.column_stack([self._asked(booster, matrix) for booster in self._boosters])

    def contributions(self, matrix: Array) -> tuple[Array, Array]:
        raw = self._asked(self._boosters[quantiles.middle(len(self._boosters))], matrix, pred_contrib=True)
        return raw[:, :-1], raw[0, -1:]

    def _asked(self, booster: Any, matrix: Array, **how: bool) -> Array:
        found = booster.predict(matrix, num_iteration=self._rounds, num_threads=self._threads, **how)
        return np.asarray(found, dtype=float)

    def save(self, folder: Path) -> list[Path]:
        paths = []
        for number, booster in enumerate(self._boosters):
            paths.append(folder / f"lightgbm-{number}.txt")
            paths[-1].write_text(booster.model_to_string(num_iteration=self._rounds), encoding="utf-8")
        return paths


def load(folder: Path, task: Task, classes: int) -> Lines:
    """Read the text format of every level. Raises ValueError when one is no model, or there is none."""
    import lightgbm

    paths = sorted(folder.glob("lightgbm-*.txt"), key=lambda path: int(path.stem.rpartition("-")[2]))
    try:
        boosters = [lightgbm.Booster(model_str=path.read_text(encoding="utf-8")) for path in paths]
    except lightgbm.basic.LightGBMError as error:
        raise ValueError(f"{folder.name} holds no LightGBM models: {error}") from error
    if not boosters:
        raise ValueError(f"{folder.name} holds no LightGBM models")
    return Lines(boosters, boosters[0].current_iteration())


def fit(settings: dict[str, Any], lesson: Lesson) -> Lines:
    """Train all levels round by round, stopping early on the rows to check where there are any."""
    import lightgbm

    rows = len(lesson.labels)
    params = {
        "objective": "quantile",
        "metric": "quantile",
        "min_data_in_leaf": int(np.clip(rows // 100, 3, 20)),
        "min_data_per_group": int(np.clip(rows // 50, 5, 100)),
        "bagging_freq": 1,
        "verbosity": -1,
        "seed": lesson.seed,
        "deterministic": True,
        "force_col_wise": True,
        "num_threads": lesson.threads,
    } | settings
    if lesson.monotone:
        params["monotone_constraints"] = [lesson.monotone.get(column, 0) for column in range(lesson.matrix.shape[1])]
    train = lightgbm.Dataset(lesson.matrix, lesson.labels, categorical_feature=list(lesson.categorical), params=params)
    boosters = [lightgbm.Booster({**params, "alpha": level}, train) for level in lesson.levels]
    if lesson.check is not None:
        check = train.create_valid(*lesson.check)
        for booster in boosters:
            booster.add_valid(check, "check")
    best, least = 0, np.inf
    for made in range(1, (lesson.rounds or MOST_ROUNDS) + 1):
        for booster in boosters:
            booster.update()
        if lesson.check is not None:
            loss = sum(booster.eval_valid()[0][2] for booster in boosters)
            best, least = (made, loss) if loss < least else (best, least)
        if lesson.late() or (lesson.check is not None and made >= best + PATIENCE):
            break
    return Lines(boosters, best or made, lesson.threads)

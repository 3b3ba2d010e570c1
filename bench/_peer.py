"""Trains another tool on one table and writes its predictions; runs in the peers' own environment.

python _peer.py TOOL train.csv test.csv TARGET TASK SECONDS OUT.json
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from typing import Any

import numpy as np
import pandas as pd


def main(tool: str, train_path: str, test_path: str, target: str, task: str, seconds: str, out: str) -> None:
    """One tool on one table."""
    train, test = pd.read_csv(train_path), pd.read_csv(test_path)
    labels, inputs = train.pop(target), train
    test = test.drop(columns=[target])
    for name in inputs.columns:
        if not pd.api.types.is_numeric_dtype(inputs[name]):
            levels = pd.Index(inputs[name].dropna().unique())
            inputs[name] = pd.Categorical(inputs[name], categories=levels)
            test[name] = pd.Categorical(test[name], categories=levels)
    classes: list[str] = []
    if task != "regression":
        codes, found = pd.factorize(labels.astype(str), sort=True)
        labels, classes = pd.Series(codes), [str(name) for name in found]
    started = time.monotonic()
    predicted = TOOLS[tool](inputs.reset_index(drop=True), labels.reset_index(drop=True), test, task, float(seconds))
    took = time.monotonic() - started
    with open(out, "w", encoding="utf-8") as file:  # noqa: PTH123
        json.dump({"predicted": np.asarray(predicted).tolist(), "classes": classes, "seconds": took}, file)


def flaml(inputs: pd.DataFrame, labels: Any, test: pd.DataFrame, task: str, seconds: float) -> Any:
    """FLAML as its documents show it."""
    from flaml import AutoML

    metric = {"binary": "roc_auc", "multiclass": "log_loss", "regression": "rmse"}[task]
    model = AutoML()
    sort = "regression" if task == "regression" else "classification"
    model.fit(inputs, labels, task=sort, metric=metric, time_budget=seconds, n_jobs=2, verbose=0, seed=0)
    return model.predict(test) if task == "regression" else model.predict_proba(test)


def mljar(inputs: pd.DataFrame, labels: Any, test: pd.DataFrame, task: str, seconds: float) -> Any:
    """mljar-supervised in its most accurate mode."""
    from supervised.automl import AutoML

    for frame in (inputs, test):
        for name in frame.select_dtypes("category"):
            frame[name] = frame[name].astype(object)
    sort = {"binary": "binary_classification", "multiclass": "multiclass_classification"}.get(task, "regression")
    metric = {"binary": "auc", "multiclass": "logloss"}.get(task, "rmse")
    with tempfile.TemporaryDirectory() as folder:
        model = AutoML(
            results_path=f"{folder}/run", mode="Compete", ml_task=sort, eval_metric=metric,
            total_time_limit=int(seconds), n_jobs=2, random_state=0, verbose=0,
        )  # fmt: skip
        model.fit(inputs, labels)
        return model.predict(test) if task == "regression" else model.predict_proba(test)


def lightgbm(inputs: pd.DataFrame, labels: Any, test: pd.DataFrame, task: str, seconds: float) -> Any:
    """LightGBM at its defaults."""
    return _boosted({}, 100, inputs, labels, task, [test])[0]


def tuned(inputs: pd.DataFrame, labels: Any, test: pd.DataFrame, task: str, seconds: float) -> Any:
    """LightGBM, its settings sampled with early stopping on a quarter of the rows until time is up; then refitted."""
    random, end = np.random.default_rng(0), time.monotonic() + 0.75 * seconds
    held = random.random(len(labels)) < 0.25
    best: tuple[float, dict[str, Any], int] | None = None
    while best is None or time.monotonic() < end:
        settings = {} if best is None else {
            "num_leaves": int(2 ** random.uniform(2, 7)),
            "learning_rate": float(10 ** random.uniform(-1.7, -0.7)),
            "min_data_in_leaf": int(2 ** random.uniform(1, 6)),
            "feature_fraction": float(random.uniform(0.4, 1)),
            "bagging_fraction": float(random.uniform(0.5, 1)),
            "bagging_freq": 1,
            "lambda_l2": float(10 ** random.uniform(-3, 1)),
        }  # fmt: skip
        loss, rounds = _tried(settings, inputs, labels, task, held, end)
        if best is None or loss < best[0]:
            best = (loss, settings, rounds)
    return _boosted(best[1], best[2], inputs, labels, task, [test])[0]


def _params(settings: dict[str, Any], labels: Any, task: str) -> dict[str, Any]:
    own = {"objective": task, "verbosity": -1, "num_threads": 2, "seed": 0}
    return own | settings | ({"num_class": int(labels.max()) + 1} if task == "multiclass" else {})


def _tried(
    settings: dict[str, Any], inputs: pd.DataFrame, labels: Any, task: str, held: Any, end: float
) -> tuple[float, int]:
    import lightgbm as lgb

    def in_time(env: Any) -> None:
        if time.monotonic() > end:
            raise lgb.callback.EarlyStopException(env.iteration, env.evaluation_result_list)

    train = lgb.Dataset(inputs[~held], labels[~held])
    check = lgb.Dataset(inputs[held], labels[held], reference=train)
    model = lgb.train(
        _params(settings, labels, task),
        train,
        3_000,
        [check],
        callbacks=[lgb.early_stopping(50, verbose=False), in_time],
    )
    scores = model.best_score.get("valid_0", {})
    return (float(next(iter(scores.values()))) if scores else np.inf), model.best_iteration or model.current_iteration()


def _boosted(
    settings: dict[str, Any], rounds: int, inputs: pd.DataFrame, labels: Any, task: str, tables: list[pd.DataFrame]
) -> list[Any]:
    import lightgbm as lgb

    model = lgb.train(_params(settings, labels, task), lgb.Dataset(inputs, labels), rounds)
    found = [model.predict(table) for table in tables]
    return [np.column_stack([1 - raw, raw]) for raw in found] if task == "binary" else found


TOOLS = {"flaml": flaml, "mljar": mljar, "lightgbm": lightgbm, "lightgbm tuned": tuned}

if __name__ == "__main__":
    main(*sys.argv[1:])

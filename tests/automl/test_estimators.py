"""Models: they learn, come back from text files unchanged, and their SHAP values are the real ones."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from automl import estimators
from automl.detect import Task
from automl.estimators import Estimator, boosting, linear

RANDOM = np.random.default_rng(5)
MATRIX = np.column_stack([RANDOM.normal(size=300), RANDOM.integers(0, 3, 300), RANDOM.normal(size=300)])
SCORE = 2 * MATRIX[:, 0] + (MATRIX[:, 1] == 1) * 1.5
LABELS: dict[Task, np.ndarray] = {
    "regression": SCORE,
    "binary": (SCORE > 0.5).astype(float),
    "multiclass": np.digitize(SCORE, [-1, 1]).astype(float),
}
CLASSES: dict[Task, int] = {"regression": 0, "binary": 2, "multiclass": 3}
LEVELS = {1: 3}
TASKS: list[Task] = ["regression", "binary", "multiclass"]
FAMILIES = ["boosting", "linear"]


def fitted(family: str, task: Task) -> Estimator:
    if family == "linear":
        return linear.fit({}, task, CLASSES[task], MATRIX, LABELS[task], LEVELS)
    return boosting.fit({"num_leaves": 7}, task, CLASSES[task], MATRIX, LABELS[task], LEVELS, rounds=40)


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("family", FAMILIES)
def test_a_model_learns_and_survives_its_text_file(family: str, task: Task, tmp_path: Path) -> None:
    model = fitted(family, task)
    predicted = model.predict(MATRIX)
    if task == "regression":
        assert np.corrcoef(predicted, SCORE)[0, 1] > 0.95
    else:
        assert (predicted.argmax(axis=1) == LABELS[task]).mean() > 0.85
        assert predicted.sum(axis=1) == pytest.approx(1)
    files = model.save(tmp_path)
    assert all(path.suffix in (".txt", ".json") for path in files)
    restored = estimators.load(family, tmp_path, task, CLASSES[task])
    assert restored.predict(MATRIX) == pytest.approx(predicted)


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("family", FAMILIES)
def test_contributions_add_up_to_the_prediction(family: str, task: Task) -> None:
    model = fitted(family, task)
    values, base = model.contributions(MATRIX)
    scores = values.sum(axis=1) + base
    predicted = model.predict(MATRIX)
    if task == "regression":
        assert scores == pytest.approx(predicted)
    elif task == "binary":
        assert 1 / (1 + np.exp(-scores)) == pytest.approx(predicted[:, 1])
    else:
        powers = np.exp(scores)
        assert powers / powers.sum(axis=1, keepdims=True) == pytest.approx(predicted)


@pytest.mark.parametrize("task", TASKS)
def test_tree_contributions_are_those_of_shap(task: Task) -> None:
    import shap

    model = fitted("boosting", task)
    assert isinstance(model, boosting.Boosting)
    expected = shap.TreeExplainer(model._booster)(MATRIX[:40]).values
    values, _ = model.contributions(MATRIX[:40])
    assert values == pytest.approx(expected)


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / linear.FILE).write_text('{"weights": []}')
    with pytest.raises(ValueError, match="no linear model"):
        estimators.load("linear", tmp_path, "regression", 0)


def test_a_class_that_a_fold_lacks_does_no_harm() -> None:
    some = LABELS["multiclass"] < 2
    model = linear.fit({}, "multiclass", 3, MATRIX[some], LABELS["multiclass"][some], LEVELS)
    assert model.predict(MATRIX)[:, 2].max() < 1e-6

"""Models: they learn, come back from their files unchanged, and their SHAP values are the real ones."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from automl import estimators
from automl.estimators import Additive, Estimator, Lesson, boosting, linear
from automl.tasks import Task

RANDOM = np.random.default_rng(5)
MATRIX = np.column_stack([RANDOM.normal(size=300), RANDOM.integers(0, 3, 300), RANDOM.normal(size=300)])
SCORE = 2 * MATRIX[:, 0] + (MATRIX[:, 1] == 1) * 1.5
LABELS: dict[Task, np.ndarray] = {
    "regression": SCORE,
    "binary": (SCORE > 0.5).astype(float),
    "multiclass": np.digitize(SCORE, [-1, 1]).astype(float),
}
CLASSES: dict[Task, int] = {"regression": 0, "binary": 2, "multiclass": 3}
GAPS = MATRIX.copy()
GAPS[::7, 2] = np.nan
GAPS[::11, 1] = np.nan
TASKS: list[Task] = ["regression", "binary", "multiclass"]
FAMILIES = sorted(estimators.FAMILIES - {"lines"})  # quantiles only: see test_quantiles.py
SETTINGS = {"boosting": {"num_leaves": 7}, "ordered": {"learning_rate": 0.2}, "xgboosting": {"max_depth": 3}}
ROUNDS = {"linear": 0, "neighbours": 0, "network": 60}


def lesson(family: str, task: Task) -> Lesson:
    return Lesson(task, CLASSES[task], GAPS, LABELS[task], {1: 3}, rounds=ROUNDS.get(family, 40))


def fitted(family: str, task: Task) -> Estimator:
    return estimators.fit(family, SETTINGS.get(family, {}), lesson(family, task))


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("family", FAMILIES)
def test_a_model_learns_and_survives_its_files(family: str, task: Task, tmp_path: Path) -> None:
    model = fitted(family, task)
    predicted = model.predict(GAPS)
    if task == "regression":
        assert np.corrcoef(predicted, SCORE)[0, 1] > 0.93
    else:
        assert (predicted.argmax(axis=1) == LABELS[task]).mean() > 0.85
        assert predicted.sum(axis=1) == pytest.approx(1)
    for path in model.save(tmp_path):
        assert path.suffix in (".txt", ".json", ".npz", ".ubj", ".cbm")
    restored = estimators.load(family, tmp_path, task, CLASSES[task])
    assert restored.predict(GAPS) == pytest.approx(predicted, rel=1e-5, abs=1e-6)


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("family", ["boosting", "ordered", "xgboosting", "linear"])
def test_contributions_add_up_to_the_prediction(family: str, task: Task) -> None:
    model = fitted(family, task)
    assert isinstance(model, Additive)
    values, base = model.contributions(GAPS)
    scores = values.sum(axis=1) + base
    predicted = model.predict(GAPS)
    if task == "regression":
        assert scores == pytest.approx(predicted, rel=1e-4, abs=1e-4)
    elif task == "binary":
        assert 1 / (1 + np.exp(-scores)) == pytest.approx(predicted[:, 1], rel=1e-4, abs=1e-4)
    else:
        powers = np.exp(scores)
        assert powers / powers.sum(axis=1, keepdims=True) == pytest.approx(predicted, rel=1e-4, abs=1e-4)


@pytest.mark.parametrize("task", TASKS)
def test_tree_contributions_are_those_of_shap(task: Task) -> None:
    import shap

    model = fitted("boosting", task)
    assert isinstance(model, boosting.Boosting)
    expected = shap.TreeExplainer(model._booster)(GAPS[:40]).values
    values, _ = model.contributions(GAPS[:40])
    assert values == pytest.approx(expected)


@pytest.mark.parametrize("family", FAMILIES)
def test_a_class_that_a_fold_lacks_does_no_harm(family: str) -> None:
    some = LABELS["multiclass"] < 2
    labels = LABELS["multiclass"][some]
    model = estimators.fit(family, {}, Lesson("multiclass", 3, MATRIX[some], labels, {1: 3}, rounds=20))
    predicted = model.predict(MATRIX)
    assert predicted.shape == (300, 3)
    assert (predicted.argmax(axis=1) < 2).mean() > 0.9


@pytest.mark.parametrize("family", ["boosting", "ordered", "xgboosting", "forest", "network"])
def test_a_fit_that_is_late_stops_with_what_it_has(family: str) -> None:
    late = Lesson("regression", 0, MATRIX, SCORE, {1: 3}, rounds=10_000, late=lambda: True)
    model = estimators.fit(family, {}, late)
    assert model.rounds <= 2
    assert np.isfinite(model.predict(MATRIX)).all()


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / linear.FILE).write_text('{"weights": []}')
    with pytest.raises(ValueError, match="no linear model"):
        estimators.load("linear", tmp_path, "regression", 0)


def test_a_family_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no family of models called 'os'"):
        estimators.load("os", tmp_path, "regression", 0)


def test_columns_in_pairs_tell_what_neither_tells_alone(tmp_path: Path) -> None:
    random = np.random.default_rng(4)
    matrix = random.uniform(1, 10, (600, 4))
    labels = matrix[:, 0] / matrix[:, 1]
    lesson = Lesson("regression", 0, matrix[:400], labels[:400], {}, rounds=120)
    settings = {"num_leaves": 8, "learning_rate": 0.1}
    errors = {}
    for family in ("boosting", "paired"):
        model = estimators.fit(family, settings, lesson)
        errors[family] = float(np.abs(model.predict(matrix[400:]) - labels[400:]).mean())
    assert errors["paired"] < 0.6 * errors["boosting"]
    model.save(tmp_path)
    again = estimators.load("paired", tmp_path, "regression", 0)
    np.testing.assert_allclose(again.predict(matrix), model.predict(matrix))
    assert isinstance(again, Additive)
    values, base = again.contributions(matrix)
    assert values.shape == matrix.shape
    np.testing.assert_allclose(values.sum(axis=1) + base, model.predict(matrix), rtol=1e-6)

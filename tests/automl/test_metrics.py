"""Metrics: the same figures as scikit-learn, and an interval that holds the score."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn import metrics as reference

from automl import metrics

RANDOM = np.random.default_rng(4)


def test_regression_as_in_scikit_learn() -> None:
    labels = RANDOM.normal(size=80)
    predicted = labels + RANDOM.normal(size=80) / 2
    found = metrics.evaluate("regression", labels, predicted)
    assert found["r2"] == pytest.approx(reference.r2_score(labels, predicted))
    assert found["mae"] == pytest.approx(reference.mean_absolute_error(labels, predicted))
    assert found["rmse"] == pytest.approx(reference.root_mean_squared_error(labels, predicted))


def test_two_classes_as_in_scikit_learn() -> None:
    labels = RANDOM.integers(0, 2, 90).astype(float)
    chance = np.clip(labels * 0.3 + RANDOM.random(90) * 0.6, 0.01, 0.99).round(1)  # rounded, so that scores tie
    chance = np.clip(chance, 0.05, 0.95)
    found = metrics.evaluate("binary", labels, np.column_stack([1 - chance, chance]))
    assert found["roc_auc"] == pytest.approx(reference.roc_auc_score(labels, chance))
    assert found["log_loss"] == pytest.approx(reference.log_loss(labels, chance))
    assert found["f1"] == pytest.approx(reference.f1_score(labels, chance > 0.5))
    assert found["accuracy"] == pytest.approx(reference.accuracy_score(labels, chance > 0.5))


def test_several_classes_as_in_scikit_learn() -> None:
    labels = RANDOM.integers(0, 4, 100).astype(float)
    chances = RANDOM.dirichlet(np.ones(4), 100)
    found = metrics.evaluate("multiclass", labels, chances)
    assert found["macro_f1"] == pytest.approx(reference.f1_score(labels, chances.argmax(axis=1), average="macro"))
    assert found["log_loss"] == pytest.approx(reference.log_loss(labels, chances))


def test_the_interval_holds_the_score_and_narrows_with_rows() -> None:
    def width(rows: int) -> float:
        labels = RANDOM.normal(size=rows)
        predicted = labels + RANDOM.normal(size=rows) / 2
        low, high = metrics.interval("regression", labels, predicted)
        assert low <= metrics.evaluate("regression", labels, predicted)["r2"] <= high
        return high - low

    assert width(2000) < width(50)


def test_one_class_alone_cannot_be_ranked() -> None:
    assert metrics.roc_auc(np.ones(5), np.arange(5.0)) == 0.5


def test_rows_that_hang_together_make_the_interval_wider() -> None:
    labels, random = np.repeat(np.arange(60.0), 10), np.random.default_rng(0)
    groups = np.repeat(np.arange(60), 10)
    predicted = labels + np.repeat(random.normal(0, 12, 60), 10)
    alone, together = (metrics.interval("regression", labels, predicted, blocks=one) for one in (None, groups))
    assert together[1] - together[0] > 2 * (alone[1] - alone[0])
    assert np.diff(metrics.interval("regression", labels, predicted, blocks=np.arange(600))) == pytest.approx(
        np.diff(alone), rel=0.2
    )

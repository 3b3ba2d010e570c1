"""The portfolio: what suits a table of that size, and settings sampled around it."""

from __future__ import annotations

import numpy as np
import optuna
import pytest

from automl import estimators
from automl.portfolio import NAMES, Size, portfolio, suggestion

NUMBERS = np.random.default_rng(0).normal(size=500)


def names(size: Size, labels: np.ndarray = NUMBERS) -> list[str]:
    return [candidate.name for candidate in portfolio(size, labels)]


def test_a_usual_table_meets_every_family() -> None:
    found = portfolio(Size("binary", 500, 10, 10, 1, 30.0), NUMBERS)
    assert {candidate.family for candidate in found} == estimators.FAMILIES - {"lines"} == set(NAMES) - {"lines"}
    assert len({candidate.name for candidate in found}) == len(found)


def test_a_few_seconds_are_for_what_loads_quickly() -> None:
    assert names(Size("binary", 500, 10, 10, 1, 2.0)) == ["LightGBM", "Linear", "LightGBM, small trees"]


def test_a_big_table_is_left_to_trees() -> None:
    families = {candidate.family for candidate in portfolio(Size("multiclass", 500_000, 50, 300, 9, 30.0), NUMBERS)}
    assert families == {"boosting", "ordered", "xgboosting", "forest"}


def test_amounts_over_orders_of_magnitude_are_learned_as_logarithms_too() -> None:
    size = Size("regression", 500, 10, 10, 1, 30.0)
    assert any(name.endswith("logarithm") for name in names(size, np.exp(2 * NUMBERS)))
    assert not any(name.endswith("logarithm") for name in names(size, np.exp(2 * NUMBERS) - 1))
    assert not any(name.endswith("logarithm") for name in names(size))


def test_more_time_means_smaller_steps() -> None:
    rates = [Size("regression", 50_000, 20, 20, 1, budget).rate for budget in (10, 60, 3_600)]
    assert rates == sorted(rates, reverse=True)
    assert 0.03 <= rates[-1] < rates[0] <= 0.25


@pytest.mark.parametrize("family", sorted(set(NAMES) - {"lines"}))
def test_sampled_settings_can_be_fitted(family: str) -> None:
    study = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=1))
    candidate = suggestion(study.ask(), Size("regression", 60, 2, 2, 1, 30.0), [family])
    matrix = np.random.default_rng(2).normal(size=(60, 2))
    lesson = estimators.Lesson("regression", 0, matrix, matrix[:, 0], {}, rounds=0 if family == "linear" else 3)
    assert candidate.family == family
    assert np.isfinite(estimators.fit(family, candidate.settings, lesson).predict(matrix)).all()

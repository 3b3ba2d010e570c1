"""Few rows are split anew several times, and what counts was predicted by models that did not look."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from automl.clean import clean
from automl.detect import detect
from automl.folds import ENOUGH, FOLDS, Folds
from automl.ingest import read_table
from automl.portfolio import Candidate
from automl.problem import pose
from automl.trials import attempt
from tests.automl.conftest import customers


@pytest.fixture
def few(written: Callable[..., Path]) -> Folds:
    table = clean(read_table(written(customers(150))))
    posed = pose(table, detect(table, "left", "", None), [], 0)
    return Folds(posed.problem, posed.holdout, 0)


def test_few_rows_are_split_anew_until_enough_predictions_are_scored(few: Folds) -> None:
    rows = len(few.labels(slice(few.first)))
    assert few.first == FOLDS
    assert len(few) % FOLDS == 0
    assert len(few.labels(slice(few.first, None))) == min(5, -(-ENOUGH // rows)) * rows


def test_the_first_turn_counts_only_until_another_is_over(few: Folds) -> None:
    assert few.counted(3) == slice(0, 3)
    assert few.counted(9) == slice(0, 9)
    assert few.counted(10) == slice(5, 10)
    assert few.counted(20) == slice(5, 20)


def test_a_model_that_does_not_look_is_the_same_whatever_the_rows_to_check_hold(few: Folds) -> None:
    fold = few[few.first]
    boosting = Candidate("LightGBM", "boosting", {"num_leaves": 8})
    other = replace(fold, check_labels=1 - fold.check_labels)
    found = [
        attempt(few.problem, boosting, one, lambda: False, 0, rounds=20, blind=True).check for one in (fold, other)
    ]
    assert np.array_equal(*found)

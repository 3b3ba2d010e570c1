"""Splitting: no row on two sides, the mix of labels kept, the same seed the same split."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from automl import split


@given(st.integers(20, 200), st.integers(0, 5))
def test_every_row_is_on_one_side(rows: int, seed: int) -> None:
    labels = np.random.default_rng(seed).normal(size=rows)
    train, held = split.holdout(labels, None, False, seed)
    assert sorted([*train, *held]) == list(range(rows))
    assert abs(len(held) - rows / 5) <= 2


def test_a_rare_class_is_on_both_sides() -> None:
    labels = np.array([0.0] * 190 + [1.0] * 10)
    train, held = split.holdout(labels, None, False, 3)
    assert (labels[held] == 1).sum() in (1, 2, 3)
    assert (labels[train] == 1).sum() >= 7


def test_every_row_is_checked_once() -> None:
    labels = np.arange(50.0)
    checked = np.concatenate([check for _, check in split.folds(labels, 5, None, False, 0)])
    assert sorted(checked) == list(range(50))


def test_groups_stay_together() -> None:
    groups = np.repeat(np.arange(25), 4)
    for fit, check in split.folds(np.arange(100.0), 5, groups, False, 0):
        assert not set(groups[fit]) & set(groups[check])


def test_the_past_trains_and_the_future_judges() -> None:
    train, held = split.holdout(np.arange(100.0), None, True, 0)
    assert train.max() < held.min()


def test_the_same_seed_gives_the_same_split() -> None:
    labels = np.arange(40.0) % 3
    assert np.array_equal(split.fold_numbers(labels, 5, None, 7), split.fold_numbers(labels, 5, None, 7))
    assert not np.array_equal(split.fold_numbers(labels, 5, None, 7), split.fold_numbers(labels, 5, None, 8))

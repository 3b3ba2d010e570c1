"""Levels told by the target: drawn towards the whole, and no row by its own label."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from automl import features, texts, usual
from automl.clean import clean
from automl.features import Preparation
from automl.ingest import read_table

CODES = np.array([0, 0, 0, 1, 1, -1])
AIMS = np.array([[1.0], [1.0], [0.0], [0.0], [0.0], [1.0]])


def test_a_level_is_told_by_its_mean_drawn_towards_the_wholes() -> None:
    means = np.array(usual.learned(CODES, 3, AIMS))[:, 0]
    assert means[1] < means[2] == 0.5 < means[0] < 2 / 3


def test_a_row_without_a_level_is_told_nothing() -> None:
    told = usual.told(CODES, usual.learned(CODES, 3, AIMS))
    assert np.isnan(told[-1, 0])
    assert not np.isnan(told[:-1]).any()


def test_no_row_is_told_its_own_label() -> None:
    random = np.random.default_rng(0)
    codes, aims = np.arange(400) % 200, random.integers(0, 2, (400, 1)).astype(float)
    told = usual.crossed(codes, aims)
    for row in range(50):
        other = aims.copy()
        other[row] = 1 - other[row]
        assert usual.crossed(codes, other)[row, 0] == told[row, 0]


def many(written: Callable[..., Path], rows: int = 400) -> Preparation:
    random = np.random.default_rng(2)
    shop = random.integers(0, 30, rows)
    frame = pd.DataFrame({"shop": [f"s{n}" for n in shop], "y": shop % 2 + random.normal(0, 0.1, rows)})
    table = clean(read_table(written(frame)))
    labels = table.frame["y"].to_numpy()[:, None]
    preparation, matrix = features.learned(table, np.arange(rows), ["shop"], labels)
    assert matrix.shape == (rows, 2)
    assert abs(np.corrcoef(matrix[100:, 1], labels[100:, 0])[0, 1]) > 0.7
    return preparation


def test_many_levels_are_told_by_the_target_and_new_ones_by_nothing(written: Callable[..., Path]) -> None:
    preparation = many(written)
    found = preparation.transform(pd.DataFrame({"shop": ["s1", "s2", "a new one"]}))
    assert found[0, 1] > 0.8 > 0.2 > found[1, 1]
    assert np.isnan(found[2]).all()
    assert preparation.categorical == {0: 30}
    assert Preparation.from_json(json.loads(json.dumps(preparation.to_json()))) == preparation


def test_a_text_is_told_by_all_its_words_and_not_by_its_own_label() -> None:
    random = np.random.default_rng(1)
    words = np.array([f"word{letter}{other}" for letter in "abcdefghij" for other in "klmnopqrst"])
    angry = random.random(300) < 0.5
    values = pd.Series([" ".join(random.choice(words[50 * bad : 50 + 50 * bad], 12)) for bad in angry.astype(int)])
    aims, noise = angry[:, None].astype(float), random.integers(0, 2, (300, 1)).astype(float)
    for truth, telling in ((aims, True), (noise, False)):
        rules = texts.learn(values, truth)
        own = np.corrcoef(texts.verdicts(rules, values, truth, 0)[:, 0], truth[:, 0])[0, 1]
        assert (own > 0.9) == telling
        assert telling or abs(own) < 0.25

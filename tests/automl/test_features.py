"""Encoding: fitted on training rows alone, and the same after a trip through JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np

from automl import features
from automl.clean import Clean, clean
from automl.features import Preparation
from automl.ingest import read_table

Write = Callable[..., Path]
TEXT = "n,c,b,d,note\n" + "\n".join(
    f"{n},{'red' if n % 2 else 'blue'},{'yes' if n % 3 else 'no'},2025-01-{n + 1:02d},the box {n} was very heavy"
    for n in range(20)
)


def table(written: Write) -> Clean:
    return clean(read_table(written(TEXT)))


def fitted(cleaned: Clean) -> Preparation:
    return features.fit(cleaned, np.arange(len(cleaned.frame)), list(cleaned.frame.columns))


def test_every_kind_becomes_numbers_with_a_name_and_an_origin(written: Write) -> None:
    cleaned = table(written)
    preparation = fitted(cleaned)
    matrix = preparation.transform(cleaned.frame)
    assert matrix.shape == (20, len(preparation.names))
    assert len(preparation.origins) == len(preparation.names)
    assert preparation.categorical == {1: 2}
    assert matrix[0, preparation.names.index("d: month")] == 1


def test_levels_are_learned_from_training_rows_only(written: Write) -> None:
    cleaned = clean(read_table(written("c,n\n" + "red,1\n" * 1 + "blue,2\nred,3\ngreen,4\ngreen,5\n")))
    preparation = features.fit(cleaned, np.array([0, 1, 2]), ["c"])
    assert set(preparation.features[0].levels) == {"red", "blue"}
    assert np.isnan(preparation.transform(cleaned.frame)[3:, 0]).all()


def test_a_level_is_known_whatever_its_case(written: Write) -> None:
    cleaned = table(written)
    preparation = fitted(cleaned)
    odd = cleaned.frame.assign(c=cleaned.frame["c"].str.upper())
    assert np.array_equal(preparation.transform(odd), preparation.transform(cleaned.frame), equal_nan=True)


def test_the_encoding_survives_json(written: Write) -> None:
    cleaned = table(written)
    preparation = fitted(cleaned)
    restored = Preparation.from_json(json.loads(json.dumps(preparation.to_json())))
    assert restored == preparation


def test_a_new_file_is_read_as_the_training_table_was(written: Write) -> None:
    cleaned = table(written)
    preparation = fitted(cleaned)
    other = read_table(written("n;c;b;d\n1,5;blue;1;31.01.2025\nmany;pink;no;soon\n", "new.csv"))
    typed = preparation.typed(other.frame, other.decimal_comma)
    assert typed["n"].iloc[0] == 1.5
    assert typed["b"].tolist() == [1, 0]
    assert typed["d"].iloc[0].day == 31
    assert np.isnan(typed["n"].iloc[1])
    matrix = preparation.transform(typed)
    assert np.isnan(matrix[1, preparation.names.index("c")])
    assert np.isnan(matrix[:, -1]).all()

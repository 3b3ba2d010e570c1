"""Which way a prediction may move with a column, as the user wishes it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from automl import studio
from automl.clean import clean
from automl.ingest import read_table
from automl.wishes import monotone


def homes(rows: int = 300) -> pd.DataFrame:
    """Homes whose price rises with their size, with noise that makes it fall in places."""
    random = np.random.default_rng(3)
    size, age = random.uniform(30, 200, rows).round(), random.integers(0, 80, rows)
    price = 1_000 * size - 500 * age + random.normal(0, 30_000, rows)
    return pd.DataFrame({"size": size, "age": age, "town": random.choice(["A", "B"], rows), "price": price.round()})


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("price must not fall with size", {"size": 1}),
        ("the price should never rise with age, please", {"age": -1}),
        ("price must not drop when size grows and price may only fall with age", {"size": 1, "age": -1}),
        ("predict price", {}),
    ],
)
def test_wishes_are_read_from_a_sentence(words: str, expected: dict[str, int], written: Callable[..., Path]) -> None:
    table = clean(read_table(str(written(homes(60))), "homes.csv"))
    assert monotone(table, words, ["size", "age", "town"]) == (expected, [])


def test_what_cannot_be_granted_is_said(written: Callable[..., Path]) -> None:
    table = clean(read_table(str(written(homes(60))), "homes.csv"))
    found, notes = monotone(table, "price must not fall with town. Price must not rise with weather", ["size", "town"])
    assert found == {}
    assert "'town' holds no numbers" in notes[0]
    assert "no column 'weather'" in notes[1]


def test_the_prediction_never_falls_with_the_column(written: Callable[..., Path], tmp_path: Path) -> None:
    hint = "price must not fall with size"
    models = ["LightGBM, small trees", "XGBoost"]
    told = studio.run(
        str(written(homes())), target="price", hint=hint, budget=900, out=str(tmp_path / "run"), models=models
    )
    assert told["monotone"] == {"size": 1}
    assert "never falls with `size`" in Path(told["files"]["report"]).read_text(encoding="utf-8")
    sizes = np.arange(30, 200)
    grid = pd.concat([pd.DataFrame({"size": sizes, "age": age, "town": "A"}) for age in (5, 40, 70)])
    studio.predict(told["run_dir"], str(written(grid, "grid.csv")), str(tmp_path / "out.csv"))
    found = pd.read_csv(tmp_path / "out.csv")["prediction"].to_numpy().reshape(3, -1)
    assert (np.diff(found, axis=1) >= -1e-6).all()

"""Quantiles: asked for in words, learned by every family that can, in order, and holding as often as they say."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from automl import estimators, quantiles, studio
from automl.estimators import Additive, Lesson

LEVELS = (0.1, 0.5, 0.9)


def deliveries(rows: int = 600, seed: int = 0) -> pd.DataFrame:
    """Days that grow with the distance, and lie farther apart the farther it is."""
    random = np.random.default_rng(seed)
    distance, kind = random.uniform(0, 10, rows), random.choice(list("abc"), rows)
    days = 3 * distance + 5 * (kind == "a") + random.normal(0, 0.3 + 0.5 * distance)
    return pd.DataFrame({"distance": distance, "kind": kind, "noise": random.normal(size=rows), "days": days})


@pytest.mark.parametrize(
    ("words", "levels"),
    [
        ("the 10th, 50th and 90th percentile of days", (0.1, 0.5, 0.9)),
        ("P10, P50 and P90 for days", (0.1, 0.5, 0.9)),
        ("predict the 95 % quantile of days in 30 seconds", (0.95,)),
        ("das 90%-Quantil der Dauer", (0.9,)),
        ("0.05 and 0.95 quantiles of days", (0.05, 0.95)),
        ("quantiles of the delivery time", quantiles.USUAL),
        ("predict days from the other columns, 10 of them", ()),
    ],
)
def test_levels_are_read_from_the_words(words: str, levels: tuple[float, ...]) -> None:
    assert quantiles.levels(words) == levels


def test_the_pinball_loss_is_lowest_at_the_quantile() -> None:
    labels = np.arange(101.0)
    losses = [quantiles.pinball(labels, np.full((101, 1), guess), (0.9,)) for guess in range(101)]
    assert int(np.argmin(losses)) == 90


@pytest.mark.parametrize("family", ["lines", "linear", "ordered", "xgboosting"])
def test_a_family_learns_quantiles_and_explains_the_middle_one(family: str, tmp_path: Path) -> None:
    frame = deliveries()
    matrix = np.column_stack([frame["distance"], frame["kind"].map({"a": 0.0, "b": 1.0, "c": 2.0}), frame["noise"]])
    labels = frame["days"].to_numpy()
    own, check = slice(0, 400), slice(400, 600)
    lesson = Lesson(
        "quantile", 0, matrix[own], labels[own], {1: 3}, check=(matrix[check], labels[check]), levels=LEVELS, rounds=150
    )
    model = estimators.fit(family, {}, lesson)
    said = model.predict(matrix[check])
    assert said.shape == (200, 3)
    assert quantiles.figures(labels[check], said, LEVELS)["skill"] > 0.5
    model.save(tmp_path)
    np.testing.assert_allclose(estimators.load(family, tmp_path, "quantile", 3).predict(matrix[check]), said, rtol=1e-4)
    assert isinstance(model, Additive)
    values, base = model.contributions(matrix[check])
    np.testing.assert_allclose(values.sum(axis=1) + base, said[:, 1], rtol=1e-3, atol=1e-3)


def test_a_run_gives_lines_in_order_that_hold_as_often_as_they_say(
    written: Callable[..., Path], tmp_path: Path
) -> None:
    path, out = written(deliveries()), tmp_path / "predicted.csv"
    found = studio.run(
        str(path), target="days", hint="the 10th, 50th and 90th percentile of days", budget=900,
        out=str(tmp_path / "run"), models=["LightGBM, small trees", "Linear"],
    )  # fmt: skip
    assert (found["task"], found["levels"], found["metric"]) == ("quantile", [0.1, 0.5, 0.9], "skill")
    assert found["score"] > 0.5
    assert found["metrics"]["coverage"] == pytest.approx(0.8, abs=0.12)
    studio.predict(found["run_dir"], str(path), str(out))
    frame = pd.read_csv(out)
    assert ((frame["q10"] <= frame["q50"]) & (frame["q50"] <= frame["q90"])).all()
    assert (frame["prediction"] == frame["q50"]).all()
    assert studio.reproduce(found["run_dir"])["same"]
    assert "stayed below the 90% line" in Path(found["files"]["report"]).read_text(encoding="utf-8")

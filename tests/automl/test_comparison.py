"""A run tells where it errs most, and how it does beside the run before it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from automl import judged, studio

Write = Callable[..., Path]


def sizes(rows: int = 300) -> pd.DataFrame:
    """Prices that follow the size, and are all noise in the north."""
    random = np.random.default_rng(3)
    size, place = random.uniform(20, 200, rows), random.choice(["north", "south", "west"], rows)
    price = 3 * size + random.normal(0, np.where(place == "north", 80, 4))
    return pd.DataFrame({"size": size.round(1), "place": place, "other": random.normal(size=rows), "price": price})


def run(path: Path, out: Path, **more: Any) -> dict[str, Any]:
    return studio.run(str(path), target="price", budget=900, out=str(out), models=["Linear"], **more)


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """A run without the column that tells most, and one with it."""
    folder = tmp_path_factory.mktemp("compared")
    sizes().to_csv(folder / "sizes.csv", index=False)
    return [run(folder / "sizes.csv", folder / "one", ignore=["size"]), run(folder / "sizes.csv", folder / "two")]


def test_the_first_run_is_compared_with_none(runs: list[dict[str, Any]]) -> None:
    assert runs[0]["before"] is None


def test_a_better_run_is_called_better_on_the_same_rows(runs: list[dict[str, Any]]) -> None:
    before = runs[1]["before"]
    assert (before["run_id"], before["verdict"], before["same_rows"]) == (runs[0]["run_id"], "better", True)
    assert "clearly better; on the same 60 rows" in Path(runs[1]["files"]["report"]).read_text(encoding="utf-8")


def test_the_segment_with_the_largest_errors_is_told(runs: list[dict[str, Any]]) -> None:
    worst = runs[1]["segments"][0]
    assert (worst["column"], worst["segment"]) == ("place", "'north'")
    assert worst["error"] > 1.25 * worst["usual"]
    assert worst["words"] in Path(runs[1]["files"]["report"]).read_text(encoding="utf-8")


def test_errors_of_classes_are_wrong_or_right() -> None:
    held = pd.DataFrame({"kind": ["a", "b", "b"], "prediction": ["a", "a", "b"]})
    assert judged.errors_of(held, "kind", "binary").tolist() == [0.0, 1.0, 0.0]

"""Tables for the AutoML tests: each is real or made from a seed, and small."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from automl import studio
from config.paths import SAMPLES


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., Path]:
    """Writes text or a frame as a file and returns its path."""

    def write(content: str | bytes | pd.DataFrame, name: str = "table.csv") -> Path:
        path = tmp_path / name
        if isinstance(content, pd.DataFrame):
            content.to_csv(path, index=False)
        elif isinstance(content, bytes):
            path.write_bytes(content)
        else:
            path.write_text(content, encoding="utf-8")
        return path

    return write


QUICK = ["LightGBM, small trees", "Linear"]
"""Models that are done with a small table at once: a test must not depend on how busy the machine is."""


def customers(rows: int = 300, seed: int = 1) -> pd.DataFrame:
    """Customers of whom those with few visits and the basic plan leave; labels are words."""
    random = np.random.default_rng(seed)
    visits = random.integers(0, 30, rows)
    plan = random.choice(["basic", "plus", "pro"], rows)
    leaves = random.random(rows) < 1 / (1 + np.exp(0.35 * (visits - 10) - 1.5 * (plan == "basic")))
    return pd.DataFrame({"visits": visits, "plan": plan, "noise": random.normal(size=rows), "left": leaves}).assign(
        left=lambda frame: frame["left"].map({True: "yes", False: "no"})
    )


def irises(rows: int = 240, seed: int = 2) -> pd.DataFrame:
    """Three kinds of flower that differ in two measures."""
    random = np.random.default_rng(seed)
    kind = random.integers(0, 3, rows)
    return pd.DataFrame(
        {
            "length": kind * 1.5 + random.normal(0, 0.5, rows),
            "width": random.normal(3, 0.4, rows) - 0.6 * (kind == 1),
            "kind": np.array(["aster", "bluebell", "clover"])[kind],
        }
    )


@pytest.fixture(scope="session")
def diamonds(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """One finished run on the sample of diamonds, made once."""
    folder = tmp_path_factory.mktemp("runs") / "diamonds"
    data, models = str(SAMPLES / "diamonds.csv"), ["LightGBM, small trees", "Linear", "Forest"]
    return studio.run(data, target="price", budget=900, out=str(folder), owner="mara", models=models)


@pytest.fixture(scope="session")
def churn(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """One finished run with two classes, made once."""
    folder = tmp_path_factory.mktemp("runs")
    path = folder / "customers.csv"
    customers().to_csv(path, index=False)
    return studio.run(str(path), target="left", budget=900, out=str(folder / "churn"), models=QUICK)

"""What explaining a model costs beside LightGBM's own contributions, in processor time within one run.

A model of 14 columns explained on 5,000 rows, in parts with progress; and how soon the first picture is there.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from automl.prediction import Model

ROWS, COLUMNS, FIRST = 5_000, 14, 300
GOAL = 1.1
TREES, LEAVES = 120, 15
TARGET = "outcome"


def run() -> dict[str, Any]:
    """Processor seconds of LightGBM's contributions and of the explanation, their ratio, and of the first picture."""
    from automl.explain import explain_rows
    from automl.plots import effects, png

    with tempfile.TemporaryDirectory() as place:
        folder, table = Path(place), _table()
        model, frame = _model(table), table.drop(columns=TARGET)
        matrix = model.preparation.transform(frame)
        explain_rows(model, frame.head(50))
        own = _spent(lambda: [one.estimator.contributions(matrix) for one in model.blend.members])  # type: ignore[attr-defined]
        whole = _spent(lambda: explain_rows(model, frame))

        def first() -> None:
            found = explain_rows(model, frame.head(FIRST))
            png.draw(effects.beeswarm(found), folder)

        first()
        drawn = _spent(first)
    return {
        "rows": ROWS, "lightgbm_cpu_s": round(own, 2), "whole_cpu_s": round(whole, 2), "ratio": round(whole / own, 3),
        "goal": GOAL, "first_picture_cpu_s": round(drawn, 2),
    }  # fmt: skip


def _model(table: pd.DataFrame) -> Model:
    """One LightGBM model of all columns, as a run keeps it."""
    from automl.blend import Blend, Member
    from automl.estimators import Lesson, boosting
    from automl.features import Feature, Preparation
    from automl.manifest import RunManifest, new_run_id
    from automl.prediction import Model

    names = [str(name) for name in table if name != TARGET]
    preparation = Preparation(tuple(Feature(name, "number") for name in names))
    lesson = Lesson("regression", 0, preparation.transform(table), table[TARGET].to_numpy(), {}, rounds=TREES)
    fitted = boosting.fit({"num_leaves": LEAVES}, lesson)
    blend = Blend("regression", 0, (Member(fitted, 1.0),))
    return Model(RunManifest(run_id=new_run_id()), TARGET, "regression", (), preparation, blend)


def _table() -> pd.DataFrame:
    random = np.random.default_rng(0)
    numbers = pd.DataFrame(random.normal(size=(ROWS, COLUMNS)), columns=[f"c{n}" for n in range(COLUMNS)])
    signal = numbers["c0"] * 3 + np.sin(numbers["c1"] * 2) + numbers["c2"] * numbers["c3"]
    return numbers.assign(**{TARGET: signal + random.normal(0, 0.3, ROWS)})


def _spent(work: Callable[[], Any]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def show(result: dict[str, Any]) -> None:
    """Print the ratio against the goal."""
    print(f"{result['rows']:,} rows: LightGBM's own {result['lightgbm_cpu_s']} s of processor time,")
    print(f"explained whole {result['whole_cpu_s']} s: {result['ratio']} times (goal {result['goal']})")
    print(f"first picture {result['first_picture_cpu_s']} s (goal 2 s)")

"""What explaining a model costs beside LightGBM's own contributions, in processor time within one run.

A model of 14 columns explained on 20,000 rows, in parts with progress; and how soon the first pictures are there.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

ROWS, COLUMNS, FIRST = 20_000, 14, 300
GOAL = 1.1
TARGET, MODEL = "outcome", "LightGBM, small trees"


def run() -> dict[str, Any]:
    """Processor seconds of LightGBM's contributions and of the explanation, their ratio, and of the first pictures."""
    from automl import studio
    from automl.explain import explain_rows
    from automl.plots import effects, png
    from automl.prediction import load_model

    with tempfile.TemporaryDirectory() as place:
        folder, table = Path(place), _table()
        table.head(4_000).to_csv(folder / "table.csv", index=False)
        made = studio.run(str(folder / "table.csv"), target=TARGET, budget=600, models=[MODEL], out=str(folder / "run"))
        model = load_model(made["run_dir"])
        frame = table.drop(columns=TARGET)
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

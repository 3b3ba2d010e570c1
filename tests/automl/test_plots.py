"""Charts: drawn as PNG and as Plotly from one description, readable, and safe with any name."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from plotly.graph_objects import Figure

from automl import delivery
from automl.cohorts import cohorts
from automl.explain import Explanation
from automl.plots import columns, effects, interactive, page, png, verdicts
from automl.plots.chart import Bars, Chart, Dots, Panel

RANDOM = np.random.default_rng(0)
FRAME = pd.DataFrame(
    {
        "price": RANDOM.lognormal(5, 1, 400),
        "size": RANDOM.normal(60, 10, 400),
        "kind": RANDOM.choice(["flat", "house", "<b>loft</b> & more"], 400),
        "sold": pd.date_range("2020-01-01", periods=400),
    }
)
CHANCES = RANDOM.random(400)
CAME = RANDOM.random(400) < CHANCES


def explanation() -> Explanation:
    """Effects of two columns, of which the second acts only in houses."""
    houses = (FRAME["kind"] == "house").to_numpy()
    values = np.column_stack(
        [FRAME["size"] - 60, np.where(houses, 200.0, 1.0) * RANDOM.choice([-1, 1], 400), houses * 1.0]
    )
    names = ["size", "price", "kind"]
    return Explanation(
        columns=names, values=values, inputs=FRAME[names], importance=np.array([9.0, 8.0, 1.0]), by_class=None,
        target="rent", task="regression", towards="", classes=(),
    )  # fmt: skip


CHARTS = {
    "numbers": lambda: columns.distribution(FRAME["price"], "price"),
    "words": lambda: columns.distribution(FRAME["kind"], "kind"),
    "dates": lambda: columns.distribution(FRAME["sold"], "sold"),
    "nothing": lambda: columns.distribution(pd.Series([np.nan, np.nan]), "void"),
    "boxes": lambda: columns.boxes(FRAME["price"], FRAME["kind"], "price", "kind"),
    "series": lambda: columns.series(FRAME["sold"], FRAME["price"], "sold", "price"),
    "matrix": lambda: columns.scatter_matrix(FRAME, ["price", "size"]),
    "correlations": lambda: columns.correlations(FRAME, ["price", "size"]),
    "roc": lambda: verdicts.roc(CAME, CHANCES, "yes"),
    "precision": lambda: verdicts.precision_recall(CAME, CHANCES, "yes"),
    "calibration": lambda: verdicts.calibration(CAME, CHANCES, "yes"),
    "confusion": lambda: verdicts.confusion(FRAME["kind"], FRAME["kind"].iloc[::-1].reset_index(drop=True)),
    "residuals": lambda: verdicts.residuals(CHANCES, CHANCES**2, "price"),
    "forecast": lambda: verdicts.forecast(
        FRAME, FRAME.tail(9).assign(prediction=5.0, low=1.0, high=9.0), "sold", "price", ["kind"]
    ),
    "beeswarm": lambda: effects.beeswarm(explanation()),
    "dependence": lambda: effects.dependence(explanation(), "size"),
    "levels": lambda: effects.dependence(explanation(), "kind"),
}


@pytest.mark.parametrize("name", list(CHARTS))
def test_a_chart_is_drawn_both_ways(name: str, tmp_path: Path) -> None:
    chart = CHARTS[name]()
    assert png.draw(chart, tmp_path).read_bytes().startswith(b"\x89PNG")
    figure = interactive.figure(chart)
    assert Figure(figure).to_dict()["data"], "Plotly takes every part of it"
    text = json.dumps(figure, allow_nan=False)
    assert "<b>loft" not in text
    assert "rgba(0,0,0,0)" in figure["layout"]["paper_bgcolor"]


def test_curves_of_chances_know_the_best_and_the_worst() -> None:
    perfect = verdicts.roc(CAME, CAME.astype(float), "yes").panels[0].marks[1]
    assert (0.0, 1.0) in list(zip(perfect.x, perfect.y, strict=True))  # type: ignore[union-attr]
    always = verdicts.precision_recall(CAME, np.ones(400), "yes").panels[0].marks[1]
    assert always.y[-1] == pytest.approx(CAME.mean())  # type: ignore[union-attr]


def test_a_scatter_matrix_has_five_columns_at_most() -> None:
    wide = pd.DataFrame(RANDOM.normal(size=(50, 9)), columns=[f"c{n}" for n in range(9)])
    assert len(columns.scatter_matrix(wide, list(wide)).panels) == 25


def test_groups_that_something_else_moves_are_told() -> None:
    told = cohorts(explanation())
    assert any("Where 'kind' is 'house'" in line and "'price' matters most" in line for line in told)


def test_a_dependence_is_coloured_by_what_it_goes_along_with() -> None:
    random = np.random.default_rng(1)
    frame = pd.DataFrame(random.normal(size=(300, 3)), columns=["a", "b", "c"])
    values = np.column_stack([frame["b"] * 2 + frame["a"], frame["b"], frame["c"]])
    made = Explanation(list("abc"), values, frame, np.array([3.0, 2, 1]), None, "t", "regression", "", ())
    assert effects.dependence(made, "a").scale == "b"


def test_a_waterfall_begins_at_what_is_usual() -> None:
    found: dict[str, Any] = {"target": "rent", "label": "", "usual": 10.0, "final": 14.0}
    found["steps"] = [{"column": "a", "value": "1", "effect": 5.0}, {"column": "b", "value": "", "effect": -1.0}]
    (bars,) = effects.waterfall(found, 3).panels[0].marks
    assert isinstance(bars, Bars)
    assert bars.start is not None
    assert list(bars.start) == [10.0, 15.0]
    assert list(bars.labels) == ["+5", "−1"]


def test_the_page_needs_nothing_else_and_no_name_breaks_it(tmp_path: Path) -> None:
    chart = Chart("dots", "</script><script>alert(1)</script>", panels=(Panel((Dots([1, 2], [3, 4]),)),))
    text = page.write([chart], "All </title>", tmp_path / "page.html").read_text()
    assert "</script><script>alert" not in text
    assert "All &lt;/title&gt;" in text
    assert "http" not in text.split("<script>")[0]


def test_every_chart_of_a_run_is_on_one_page(churn: dict[str, Any], tmp_path: Path) -> None:
    files = delivery.deliver(churn["run_dir"], str(tmp_path), ["charts"])["files"]
    text = Path(files["charts"]).read_text()
    titles = " ".join(re.findall("<h2>(.*?)</h2>", text))
    shown = ("What moves", "Which columns matter", "is told apart", "chances hold", "Distribution of", "Correlations")
    assert [part for part in shown if part not in titles] == []

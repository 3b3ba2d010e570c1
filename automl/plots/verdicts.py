"""Charts of how good a model is on rows it had not seen, and of what a forecast says comes."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from automl.plots.chart import GREY, ROSE, Band, Chart, Dots, Line, Panel, Squares, short

Array = npt.NDArray[np.float64]

MOST_DOTS, MOST_CLASSES, BINS = 3_000, 12, 10
SHOWN_SERIES = 4
PAST = 4
"""How many times the horizon of history is shown before a forecast."""
UNSEEN = "rows the model had not seen"


def roc(positive: npt.NDArray[np.bool_], chances: Array, label: str) -> Chart:
    """The share of the class that is found against the share of the others that is called so by mistake."""
    wrong, right, _, _ = _swept(positive, chances)
    marks = (Line([0, 1], [0, 1], "guessing", GREY, dashed=True), Line(wrong, right, "the model"))
    panel = Panel(marks, f"others called '{short(label, 18)}' by mistake", "found", "share", "share")
    return Chart("roc", f"How well '{short(label, 30)}' is told apart", f"ROC curve on {UNSEEN}", (panel,), tall=5)


def precision_recall(positive: npt.NDArray[np.bool_], chances: Array, label: str) -> Chart:
    """The share that is right among those called so, against the share that is found."""
    _, found, right, share = _swept(positive, chances)
    marks = (Line([0, 1], [share, share], "guessing", GREY, dashed=True), Line(found, right, "the model"))
    panel = Panel(marks, f"'{short(label, 24)}' found (recall)", "right when it says so (precision)", "share", "share")
    title = f"Finding '{short(label, 20)}' and being right about it"
    return Chart("precision_recall", title, f"on {UNSEEN}", (panel,), tall=5)


def _swept(positive: npt.NDArray[np.bool_], chances: Array) -> tuple[Array, Array, Array, float]:
    """False and true positive rates and precision for every threshold, and the share of the class."""
    order = np.argsort(-chances, kind="stable")
    hits, misses = np.cumsum(positive[order]), np.cumsum(~positive[order])
    last = np.append(np.flatnonzero(np.diff(chances[order])), len(chances) - 1)
    wrong, right = misses[last] / max(1, misses[-1]), hits[last] / max(1, hits[-1])
    precise = hits[last] / (last + 1)
    at_zero = np.concatenate([[precise[0]], precise])
    return np.append([0.0], wrong), np.append([0.0], right), at_zero, float(positive.mean())


def calibration(positive: npt.NDArray[np.bool_], chances: Array, label: str) -> Chart:
    """What happened where the model gave about that chance; on the line is honest."""
    parts = np.array_split(np.argsort(chances, kind="stable"), min(BINS, max(1, len(chances) // 10)))
    said, came = ([float(values[part].mean()) for part in parts] for values in (chances, positive))
    marks = (Line([0, 1], [0, 1], "honest", GREY, dashed=True), Line(said, came, "the model"), Dots(said, came, size=8))
    panel = Panel(marks, f"chance of '{short(label, 20)}' that was given", "share that came true", "share", "share")
    return Chart("calibration", "Whether the chances hold", f"on {UNSEEN}, in groups of equal size", (panel,), tall=5)


def confusion(truth: pd.Series[Any], predicted: pd.Series[Any]) -> Chart:
    """How many rows of each class are called what."""
    shown = truth.value_counts().index[:MOST_CLASSES].tolist()
    counts = pd.crosstab(truth, predicted).reindex(index=shown, columns=shown, fill_value=0)
    names = [str(name) for name in shown]
    squares = Squares(
        names, counts.to_numpy(dtype=float).tolist(), least=0.0, most=float(counts.to_numpy().max()), places=0
    )
    panel = Panel((squares,), x="predicted", y="actual")
    return Chart("confusion", "What is taken for what", f"on {UNSEEN}", (panel,), tall=2.2 + 0.42 * len(names))


def against(truth: Array, predicted: Array, target: str) -> Chart:
    """Predicted against actual numbers."""
    shown = _some(truth)
    low, high = (float(one) for one in (min(truth.min(), predicted.min()), max(truth.max(), predicted.max())))
    marks = (Line([low, high], [low, high], colour=GREY, dashed=True), Dots(truth[shown], predicted[shown]))
    note = f"{UNSEEN}; on the line is right"
    return Chart(
        "against", f"{short(target, 40)}: predicted and actual", note, (Panel(marks, "actual", "predicted"),), tall=5
    )


def residuals(truth: Array, predicted: Array, target: str) -> Chart:
    """How far each prediction is off, by what was predicted: a shape here is something the model has not learned."""
    shown = _some(truth)
    ends = [float(predicted.min()), float(predicted.max())]
    parts = np.array_split(np.argsort(predicted, kind="stable"), min(BINS, max(1, len(truth) // 10)))
    middles, typical = ([float(np.median(v[part])) for part in parts] for v in (predicted, truth - predicted))
    marks = (
        Line(ends, [0.0, 0.0], colour=GREY, dashed=True),
        Dots(predicted[shown], (truth - predicted)[shown], "rows"),
        Line(middles, typical, "the usual error there", ROSE),
    )
    panel = Panel(marks, "predicted", "actual less predicted", y_form="signed")
    return Chart(
        "residuals", f"How far {short(target, 30)} is missed", f"{UNSEEN}; above 0 it came out higher", (panel,), tall=5
    )


def _some(values: Array) -> npt.NDArray[np.int64]:
    return np.random.default_rng(0).permutation(len(values))[:MOST_DOTS]


def forecast(past: pd.DataFrame, coming: pd.DataFrame, time: str, target: str, keys: list[str]) -> Chart:
    """History, forecast and interval; of several series the largest.

    `past` has the columns of time, keys and target; `coming` those and `prediction`, `low` and `high`.
    """
    panels = []
    for name, after in _parts(coming, keys):
        before = past if not keys else past[(past[keys].astype(str) == np.array(name)).all(axis=1)]
        before = before.tail(max(PAST * len(after), 30))
        history = Line(pd.to_datetime(before[time]).to_numpy(), before[target].to_numpy(dtype=float), "history", GREY)
        when = pd.to_datetime(after[time]).to_numpy()
        low, high, said = (after[one].to_numpy(dtype=float) for one in ("low", "high", "prediction"))
        band, line = Band(when, low, high, "nine of ten lie here"), Line(when, said, "forecast")
        panels.append(Panel((history, band, line), x="" if keys else time, y=target, title=", ".join(name)))
    note = "the band holds nine values of ten"
    across = 2 if len(panels) > 1 else 1
    tall = 4.6 if len(panels) == 1 else 1.0 + 2.8 * -(-len(panels) // 2)
    return Chart("forecast", f"{short(target, 40)}: what comes", note, tuple(panels), across, tall)


def _parts(coming: pd.DataFrame, keys: list[str]) -> list[tuple[tuple[str, ...], pd.DataFrame]]:
    if not keys:
        return [((), coming)]
    parts = [(tuple(map(str, name)), part) for name, part in coming.groupby(keys, sort=False)]
    return sorted(parts, key=lambda pair: -float(pair[1]["prediction"].sum()))[:SHOWN_SERIES]

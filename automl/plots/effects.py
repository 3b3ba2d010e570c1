"""Charts of why a model says what it does (SHAP): beeswarm, bars, dependence, and the waterfall of one row."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from automl.explain import Explanation, amount
from automl.plots.chart import BLUE, COLOURS, GREY, ROSE, Bars, Boxes, Chart, Dots, Panel, short

Array = npt.NDArray[np.float64]

MOST_COLUMNS, MOST_CLASSES, MOST_STEPS, MOST_LEVELS = 12, 6, 9, 12
MOST_DOTS = 1_500


def beeswarm(explanation: Explanation) -> Chart:
    """One dot a row and column: how far the column moved that row's prediction, coloured by the column's value."""
    shown = explanation.columns[:MOST_COLUMNS]
    rows = slice(0, MOST_DOTS)
    values = explanation.values[rows, : len(shown)]
    reach = float(np.abs(values).max()) or 1.0
    size = float(np.clip(1600 / max(len(values), 1), 3.2, 7))
    marks = tuple(
        Dots(
            values[:, place],
            place + spread(values[:, place], reach),
            shades=ranks(explanation.inputs[name].iloc[rows]),
            size=size,
        )
        for place, name in enumerate(shown)
    )
    goal = explanation.target if explanation.task == "regression" else f"{explanation.target} = {explanation.towards}"
    panel = Panel(
        marks,
        f"effect on the prediction, {unit(explanation)} (SHAP value)",
        "",
        "signed",
        ticks=tuple(shown),
        zero=True,
    )
    note = f"each dot is one of {len(values):,} rows; right of zero raises the prediction"
    scale = "value (grey: words)"
    return Chart("beeswarm", f"What moves {short(goal, 40)}", note, (panel,), tall=1.7 + 0.42 * len(shown), scale=scale)


def importance(explanation: Explanation) -> Chart:
    """Bars of each column's average effect; for several classes each bar is split by class."""
    shown = explanation.columns[:MOST_COLUMNS]
    total, places = explanation.importance[: len(shown)], range(len(shown))
    labels = [
        f"{amount(float(value), explanation).removesuffix(' percentage points')} ({explanation.shares[place]:.0%})"
        for place, value in enumerate(total)
    ]
    marks: tuple[Bars, ...] = (Bars(places, total, upright=False, labels=labels),)
    if explanation.by_class is not None:
        parts = explanation.by_class[: len(shown)] / 2
        order = np.argsort(-parts.sum(axis=0))
        heights = [(str(explanation.classes[code]), parts[:, code]) for code in order[:MOST_CLASSES]]
        if len(order) > MOST_CLASSES:
            heights.append(("others", parts[:, order[MOST_CLASSES:]].sum(axis=1)))
        starts = np.cumsum([np.zeros(len(shown)), *(height for _, height in heights)], axis=0)
        marks = tuple(
            Bars(
                places, height, short(name, 20), False, starts[number],
                labels if number == len(heights) - 1 else (), (COLOURS[number],),
            )
            for number, (name, height) in enumerate(heights)
        )  # fmt: skip
    what = "percentage points" if explanation.task != "regression" else unit(explanation)
    note = f"average effect on a prediction, in {what.removeprefix('in ')}"
    panel = Panel(marks, ticks=tuple(shown))
    title = f"Which columns matter for {short(explanation.target, 40)}"
    return Chart("importance", title, note, (panel,), tall=1.6 + 0.36 * len(shown))


def dependence(explanation: Explanation, name: str) -> Chart:
    """How a column's effect goes with its value; coloured by the column whose values go along with what is left."""
    place = explanation.columns.index(name)
    values, effects = explanation.inputs[name].iloc[:MOST_DOTS], explanation.values[:MOST_DOTS, place]
    y = f"effect on the prediction, {unit(explanation)}"
    title = f"What {short(name, 40)} does to the prediction"
    if not _ordered(values):
        common = list(values.value_counts().index[:MOST_LEVELS])
        parts = [effects[(values == level).to_numpy()] for level in common]
        fives = [tuple(float(q) for q in np.percentile(part, [5, 25, 50, 75, 95])) for part in parts]
        order = sorted(range(len(common)), key=lambda one: -fives[one][2])
        boxes = Boxes([str(common[one]) for one in order], [fives[one] for one in order])  # type: ignore[misc]
        note = "each box holds half of the rows with that value"
        return Chart("dependence", title, note, (Panel((boxes,), x=name, y=y, y_form="signed"),))
    known = values.notna().to_numpy()
    x = values[known].to_numpy(dtype="datetime64[s]" if pd.api.types.is_datetime64_any_dtype(values) else float)
    with_ = _companion(explanation, place)
    shades = ranks(explanation.inputs[with_].iloc[:MOST_DOTS])[known] if with_ else None
    note, scale = f"each dot is one of {int(known.sum()):,} rows", short(with_, 30) if with_ else ""
    panel = Panel((Dots(x, effects[known], shades=shades, size=5),), name, y, "", "signed")
    return Chart("dependence", title, note, (panel,), scale=scale)


def _companion(explanation: Explanation, place: int) -> str:
    """The column whose ranks go most with what this column's value leaves open of its effect; none where hardly any."""
    own = ranks(explanation.inputs[explanation.columns[place]])
    known = ~np.isnan(own)
    if known.sum() < 20:
        return ""
    order = np.argsort(own[known])
    effects = explanation.values[known, place][order]
    width = max(5, len(effects) // 20)
    smooth = np.convolve(np.pad(effects, width // 2, mode="edge"), np.ones(width) / width, "valid")[: len(effects)]
    left = effects - smooth
    best, found = 0.2, ""
    for name in explanation.columns[:MOST_COLUMNS]:
        other = ranks(explanation.inputs[name])[known][order]
        if name == explanation.columns[place] or np.isnan(other).mean() > 0.2 or np.nanstd(other) == 0:
            continue
        both = ~np.isnan(other)
        slopes = np.abs(np.corrcoef(left[both], other[both])[0, 1]) if left[both].std() else 0.0
        if slopes > best:
            best, found = float(slopes), name
    return found


def waterfall(found: dict[str, Any], row: int) -> Chart:
    """From what is usual, at the top, step by step to the prediction, at the bottom (see `automl.one_row`)."""
    from automl.one_row import amount as said
    from automl.one_row import change

    steps = list(found["steps"][:MOST_STEPS])
    if rest := found["steps"][MOST_STEPS:]:
        steps.append({"column": f"{len(rest)} others", "value": "", "effect": sum(one["effect"] for one in rest)})
    effects = np.array([step["effect"] for step in steps])
    starts = found["usual"] + np.concatenate([[0.0], np.cumsum(effects)[:-1]]) if len(steps) else np.zeros(0)
    labels = [f"{'+' if effect > 0 else '−'}{change(effect, found)}" for effect in effects]
    colours = [ROSE if effect > 0 else BLUE for effect in effects] or [GREY]
    names = [f"{short(s['column'], 20)} = {short(s['value'], 14)}" if s["value"] else s["column"] for s in steps]
    bars = Bars(range(len(steps)), effects, "", False, starts, labels, colours)
    goal = (found["label"] and f"chance of {found['label']}") or found["target"]
    panel = Panel((bars,), x=goal, x_form="share" if found["label"] else "", ticks=tuple(names))
    title = f"Why row {row:,} gets {said(found['final'], found)}"
    note = f"{short(goal, 50)}, from {said(found['usual'], found)}, which is usual"
    return Chart("waterfall", title, note, (panel,), tall=1.8 + 0.42 * max(1, len(steps)))


def unit(explanation: Explanation) -> str:
    """In what effects are told."""
    return f"in units of {short(explanation.target, 24)}" if explanation.task == "regression" else "in log odds"


def spread(effects: Array, reach: float, rows: float = 0.36, bins: int = 120) -> Array:
    """Vertical places that show where dots are dense: within each slice of the axis they fan out from the middle."""
    slices = np.clip(((effects + reach) / (2 * reach) * bins).astype(int), 0, bins)
    order = np.lexsort((np.random.default_rng(0).random(len(effects)), slices))
    counts = np.bincount(slices, minlength=bins + 1)
    starts = np.cumsum(counts) - counts
    rank = np.empty(len(effects), dtype=np.float64)
    rank[order] = np.arange(len(effects)) - starts[slices[order]]
    middle = np.ceil(rank / 2) * np.where(rank % 2 == 0, 1, -1)
    step = min(0.05, 2 * rows / max(int(counts.max()), 1))
    return np.asarray(middle * step, dtype=np.float64)


def ranks(values: pd.Series[Any]) -> Array:
    """Values from 0 (lowest) to 1 (highest) by rank; not a number where there is no order."""
    if not _ordered(values):
        return np.full(len(values), np.nan)
    placed = values.rank()
    low, high = placed.min(), placed.max()
    return np.asarray((placed - low) / (high - low) if high > low else placed * 0 + 0.5, dtype=np.float64)


def _ordered(values: pd.Series[Any]) -> bool:
    return pd.api.types.is_datetime64_any_dtype(values) or pd.api.types.is_numeric_dtype(values)

"""Why one row gets its prediction: what each column adds to what is usual, in words."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from automl.explain import chance
from automl.plots.chart import short
from automl.prediction import Model


def explain_row(model: Model, frame: pd.DataFrame, row: int) -> dict[str, Any]:
    """The parts of one prediction, JSON-able.

    Returns:
        prediction (a number, or the class and its chance), usual, final (both in the target's unit or as chances), and
        steps: column, value, effect in that unit, the strongest first. Effects add up from `usual` to `final` for
        numbers; for classes each is the change of the chance when it is added after those before it.
    """
    one = frame.iloc[[row]]
    summed, base = model.blend.contributions(model.preparation.transform(one), model.preparation.origins)
    columns = [feature.column for feature in model.preparation.features]
    if model.task == "multiclass":
        scores = base + summed[0].sum(axis=0)
        code = int(scores.argmax())
        # The chance of the class against all others: the log of its odds where every other keeps its score.
        rest = np.delete(scores, code)
        others = float(rest.max() + np.log(np.exp(rest - rest.max()).sum()))
        effects, start, label = summed[0][:, code], float(base[code]) - others, model.classes[code]
    else:
        effects, start = summed[0], float(base[0])
        label = model.classes[1] if model.task == "binary" else ""
    order = np.argsort(-np.abs(effects))
    path = start + np.concatenate([[0.0], np.cumsum(effects[order])])
    points = chance(path) if model.classes else path
    steps = [
        {"column": columns[i], "value": _shown(one[columns[i]]), "effect": float(points[n + 1] - points[n])}
        for n, i in enumerate(order)
    ]
    return {
        "target": model.target,
        "label": label,
        "usual": float(points[0]),
        "final": float(points[-1]),
        "steps": [step for step in steps if abs(step["effect"]) > 1e-12],
    }


def in_words(found: dict[str, Any], row: int) -> str:
    """A paragraph and a list for the client; `row` is counted as the user counts."""
    goal = f"the chance of '{found['label']}'" if found["label"] else f"'{found['target']}'"
    opening = (
        f"For row {row:,}, the model says {amount(found['final'], found)} for {goal}, "
        f"where {amount(found['usual'], found)} is usual."
    )
    lines = []
    for step in found["steps"][:6]:
        way = "raises" if step["effect"] > 0 else "lowers"
        lines.append(f"- **{step['column']}** is {step['value']}, which {way} it by {change(step['effect'], found)}")
    rest = sum(step["effect"] for step in found["steps"][6:])
    if found["steps"][6:]:
        way = "raise" if rest > 0 else "lower"
        lines.append(f"- the other {len(found['steps'][6:])} columns together {way} it by {change(rest, found)}")
    return "\n".join([opening, "", *lines]) if lines else f"{opening} No column moves it."


def _shown(values: pd.Series[Any]) -> str:
    value = values.iloc[0]
    if pd.isna(value):
        return "missing"
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    return f"{value:,.6g}" if isinstance(value, float) else f"'{short(str(value), 40)}'"


def amount(value: float, found: dict[str, Any]) -> str:
    """A prediction as it is told: a number, or a chance."""
    if found["label"]:
        return f"{value:.1%}"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.4g}"


def change(effect: float, found: dict[str, Any]) -> str:
    """The size of an effect on it."""
    return f"{abs(100 * effect):.1f} points" if found["label"] else amount(abs(effect), found)

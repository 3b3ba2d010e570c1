"""Why a model predicts what it does: exact SHAP values, summed to the client's own columns, and put into words.

Values of boosted trees are the libraries' own, equal to shap.TreeExplainer's (Lundberg et al., 2020); linear ones are
exact for independent columns (Lundberg and Lee, 2017); those of other models are sampled, and add up all the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from automl.estimators import Array
from automl.prediction import Model
from automl.tasks import NUMBERS

PART = 1_000
"""Rows explained between two words of progress."""
CLEAR = 0.35
"""A rank correlation of values and contributions above this is told as a direction."""


@dataclass(frozen=True)
class Explanation:
    """SHAP values by the client's columns, strongest first.

    `values` is (rows × columns) in the target's unit for regression and in log odds of `towards` for classes; `inputs`
    are the same rows as the model read them; `importance` is the mean absolute effect of each column, in the target's
    unit or in percentage points of probability; `by_class` splits it by class, for more than two.
    """

    columns: list[str]
    values: Array
    inputs: pd.DataFrame
    importance: Array
    by_class: Array | None
    target: str
    task: str
    towards: str
    classes: tuple[str, ...]

    @property
    def shares(self) -> Array:
        """Each column's share of all importance."""
        total = self.importance.sum()
        return self.importance / total if total else self.importance


def explain_rows(model: Model, frame: pd.DataFrame, told: Callable[[int], None] = lambda done: None) -> Explanation:
    """Explain typed rows, in parts; `told` hears how many are done.

    For several classes the values are those towards the commonest predicted one.
    """
    matrix = model.preparation.transform(frame)
    # What is sampled is sampled once, so that all rows share one base.
    size = PART if model.blend.exact else max(1, len(matrix))
    parts, base = [], np.zeros(1)
    for start in range(0, max(1, len(matrix)), size):
        own, base = model.blend.contributions(matrix[start : start + size], model.preparation.origins)
        parts.append(own)
        told(min(len(matrix), start + size))
    summed = np.concatenate(parts)
    columns = [feature.column for feature in model.preparation.features]
    by_class, towards = None, ""
    if model.task in NUMBERS:
        values, importance = summed, np.abs(summed).mean(axis=0)
    elif model.task == "binary":
        values, towards = summed, model.classes[1]
        importance = _points(summed, base[0] + summed.sum(axis=1))
    else:
        scores = base + summed.sum(axis=1)
        code = int(np.bincount(scores.argmax(axis=1), minlength=len(model.classes)).argmax())
        values, towards = summed[:, :, code], model.classes[code]
        by_class = np.stack([_class_points(summed, scores, k) for k in range(len(model.classes))], axis=1)
        importance = by_class.sum(axis=1) / 2
    order = np.argsort(-importance)
    names = [columns[i] for i in order]
    return Explanation(
        columns=names,
        values=values[:, order],
        inputs=frame.reindex(columns=names).reset_index(drop=True),
        importance=importance[order],
        by_class=by_class[order] if by_class is not None else None,
        target=model.target,
        task="regression" if model.task == "quantile" else model.task,  # the middle level is a number as any
        towards=towards,
        classes=model.classes,
    )


def _points(values: Array, scores: Array) -> Array:
    """The mean absolute change of a probability, in percentage points, when one column's effect is taken away."""
    with_all = chance(scores)[:, None]
    return np.asarray(100 * np.abs(with_all - chance(scores[:, None] - values)).mean(axis=0))


def _class_points(summed: Array, scores: Array, code: int) -> Array:
    without = scores[:, None, :] - summed
    return np.asarray(100 * np.abs(_softmax(scores)[:, None, code] - _softmax(without)[:, :, code]).mean(axis=0))


def chance(scores: Array) -> Array:
    """Chances from log odds."""
    return np.asarray(1 / (1 + np.exp(-np.clip(scores, -500, 500))))


def _softmax(scores: Array) -> Array:
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))


def drivers(explanation: Explanation, most: int = 6) -> list[dict[str, Any]]:
    """The strongest columns: column, effect, share, direction ("up", "down", "mixed" or "levels") and words."""
    found = []
    for position, name in enumerate(explanation.columns[:most]):
        if explanation.importance[position] <= 0:
            break
        values, effects = explanation.inputs[name], explanation.values[:, position]
        direction, words = _direction(explanation, values, effects)
        found.append(
            {
                "column": name,
                "effect": float(explanation.importance[position]),
                "share": round(float(explanation.shares[position]), 4),
                "direction": direction,
                "words": words,
            }
        )
    return found


def _direction(explanation: Explanation, values: pd.Series[Any], effects: Array) -> tuple[str, str]:
    outcome = (
        f"'{explanation.target}'" if explanation.task == "regression" else f"the chance of '{explanation.towards}'"
    )
    if pd.api.types.is_datetime64_any_dtype(values):
        values = (values - pd.Timestamp("1970-01-01")) / pd.Timedelta(days=1)
        high, low = "later dates", "earlier dates"
    else:
        high, low = "higher values", "lower values"
    if pd.api.types.is_numeric_dtype(values):
        known = values.notna().to_numpy()
        if known.sum() < 3 or values[known].nunique() < 2:
            return "mixed", f"it moves {outcome} in either direction, depending on the row"
        rank = float(values[known].rank().corr(pd.Series(effects, index=values.index)[known].rank()))
        if rank >= CLEAR:
            return "up", f"{high} raise {outcome}"
        if rank <= -CLEAR:
            return "down", f"{high} lower {outcome}, and {low} raise it"
        return "mixed", f"it moves {outcome} in either direction, depending on the row"
    by_level = pd.Series(effects).groupby(values.to_numpy()).agg(["mean", "size"])
    common = by_level[by_level["size"] >= max(2, 0.01 * len(values))]["mean"].sort_values()
    if len(common) < 2 or values.nunique() > 0.5 * len(values):
        return "mixed", f"its wording moves {outcome} in either direction"
    ups = [f"'{level}'" for level in common[common > 0].index[::-1][:2]]
    downs = [f"'{level}'" for level in common[common < 0].index[:2]]
    parts = ([f"{_and(ups)} raise{'s' * (len(ups) == 1)} {outcome}"] if ups else []) + (
        [f"{_and(downs)} lower{'s' * (len(downs) == 1)} it"] if downs else []
    )
    return "levels", ", ".join(parts)


def _and(words: list[str]) -> str:
    return " and ".join(words)


def in_words(explanation: Explanation) -> str:
    """A paragraph for the client: which columns move the prediction, and how."""
    found = drivers(explanation)
    if not found:
        return f"No column moves the prediction of '{explanation.target}'; the model always says nearly the same."
    first, *rest = found
    lines = [
        f"**{first['column']}** matters most: it makes {first['share']:.0%} of all movement, "
        f"on average {amount(first['effect'], explanation)}; {first['words']}."
    ]
    lines += [f"**{d['column']}** ({d['share']:.0%}, {amount(d['effect'], explanation)}): {d['words']}." for d in rest]
    left = len(explanation.columns) - len(found)
    if left > 0 and (share := float(explanation.shares[len(found) :].sum())) >= 0.005:
        lines.append(f"The other {left} columns together make {share:.0%}.")
    return "\n- ".join(["", *lines]).strip()


def amount(effect: float, explanation: Explanation) -> str:
    """An average effect with its unit."""
    if explanation.task != "regression":
        return f"{effect:.1f} percentage points"
    digits = 0 if effect >= 20 else 2 if effect >= 1 else 4
    return f"{effect:,.{digits}f}"

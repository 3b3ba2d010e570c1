"""Where a model errs most on the rows held out, in words."""

from __future__ import annotations

from statistics import NormalDist
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from automl.plots.chart import short
from automl.tasks import NUMBERS

SEGMENT = 15
"""Rows a segment needs before its error is told."""
WORSE = 1.25
"""How many times worse than on average a segment must be to be told."""


BY_CHANCE = 0.025
"""How likely one of all groups may be told where none is worse."""


def numbers_of(values: pd.Series[Any]) -> npt.NDArray[np.float64]:
    """A column of a kept table as numbers, not a number where it holds none."""
    from automl.kinds import blank_missing, convert

    if pd.api.types.is_numeric_dtype(values):
        return values.to_numpy(dtype=float)
    return convert(blank_missing(values.astype("str")), "number").to_numpy(dtype=float)


def errors_of(held: pd.DataFrame, target: str, task: str) -> pd.Series[Any]:
    """How far each row's prediction is off: the absolute error of a number, 1 for a wrong class."""
    given = f"{target}_given" if f"{target}_given" in held else target
    if task in (*NUMBERS, "series"):
        return pd.Series(np.abs(numbers_of(held[given]) - held["prediction"].to_numpy(dtype=float)))
    return (held[given].astype(str) != held["prediction"].astype(str)).astype(float)


def segments_told(
    held: pd.DataFrame, columns: list[str], target: str, task: str, most: int = 3
) -> list[dict[str, Any]]:
    """Groups of rows where the model errs clearly more than on average, worst first.

    Returns:
        column, segment, rows, error, usual (the mean error over all rows) and words of each.
    """
    errors = errors_of(held, target, task)
    usual = float(errors.mean())
    looked = [
        (name, label, own)
        for name in (columns if usual > 0 and len(held) >= 2 * SEGMENT else [])
        if (where := f"{name}_given" if f"{name}_given" in held else name) in held
        for label, own in errors.groupby(segments(held[where]).to_numpy())
        if len(own) >= SEGMENT
    ]
    # Of many groups some look bad by chance, so that each must be the surer the more there are (Bonferroni).
    sure = NormalDist().inv_cdf(1 - BY_CHANCE / max(1, len(looked)))
    found: list[dict[str, Any]] = []
    for name, label, own in looked:
        error, spread = float(own.mean()), float(own.std() / np.sqrt(len(own)))
        if error > WORSE * usual and error - sure * spread > usual:
            amount = f"{error:,.4g} off on average" if task in NUMBERS else f"wrong for {error:.0%}"
            base = f"{usual:,.4g}" if task in NUMBERS else f"{usual:.0%}"
            words = f"Where '{name}' is {label}, it is {amount} ({base} over all; {len(own):,} rows)."
            told = {"column": name, "segment": label, "rows": len(own), "error": error, "usual": usual}
            found.append(told | {"words": words})
    return sorted(found, key=lambda one: -one["error"])[:most]


def segments(values: pd.Series[Any]) -> pd.Series[Any]:
    """Levels of a column, or quarters of its numbers, as words."""
    numbers = pd.to_numeric(values, errors="coerce").astype(float)
    numbers = numbers.where(np.isfinite(numbers))
    if numbers.notna().mean() < 0.9 or numbers.nunique() <= 6:
        return values.astype("str").where(values.notna(), "missing").map(lambda text: f"'{short(text, 24)}'")
    cut = pd.qcut(numbers, 4, duplicates="drop")
    return cut.map(lambda part: f"{part.left:,.4g} to {part.right:,.4g}", na_action="ignore").astype("str")

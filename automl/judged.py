"""What a run's predictions on rows held out look like: one picture a task, and where the model errs most, in words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from automl.pictures import BLUE, CARD, FAINT, GREY, GRID, INK, figure, save, short

MOST_DOTS = 3_000
MOST_CLASSES = 12
SEGMENT = 15
"""Rows a segment needs before its error is told."""
WORSE = 1.25
"""How many times worse than on average a segment must be to be told."""


def picture(held: pd.DataFrame, target: str, task: str, classes: list[str], path: Path) -> Path:
    """Predicted against actual numbers, the ROC curve of two classes, or the confusion of several."""
    given = f"{target}_given" if f"{target}_given" in held else target
    if task == "regression":
        return _against(_numbers(held[given]), held["prediction"].to_numpy(dtype=float), target, path)
    if task == "binary":
        return _roc(
            held[given].astype(str) == classes[1], held[f"p_{classes[1]}"].to_numpy(dtype=float), classes[1], path
        )
    return _confusion(held[given].astype(str), held["prediction"].astype(str), classes, path)


def _numbers(values: pd.Series[Any]) -> npt.NDArray[np.float64]:
    from automl.kinds import blank_missing, convert

    if pd.api.types.is_numeric_dtype(values):
        return values.to_numpy(dtype=float)
    return convert(blank_missing(values.astype("str")), "number").to_numpy(dtype=float)


def _against(truth: npt.NDArray[np.float64], predicted: npt.NDArray[np.float64], target: str, path: Path) -> Path:
    known = np.flatnonzero(np.isfinite(truth))
    shown = np.random.default_rng(0).permutation(known)[:MOST_DOTS]
    card, axes = figure(
        f"{short(target, 40)}: predicted and actual", "rows the model had not seen; on the line is right", height=5
    )
    low, high = (float(pick(np.concatenate([truth[known], predicted[known]]))) for pick in (np.min, np.max))
    axes.plot([low, high], [low, high], color=FAINT, linewidth=1)
    axes.scatter(truth[shown], predicted[shown], s=12, color=BLUE, alpha=0.5, linewidths=0)
    axes.set_xlabel("actual", color=FAINT)
    axes.set_ylabel("predicted", color=FAINT)
    axes.grid(color=GRID, linewidth=0.8)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(lambda value, _: f"{value:,.6g}")
    return save(card, path)


def roc_points(positive: npt.NDArray[np.bool_], chances: npt.NDArray[np.float64]) -> tuple[Any, Any]:
    """False and true positive rates for every threshold, from (0, 0) to (1, 1)."""
    order = np.argsort(-chances, kind="stable")
    hits, misses = np.cumsum(positive[order]), np.cumsum(~positive[order])
    last = np.append(np.flatnonzero(np.diff(chances[order])), len(chances) - 1)
    wrong, right = misses[last] / max(1, misses[-1]), hits[last] / max(1, hits[-1])
    return np.concatenate([[0.0], wrong]), np.concatenate([[0.0], right])


def _roc(positive: pd.Series[Any], chances: npt.NDArray[np.float64], label: str, path: Path) -> Path:
    wrong, right = roc_points(positive.to_numpy(dtype=bool), chances)
    card, axes = figure(
        f"How well '{short(label, 30)}' is told apart",
        "rows the model had not seen; the grey line is guessing",
        height=5,
    )
    axes.plot([0, 1], [0, 1], color=GREY, linewidth=1)
    axes.plot(wrong, right, color=BLUE, linewidth=2)
    axes.set_xlabel(f"share of the others called '{short(label, 20)}' by mistake", color=FAINT)
    axes.set_ylabel(f"share of '{short(label, 20)}' found", color=FAINT)
    axes.grid(color=GRID, linewidth=0.8)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(lambda value, _: f"{value:.0%}")
    return save(card, path)


def _confusion(truth: pd.Series[Any], predicted: pd.Series[Any], classes: list[str], path: Path) -> Path:
    shown = truth.value_counts().index[:MOST_CLASSES].tolist()
    counts = pd.crosstab(truth, predicted).reindex(index=shown, columns=shown, fill_value=0).to_numpy()
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    size = len(shown)
    card, axes = figure(
        "What is taken for what", "rows: actual; columns: predicted", 3.4 + 0.6 * size, 2.2 + 0.45 * size
    )
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1, aspect="auto")
    axes.set_xticks(range(size), [short(str(name), 14) for name in shown], rotation=35, ha="right")
    axes.set_yticks(range(size), [short(str(name), 14) for name in shown])
    for (row, column), count in np.ndenumerate(counts):
        axes.text(
            column,
            row,
            f"{count:,}",
            ha="center",
            va="center",
            fontsize=9,
            color=CARD if shares[row, column] > 0.5 else INK,
        )
    return save(card, path)


def weak_spots(held: pd.DataFrame, columns: list[str], target: str, task: str, most: int = 3) -> list[str]:
    """Groups of rows where the model errs clearly more than on average, worst first, in words."""
    given = f"{target}_given" if f"{target}_given" in held else target
    if task == "regression":
        errors = pd.Series(np.abs(_numbers(held[given]) - held["prediction"].to_numpy(dtype=float)))
    else:
        errors = (held[given].astype(str) != held["prediction"].astype(str)).astype(float)
    usual = float(errors.mean())
    found: list[tuple[float, str]] = []
    for name in columns if usual > 0 else []:
        where = f"{name}_given" if f"{name}_given" in held else name
        if where not in held:
            continue
        for label, own in errors.groupby(_segments(held[where]).to_numpy()):
            spread = float(own.std() / np.sqrt(len(own))) if len(own) > 1 else np.inf
            if len(own) >= SEGMENT and own.mean() > WORSE * usual and own.mean() - 2 * spread > usual:
                amount = f"{own.mean():,.4g} off on average" if task == "regression" else f"wrong for {own.mean():.0%}"
                base = f"{usual:,.4g}" if task == "regression" else f"{usual:.0%}"
                found.append(
                    (
                        float(own.mean()),
                        f"Where '{name}' is {label}, it is {amount} ({base} over all; {len(own):,} rows).",
                    )
                )
    return [words for _, words in sorted(found, key=lambda pair: -pair[0])[:most]]


def _segments(values: pd.Series[Any]) -> pd.Series[Any]:
    """Levels of a column, or quarters of its numbers, as words."""
    numbers = pd.to_numeric(values, errors="coerce")
    if numbers.notna().mean() < 0.9 or numbers.nunique() <= 6:
        return values.astype("str").where(values.notna(), "missing").map(lambda text: f"'{short(text, 24)}'")
    cut = pd.qcut(numbers, 4, duplicates="drop")
    return cut.map(lambda part: f"{part.left:,.4g} to {part.right:,.4g}", na_action="ignore").astype("str")

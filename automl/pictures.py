"""The pictures of an explanation, on a light card of their own, so that they read on a white and on a dark page.

Figures are drawn without pyplot, which keeps no state and needs no screen.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

from automl.estimators import Array
from automl.explain import Explanation, amount

CARD, INK, FAINT, GRID = "#ffffff", "#1e293b", "#64748b", "#e2e8f0"
BLUE, GREY = "#2563eb", "#94a3b8"
SERIES = ("#2563eb", "#f97316", "#0d9488", "#a855f7", "#e11d48", "#65a30d", "#0ea5e9", "#b45309")
LOW_TO_HIGH = LinearSegmentedColormap.from_list("low_to_high", ["#2563eb", "#8b5cf6", "#e11d48"])
DPI = 150
MOST_COLUMNS = 12
MOST_CLASSES = 6


def figure(title: str, subtitle: str = "", width: float = 8.0, height: float = 4.5) -> tuple[Figure, Axes]:
    """A card with a title and one set of axes. Draw, then `save`."""
    layout = ConstrainedLayoutEngine(w_pad=0.18, h_pad=0.14)
    card = Figure(figsize=(width, height), dpi=DPI, facecolor=CARD, layout=layout)
    axes = card.subplots()
    axes.set_title(title, loc="left", fontsize=13, fontweight="bold", color=INK, pad=26 if subtitle else 10)
    if subtitle:
        axes.annotate(
            subtitle, (0, 1), (0, 9), xycoords="axes fraction", textcoords="offset points", fontsize=9.5, color=FAINT
        )
    axes.set_facecolor(CARD)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(GRID)
    axes.tick_params(colors=INK, labelsize=9.5, length=0)
    axes.set_axisbelow(True)
    return card, axes


def save(card: Figure, path: Path) -> Path:
    """Write the figure as PNG."""
    FigureCanvasAgg(card)
    card.savefig(path, format="png", facecolor=CARD)
    return path


def short(name: str, most: int = 28) -> str:
    """A label that leaves room for the picture."""
    return name if len(name) <= most else f"{name[: most - 1]}…"


def beeswarm(explanation: Explanation, path: Path) -> Path:
    """One dot a row and column: how far the column moved that row's prediction, coloured by the column's value."""
    shown = explanation.columns[:MOST_COLUMNS]
    unit = f"in units of {explanation.target}" if explanation.task == "regression" else "in log odds"
    goal = explanation.target if explanation.task == "regression" else f"{explanation.target} = {explanation.towards}"
    card, axes = figure(
        f"What moves {short(goal, 40)}",
        f"each dot is one of {len(explanation.values):,} rows; right of zero raises the prediction",
        height=1.5 + 0.42 * len(shown),
    )
    reach = np.abs(explanation.values[:, : len(shown)]).max() or 1.0
    size = float(np.clip(9000 / max(len(explanation.values), 1), 5, 22))
    for position, name in enumerate(shown):
        effects = explanation.values[:, position]
        offset = spread(effects, reach)
        colours = _ranks(explanation.inputs[name])
        plain = np.isnan(colours)
        axes.axhline(position, color=GRID, linewidth=0.8, zorder=0)
        style: dict[str, Any] = {"s": size, "linewidths": 0, "alpha": 0.8, "rasterized": True}
        axes.scatter(effects[plain], position + offset[plain], color=GREY, zorder=2, **style)
        axes.scatter(
            effects[~plain],
            position + offset[~plain],
            c=colours[~plain],
            cmap=LOW_TO_HIGH,
            vmin=0,
            vmax=1,
            zorder=3,
            **style,
        )
    axes.axvline(0, color=FAINT, linewidth=1, zorder=1)
    axes.set_yticks(range(len(shown)), [short(name) for name in shown])
    axes.set_ylim(len(shown) - 0.45, -0.55)
    axes.set_xlabel(f"effect on the prediction, {unit} (SHAP value)", fontsize=9.5, color=FAINT)
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:+,.6g}" if value else "0")
    _value_scale(card, axes)
    return save(card, path)


def importance(explanation: Explanation, path: Path) -> Path:
    """Bars of each column's average effect; for several classes each bar is split by class."""
    shown = min(len(explanation.columns), MOST_COLUMNS)
    names = [short(name) for name in explanation.columns[:shown]]
    total = explanation.importance[:shown]
    unit = f"in units of {explanation.target}" if explanation.task == "regression" else "in percentage points"
    card, axes = figure(
        f"Which columns matter for {short(explanation.target, 40)}",
        f"average effect on a prediction, {unit}",
        height=1.5 + 0.36 * shown,
    )
    if explanation.by_class is None:
        axes.barh(range(shown), total, color=BLUE, height=0.66)
    else:
        _stacked(axes, explanation, shown)
    for position, value in enumerate(total):
        figure_ = amount(float(value), explanation).removesuffix(" percentage points")
        axes.annotate(
            f"{figure_}  ({explanation.shares[position]:.0%})",
            (float(value), position),
            (5, 0),
            textcoords="offset points",
            va="center",
            fontsize=9,
            color=INK,
        )
    axes.set_yticks(range(shown), names)
    axes.set_ylim(shown - 0.4, -0.6)
    axes.set_xlim(0, float(total.max() or 1.0) * 1.2)
    axes.xaxis.set_visible(False)
    axes.spines["bottom"].set_visible(False)
    return save(card, path)


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


def _ranks(values: pd.Series[Any]) -> Array:
    """Values from 0 (lowest) to 1 (highest) by rank; not a number where there is no order."""
    if pd.api.types.is_datetime64_any_dtype(values) or pd.api.types.is_numeric_dtype(values):
        ranks = values.rank()
        low, high = ranks.min(), ranks.max()
        scaled = (ranks - low) / (high - low) if high > low else ranks * 0 + 0.5
        return np.asarray(scaled, dtype=np.float64)
    return np.full(len(values), np.nan)


def _value_scale(card: Figure, axes: Axes) -> None:
    from matplotlib.cm import ScalarMappable

    bar = card.colorbar(ScalarMappable(cmap=LOW_TO_HIGH), ax=axes, aspect=40, fraction=0.03, pad=0.02)
    bar.set_ticks([0, 1], labels=["low", "high"])
    bar.outline.set_visible(False)
    bar.ax.tick_params(colors=INK, labelsize=9, length=0)
    bar.set_label("value of the column (grey: words)", fontsize=9, color=FAINT, labelpad=-8)


def _stacked(axes: Axes, explanation: Explanation, shown: int) -> None:
    assert explanation.by_class is not None
    parts = explanation.by_class[:shown] / 2
    order = np.argsort(-parts.sum(axis=0))
    left = np.zeros(shown)
    for place, code in enumerate(order[:MOST_CLASSES]):
        label = short(str(explanation.classes[code]), 20)
        axes.barh(range(shown), parts[:, code], left=left, color=SERIES[place], height=0.66, label=label)
        left += parts[:, code]
    if len(order) > MOST_CLASSES:
        axes.barh(
            range(shown), parts[:, order[MOST_CLASSES:]].sum(axis=1), left=left, color=GREY, height=0.66, label="others"
        )
    axes.legend(loc="lower right", frameon=False, fontsize=9, labelcolor=INK)

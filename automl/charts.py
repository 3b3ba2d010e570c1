"""Pictures of a table's columns: histogram, bars, scatter, heat map, and an overview of all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

from automl.pictures import BLUE, CARD, DPI, FAINT, GRID, INK, figure, save, short

BELOW_TO_ABOVE = LinearSegmentedColormap.from_list("below_to_above", ["#2563eb", "#f8fafc", "#e11d48"])
MOST_DOTS = 5_000
MOST_PANELS = 9
BARS_SHOWN = 8


def histogram(values: pd.Series[Any], name: str, path: Path) -> Path:
    """How often which values occur, with the median marked."""
    card, axes = figure(f"Distribution of {short(name, 50)}", f"{len(values):,} values, the line is the median")
    _bins(axes, values)
    median = float(values.median())
    axes.axvline(median, color=INK, linewidth=1.4)
    axes.annotate(
        f"{median:,.6g}",
        (median, 1),
        (6, -12),
        xycoords=("data", "axes fraction"),
        textcoords="offset points",
        color=INK,
    )
    axes.set_xlabel(short(name, 50), color=FAINT, fontsize=9.5)
    axes.set_ylabel("rows", color=FAINT, fontsize=9.5)
    axes.grid(axis="y", color=GRID, linewidth=0.8)
    _thousands(axes)
    return save(card, path)


def bars(groups: pd.Series[Any], title: str, unit: str, path: Path) -> Path:
    """One bar a group, labelled with its value."""
    card, axes = figure(short(title, 60), height=1.2 + 0.34 * len(groups))
    places = np.arange(len(groups))
    axes.barh(places, groups.to_numpy(dtype=float), color=BLUE, height=0.66)
    for place, value in zip(places, groups, strict=True):
        label = f"{value:,.0f}" if abs(value) >= 100 or float(value).is_integer() else f"{value:,.4g}"
        axes.annotate(
            label, (max(value, 0), place), (5, 0), textcoords="offset points", va="center", fontsize=9, color=INK
        )
    axes.set_yticks(places, [short(str(label)) for label in groups.index])
    axes.set_ylim(len(groups) - 0.4, -0.6)
    axes.margins(x=0.14)
    axes.set_xlabel(short(unit, 50), color=FAINT, fontsize=9.5)
    _thousands(axes, y=False)
    return save(card, path)


def scatter(a: pd.Series[Any], b: pd.Series[Any], path: Path) -> Path:
    """One dot a row, a sample of them when there are many."""
    both = pd.DataFrame({"a": a, "b": b}).dropna()
    shown = both.sample(MOST_DOTS, random_state=0) if len(both) > MOST_DOTS else both
    card, axes = figure(f"{short(str(a.name))} and {short(str(b.name))}", f"{len(shown):,} rows", height=5)
    axes.scatter(shown["a"], shown["b"], s=14, color=BLUE, alpha=0.45, linewidths=0)
    axes.set_xlabel(short(str(a.name), 50), color=FAINT)
    axes.set_ylabel(short(str(b.name), 50), color=FAINT)
    axes.grid(color=GRID, linewidth=0.8)
    _thousands(axes)
    return save(card, path)


def heat_map(matrix: pd.DataFrame, path: Path) -> Path:
    """Correlations from -1 to 1, each written in its square."""
    size = len(matrix)
    card, axes = figure("Correlations", "Pearson's r", width=2.6 + 0.62 * size, height=2 + 0.5 * size)
    axes.imshow(matrix.to_numpy(), cmap=BELOW_TO_ABOVE, vmin=-1, vmax=1, aspect="auto")
    names = [short(str(name), 14) for name in matrix.columns]
    axes.set_xticks(range(size), names, rotation=35, ha="right")
    axes.set_yticks(range(size), names)
    for (row, column), value in np.ndenumerate(matrix.to_numpy(dtype=float)):
        label = f"{value:.2f}" if np.isfinite(value) else ""
        axes.text(column, row, label, ha="center", va="center", fontsize=8, color=CARD if abs(value) > 0.6 else INK)
    return save(card, path)


def overview(frame: pd.DataFrame, path: Path) -> Path | None:
    """A small picture of each of the first columns; None when no column can be drawn."""
    drawable = [name for name in frame.columns if frame[name].nunique() > 1 and not _wordy(frame[name])][:MOST_PANELS]
    if not drawable:
        return None
    across = min(3, len(drawable))
    down = -(-len(drawable) // across)
    layout = ConstrainedLayoutEngine(w_pad=0.12, h_pad=0.1)
    card = Figure(figsize=(3.2 * across, 2.1 * down), dpi=DPI, facecolor=CARD, layout=layout)
    panels = card.subplots(down, across, squeeze=False).ravel()
    for axes, name in zip(panels, drawable, strict=False):
        _panel(axes, frame[name], str(name))
    for axes in panels[len(drawable) :]:
        axes.set_visible(False)
    return save(card, path)


def _panel(axes: Axes, values: pd.Series[Any], name: str) -> None:
    axes.set_title(short(name, 24), loc="left", fontsize=10, fontweight="bold", color=INK)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(GRID)
    axes.tick_params(colors=INK, labelsize=7.5, length=0)
    if pd.api.types.is_numeric_dtype(values):
        _bins(axes, values.dropna(), 24)
        axes.yaxis.set_visible(False)
        axes.locator_params(axis="x", nbins=4)
        axes.xaxis.set_major_formatter(lambda value, _: _brief(value))
    elif pd.api.types.is_datetime64_any_dtype(values):
        axes.hist(values.dropna().to_numpy(), bins=24, color=BLUE)
        axes.yaxis.set_visible(False)
        axes.locator_params(axis="x", nbins=3)
    else:
        counts = values.value_counts().head(BARS_SHOWN)
        axes.barh(range(len(counts)), counts.to_numpy(), color=BLUE, height=0.7)
        axes.set_yticks(range(len(counts)), [short(str(label), 14) for label in counts.index])
        axes.invert_yaxis()
        axes.xaxis.set_visible(False)


def _bins(axes: Axes, values: pd.Series[Any], most: int = 40) -> None:
    known = values.to_numpy(dtype=float)
    low, high = np.percentile(known, [0.1, 99.9])
    inside = known[(known >= low) & (known <= high)]
    count = int(np.clip(np.sqrt(len(inside)), 5, most))
    axes.hist(inside if len(inside) else known, bins=count, color=BLUE, edgecolor=CARD, linewidth=0.5)


def _wordy(values: pd.Series[Any]) -> bool:
    numeric = pd.api.types.is_numeric_dtype(values) or pd.api.types.is_datetime64_any_dtype(values)
    return not numeric and values.nunique() > max(20, 0.5 * len(values))


def _thousands(axes: Axes, y: bool = True) -> None:
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.6g}" if abs(value) < 1e6 else f"{value:,.0f}")
    if y:
        axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.6g}" if abs(value) < 1e6 else f"{value:,.0f}")


def _brief(value: float) -> str:
    for size, letter in ((1e9, "B"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= size:
            return f"{value / size:g}{letter}"
    return f"{value:g}"

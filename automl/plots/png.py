"""Charts as PNG on a light card of their own, which reads on a white and on a dark page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

from automl.plots.chart import GREY, HIGH, LOW, MIDDLE, Band, Bars, Boxes, Chart, Dots, Form, Line, Mark, Panel, short

CARD, INK, FAINT, GRID = "#ffffff", "#1e293b", "#64748b", "#e2e8f0"
SHADES = LinearSegmentedColormap.from_list("shades", [LOW, MIDDLE, HIGH])
BELOW_TO_ABOVE = LinearSegmentedColormap.from_list("below_to_above", ["#2563eb", "#f8fafc", "#e11d48"])
DPI = 150


def draw(chart: Chart, folder: Path) -> Path:
    """Write the chart as ``<name>.png`` into a folder and return its path."""
    down = -(-len(chart.panels) // chart.across)
    layout = ConstrainedLayoutEngine(w_pad=0.16, h_pad=0.12)
    card = Figure(figsize=(8.0, chart.tall), dpi=DPI, facecolor=CARD, layout=layout)
    title = short(chart.title, 64) + "\n" * bool(chart.subtitle)
    card.suptitle(title, x=0.02, ha="left", fontsize=13, fontweight="bold", color=INK, linespacing=1.5)
    card.text(0.02, 1 - 0.52 / chart.tall, chart.subtitle, fontsize=9.5, color=FAINT).set_in_layout(False)
    places = card.subplots(down, chart.across, squeeze=False).ravel()
    small = len(chart.panels) > 1
    for axes, panel in zip(places, chart.panels, strict=False):
        _panel(axes, panel, 7.5 if small else 9.5)
        if chart.across > 2:
            axes.locator_params(nbins=3)
    for axes in places[len(chart.panels) :]:
        axes.set_visible(False)
    if chart.scale:
        _scale(card, places, chart.scale)
    path = folder / f"{chart.name}.png"
    FigureCanvasAgg(card)
    card.savefig(path, format="png", facecolor=CARD)
    return path


def _panel(axes: Axes, panel: Panel, size: float) -> None:
    axes.set_facecolor(CARD)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(GRID)
    axes.tick_params(colors=INK, labelsize=size, length=0)
    axes.set_axisbelow(True)
    axes.grid(color=GRID, linewidth=0.7)
    if panel.title:
        axes.set_title(short(panel.title, 24), loc="left", fontsize=size + 1, fontweight="bold", color=INK)
    for mark in panel.marks:
        _mark(axes, mark)
    axes.set_xlabel(short(panel.x, 56), color=FAINT, fontsize=size)
    axes.set_ylabel(short(panel.y, 44), color=FAINT, fontsize=size)
    if panel.zero:
        axes.axvline(0, color=FAINT, linewidth=1, zorder=1)
    if panel.ticks:
        axes.set_yticks(range(len(panel.ticks)), [short(name) for name in panel.ticks])
        axes.set_ylim(len(panel.ticks) - 0.4, -0.6)
    _numbers(axes, panel)
    named = [mark for mark in panel.marks if getattr(mark, "name", "")]
    if len(named) > 1:
        axes.legend(
            frameon=False, fontsize=size - 0.5, labelcolor=INK, ncols=len(named), loc="lower right", borderaxespad=0.1,
            bbox_to_anchor=(1, 1),
        )  # fmt: skip


def _mark(axes: Axes, mark: Mark) -> None:
    if isinstance(mark, Bars):
        _bars(axes, mark)
    elif isinstance(mark, Line):
        style = "--" if mark.dashed else "-"
        axes.plot(np.asarray(mark.x), mark.y, style, color=mark.colour, linewidth=1.6, label=mark.name)
    elif isinstance(mark, Band):
        axes.fill_between(
            np.asarray(mark.x), mark.low, mark.high, color=mark.colour, alpha=0.18, linewidth=0, label=mark.name
        )
    elif isinstance(mark, Dots):
        _dots(axes, mark)
    elif isinstance(mark, Boxes):
        stats = [
            {"label": short(name, 16), "whislo": a, "q1": b, "med": c, "q3": d, "whishi": e}
            for name, (a, b, c, d, e) in zip(mark.names, mark.fives, strict=True)
        ]
        axes.bxp(
            stats, showfliers=False, patch_artist=True, widths=0.55,
            boxprops={"facecolor": "#bfdbfe", "edgecolor": LOW}, medianprops={"color": INK, "linewidth": 1.6},
            whiskerprops={"color": FAINT}, capprops={"color": FAINT},
        )  # fmt: skip
    else:
        across = mark.across or mark.names
        cells = np.asarray(mark.values, dtype=float)
        signed = mark.least < 0
        axes.imshow(cells, cmap=BELOW_TO_ABOVE if signed else "Blues", vmin=mark.least, vmax=mark.most, aspect="auto")
        axes.grid(visible=False)
        axes.set_xticks(range(len(across)), [short(name, 14) for name in across], rotation=35, ha="right")
        axes.set_yticks(range(len(mark.names)), [short(name, 16) for name in mark.names])
        for (row, column), value in np.ndenumerate(cells):
            label = f"{round(value, mark.places) + 0.0:,.{mark.places}f}" if np.isfinite(value) else ""
            ink = CARD if abs(value) > 0.6 * mark.most else INK
            axes.text(column, row, label, ha="center", va="center", fontsize=8, color=ink)


def _bars(axes: Axes, mark: Bars) -> None:
    start = np.zeros(len(mark.lengths)) if mark.start is None else np.asarray(mark.start, dtype=float)
    lengths, colours = np.asarray(mark.lengths, dtype=float), list(mark.colours)
    if mark.upright:
        numeric = not isinstance(mark.places[0], str)
        width = 0.98 * float(np.min(np.diff(mark.places))) if numeric and len(mark.places) > 1 else 0.7
        axes.bar(mark.places, lengths, bottom=start, color=colours, width=width, label=mark.name)
        if not numeric:
            axes.set_xticks(range(len(mark.places)), [short(one, 16) for one in mark.places], rotation=30, ha="right")
        return
    axes.barh(mark.places, lengths, left=start, color=colours, height=0.64, label=mark.name)
    for place, label in enumerate(mark.labels):
        end = max(start[place], start[place] + lengths[place])
        axes.annotate(
            label, (end, place), (5, 0), textcoords="offset points", va="center", fontsize=8.5, color=INK
        )  # fmt: skip
    if mark.labels:
        axes.margins(x=0.18)


def _dots(axes: Axes, mark: Dots) -> None:
    style: dict[str, Any] = {"s": mark.size**2 / 2, "linewidths": 0, "alpha": 0.7, "rasterized": True, "zorder": 2}
    x, y = np.asarray(mark.x), np.asarray(mark.y)
    if mark.shades is None:
        axes.scatter(x, y, color=mark.colour, label=mark.name, **style)
        return
    shades = np.asarray(mark.shades, dtype=float)
    plain = np.isnan(shades)
    axes.scatter(x[plain], y[plain], color=GREY, **style)
    axes.scatter(x[~plain], y[~plain], c=shades[~plain], cmap=SHADES, vmin=0, vmax=1, **style)


def _numbers(axes: Axes, panel: Panel) -> None:
    dated = any(np.issubdtype(np.asarray(m.x).dtype, np.datetime64) for m in panel.marks if isinstance(m, Line | Dots))
    words = any(
        isinstance(m, Boxes) or (isinstance(m, Bars) and m.upright and isinstance(m.places[0], str))
        for m in panel.marks
    )
    if any(mark for mark in panel.marks if not isinstance(mark, Bars | Line | Dots | Band | Boxes)):
        return
    if not dated and not words:
        axes.xaxis.set_major_formatter(lambda value, _: written(value, panel.x_form))
    if not panel.ticks:
        axes.yaxis.set_major_formatter(lambda value, _: written(value, panel.y_form))


def written(value: float, form: Form) -> str:
    """A number as an axis shows it."""
    if form == "share":
        return f"{value:.0%}"
    if form == "signed":
        return f"{value:+,.4g}" if value else "0"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:,.4g}"


def _scale(card: Figure, places: Any, words: str) -> None:
    from matplotlib.cm import ScalarMappable

    bar = card.colorbar(ScalarMappable(cmap=SHADES), ax=list(places), aspect=40, fraction=0.03, pad=0.02)
    bar.set_ticks([0, 1], labels=["low", "high"])
    bar.outline.set_visible(False)
    bar.ax.tick_params(colors=INK, labelsize=9, length=0)
    bar.set_label(words, fontsize=9, color=FAINT, labelpad=-14 if len(words) < 16 else 4)

"""Draws the charts of the dashboard as pictures, PNG or SVG, for reports and the chat. To be run as a job."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from config.currencies import PREFIX, SIGNS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

CARD, INK, FAINT, GRID = "#ffffff", "#15262a", "#55656a", "#e4e0d8"
TONES = {"good": "#14857b", "warn": "#c9822f", "bad": "#b8203c"}
PALETTE = ("#0e6b63", "#c2622d", "#4a6fb5", "#9a5a9e", "#7a7a1f", "#b0455c", "#3f7f3f", "#6b6b78")
WIDE, DPI = 7.6, 144
LABEL = 26
"""Characters of a label that are shown."""
MOST_NAMES, SHORT_NAME = 12, 6
LEGEND = 4
"""Names beside each other."""


def draw_all(charts: list[dict[str, Any]], folder: str, form: str = "png") -> dict[str, Any]:
    """Draw charts (of `memory.overview.shapes`, as dicts) into a folder and return ``{"paths": [...]}``."""
    return {"paths": [str(draw(chart, Path(folder) / f"{chart['name']}.{form}")) for chart in charts]}


def draw(chart: dict[str, Any], path: Path) -> Path:
    """Draw one chart; the suffix of the path says whether PNG or SVG."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    across = chart["form"] == "bars"
    several = len(chart["series"]) > 1
    tall = 1.15 + len(chart["labels"]) * (0.42 if several else 0.3) if across else 3.2
    card = Figure(figsize=(WIDE, tall), dpi=DPI, facecolor=CARD, layout="constrained")
    FigureCanvasAgg(card)
    axes = card.subplots()
    {"bars": _bars, "lines": _lines, "band": _band}.get(chart["form"], _columns)(axes, chart)
    _dress(card, axes, chart, across=across, several=several)
    card.savefig(path, format=path.suffix[1:], facecolor=CARD)
    return path


def written(value: float, chart: dict[str, Any]) -> str:
    """A value with its unit, as the dashboard writes it."""
    digits = f"{value:,.0f}" if abs(value) >= 1000 or float(value).is_integer() else f"{value:,.2f}"
    match chart["unit"]:
        case "money" | "rate":
            code = chart["currency"]
            return f"{PREFIX[code]}{digits}" if code in PREFIX else f"{digits} {SIGNS.get(code, code)}"
        case "hours":
            return f"{digits} h"
        case "percent":
            return f"{digits} %"
        case "seconds":
            return f"{digits} s"
        case _:
            return digits


def _colour(series: dict[str, Any], place: int) -> str:
    return TONES.get(series["tone"], PALETTE[place % len(PALETTE)])


def _values(series: dict[str, Any]) -> list[float]:
    return [float("nan") if value is None else value for value in series["values"]]


def _short(label: str) -> str:
    return label if len(label) <= LABEL else f"{label[: LABEL - 1]}…"


def _bars(axes: Axes, chart: dict[str, Any]) -> None:
    count = len(chart["series"])
    thick = 0.72 / count
    places = range(len(chart["labels"]))
    for number, series in enumerate(chart["series"]):
        shift = (number - (count - 1) / 2) * thick
        drawn = axes.barh(
            [place + shift for place in places], _values(series), thick * 0.92, color=_colour(series, number)
        )
        axes.bar_label(drawn, [written(value, chart) for value in _values(series)], padding=4, fontsize=8.5, color=INK)
        drawn.set_label(series["name"])
    axes.set_yticks(list(places), [_short(label) for label in chart["labels"]])
    axes.invert_yaxis()
    axes.margins(x=0.14)
    axes.xaxis.set_visible(False)


def _columns(axes: Axes, chart: dict[str, Any]) -> None:
    stacked, count = chart["form"] == "stack", len(chart["series"])
    places = range(len(chart["labels"]))
    bottom = [0.0] * len(chart["labels"])
    thick = 0.7 if stacked else 0.76 / count
    for number, series in enumerate(chart["series"]):
        values, shift = _values(series), 0.0 if stacked else (number - (count - 1) / 2) * thick
        at = [place + shift for place in places]
        axes.bar(at, values, thick * 0.94, bottom=bottom if stacked else None, color=_colour(series, number))
        axes.containers[-1].set_label(series["name"])
        bottom = [low + value for low, value in zip(bottom, values, strict=True)]
    _name(axes, chart)


def _lines(axes: Axes, chart: dict[str, Any]) -> None:
    for number, series in enumerate(chart["series"]):
        axes.plot(_values(series), color=_colour(series, number), linewidth=1.8, label=series["name"])
    _name(axes, chart)


def _band(axes: Axes, chart: dict[str, Any]) -> None:
    low, middle, high = chart["series"]
    axes.fill_between(range(len(chart["labels"])), _values(low), _values(high), color=PALETTE[0], alpha=0.14, lw=0)
    for series, width in ((low, 0.8), (middle, 2.2), (high, 0.8)):
        style = "-" if width > 1 else ":"
        axes.plot(_values(series), style, color=PALETTE[0], linewidth=width, label=series["name"])
    axes.set_ylim(bottom=0)
    _name(axes, chart)


def _name(axes: Axes, chart: dict[str, Any]) -> None:
    names = [_named(label, chart) for label in chart["labels"]]
    fits = MOST_NAMES if max(map(len, names)) <= SHORT_NAME else MOST_NAMES // 2
    places = range(0, len(names), -(-len(names) // fits))
    axes.set_xticks(list(places), [names[place] for place in places])
    axes.yaxis.set_major_formatter(lambda value, _: written(round(value, 6), chart))
    axes.grid(axis="y", color=GRID, linewidth=0.7)


def _named(label: str, chart: dict[str, Any]) -> str:
    if not chart["dated"]:
        return str(label)
    at = datetime.fromisoformat(label)
    return f"{at.day} {at:%b}" if len(label) <= len("2026-01-31") else f"{at.day} {at:%b %H:%M}"


def _dress(card: Figure, axes: Axes, chart: dict[str, Any], *, across: bool, several: bool) -> None:
    card.suptitle(chart["title"], x=0.008, ha="left", fontsize=11.5, fontweight="bold", color=INK)
    axes.set_facecolor(CARD)
    axes.set_axisbelow(True)
    for side in ("top", "right", "left", "bottom"):
        axes.spines[side].set_visible(side == "bottom" and not across)
    axes.spines["bottom"].set_color(GRID)
    axes.tick_params(colors=INK if across else FAINT, labelsize=8.5, length=0)
    if several:
        handles, names = axes.get_legend_handles_labels()
        for text in card.legend(
            handles, names, loc="outside lower left", ncols=LEGEND, frameon=False, fontsize=8.5
        ).get_texts():
            text.set_color(FAINT)

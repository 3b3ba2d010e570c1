"""Charts of a table's columns: all at a glance, distribution, bars, box, series, scatter, correlations."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from automl.plots.chart import ROSE, Bars, Boxes, Chart, Dots, Line, Panel, Squares, short

MOST_BARS, MOST_GROUPS, MOST_DOTS = 15, 10, 2_000
MOST_PANELS, FEW_BARS = 9, 8
"""Columns of an overview, and the bars of each."""
MOST_BINS, MOST_POINTS = 40, 2_000
MOST_ACROSS = 5
"""Columns of a scatter matrix."""
MOST_SQUARES = 12
"""Columns of a heat map."""


def overview(frame: pd.DataFrame) -> Chart | None:
    """A small picture of each of the first columns that can be drawn; None where there is none."""
    drawn = [name for name in frame if frame[name].nunique() > 1 and not _wordy(frame[name])][:MOST_PANELS]
    if not drawn:
        return None
    panels = []
    for name in drawn:
        [panel] = distribution(frame[name], str(name), FEW_BARS).panels
        marks = tuple(replace(mark, labels=()) if isinstance(mark, Bars) else mark for mark in panel.marks[:1])
        panels.append(replace(panel, marks=marks, x="", y="", title=str(name)))
    across = min(3, len(panels))
    tall = 1.0 + 1.9 * -(-len(panels) // across)
    return Chart("overview", "The columns at a glance", "how often which values occur", tuple(panels), across, tall)


def bars(groups: pd.Series[Any], title: str, unit: str) -> Chart:
    """One bar a group, labelled with its value."""
    lengths = groups.to_numpy(dtype=float)
    labels = [f"{one:,.0f}" if abs(one) >= 100 or one.is_integer() else f"{one:,.4g}" for one in lengths.tolist()]
    mark = Bars(range(len(groups)), lengths, upright=False, labels=labels)
    panel = Panel((mark,), x=unit, ticks=tuple(map(str, groups.index)))
    return Chart("bars", title, panels=(panel,), tall=1.5 + 0.32 * len(groups))


def scatter(frame: pd.DataFrame, across: str, down: str) -> Chart:
    """One dot a row, a sample of them where there are many."""
    both = frame[[across, down]].dropna()
    shown = both.sample(min(MOST_DOTS, len(both)), random_state=0)
    dots = Dots(shown[across].to_numpy(dtype=float), shown[down].to_numpy(dtype=float))
    title = f"{short(across, 28)} and {short(down, 28)}"
    return Chart("scatter", title, f"{len(shown):,} rows", (Panel((dots,), x=across, y=down),), tall=5)


def distribution(values: pd.Series[Any], name: str, most: int = MOST_BARS) -> Chart:
    """How often which values occur: bins of numbers and dates, or the commonest words."""
    known = values.dropna()
    title = f"Distribution of {short(name, 50)}"
    if not _ordered(known):
        counts = known.astype(str).value_counts()
        shown = counts.head(most)
        left = f", the {most} commonest of {len(counts):,}" if len(counts) > most else ""
        lying = Bars(range(len(shown)), shown.tolist(), upright=False, labels=[f"{one:,}" for one in shown])
        panel = Panel((lying,), x="rows", ticks=tuple(map(str, shown.index)))
        return Chart("distribution", title, f"{len(known):,} values{left}", (panel,), tall=1.7 + 0.3 * len(shown))
    dated = pd.api.types.is_datetime64_any_dtype(known)
    numbers = known.astype("datetime64[s]").astype("int64").to_numpy() if dated else known.to_numpy(dtype=float)
    numbers = numbers[np.isfinite(numbers)]
    if not len(numbers):
        return Chart("distribution", title, "no values", (Panel((Bars([0.0], [0.0]),)),))
    low, high = np.percentile(numbers, [0.5, 99.5])
    inside = numbers[(numbers >= low) & (numbers <= high)]
    counts_, edges = np.histogram(inside, int(np.clip(np.sqrt(len(inside)), 5, MOST_BINS)))
    middles = (edges[:-1] + edges[1:]) / 2
    note = f"{len(known):,} values, {known.nunique():,} different; the outermost 1 % are left out"
    if dated:
        line = Line(middles.astype("datetime64[s]"), counts_)
        return Chart("distribution", title, note, (Panel((line,), x=name, y="rows"),))
    median = float(np.median(numbers))
    upright = Bars(middles, counts_, name="rows")
    mark = Line([median, median], [0.0, float(counts_.max())], f"median {median:,.6g}", ROSE, dashed=True)
    return Chart("distribution", title, note, (Panel((upright, mark), x=name, y="rows"),))


def boxes(values: pd.Series[Any], groups: pd.Series[Any], name: str, by: str) -> Chart:
    """A box for each of the commonest groups, whiskers at the last value within 1.5 times the box (Tukey, 1977)."""
    common = [level for level in groups.value_counts().index[:MOST_GROUPS] if values[groups == level].notna().any()]
    fives = [_five(values[groups == level].dropna().to_numpy(dtype=float)) for level in common]
    middle = sorted(range(len(common)), key=lambda place: -fives[place][2])
    names = [str(common[place]) for place in middle]
    panel = Panel((Boxes(names, [fives[place] for place in middle]),), x=by, y=name)
    note = "the line is the median, half of the rows lie in the box"
    return Chart("box", f"{short(name, 30)} by {short(by, 26)}", note, (panel,))


def _five(values: Any) -> tuple[float, float, float, float, float]:
    low, middle, high = (float(one) for one in np.percentile(values, [25, 50, 75]))
    reach = 1.5 * (high - low)
    inside = values[(values >= low - reach) & (values <= high + reach)]
    return float(inside.min()), low, middle, high, float(inside.max())


def series(when: pd.Series[Any], values: pd.Series[Any], time: str, name: str) -> Chart:
    """A column over time: every value, or the mean of each of many equal spans."""
    both = pd.DataFrame({"when": pd.to_datetime(when), "value": values}).dropna().sort_values("when")
    note = f"{len(both):,} values"
    if len(both) > MOST_POINTS:
        parts = np.arange(len(both)) * MOST_POINTS // len(both)
        both = both.groupby(parts).agg({"when": "first", "value": "mean"})
        note += f", each point the mean of about {len(parts) // MOST_POINTS + 1}"
    line = Line(both["when"].to_numpy(), both["value"].to_numpy(dtype=float))
    return Chart("series", f"{short(name, 40)} over time", note, (Panel((line,), x=time, y=name),))


def scatter_matrix(frame: pd.DataFrame, columns: list[str]) -> Chart:
    """Each of at most five columns against each other; the distributions on the diagonal."""
    shown = columns[:MOST_ACROSS]
    part = frame[shown].dropna()
    part = part.sample(min(MOST_DOTS, len(part)), random_state=0)
    panels = []
    for down in shown:
        for across in shown:
            x, y = (part[one].to_numpy(dtype=float) for one in (across, down))
            if down == across:
                counts, edges = np.histogram(x, 20)
                marks: tuple[Any, ...] = (Bars((edges[:-1] + edges[1:]) / 2, counts),)
            else:
                marks = (Dots(x, y, size=3.0),)
            last, first = down == shown[-1], across == shown[0]
            panels.append(Panel(marks, x=short(across, 16) if last else "", y=short(down, 16) if first else ""))
    note = f"{len(part):,} rows with all of them; the diagonal shows how often which values occur"
    tall = 1.2 + 1.5 * len(shown)
    return Chart("scatter_matrix", "Columns against each other", note, tuple(panels), len(shown), tall)


def correlations(frame: pd.DataFrame, columns: list[str]) -> Chart:
    """Pearson's r of each pair of number columns, those that vary together next to each other."""
    matrix = frame[columns[:MOST_SQUARES]].corr(numeric_only=True)
    names = [str(name) for name in matrix.columns]
    squares = Squares(names, matrix.to_numpy(dtype=float).round(4).tolist())
    note = "Pearson's r: 1 rises together, −1 falls as the other rises, 0 no straight relation"
    return Chart("correlations", "Correlations", note, (Panel((squares,)),), tall=1.9 + 0.42 * len(names))


def _wordy(values: pd.Series[Any]) -> bool:
    return not _ordered(values) and values.nunique() > max(20, 0.5 * len(values))


def _ordered(values: pd.Series[Any]) -> bool:
    numeric = pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values)
    return numeric or pd.api.types.is_datetime64_any_dtype(values)

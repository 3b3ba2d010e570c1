"""Charts as Plotly's JSON: to hover over, to zoom into; on no ground of their own, so that light and dark both fit."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from automl.plots.chart import (
    GREY,
    HIGH,
    LOW,
    MIDDLE,
    Band,
    Bars,
    Boxes,
    Chart,
    Dots,
    Form,
    Line,
    Mark,
    Panel,
    Values,
    short,
)

FAINT, GRID = "#7c8aa0", "rgba(128,144,168,.25)"
BELOW_TO_ABOVE = [[0, "#2563eb"], [0.5, "#94a3b8"], [1, "#e11d48"]]
FORMATS: dict[Form, str] = {"": ",~g", "share": ".0%", "signed": "+,~g"}
ZERO_TO_MOST = [[0, "rgba(37,99,235,.08)"], [1, "#2563eb"]]
PIXELS = 96


def figure(chart: Chart) -> dict[str, Any]:
    """Plotly's figure: `data` and `layout`, all of it JSON."""
    down = -(-len(chart.panels) // chart.across)
    layout: dict[str, Any] = {
        "title": {
            "text": f"<b>{_plain(short(chart.title, 64))}</b><br><sup>{_plain(note(chart))}</sup>",
            "x": 0.01,
            "xanchor": "left",
        },
        "height": int(PIXELS * chart.tall) + 30,
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"color": FAINT, "family": "system-ui, sans-serif", "size": 12},
        "margin": {"l": 60, "r": 90 if _labelled(chart) else 20, "t": 74, "b": 50},
        "bargap": 0.3 if _labelled(chart) else 0.03,
        "showlegend": any(_legend(panel) for panel in chart.panels),
        "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 1, "xanchor": "right"},
        "barmode": "stack",
        "hovermode": "closest",
    }
    data = []
    for number, panel in enumerate(chart.panels):
        end = str(number + 1) if number else ""
        row, column = divmod(number, chart.across)
        wide, tall = 1 / chart.across, 1 / down
        gap = 0.18 if len(chart.panels) > 1 else 0
        layout[f"xaxis{end}"] = _axis(panel.x, panel.x_form, f"y{end}", (column * wide, (column + 1 - gap) * wide))
        layout[f"yaxis{end}"] = _axis(
            panel.y, panel.y_form, f"x{end}", (1 - (row + 1 - gap) * tall, 1 - row * tall)
        )  # fmt: skip
        layout[f"xaxis{end}"]["zeroline"] = panel.zero
        if panel.ticks:
            names = [_plain(short(name)) for name in panel.ticks]
            layout[f"yaxis{end}"] |= {
                "tickmode": "array",
                "tickvals": list(range(len(names))),
                "ticktext": names,
                "range": [len(names) - 0.4, -0.6],
                "zeroline": False,
            }
        if any(not isinstance(mark, Bars | Line | Band | Dots | Boxes) for mark in panel.marks):
            layout[f"yaxis{end}"]["autorange"] = "reversed"
        axes = {"xaxis": f"x{end}", "yaxis": f"y{end}"}
        data += [trace | axes for mark in panel.marks for trace in _traces(mark)]
    return json.loads(json.dumps({"data": data, "layout": layout}, default=_as_json))  # type: ignore[no-any-return]


def _traces(mark: Mark) -> list[dict[str, Any]]:
    if isinstance(mark, Bars):
        along, out = ("x", "y") if mark.upright else ("y", "x")
        return [
            {
                "type": "bar",
                along: _words(mark.places),
                out: mark.lengths,
                "base": mark.start,
                "orientation": "v" if mark.upright else "h",
                "name": _plain(mark.name),
                "text": [_plain(label) for label in mark.labels] or None,
                "textposition": "outside",
                "cliponaxis": False,
                "marker": {"color": list(mark.colours) if len(mark.colours) > 1 else mark.colours[0]},
                "hovertemplate": "%{y}: %{x}<extra></extra>" if not mark.upright else "%{x}: %{y:,}<extra></extra>",
            }
        ]
    if isinstance(mark, Line):
        style = {"color": mark.colour, "width": 2, "dash": "dash" if mark.dashed else "solid"}
        return [
            {"type": "scatter", "mode": "lines", "x": mark.x, "y": mark.y, "name": _plain(mark.name), "line": style}
        ]
    if isinstance(mark, Band):
        plain = {"type": "scatter", "mode": "lines", "line": {"width": 0}, "hoverinfo": "skip", "x": mark.x}
        low = plain | {"y": mark.low, "showlegend": False}
        fill = {"fill": "tonexty", "fillcolor": f"{mark.colour}33", "name": _plain(mark.name)}
        return [low, plain | fill | {"y": mark.high}]
    if isinstance(mark, Dots):
        return [_dots(mark)]
    if isinstance(mark, Boxes):
        parts = dict(
            zip(("lowerfence", "q1", "median", "q3", "upperfence"), zip(*mark.fives, strict=True), strict=True)
        )
        look = {"line": {"color": LOW}, "fillcolor": "#3b82f655", "showlegend": False}
        return [{"type": "box", "x": _words(mark.names), **parts, **look}]
    return [
        {
            "type": "heatmap",
            "x": _words(mark.across or mark.names),
            "y": _words(mark.names),
            "z": mark.values,
            "zmin": mark.least,
            "zmax": mark.most,
            "colorscale": BELOW_TO_ABOVE if mark.least < 0 else ZERO_TO_MOST,
            "texttemplate": f"%{{z:,.{mark.places}f}}",
            "showscale": False,
            "hovertemplate": "%{y}, %{x}: %{z}<extra></extra>",
        }
    ]


def _dots(mark: Dots) -> dict[str, Any]:
    marker: dict[str, Any] = {"size": mark.size, "opacity": 0.7, "color": mark.colour}
    if mark.shades is not None:
        marker["color"] = [GREY if np.isnan(shade) else _mixed(float(shade)) for shade in mark.shades]
    kind = "scattergl" if len(mark.x) > 5_000 else "scatter"
    return {"type": kind, "mode": "markers", "x": mark.x, "y": mark.y, "name": _plain(mark.name), "marker": marker}


def _mixed(shade: float) -> str:
    """The colour of a shade between low and high."""
    start, end, part = (LOW, MIDDLE, 2 * shade) if shade < 0.5 else (MIDDLE, HIGH, 2 * shade - 1)
    pairs = [(int(start[n : n + 2], 16), int(end[n : n + 2], 16)) for n in (1, 3, 5)]
    return "#" + "".join(f"{round(a + (b - a) * part):02x}" for a, b in pairs)


def _axis(title: str, form: Form, anchor: str, domain: tuple[float, float]) -> dict[str, Any]:
    return {
        "title": {"text": _plain(short(title, 56)), "standoff": 8},
        "tickformat": FORMATS[form] if form else None,
        "gridcolor": GRID,
        "zerolinecolor": FAINT,
        "zeroline": False,
        "automargin": True,
        "anchor": anchor,
        "domain": list(domain),
    }


def note(chart: Chart) -> str:
    """The subtitle, with what colours mean."""
    return f"{chart.subtitle}; {chart.scale}: blue is low, red is high" if chart.scale else chart.subtitle


def _labelled(chart: Chart) -> bool:
    """Whether words stand at the ends of bars."""
    return any(isinstance(mark, Bars) and bool(mark.labels) for panel in chart.panels for mark in panel.marks)


def _legend(panel: Panel) -> bool:
    return sum(bool(getattr(mark, "name", "")) for mark in panel.marks) > 1


def _words(values: Values) -> list[Any]:
    return [_plain(short(value)) if isinstance(value, str) else value for value in values]


def _plain(text: str) -> str:
    """Words that Plotly, which reads some HTML, shows as they are."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _as_json(value: Any) -> Any:
    """Arrays of numpy and moments of pandas."""
    if hasattr(value, "dtype") and hasattr(value, "tolist"):
        return value.astype("datetime64[s]").astype(str).tolist() if value.dtype.kind == "M" else value.tolist()
    return str(value)

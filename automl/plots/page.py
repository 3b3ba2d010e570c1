"""Charts as one HTML file that needs nothing else: to hover over and zoom into, light and dark, on a phone too."""

from __future__ import annotations

import json
from html import escape
from pathlib import Path
from typing import Any

from automl.plots.chart import Chart
from automl.plots.interactive import figure, note

STYLE = """
:root{color-scheme:light dark;--ink:#1e293b;--card:#fff;--back:#f1f5f9}
@media(prefers-color-scheme:dark){:root{--ink:#e2e8f0;--card:#1e293b;--back:#0f172a}}
body{margin:0;background:var(--back);color:var(--ink);font:16px/1.6 system-ui,sans-serif}
main{max-width:60rem;margin:1.5rem auto;padding:0 1rem}h1{font-size:1.5rem}
.chart{background:var(--card);border-radius:12px;margin:0 0 1rem;padding:.8rem 1rem;overflow:hidden}
h2{font-size:1.1rem;margin:0}.chart p{margin:.1rem 0 .4rem;opacity:.75;font-size:.9rem}
"""
SCRIPT = """
const dark = matchMedia("(prefers-color-scheme: dark)");
const drawn = JSON.parse(document.getElementById("charts").textContent);
const ink = () => ({"font.color": dark.matches ? "#cbd5e1" : "#475569"});
drawn.forEach((one, number) => {
  const place = document.getElementById("chart" + number);
  const options = {responsive: true, displaylogo: false};
  Plotly.newPlot(place, one.data, one.layout, options).then(() => Plotly.relayout(place, ink()));
  dark.addEventListener("change", () => Plotly.relayout(place, ink()));
});
"""


def write(charts: list[Chart], title: str, path: Path) -> Path:
    """Write the page, with Plotly's own script inside."""
    from plotly.offline import get_plotlyjs

    figures = json.dumps([_untitled(figure(chart)) for chart in charts]).replace("</", "<\\/")
    places = "\n".join(
        f'<section class="chart"><h2>{escape(chart.title)}</h2><p>{escape(note(chart))}</p>'
        f'<div id="chart{number}"></div></section>'
        for number, chart in enumerate(charts)
    )
    path.write_text(
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>\n'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><style>{STYLE}</style></head>\n'
        f"<body><main><h1>{escape(title)}</h1>\n{places}\n</main>\n"
        f'<script type="application/json" id="charts">{figures}</script>\n'
        f"<script>{get_plotlyjs()}</script>\n<script>{SCRIPT}</script></body></html>\n",
        encoding="utf-8",
    )
    return path


def _untitled(drawn: dict[str, Any]) -> dict[str, Any]:
    """A figure whose title stands above it, where it can wrap."""
    layout = drawn["layout"]
    top = 44 if layout["showlegend"] else 12
    margin = layout["margin"] | {"t": top}
    kept = {key: value for key, value in layout.items() if key != "title"}
    return drawn | {"layout": kept | {"margin": margin, "height": layout["height"] - layout["margin"]["t"] + top}}

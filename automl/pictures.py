"""Cards that pictures are drawn on: light, so that they read on a white and on a dark page.

Figures are drawn without pyplot, which keeps no state and needs no screen.
"""

from __future__ import annotations

from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

CARD, INK, FAINT, GRID = "#ffffff", "#1e293b", "#64748b", "#e2e8f0"
BLUE = "#2563eb"
DPI = 150


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

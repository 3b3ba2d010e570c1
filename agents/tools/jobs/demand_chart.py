"""Draws what jobs ask for: the skills asked for most, and how their share moved. For a job."""

from __future__ import annotations

from pathlib import Path

SHOWN = 5
"""Skills whose way is drawn."""


def draw(skills: list[str], jobs: list[int], weeks: dict[str, list[float | None]], title: str, out: str) -> str:
    """A bar for each skill, and below a line for each of the first five where there are weeks; returns the path."""
    import numpy as np

    from automl.plots import png
    from automl.plots.chart import COLOURS, Bars, Chart, Line, Panel

    labels = [f"{count:,}" for count in jobs]
    bars = Bars(range(len(skills)), jobs, upright=False, labels=labels)
    panels = [Panel((bars,), x="jobs", ticks=tuple(skills))]
    moving = [(skill, own) for skill, own in weeks.items() if sum(share is not None for share in own) > 1][:SHOWN]
    lines = []
    for (skill, own), colour in zip(moving, COLOURS, strict=False):
        shares = np.array([np.nan if share is None else share for share in own])
        known = np.flatnonzero(np.isfinite(shares))
        lines.append(Line(known - len(own) + 1, shares[known], skill, colour))
    if lines:
        panels.append(Panel(tuple(lines), x="weeks from now", y="share of jobs", y_form="share"))
    path = Path(out)
    tall = (1.6 + 0.3 * len(skills)) * len(panels)
    return str(png.draw(Chart(path.stem, title, panels=tuple(panels), tall=tall), path.parent))

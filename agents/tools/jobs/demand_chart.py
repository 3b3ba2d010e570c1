"""Draws what jobs ask for: the skills asked for most, and how their share moved. For a job."""

from __future__ import annotations

from pathlib import Path

HUES = ("#2563eb", "#e11d48", "#059669", "#d97706", "#7c3aed")


def draw(skills: list[str], jobs: list[int], weeks: dict[str, list[float | None]], title: str, out: str) -> str:
    """A bar for each skill, and below a line for each of the first five where there are weeks; returns the path."""
    from automl.pictures import BLUE, FAINT, figure, save, short

    moving = {skill: shares for skill, shares in weeks.items() if sum(share is not None for share in shares) > 1}
    card, axes = figure(title, width=8, height=3.2 + 0.28 * len(skills) + (2.6 if moving else 0))
    if moving:
        card.delaxes(axes)
        axes, lines = card.subplots(2, 1, height_ratios=(0.28 * len(skills) + 1, 2.4))
        axes.set_title(title, loc="left", fontsize=13, fontweight="bold")
        for (skill, shares), hue in zip(moving.items(), HUES, strict=False):
            points = [(place, 100 * share) for place, share in enumerate(shares) if share is not None]
            lines.plot(
                *zip(*points, strict=True), color=hue, marker="o", markersize=3.5, linewidth=1.8, label=short(skill)
            )
        count = len(next(iter(moving.values())))
        lines.set_xticks(range(0, count, 2), [_ago(count - 1 - place)
                                              for place in range(0, count, 2)], fontsize=8.5)  # fmt: skip
        lines.set_ylabel("% of jobs", color=FAINT)
        lines.set_ylim(bottom=0)
        lines.legend(frameon=False, fontsize=8.5, ncols=5, loc="upper center", bbox_to_anchor=(0.5, 1.18))
        for side in ("top", "right"):
            lines.spines[side].set_visible(False)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.barh(range(len(skills)), jobs, color=BLUE, height=0.66)
    axes.set_yticks(range(len(skills)), [short(skill) for skill in skills])
    axes.invert_yaxis()
    axes.tick_params(length=0)
    for place, count in enumerate(jobs):
        axes.annotate(str(count), (count, place), (5, 0), textcoords="offset points", va="center", fontsize=9)
    axes.set_xticks([])
    return str(save(card, Path(out)))


def _ago(weeks: int) -> str:
    return {0: "now", 1: "1 week ago"}.get(weeks, f"{weeks} weeks ago")

"""Numbers that a given share of all outcomes stays below: which are wanted, their loss, and how often they hold.

Predictions are one column a level (rows, levels), levels rising. They are judged by the pinball loss (Koenker and
Bassett, 1978), put in order where they cross (Chernozhukov et al., 2010), and moved so that each level held as often as
it says on rows that were not fitted on (Romano et al., 2019).
"""

from __future__ import annotations

import re

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

USUAL = (0.1, 0.5, 0.9)
FEWEST, MOST = 0.01, 0.99
_WORD = r"(?:quantil|percentil|perzentil|cuantil|centil)\w*"
_LIST = r"(?:p?\d{1,2}(?:[.,]\d+)?\s*(?:st|nd|rd|th|[.%](?!\d))?\s*[-,/&]?\s*(?:and|und|or|to|y|et|e)?\s*)+"
_LISTS = (
    re.compile(rf"\b(?P<list>{_LIST}){_WORD}", re.IGNORECASE),
    re.compile(rf"\b{_WORD}\s*(?:of|at|for|levels?|:|=|\s)*(?P<list>{_LIST})", re.IGNORECASE),
)
_SHORT = re.compile(r"\bP(\d{2})\b")
_NAMED = re.compile(rf"\b{_WORD}|\bpinball\b", re.IGNORECASE)


def levels(words: str) -> tuple[float, ...]:
    """The levels that words name, rising; the usual ones where they only speak of quantiles; none where they do not."""
    short = {float(text) for text in _SHORT.findall(words)}
    if not _NAMED.search(words) and len(short) < 2:
        return ()
    listed = " ".join(match["list"] for pattern in _LISTS for match in pattern.finditer(words))
    named = {float(text.replace(",", ".")) for text in re.findall(r"\d{1,2}(?:[.,]\d+)?", listed)} | short
    found = {number if number < 1 else number / 100 for number in named}
    return tuple(sorted(round(level, 4) for level in found if FEWEST <= level <= MOST)) or USUAL


def pinball(labels: Array, predicted: Array, levels: tuple[float, ...]) -> float:
    """The mean loss over rows and levels: an outcome above costs `level` a unit, one below costs 1 - `level`."""
    return float(pinballs(labels, predicted, levels).mean())


def pinballs(labels: Array, predicted: Array, levels: tuple[float, ...]) -> Array:
    """The mean loss over levels of each row (rows,)."""
    away, share = labels[:, None] - predicted, np.array(levels)
    return np.asarray(np.maximum(share * away, (share - 1) * away).mean(axis=1))


def constant(labels: Array, count: int, levels: tuple[float, ...]) -> Array:
    """The same quantiles for `count` rows: those of the labels."""
    return np.tile(np.quantile(labels, levels), (count, 1))


def shifts(labels: Array, predicted: Array, levels: tuple[float, ...]) -> list[float]:
    """What to add to each level so that it holds as often as it says on these rows (rows, levels)."""
    return [float(np.quantile(labels - predicted[:, place], level)) for place, level in enumerate(levels)]


def figures(labels: Array, predicted: Array, levels: tuple[float, ...]) -> dict[str, float]:
    """How good quantiles are, by name.

    `skill` is the share of the pinball loss of the labels' own quantiles that is saved (Koenker and Machado, 1999),
    `below_90` how often an outcome lay at or below the level 0.9, `coverage` how often between the outer levels.
    """
    loss, base = (pinball(labels, one, levels) for one in (predicted, constant(labels, len(labels), levels)))
    below = {named("below_", level): float((labels <= predicted[:, n]).mean()) for n, level in enumerate(levels)}
    found = {"skill": 1 - loss / base if base else 0.0, "pinball": loss, **below}
    if len(levels) > 1:
        inside = (labels >= predicted[:, 0]) & (labels <= predicted[:, -1])
        found |= {"coverage": float(inside.mean()), "width": float((predicted[:, -1] - predicted[:, 0]).mean())}
    return found


def middle(count: int) -> int:
    """Which of so many levels stands for the prediction where there is room for one."""
    return count // 2


def named(prefix: str, level: float) -> str:
    """A level as part of a name: `q90`, `q2.5`."""
    return f"{prefix}{100 * level:.4g}"


def in_words(figures: dict[str, float], base: dict[str, float], levels: list[float]) -> str:
    """What a client should know of quantiles that were judged."""
    held = ", ".join(f"{figures[named('below_', level)]:.0%} stayed below the {level:.0%} line" for level in levels)
    words = (
        f"Its lines are off by a pinball loss of **{figures['pinball']:,.4g}**; the same lines for every row would "
        f"lose {base['pinball']:,.4g}, so the model saves **{figures['skill']:.1%}**. Of the rows it had not seen, "
        f"{held}."
    )
    if "coverage" not in figures:
        return words
    meant = levels[-1] - levels[0]
    return (
        f"{words} Between the outer lines lay **{figures['coverage']:.0%}** (meant: {meant:.0%}), "
        f"{figures['width']:,.4g} apart on average; for every row alike they would be {base['width']:,.4g} apart."
    )

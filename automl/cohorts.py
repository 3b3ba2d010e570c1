"""Groups of rows for which other columns matter than for the rest, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from automl.judged import segments

if TYPE_CHECKING:
    from automl.explain import Explanation

FEWEST = 25
"""Rows a group needs before it is told."""
CLEARLY = 1.25
"""How many times as much the group's strongest column must move as the one that is strongest over all."""
LOOKED_AT = 8


def cohorts(explanation: Explanation, most: int = 3) -> list[str]:
    """Sentences about groups whose strongest column is another than over all rows, the clearest first.

    A group is a level of a column, or a quarter of its numbers. The column that makes the group is not its reason.
    """
    if len(explanation.columns) < 2 or len(explanation.values) < 2 * FEWEST:
        return []
    first, sizes = explanation.columns[0], np.abs(explanation.values)
    found: list[tuple[float, str]] = []
    for place, name in enumerate(explanation.columns[:LOOKED_AT]):
        labels = segments(explanation.inputs[name]).to_numpy()
        for label in np.unique(labels.astype(str)):
            own = labels == label
            if not FEWEST <= own.sum() <= 0.6 * len(own):
                continue
            means = sizes[own].mean(axis=0)
            means[place] = 0.0 if place else means[place]
            other = int(means.argmax())
            if other and means[other] > CLEARLY * means[0]:
                times = means[other] / means[0] if means[0] else np.inf
                much = f"{times:.1f} times as much as '{first}'" if times < 10 else f"far more than '{first}'"
                where = f"Where '{name}' is {label} ({int(own.sum()):,} rows)"
                found.append((float(times), f"{where}, '{explanation.columns[other]}' matters most: {much}."))
    return [text for _, text in sorted(found, reverse=True)[:most]]

"""Origins that roll through the past: every method learns from what lies before each, and is compared with what came.

At an origin, the weights of the methods and the reach of the intervals come from the origins before it alone, so the
figures are what a user would have seen. The first origin only chooses and is not judged.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from automl import ensemble, estimators
from automl.series.forecaster import LEARNED, Shape, ahead, fitted, unit
from automl.series.local import METHODS
from automl.trials import Clock

Array = npt.NDArray[np.float64]

BASELINE = "Seasonal naive"
EASY, LEAST_S = "Linear on lags", 3.0
"""The method that is tried in any case, and the seconds it is given."""
MOST_WINDOWS = 8
SHARE = 0.9
"""How many of the coming values the interval is to hold."""
LEAST = 30
"""Errors that a step's own interval needs; with fewer, steps nearby lend theirs."""


@dataclass(frozen=True)
class Field:
    """What each method said at each origin (origins, series, steps), and how long that took."""

    said: dict[str, Array]
    seconds: dict[str, float]
    truth: Array
    origins: list[int]
    units: Array
    why: str


def origins_of(length: int, shape: Shape) -> list[int]:
    """Where to stand, oldest first: one horizon apart, with enough history before the first; none where too short."""
    least = max(2 * shape.season, shape.horizon, 6)
    count = min(MOST_WINDOWS, (length - least) // shape.horizon)
    return [length - shape.horizon * (count - number) for number in range(count)]


def roll(
    values: Array,
    known: Array,
    moments: pd.DatetimeIndex,
    shape: Shape,
    origins: list[int],
    clock: Clock,
    pool: Executor,
    seed: int,
    tell: Callable[[str], None],
    names: list[str],
) -> Field:
    """Ask every method at every origin, the quick ones first; one that there is no time for is left out whole."""
    truth = np.stack([values[:, origin : origin + shape.horizon] for origin in origins])
    units = np.stack([unit(known[:, :origin], shape.season) for origin in origins])
    history, codes, gaps = shape.inward(known), np.arange(len(values), dtype=float), np.isnan(values)

    def at(name: str, origin: int) -> tuple[Array, float]:
        start = time.monotonic()
        past = history[:, :origin]
        model = fitted(name, past, moments[:origin], shape, gaps[:, :origin], seed) if name in LEARNED else None
        found = ahead(name, model, past, codes, moments[: origin + shape.horizon], shape)
        return shape.outward(found), time.monotonic() - start

    said, seconds, why = dict[str, Array](), dict[str, float](), "every candidate was tried"
    for name in names:
        if name == EASY:
            clock.grant(LEAST_S)
        if name in LEARNED and (clock.asked() or clock.left() <= 0):
            why = "it was asked to stop" if clock.asked() else "the time was up"
            continue
        if name in LEARNED:
            estimators.warm(LEARNED[name][0])
        tell(f"Trying {name} at {len(origins)} origins")
        last, pace = at(name, origins[-1])
        if name in LEARNED and clock.left() < pace * (len(origins) + 1):
            why = "it was asked to stop" if clock.asked() else "the time was up"
            continue
        found = [*pool.map(lambda origin, own=name: at(own, origin), origins[:-1]), (last, pace)]
        said[name] = np.stack([part for part, _ in found])
        seconds[name] = float(sum(part for _, part in found))
    return Field(said, seconds, truth, origins, units, why)


def usual_names() -> list[str]:
    """All methods, the quick ones first."""
    return [*METHODS, *LEARNED]


def weights(field: Field, until: int, shape: Shape, seed: int) -> dict[str, float]:
    """How much each method counts, by the origins before number `until`; errors in each series' own unit."""
    names = list(field.said)
    cells = ~np.isnan(field.truth[:until])
    scale = np.broadcast_to(field.units[:until, :, None], cells.shape)[cells]
    truth = field.truth[:until][cells]
    if not len(truth):
        return {BASELINE: 1.0}
    members = [((field.said[name][:until][cells] - truth) / scale)[:, None] for name in names]
    found = ensemble.weights("regression", members, np.zeros(len(truth)), seed)
    return {name: float(weight) for name, weight in zip(names, found, strict=True) if weight > 0}


def blended(field: Field, weighed: dict[str, float], number: int, shape: Shape) -> Array:
    """What the methods say together at an origin (series, steps)."""
    inner = sum(weight * shape.inward(field.said[name][number]) for name, weight in weighed.items())
    return shape.outward(np.asarray(inner))


def reach(errors: Array, share: float = SHARE) -> tuple[float, ...]:
    """How far an interval goes at each step, from absolute errors (rows, steps) in units; later steps reach no less.

    Split conformal prediction (Vovk et al., 2005): the error of rank ⌈(n + 1) × share⌉ among n.
    """
    steps = errors.shape[1]
    found = []
    for step in range(steps):
        near = 0
        while True:
            own = errors[:, max(0, step - near) : step + near + 1]
            own = own[~np.isnan(own)]
            if len(own) >= LEAST or near >= steps:
                break
            near += 1
        rank = min(len(own), int(np.ceil((len(own) + 1) * share)))
        found.append(float(np.sort(own)[rank - 1]) if len(own) else 0.0)
    return tuple(np.maximum.accumulate(found).tolist())

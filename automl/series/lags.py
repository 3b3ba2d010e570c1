"""What was known at an origin about a moment some steps later, as a matrix: lags, rolling statistics, the calendar.

Everything is told relative to the level at the origin, in units of the series' own spread, so that trees can follow a
trend beyond what they have seen.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

Array = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]

PARTS = {"month": ("month", 1, 12), "weekday": ("day_of_week", 0, 7), "day": ("day", 1, 31), "hour": ("hour", 0, 24)}
"""Parts of a date: pandas' name, the lowest, and how many there are."""
CALENDAR = {
    "h": ("weekday", "hour"),
    "D": ("month", "weekday", "day"),
    "B": ("month", "weekday", "day"),
    "W": ("month",),
    "MS": ("month",),
    "QS": ("month",),
    "YS": (),
}
"""What the calendar tells about a moment, for each step."""
MOST_ROWS = 20_000
MOST_SERIES = 200
"""More series than this are not told apart by name."""


@dataclass(frozen=True)
class Lags:
    """The features of (series, origin, step) places; `season` and `year` in steps, 0 where there is none.

    `named` is how many series the learning told apart, and `calendar` the parts of the date that change with the step.
    """

    season: int
    year: int
    horizon: int
    named: int
    calendar: tuple[str, ...]

    @property
    def reach(self) -> int:
        """How many known values an origin needs."""
        return max(2 * self.season, 4)

    def places(self, series: int, length: int, seed: int) -> tuple[Places, Places, Places]:
        """Series, origins and steps to learn from: those whose outcome is known, a sample where there are too many."""
        origins = np.arange(min(self.reach, max(1, length - 2)), length)
        each = max(1, MOST_ROWS // max(1, series * self.horizon))
        if len(origins) > each:
            origins = origins[:: -(len(origins) // each + 1)][::-1]
        one, two, three = np.meshgrid(np.arange(series), origins, np.arange(1, self.horizon + 1), indexing="ij")
        kept = np.flatnonzero((two + three <= length).ravel())
        if len(kept) > MOST_ROWS:
            kept = np.sort(np.random.default_rng(seed).choice(kept, MOST_ROWS, replace=False))
        return one.ravel()[kept], two.ravel()[kept], three.ravel()[kept]

    def matrix(
        self, history: Array, codes: Array, moments: pd.DatetimeIndex, places: tuple[Places, Places, Places]
    ) -> tuple[Array, dict[int, int], Array, Array]:
        """The features (places, columns), the categorical ones with their levels, and each place's level and spread.

        `history` (series, moments known) may reach beyond an origin; nothing at or after it is looked at. `codes` names
        the series, and `moments` are those of the history and of the steps to come.
        """
        series, origins, steps = places
        sums, squares = (_summed(part) for part in (history, history**2))
        width = max(self.season, 4)

        def mean(until: Places, count: int) -> Array:
            start = np.maximum(until - count, 0)
            return np.asarray((sums[series, until] - sums[series, start]) / np.maximum(until - start, 1))

        def at(place: Places) -> Array:
            inside = (place >= 0) & (place < origins)
            return np.where(inside, history[series, np.clip(place, 0, history.shape[1] - 1)], np.nan)

        level = mean(origins, width)
        own = _spread(history)[series]
        ahead = origins + steps - 1
        period = max(1, self.season)
        back = ahead - period * -(-steps // period)
        seasons = [at(back - period * number) for number in range(4)]
        known = np.sum([~np.isnan(part) for part in seasons], axis=0)
        start = np.maximum(origins - width, 0)
        power = (squares[series, origins] - squares[series, start]) / np.maximum(origins - start, 1)
        columns = [
            at(origins - 1) - level,
            at(origins - 2) - level,
            seasons[0] - level,
            seasons[1] - level,
            np.nansum(seasons, axis=0) / np.maximum(known, 1) - level,
        ]
        if self.year:
            yearly = ahead - self.year * -(-steps // self.year)
            near = [at(yearly + away) for away in range(-3, 4)]
            count = np.sum([~np.isnan(part) for part in near], axis=0)
            around = np.where(count > 0, np.nansum(near, axis=0) / np.maximum(count, 1), np.nan)
            columns += [at(yearly) - level, around - mean(np.maximum(origins - self.year, 1), width)]
        columns += [
            np.sqrt(np.maximum(power - level**2, 0)),
            level - mean(np.maximum(origins - width, 1), width),
            mean(origins, 4 * width) - level,
        ]
        scaled = np.column_stack([steps.astype(float), np.column_stack(columns) / own[:, None]])
        coded = [(np.asarray(getattr(moments, part), dtype=float)[ahead] - first, count)
                 for part, first, count in (PARTS[name] for name in self.calendar)]  # fmt: skip
        if 1 < self.named <= MOST_SERIES:
            coded.append((codes[series], self.named))
        width = scaled.shape[1]
        categorical = {width + place: count for place, (_, count) in enumerate(coded)}
        return np.column_stack([scaled, *(part for part, _ in coded)]), categorical, level, own


def _summed(history: Array) -> Array:
    return np.concatenate([np.zeros((len(history), 1)), np.cumsum(history, axis=1)], axis=1)


def _spread(history: Array) -> Array:
    """Each series' standard deviation, 1 where it never changes."""
    found = history.std(axis=1)
    return np.asarray(np.where(found > 1e-9, found, 1.0))

"""A table as series on one regular grid of moments: which column is time, which tell series apart, the step."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from automl.clean import Clean
from automl.detect import find_target
from automl.errors import DataError

Array = npt.NDArray[np.float64]

SEASONS = {"h": (24, 168), "D": (7, 365), "B": (5, 260), "W": (52,), "MS": (12,), "QS": (4,), "YS": ()}
"""The usual seasons of each step, shortest first, in steps."""
STEPS_DAYS = {"h": 1 / 24, "D": 1.0, "B": 1.4, "W": 7.0, "MS": 30.4, "QS": 91.3, "YS": 365.25}
NAMES = {"h": "hour", "D": "day", "B": "working day", "W": "week", "MS": "month", "QS": "quarter", "YS": "year"}
MOST_CELLS = 3_000_000
MOST_KEYS = 2
LEVEL_NAME = re.compile(r"price|rate|share|percent|temperature|score|index|average|mean|level|preis|kurs", re.I)
"""A target of such a name is averaged where several rows fall into one step; others are added up."""


@dataclass(frozen=True)
class Grid:
    """How rows become series: the columns of time, target and keys, the step, and what several rows of a step make."""

    time: str
    target: str
    keys: tuple[str, ...]
    step: str
    anchor: str
    averaged: bool

    @property
    def alias(self) -> str:
        """Pandas' name of the step; weeks end on the day the data's own do."""
        return self.anchor or self.step

    @property
    def name(self) -> str:
        return NAMES[self.step]

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Grid:
        """The counterpart of `to_json`. Raises TypeError or KeyError when it is none."""
        return cls(**{**stored, "keys": tuple(stored["keys"])})


@dataclass(frozen=True)
class Panel:
    """`values` (series, moments), missing where nothing was recorded; `keys` names each series."""

    grid: Grid
    keys: tuple[tuple[str, ...], ...]
    moments: pd.DatetimeIndex
    values: Array

    def coming(self, steps: int) -> pd.DatetimeIndex:
        """The moments after the last one."""
        return pd.date_range(self.moments[-1], periods=steps + 1, freq=self.grid.alias)[1:]

    def known(self) -> Array:
        """The values with gaps filled from the last known, and before the first from it; 0 for an empty series."""
        filled = pd.DataFrame(self.values.T).ffill().bfill().fillna(0.0)
        return filled.to_numpy(dtype=float).T.copy()


def grid(table: Clean, target: str, time: str | None, ignore: list[str]) -> Grid:
    """Settle how rows become series. Raises DataError when the table holds no time, or too little of it."""
    if table.types[target].kind != "number":
        raise DataError(f"'{target}' holds words, and only numbers can be forecast; choose a number column.")
    time = time or moment_column(table, target)
    if time is None:
        raise DataError("No column holds the dates a forecast needs; give a table with a date in each row.")
    frame = table.frame.dropna(subset=[target, time])
    gone = {column for name in ignore if (column := _column(table, name))}
    keys = _keys(table, frame, target, time, gone)
    step, anchor = _step(stamps(frame[time]))
    return Grid(time, target, keys, step, anchor, bool(LEVEL_NAME.search(target)))


def moment_column(table: Clean, target: str) -> str | None:
    """The date column with the most different values; else whole numbers that are years by name and size."""
    dates = [name for name in table.named("date") if name != target]
    if dates:
        return max(dates, key=lambda name: table.frame[name].nunique())
    for name in table.named("number"):
        values = table.frame[name].dropna()
        years = bool(re.fullmatch(r"(?:year|jahr|año|année|anno|ano)", name.casefold())) and name != target
        if years and len(values) and values.between(1500, 2200).all() and (values % 1 == 0).all():
            return name
    return None


def panel(frame: pd.DataFrame, made: Grid) -> Panel:
    """The series of a typed frame. Raises DataError when there are too many, or none."""
    rows = frame.dropna(subset=[made.time, made.target])
    if rows.empty:
        raise DataError(f"No row has both '{made.time}' and '{made.target}'; give rows that do.")
    moments = _floor(stamps(rows[made.time]), made)
    names = pd.MultiIndex.from_frame(rows[list(made.keys)].astype("str")) if made.keys else None
    codes, levels = pd.factorize(names, sort=True) if names is not None else (np.zeros(len(rows), dtype=int), [()])
    grid_moments = pd.date_range(moments.min(), moments.max(), freq=made.alias)
    if len(levels) * len(grid_moments) > MOST_CELLS:
        told = f"{len(levels):,} series of {len(grid_moments):,} {made.name}s"
        raise DataError(f"These are {told}, too many to forecast at once; give fewer rows, or name fewer keys.")
    places = grid_moments.get_indexer(pd.DatetimeIndex(moments))
    inside = places >= 0
    totals, counts = (np.zeros((len(levels), len(grid_moments))) for _ in range(2))
    numbers = rows[made.target].to_numpy(dtype=float)
    np.add.at(totals, (codes[inside], places[inside]), numbers[inside])
    np.add.at(counts, (codes[inside], places[inside]), 1)
    if made.averaged:
        totals = totals / np.maximum(counts, 1)
    values = np.where(counts > 0, totals, np.nan)
    return Panel(made, tuple(tuple(map(str, level)) for level in levels), grid_moments, values)


def stamps(values: pd.Series[Any]) -> pd.Series[Any]:
    """A column of dates, or of years as numbers, as moments without a zone."""
    if pd.api.types.is_numeric_dtype(values):
        return pd.Series(pd.to_datetime(values.astype("int64").astype("str"), format="%Y"))
    moments = pd.Series(pd.to_datetime(values))
    return pd.Series(moments.dt.tz_localize(None)) if moments.dt.tz is not None else moments


def _floor(moments: pd.Series[Any], made: Grid) -> pd.Series[Any]:
    """Each moment's step: the hour, the day, or the beginning of the month; the end of the week for weeks."""
    found = moments.dt.floor("h") if made.step == "h" else moments.dt.normalize()
    if made.step not in ("h", "D", "B"):
        periods = found.dt.to_period({"W": made.anchor, "MS": "M", "QS": "Q", "YS": "Y"}[made.step])
        found = periods.dt.end_time.dt.normalize() if made.step == "W" else periods.dt.start_time
    return pd.Series(found)


def _step(moments: pd.Series[Any]) -> tuple[str, str]:
    unique = pd.Series(np.sort(moments.unique()))
    if len(unique) < 3:
        raise DataError("A forecast needs rows of at least three different dates; give a longer history.")
    gap = float(np.median(np.diff(unique.to_numpy()) / np.timedelta64(1, "D")))
    if gap <= 0.5:
        return "h", ""
    if gap < 4:
        weekend = float((unique.dt.day_of_week >= 5).mean())
        return ("B", "") if weekend == 0 and len(unique) >= 10 else ("D", "")
    if gap < 20:
        usual = unique.dt.day_name().str[:3].str.upper().mode().iloc[0]
        return "W", f"W-{usual}"
    return ("MS", "") if gap < 60 else ("QS", "") if gap < 200 else ("YS", "")


def _keys(table: Clean, frame: pd.DataFrame, target: str, time: str, gone: set[str]) -> tuple[str, ...]:
    """The fewest columns that, with the time, tell almost every row apart; none where they never do, or need not."""

    def apart(names: tuple[str, ...]) -> float:
        return 1 - float(frame.duplicated([time, *names]).mean())

    if apart(()) >= 0.99:
        return ()
    able = []
    for name in map(str, frame.columns):
        kind, levels = table.types[name].kind, int(frame[name].nunique())
        if name in (target, time) or name in gone or levels < 2 or levels > 0.5 * len(frame):
            continue
        whole = kind == "number" and bool((frame[name].dropna() % 1 == 0).all()) and bool(_ID.search(name))
        if kind in ("category", "boolean") or whole:
            able.append(name)
    for size in range(1, MOST_KEYS + 1):
        found = [(apart(names), names) for names in combinations(able[:12], size)]
        best = max(found, default=(0.0, ()), key=lambda pair: pair[0])
        if best[0] >= 0.99:
            return best[1]
    return ()


_ID = re.compile(r"(?:^|[\s_.-])(?:id|no|nr|number|code|store|shop|item|product|sku)$", re.IGNORECASE)


def _column(table: Clean, name: str) -> str | None:
    try:
        return find_target(list(table.frame.columns), name)[0]
    except DataError:
        return None

"""Whether new rows look like those a model learned from: the population stability index of each column.

Above 0.25 a distribution counts as changed (Siddiqi, Credit Risk Scorecards, 2006), unless so few rows move it as far
by chance: without a change, the index follows chi-square times 1/n + 1/m (Yurdakul and Naranjo, 2020).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

Array = npt.NDArray[np.float64]

CHANGED = 0.25
FEWEST = 50
"""New rows below which too little is known of them."""
BY_CHANCE = 0.01
"""How likely one of all columns may seem changed where none is."""
BINS = 10
FLOOR = 1e-3


def drifted(before: pd.DataFrame, now: pd.DataFrame) -> list[str]:
    """A sentence for each column whose values changed, the most changed first; typed frames."""
    if min(len(before), len(now)) < FEWEST:
        return []
    both = [name for name in now if name in before]
    shares = {name: _shares(before[name], now[name]) for name in both}
    found = {name: _index(*shares[name]) for name in both}
    chance = {name: _by_chance(len(shares[name][0]), len(before), len(now), len(both)) for name in both}
    changed = [name for name in both if found[name] > max(CHANGED, chance[name])]
    changed.sort(key=lambda name: -found[name])
    return [
        f"'{name}' looks different from what the model learned from: {_how(before[name], now[name])}."
        for name in changed
    ]


def stability(before: pd.Series[Any], now: pd.Series[Any]) -> float:
    """The index: the sum over bins of (share now − share before) × log(share now / share before)."""
    return _index(*_shares(before, now))


def _index(old: Array, new: Array) -> float:
    return float(((new - old) * np.log(new / old)).sum())


def _by_chance(bins: int, before: int, now: int, columns: int) -> float:
    """How far chance alone seldom moves the index of a column, one of so many."""
    from scipy.special import chdtri

    return float(chdtri(max(1, bins - 1), BY_CHANCE / columns)) * (1 / before + 1 / now)


def _shares(before: pd.Series[Any], now: pd.Series[Any]) -> tuple[Array, Array]:
    if pd.api.types.is_datetime64_any_dtype(before):
        before, now = (pd.to_datetime(one).astype("int64").where(one.notna()) for one in (before, now))
    if pd.api.types.is_numeric_dtype(before):
        known = before.dropna().to_numpy(dtype=float)
        edges = np.unique(np.quantile(known, np.linspace(0, 1, BINS + 1)[1:-1])) if len(known) else np.array([])
        codes = [np.where(one.isna(), -1, np.searchsorted(edges, one.fillna(0), side="right")) for one in (before, now)]
        counts: list[Any] = [np.bincount(code.astype(int) + 1, minlength=len(edges) + 2) for code in codes]
    else:
        common = before.value_counts().index[:BINS]
        groups = [one.where(one.isin(common), "\0other").where(one.notna(), "\0none") for one in (before, now)]
        names = [*common, "\0other", "\0none"]
        counts = [group.value_counts().reindex(names, fill_value=0).to_numpy() for group in groups]
    old, new = (np.maximum(count / max(1, count.sum()), FLOOR) for count in counts)
    return old, new


def _how(before: pd.Series[Any], now: pd.Series[Any]) -> str:
    missing = float(now.isna().mean() - before.isna().mean())
    if missing > 0.2:
        return f"{now.isna().mean():.0%} of it is missing, and was {before.isna().mean():.0%}"
    if pd.api.types.is_datetime64_any_dtype(before):
        return f"it ends on {now.max():%Y-%m-%d}, and ended on {before.max():%Y-%m-%d}"
    if pd.api.types.is_numeric_dtype(before):
        return f"its median is {now.median():,.6g}, and was {before.median():,.6g}"
    fresh = now[now.notna() & ~now.isin(before.unique())]
    if len(fresh) > 0.1 * len(now):
        return f"{len(fresh) / len(now):.0%} of its values are new, such as '{fresh.iloc[0]}'"
    usual = now.value_counts(normalize=True)
    return f"'{usual.index[0]}' makes {usual.iloc[0]:.0%} of it now, and made {(before == usual.index[0]).mean():.0%}"

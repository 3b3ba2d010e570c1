"""Whether new rows look like those a model learned from: the population stability index of each column.

Above 0.25 a distribution counts as changed (Siddiqi, Credit Risk Scorecards, 2006).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

CHANGED = 0.25
FEWEST = 50
"""New rows below which chance alone moves the index that far."""
BINS = 10
FLOOR = 1e-3


def drifted(before: pd.DataFrame, now: pd.DataFrame) -> list[str]:
    """A sentence for each column whose values changed, the most changed first; typed frames."""
    if min(len(before), len(now)) < FEWEST:
        return []
    found = {name: stability(before[name], now[name]) for name in now if name in before}
    changed = sorted((name for name in found if found[name] > CHANGED), key=lambda name: -found[name])
    return [
        f"'{name}' looks different from what the model learned from: {_how(before[name], now[name])}."
        for name in changed
    ]


def stability(before: pd.Series[Any], now: pd.Series[Any]) -> float:
    """The index: the sum over bins of (share now − share before) × log(share now / share before)."""
    old, new = _shares(before, now)
    return float(((new - old) * np.log(new / old)).sum())


def _shares(before: pd.Series[Any], now: pd.Series[Any]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
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

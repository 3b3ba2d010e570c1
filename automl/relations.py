"""What goes together in a table: Pearson's r between numbers, Cramér's V between categories, information between all.

Cramér's V is bias-corrected (Bergsma, 2013). Shared information is the mutual information of two binned columns over
the smaller of their entropies: 0 when one says nothing of the other, 1 when it gives it away (Kvålseth, 1987).
"""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from automl.clean import Clean

STRONG = 0.5
"""Correlations at least this strong, in absolute value, are worth telling."""
LINKED = 0.3
"""The same for Cramér's V and shared information, which seldom come near 1."""
BINS = 8
MOST_LEVELS = 30
MOST_COLUMNS = 40
MOST_ROWS = 20_000
SHOWN = 20


def correlations(table: Clean, strong: float = STRONG) -> list[dict[str, Any]]:
    """Pairs of number columns with |Pearson's r| ≥ `strong`, strongest first, at most twenty."""
    numbers = [name for name in table.named("number", "boolean") if table.frame[name].nunique() > 1]
    matrix = table.frame[numbers].corr().to_numpy()
    pairs = [(float(matrix[i, j]), numbers[i], numbers[j]) for i, j in combinations(range(len(numbers)), 2)]
    found = sorted((pair for pair in pairs if abs(pair[0]) >= strong), key=lambda pair: -abs(pair[0]))
    return [{"a": a, "b": b, "r": round(r, 3)} for r, a, b in found[:SHOWN]]


def links(table: Clean, least: float = LINKED) -> list[dict[str, Any]]:
    """Pairs of columns that tell of each other, strongest first, at most twenty.

    Each is a, b, v (Cramér's V, None unless both hold categories or yes and no) and shared (information, 0 to 1). Told
    from at most `MOST_ROWS` rows and the first `MOST_COLUMNS` columns that are no free text and no row's name.
    """
    frame = table.frame if len(table.frame) <= MOST_ROWS else table.frame.sample(MOST_ROWS, random_state=0)
    coded = {name: codes for name in frame if (codes := _codes(frame[name], table.types[str(name)].kind)) is not None}
    sorts = {name: table.types[str(name)].kind in ("category", "boolean") for name in coded}
    found: list[dict[str, Any]] = []
    for a, b in combinations(list(coded)[:MOST_COLUMNS], 2):
        counts = _counts(coded[a], coded[b])
        shared = shared_information(counts)
        v = cramers_v(counts) if sorts[a] and sorts[b] else None
        if max(v or 0.0, shared) >= least:
            found.append({"a": str(a), "b": str(b), "v": v, "shared": shared})
    return sorted(found, key=lambda pair: -max(pair["v"] or 0.0, pair["shared"]))[:SHOWN]


def cramers_v(counts: npt.NDArray[np.float64]) -> float:
    """Cramér's V of a table of counts (levels, levels), bias-corrected; 0 for a table of one row or column."""
    total, (rows, columns) = counts.sum(), counts.shape
    expected = counts.sum(axis=1, keepdims=True) * counts.sum(axis=0) / total
    square = float(((counts - expected) ** 2 / expected).sum() / total)
    freedom = (rows - 1) * (columns - 1) / (total - 1)
    fewest = min(rows - (rows - 1) ** 2 / (total - 1), columns - (columns - 1) ** 2 / (total - 1)) - 1
    return round(float(np.sqrt(max(0.0, square - freedom) / fewest)), 3) if fewest > 0 else 0.0


def shared_information(counts: npt.NDArray[np.float64]) -> float:
    """Mutual information over the smaller entropy, less what chance alone would give (Miller and Madow, 1955)."""
    both = counts / counts.sum()
    own, other = both.sum(axis=1), both.sum(axis=0)
    smaller = min(_entropy(own), _entropy(other))
    by_chance = (counts.shape[0] - 1) * (counts.shape[1] - 1) / (2 * counts.sum())
    mutual = _entropy(own) + _entropy(other) - _entropy(both.ravel()) - by_chance
    return round(float(np.clip(mutual / smaller, 0, 1)), 3) if smaller > 0 else 0.0


def _entropy(shares: npt.NDArray[np.float64]) -> float:
    known = shares[shares > 0]
    return float(-(known * np.log(known)).sum())


def _codes(values: pd.Series[Any], kind: str) -> npt.NDArray[np.int64] | None:
    """A whole number for each value, -1 where it is missing; None for what has no levels, too many, or one."""
    if kind == "text":
        return None
    if kind in ("number", "date") and values.nunique() > BINS:
        cut = pd.qcut(values.rank(method="average"), BINS, labels=False, duplicates="drop")
        return np.asarray(cut.fillna(-1), dtype=np.int64)
    codes, levels = pd.factorize(values)
    return codes.astype(np.int64) if 2 <= len(levels) <= MOST_LEVELS else None


def _counts(a: npt.NDArray[np.int64], b: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """How often each pair of levels occurs, over the rows that have both; levels that never do are left out."""
    known = (a >= 0) & (b >= 0)
    width = int(b.max()) + 1
    flat = np.bincount(a[known] * width + b[known], minlength=(int(a.max()) + 1) * width)
    counts = flat.reshape(-1, width).astype(float)
    counts = counts[counts.sum(axis=1) > 0]
    counts = counts[:, counts.sum(axis=0) > 0]
    return counts if counts.size else np.ones((1, 1))

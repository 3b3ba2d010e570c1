"""A table described: each column's figures, what is missing, what goes together, and how good the data are."""

from __future__ import annotations

from typing import Any

import pandas as pd

from automl.clean import Clean

STRONG = 0.5
"""Correlations at least this strong, in absolute value, are worth telling."""


def profile(table: Clean) -> dict[str, Any]:
    """A JSON-able description: rows, columns (one dict each), correlations (strongest first), duplicates, quality."""
    frame = table.frame
    return {
        "rows": len(frame),
        "columns": [_column(table, name) for name in frame.columns],
        "correlations": correlations(table),
        "duplicates": int(frame.duplicated().sum()),
        "quality": quality(frame),
    }


def quality(frame: pd.DataFrame) -> dict[str, float]:
    """The quality score, 0 to 100: 0.4 × the share of complete rows + 0.6 × the share of values present."""
    complete = float(frame.notna().all(axis=1).mean())
    present = float(frame.notna().to_numpy().mean())
    return {
        "score": round(100 * (0.4 * complete + 0.6 * present), 1),
        "complete_rows": round(complete, 4),
        "values_present": round(present, 4),
        "unique_rows": round(1 - float(frame.duplicated().mean()), 4),
    }


def correlations(table: Clean, strong: float = STRONG) -> list[dict[str, Any]]:
    """Pairs of number columns with |Pearson's r| ≥ `strong`, strongest first, at most twenty."""
    numbers = [name for name in table.named("number", "boolean") if table.frame[name].nunique() > 1]
    matrix = table.frame[numbers].corr().to_numpy()
    pairs = [
        (float(matrix[i, j]), a, numbers[j])
        for i, a in enumerate(numbers)
        for j in range(i + 1, len(numbers))
        if abs(matrix[i, j]) >= strong
    ]
    return [{"a": a, "b": b, "r": round(r, 3)} for r, a, b in sorted(pairs, key=lambda pair: -abs(pair[0]))[:20]]


def _column(table: Clean, name: str) -> dict[str, Any]:
    values, kind = table.frame[name], table.types[name]
    described: dict[str, Any] = {
        "name": name,
        "kind": kind.kind,
        "unit": kind.unit,
        "missing": int(values.isna().sum()),
        "missing_share": round(float(values.isna().mean()), 4),
        "unique": int(values.nunique()),
    }
    if kind.kind == "number":
        figures = values.describe()
        described |= {key: round(float(figures[label]), 6) for key, label in FIGURES.items() if figures["count"] > 1}
    elif kind.kind == "boolean":
        described["true_share"] = round(float(values.mean()), 4)
    elif kind.kind == "date":
        described |= {"from": str(values.min()), "to": str(values.max())}
    else:
        described["top"] = [
            {"value": str(value), "rows": int(rows)} for value, rows in values.value_counts().head(5).items()
        ]
    return described


FIGURES = {"min": "min", "q1": "25%", "median": "50%", "q3": "75%", "max": "max", "mean": "mean", "std": "std"}

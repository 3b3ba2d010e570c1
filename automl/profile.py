"""A table described: each column's figures and shape, what goes together, what changed, what to look at, how good."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from automl import suspects
from automl.clean import Clean
from automl.drift import drifted
from automl.kinds import ColumnType
from automl.relations import correlations, links

BARS = 24
"""Bars of a distribution."""
MOST_MISSING = 0.3
SAME = 0.999
MOST_WARNINGS = 30
FIGURES = {"min": "min", "q1": "25%", "median": "50%", "q3": "75%", "max": "max", "mean": "mean", "std": "std"}


def profile(table: Clean, target: str = "") -> dict[str, Any]:
    """A JSON-able description.

    Returns:
        rows, columns (one dict each), correlations and links (strongest first), duplicates, quality, changes, drift
        (a sentence for each column that is other in the later half of the time), leaks (columns that would give the
        target away, when one is named, with why) and warnings in words.
    """
    frame = table.frame
    told: dict[str, Any] = {
        "rows": len(frame),
        "columns": [_column(table, name) for name in frame.columns],
        "correlations": correlations(table),
        "links": links(table),
        "duplicates": int(frame.duplicated().sum()),
        "quality": quality(frame, table.types),
        "changes": [{"what": c.what, "count": c.count, "column": c.column} for c in table.changes],
        "drift": halves(table),
        "leaks": leaks(table, target) if target in table.types else [],
    }
    return told | {"warnings": _warnings(table, told)[:MOST_WARNINGS]}


def quality(frame: pd.DataFrame, types: dict[str, ColumnType] | None = None) -> dict[str, float]:
    """The quality score, 0 to 100: 0.4 × the share of complete rows + 0.6 × the share of values present.

    Beside it stand the share of rows that repeat no other and, with `types`, of written values that read as the kind
    of their column.
    """
    complete = float(frame.notna().all(axis=1).mean())
    present = float(frame.notna().to_numpy().mean())
    spoilt = sum(kind.spoilt for kind in types.values()) if types else 0
    return {
        "score": round(100 * (0.4 * complete + 0.6 * present), 1),
        "complete_rows": round(complete, 4),
        "values_present": round(present, 4),
        "unique_rows": round(1 - float(frame.duplicated().mean()), 4),
        "valid_values": round(1 - spoilt / max(1, int(frame.notna().to_numpy().sum()) + spoilt), 4),
    }


def halves(table: Clean) -> list[str]:
    """How the later half of the rows differs from the earlier one, by the only date; nothing where there is none."""
    dates = table.named("date")
    if len(dates) != 1 or table.frame[dates[0]].nunique() < 2:
        return []
    when = table.frame[dates[0]]
    names = {item.column for item in suspects.ids(table, "")} | {dates[0], *table.named("text")}
    frame = table.frame.drop(columns=list(names))
    middle = when.median()
    told = "looks different from what the model learned from"
    return [
        line.replace(told, f"is other from {middle:%Y-%m-%d} on").replace(", and was ", ", and was before ")
        for line in drifted(frame[when < middle], frame[when >= middle])
    ]


def leaks(table: Clean, target: str) -> list[dict[str, str]]:
    """Columns that name a row or give the target away, each with why in words that follow its name."""
    numeric = table.types[target].kind == "number"
    labels = table.frame[target] if numeric else table.texts[target]
    found = {item.column: item.why for item in suspects.ids(table, target)}
    found |= {item.column: item.why for item in suspects.echoes(table, target, labels, set(found))}
    left = [str(name) for name in table.frame if name != target and name not in found]
    found |= dict.fromkeys(suspects.near_echoes(table, target, labels, left), f"almost gives '{target}' away")
    return [{"column": column, "why": why} for column, why in found.items()]


def _column(table: Clean, name: str) -> dict[str, Any]:
    values, kind = table.frame[name], table.types[name]
    described: dict[str, Any] = {
        "name": name,
        "kind": kind.kind,
        "unit": kind.unit,
        "missing": int(values.isna().sum()),
        "missing_share": round(float(values.isna().mean()), 4),
        "unique": int(values.nunique()),
        "outliers": table.outliers.get(name, 0),
    }
    if kind.kind == "number":
        figures = values.describe()
        described |= {key: round(float(figures[label]), 6) for key, label in FIGURES.items() if figures["count"] > 1}
        described["shape"] = shape(values.dropna().to_numpy(dtype=float))
    elif kind.kind == "boolean":
        described["true_share"] = round(float(values.mean()), 4)
    elif kind.kind == "date":
        described |= {"from": str(values.min()), "to": str(values.max())}
        described["shape"] = shape(values.dropna().to_numpy().astype("datetime64[s]").astype(float))
    else:
        described["top"] = [
            {"value": str(value), "rows": int(rows)} for value, rows in values.value_counts().head(5).items()
        ]
    return described


def shape(values: np.ndarray[Any, np.dtype[np.float64]]) -> list[int]:
    """How many values lie in each of `BARS` equal steps; what is beyond Tukey's outer fences is in the end ones."""
    if len(values) < 2:
        return []
    low, q1, q3, high = np.quantile(values, [0, 0.25, 0.75, 1])
    if q3 > q1:
        low, high = max(low, q1 - 3 * (q3 - q1)), min(high, q3 + 3 * (q3 - q1))
    return [int(count) for count in np.histogram(np.clip(values, low, high), BARS, (low, high))[0]]


def _warnings(table: Clean, told: dict[str, Any]) -> list[str]:
    lines = list(table.warnings)
    if told["rows"] < 100:
        lines.append(f"There are {told['rows']} rows; figures of so few say little.")
    for column in told["columns"]:
        name = f"'{column['name']}'"
        if column["missing_share"] > MOST_MISSING:
            lines.append(f"{name} is empty in {column['missing_share']:.0%} of the rows.")
        if column["outliers"]:
            rows = f"{column['outliers']:,} value{'s' * (column['outliers'] != 1)}"
            lines.append(
                f"{name} has {rows} far from the others; it reaches from {column['min']:,g} to {column['max']:,g}."
            )
    lines += [f"'{item.column}' {item.why}." for item in suspects.ids(table, "")]
    lines += [f"'{item['column']}' {item['why']}; leave it out or ask where it comes from." for item in told["leaks"]]
    same = {(one["a"], one["b"]) for one in told["correlations"] if abs(one["r"]) >= SAME}
    lines += [f"'{a}' and '{b}' say the same." for a, b in sorted(same)]
    tied = {(one["a"], one["b"]) for one in told["links"] if (one["v"] or 0) >= SAME} - same
    lines += [f"Of '{a}' and '{b}' one follows from the other." for a, b in sorted(tied)]
    return list(dict.fromkeys([*lines, *told["drift"]]))

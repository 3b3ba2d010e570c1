"""Whether a table is a record over time whose coming values are wanted."""

from __future__ import annotations

import re

from automl.clean import Clean
from automl.detect import Detected
from automl.errors import DataError
from automl.series.horizon import WORDS
from automl.series.panel import grid, moment_column

SAID = re.compile(r"\b(?:forecast|prognos|projection|pr[eé]vision|pron[oó]stic)\w*|\btime series\b", re.I)
FEWEST = 20
"""Rows from which a table of dates and values alone is taken for a series."""


def wanted(table: Clean, detected: Detected, words: str, ignore: list[str]) -> str:
    """Why this is a forecast, in words; empty where it is none."""
    target = detected.target
    time = moment_column(table, target)
    if time is None or table.types[target].kind != "number" or table.frame[time].nunique() < 3:
        return ""
    told = SAID.search(words) or WORDS.search(words)
    try:
        made = grid(table, target, time, ignore)
    except DataError:
        return ""
    if told:
        return f"you spoke of '{told[0].strip().lower()}', and '{time}' holds the dates"
    others = set(table.frame.columns) - {time, target, *made.keys}
    if not others and len(table.frame) >= FEWEST and table.frame[target].nunique() > 10:
        return f"beside '{time}' nothing is known that could tell '{target}'"
    return ""

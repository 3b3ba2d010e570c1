"""Amounts with a unit of measurement ("1.5 kg", "800 g") as numbers in one unit, the same for every file.

A unit stands for its dimension's base whatever else a column holds, so that a new file is read as the old one was.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

BASES: dict[str, dict[str, float]] = {
    "kg": {"mg": 1e-6, "g": 1e-3, "kg": 1, "t": 1e3, "oz": 0.028349523125, "lb": 0.45359237, "lbs": 0.45359237},
    "m": {"mm": 1e-3, "cm": 1e-2, "m": 1, "km": 1e3, "ft": 0.3048, "yd": 0.9144, "mi": 1609.344},
    "l": {"ml": 1e-3, "cl": 1e-2, "l": 1, "hl": 100},
    "h": {"ms": 1 / 3.6e6, "s": 1 / 3600, "sec": 1 / 3600, "min": 1 / 60, "mins": 1 / 60, "h": 1, "hr": 1}
    | {"hrs": 1, "hour": 1, "hours": 1, "day": 24, "days": 24},
    "MB": {"kb": 1e-3, "mb": 1, "gb": 1e3, "tb": 1e6},
    "kWh": {"wh": 1e-3, "kwh": 1, "mwh": 1e3},
    "W": {"w": 1, "kw": 1e3},
    "m²": {"m²": 1, "sqm": 1, "qm": 1, "sqft": 0.09290304, "ha": 1e4},
    "°C": {"°c": 1},
}
"""The units of each dimension, in its base."""
FACTORS = {unit: (base, factor) for base, units in BASES.items() for unit, factor in units.items()}
AMOUNT = r"^(?P<amount>[+-]?\d[\d.,' ]*|[+-]?[.,]\d+)\s*(?P<unit>[a-z°²]{1,5})\.?$"


def measured(values: pd.Series[Any]) -> tuple[pd.Series[Any], pd.Series[Any], str]:
    """The bare amounts of texts with a unit, the factor each is to be multiplied with, and the base they come to.

    Texts of another dimension than the commonest have no amount. The base is "" when there is none.
    """
    found = values.str.casefold().str.extract(AMOUNT)
    base = found["unit"].map({unit: base for unit, (base, _) in FACTORS.items()})
    if not base.notna().any():
        return found["amount"].mask(found["amount"].notna()), pd.Series(1.0, index=values.index), ""
    usual = str(base.value_counts().index[0])
    factor = found["unit"].map({unit: factor for unit, (_, factor) in FACTORS.items()}).astype(float)
    return found["amount"].str.strip().where(base == usual), factor, usual

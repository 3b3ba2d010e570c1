"""The sorts of prediction."""

from __future__ import annotations

from typing import Literal

Task = Literal["binary", "multiclass", "regression", "quantile", "series"]
NUMBERS = ("regression", "quantile")
"""Tasks that predict a number of a column, instead of a class."""

"""The sorts of prediction."""

from __future__ import annotations

from typing import Literal

Task = Literal["binary", "multiclass", "regression", "series"]

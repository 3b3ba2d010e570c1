"""How fast a model of Qwen3-0.6B's shape runs here, beside llama-cpp-python used plainly. Its weights are random."""

from __future__ import annotations

import importlib.util
from typing import Any

from integrations.models import measure


def run() -> dict[str, Any]:
    """Measure; see `measure.bench`. Empty where llama.cpp is not built."""
    return measure.bench() if importlib.util.find_spec("llama_cpp") else {}


def show(result: dict[str, Any]) -> None:
    """Print it."""
    if result:
        measure.show(result)
    else:
        print("llama.cpp is not built here: make llama")

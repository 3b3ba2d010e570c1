"""What `models bench` measures, on a tiny model: that every number is there, not how large it is."""

from __future__ import annotations

import asyncio
import importlib.util
import json
from pathlib import Path

import pytest

from integrations.models import measure

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("llama_cpp") is None, reason="llama-cpp-python is not built here: make llama"
)


async def test_it_measures_a_file_beside_plain_llama_cpp(tiny_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    result = await asyncio.to_thread(measure.bench, tiny_file)
    assert json.loads(json.dumps(result)) == result
    assert result["switch"]["tokens"] >= 500, "the whole system prompt was kept"
    assert result["memory"]["snapshots"] > 0
    numbers = [
        *(result[who][what] for who in ("ours", "plain") for what in ("load_s", "read", "write")),
        *(result["switch"][what] for what in ("kept_s", "plain_s", "ratio")),
        *result["stop"].values(),
        result["memory"]["measured"],
        result["memory"]["estimated"],
        result["loop_lag_s"],
    ]
    assert all(number > 0 for number in numbers)
    measure.show(result)
    shown = capsys.readouterr().out
    assert "switch of agent" in shown
    assert "tiny.gguf: all layers on the processor" in shown

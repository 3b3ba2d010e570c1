"""What no model of random weights shows: one that cannot go back, told by llama.cpp's own answer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from integrations.models.llama.wire import Ask, Load

pytest.importorskip("llama_cpp", reason="llama-cpp-python is not built here: make llama")

from integrations.models.llama import engine
from integrations.models.llama.answering import Answering


def opened(file: Path) -> engine.Engine:
    return engine.Engine(Load(str(file), 1024, 0, "f16", False, 512, 1), engine.Stop())


def said(answering: Answering, text: str) -> tuple[str, int]:
    """The answer, and how many tokens of the question were known already."""
    pieces: list[str] = []
    turns = [{"role": "system", "content": "Be brief and exact. " * 10}, {"role": "user", "content": text}]
    done = answering.answer(Ask(1, turns, 16, 0.0, None), pieces.append)
    return "".join(pieces), done.reused_tokens


def test_a_model_that_cannot_forget_a_part_reads_all_again_and_answers_the_same(
    tiny_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fresh = said(Answering(opened(tiny_file), 0), "Where is it?")[0]
    remove = engine.c.llama_memory_seq_rm

    def only_all(memory: Any, sequence: int, kept: int, end: int) -> bool:
        return kept <= 0 and bool(remove(memory, sequence, kept, end))

    monkeypatch.setattr(engine.c, "llama_memory_seq_rm", only_all)
    cannot = Answering(opened(tiny_file), 0)
    said(cannot, "Who are you?")
    assert said(cannot, "Where is it?") == (fresh, 0)
    kept = Answering(opened(tiny_file), 64 * 1024 * 1024)
    said(kept, "Who are you?")
    answer, known = said(kept, "Where is it?")
    assert answer == fresh and known > 200, "what was kept of the system prompt serves it all the same"

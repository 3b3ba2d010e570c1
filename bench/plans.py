"""What a model of random weights does to plans, under the real grammar of llama.cpp: every plan must stay valid.

The words are nonsense, so nearly every plan is the planner's own; what is measured is that none is worse than that, how
many answers obey the schema, and how long an answer takes beside the deadline.
"""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from integrations.models.backend import USUAL, ChatMessage, ModelBackend, Note, Wanted, silent

COUNT = 1_000
CONTEXT = 16_384
TODAY = date(2026, 11, 21)
SECONDS = 20.0


class Watched:
    """A model whose answers are counted by what the schema's check says of them, and made hotter, to vary."""

    def __init__(self, model: ModelBackend) -> None:
        self.name, self.context, self._model = model.name, model.context, model
        self.answers: list[str] = []

    async def chat(
        self, messages: Sequence[ChatMessage], wanted: Wanted = USUAL, note: Note = silent
    ) -> AsyncGenerator[str, None]:
        pieces: list[str] = []
        async for piece in self._model.chat(messages, replace(wanted, temperature=1.0), note):
            pieces.append(piece)
            yield piece
        self.answers.append("".join(pieces))

    async def close(self) -> None:
        await self._model.close()


async def measured(count: int) -> dict[str, Any]:
    """Plan `count` unsure messages with the tiny model of random weights; llama.cpp must be there."""
    from agents import registry
    from bench.planner import messages
    from graph.planner.known import Known
    from graph.planner.model_plan import Asked, plan_by_model
    from graph.planner.plan_schema import check_tasks
    from graph.planner.planner import Planner
    from integrations.models import generated
    from integrations.models.llama.backend import LlamaCpp

    agents = registry.load()
    planner = Planner(agents)
    unsure = [
        message.text
        for message in messages()
        if planner.doubts(planner.plan(message.text, Known(), TODAY), message.text, Known())
    ]
    outcomes: Counter[str] = Counter()
    times: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        path = generated.write(Path(folder) / "tiny.gguf", replace(generated.TINY, context=CONTEXT))
        model = Watched(LlamaCpp(path, context=CONTEXT))
        try:
            for number in range(count):
                text = unsure[number % len(unsure)]
                own = planner.plan(text, Known(), TODAY)
                began = time.perf_counter()
                plan = await plan_by_model(own, Asked(text, Known(), TODAY), planner, model, SECONDS)
                times.append(time.perf_counter() - began)
                check_tasks(plan, agents)  # raises Unfit
                outcomes["the planner's own" if plan == own else "the model's"] += 1
        finally:
            await model.close()
    whole = sum(answer.rstrip().endswith("}") for answer in model.answers)
    return {
        "plans": count,
        "valid": sum(outcomes.values()),
        "outcomes": dict(outcomes),
        "answers": len(model.answers),
        "answers_whole": whole,
        "seconds_median": statistics.median(times),
        "seconds_worst": max(times),
    }


def run() -> dict[str, Any]:
    """The figures for 1,000 plans."""
    return asyncio.run(measured(COUNT))


def show(result: Mapping[str, Any]) -> None:
    """Print the figures."""
    print(f"valid plans: {result['valid']} of {result['plans']} ({result['outcomes']})")
    print(f"answers: {result['answers']}, of which JSON to the end: {result['answers_whole']}")
    print(f"seconds a plan: median {result['seconds_median']:.2f}, worst {result['seconds_worst']:.2f}")

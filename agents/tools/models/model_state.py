"""What the user is told of the models that are in use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from agents.tools.billing.invoice_text import cell
from integrations.models.models import ModelState


def described(states: Sequence[ModelState]) -> str:
    """Which models are in use, where they lie, what they take and how they do, in markdown."""
    if not states:
        return (
            "No language model is chosen. I plan by rules and work with tools that need none. Ask which models this "
            "computer can run to choose one."
        )
    opening = f"I use the language model **{cell(states[0].title)}**."
    if len(states) > 1:
        opening = f"I use {len(states)} language models; where one cannot answer, another does."
    rows = ["| Model | For | Where it lies | Memory | Asked | Last problem |", "|---|---|---|---|---|---|"]
    for state in states:
        memory = f"{state.memory_bytes / 1e9:.1f} GB" if state.memory_bytes else "–"
        rests = f" It rests for {state.rests_s:.0f} seconds." if state.rests_s else ""
        rows.append(
            f"| {cell(state.title)} | {_tasks(state)} | {cell(state.placement)} | {memory} | {_times(state.requests)} "
            f"| {cell(state.last_error) or 'none'}{rests} |"
        )
    return f"{opening}\n\n" + "\n".join(rows)


def facts(states: Sequence[ModelState]) -> list[dict[str, Any]]:
    """The same as plain data."""
    return [{**asdict(state), "tiers": list(state.tiers)} for state in states]


def _tasks(state: ModelState) -> str:
    if len(state.tiers) == 4:
        return "everything"
    return ", ".join(state.tiers) or "when another cannot"


def _times(requests: int) -> str:
    return {0: "not yet", 1: "once", 2: "twice"}.get(requests, f"{requests} times")

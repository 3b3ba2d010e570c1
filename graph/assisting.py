"""Who answers a message to an assistant: the agents it may hand on to where the words are for them, else itself.

message ──▶ planner ──▶ clearly for agents it may ask? ── yes ─▶ their plan
                                 └─ no ─▶ one step: the assistant answers from its documents
"""

from __future__ import annotations

import asyncio

from agents.specialists.assistants import NAME
from graph.context import TurnContext
from graph.planner.known import Known
from graph.state import Plan, Step
from memory.assistants import PREFIX, Assistant, AssistantError

GONE = "This assistant is no longer there, or no longer shared with you: choose another one for a new conversation."


async def assistant_of(command: str, context: TurnContext) -> Assistant | None:
    """The assistant that a command names; None where it names none. Raises AssistantError for one that is gone."""
    if not command.startswith(PREFIX):
        return None
    deps = context.deps
    found = await deps.stores.assistants.get(command.removeprefix(PREFIX), user=deps.user)
    if found is None:
        raise AssistantError(GONE)
    return found


async def assisted(helper: Assistant, text: str, known: Known, context: TurnContext) -> Plan:
    """The plan for a message to an assistant."""
    own = await asyncio.to_thread(context.planner.plan, text, known, context.deps.today)
    if not own.steps and not own.open:  # small talk
        return own
    allowed = bool(own.steps) and all(step.agent in helper.agents for step in own.steps)
    if allowed and (not helper.documents or all(step.sure for step in own.steps)):
        return own
    if NAME not in context.agents:
        raise AssistantError(GONE)
    task = {"action": "answer", "assistant": helper.id}
    step = Step(id="s1", agent=NAME, task=task, text=text, why=f"you are talking to {helper.name}")
    return Plan(steps=[step], language=own.language)

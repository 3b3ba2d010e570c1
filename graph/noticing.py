"""Notes lasting facts that a message states by the way, where the user sees it and can take it back."""

from __future__ import annotations

from agents.deps import Deps
from agents.tools.remembering.fact_words import lasting, stated, subject
from graph.planner.talk import phrases
from graph.state import Plan
from memory.facts import Fact

KEEPERS = frozenset({"memory", "profile", "privacy"})
"""Agents that decide themselves what is kept of a message."""
UNDO = "don't remember that"
"""What "forget that" says to the memory."""
SURE = 0.8
"""How sure a statement is that nobody asked to remember."""


async def notice(words: str, plan: Plan, turn: str, deps: Deps) -> str:
    """Keep what the user's own words state, and return the line that says so; empty when there is nothing new."""
    if plan.missing or KEEPERS & {step.agent for step in plan.steps} or not lasting(words):
        return ""
    facts = await deps.stores.facts.of(deps.user)
    clients = [*await deps.stores.clients.names(deps.user), *(fact.client for fact in facts if fact.client)]
    kept = []
    for text in stated(words, clients):
        fact = Fact(
            user=deps.user,
            client=subject(text, clients),
            text=text,
            kind="noted",
            confidence=SURE,
            said_on=deps.today,
            thread=deps.thread,
            turn=turn,
        )
        if await deps.stores.facts.add(fact) is fact:
            kept.append(text)
    return str(phrases()["noticed"]).format(facts="; ".join(kept)) if kept else ""


async def takes_back(turn: str, deps: Deps) -> bool:
    """Whether an earlier turn kept a fact, which "forget that" then means."""
    return any(fact.turn == turn for fact in await deps.stores.facts.of(deps.user))

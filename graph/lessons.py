"""Keeps what the user teaches by the way: in how they change a draft, and in what they write beside a thumb.

mail proposed ──▶ changed ──▶ approved, sent ──▶ statements, for the one it went to ──▶ facts
                                 the same for a second client ──▶ the user's own habit, for all
thumb with a comment ──▶ what it wishes of texts ──▶ facts
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agents.deps import Deps
from agents.tools.remembering.fact_words import subject
from agents.tools.remembering.lessons import lessons
from agents.tools.remembering.wishes import in_comment
from graph.planner.talk import phrases
from memory.facts import Fact, Kind, same

TAUGHT_BY = ("send_mail",)
"""Side effects whose text shows the user's style."""
SURE: Mapping[Kind, float] = {"changed": 0.6, "rated": 0.8}


async def from_change(effect: str, before: Mapping[str, Any], after: Mapping[str, Any], turn: str, deps: Deps) -> str:
    """Keep what a changed draft shows, and return the line that says so; "" when it shows nothing new."""
    if effect not in TAUGHT_BY:
        return ""
    client = await _client(str(after.get("to", "")), deps)
    known = await deps.stores.facts.of(deps.user)
    kept = []
    for text in lessons(str(before.get("body", "")), str(after.get("body", ""))):
        elsewhere = any(same(fact.text, text) and fact.client != client for fact in known)
        fact = _fact(text, "changed", None if elsewhere else client, turn, deps)
        if await deps.stores.facts.add(fact) is fact:
            kept.append(f"{text} ({fact.client})" if fact.client else text)
    return str(phrases()["noticed"]).format(facts="; ".join(kept)) if kept else ""


async def from_thumb(turn: str, comment: str, deps: Deps) -> list[str]:
    """Keep what a comment beside a thumb wishes of texts, and return it."""
    clients = await deps.stores.clients.names(deps.user)
    kept = []
    for text in in_comment(comment):
        fact = _fact(text, "rated", subject(text, clients), turn, deps)
        if await deps.stores.facts.add(fact) is fact:
            kept.append(text)
    return kept


def _fact(text: str, kind: Kind, client: str | None, turn: str, deps: Deps) -> Fact:
    return Fact(
        user=deps.user,
        client=client,
        text=text,
        kind=kind,
        confidence=SURE[kind],
        said_on=deps.today,
        thread=deps.thread,
        turn=turn,
    )


async def _client(address: str, deps: Deps) -> str | None:
    """The client a mail goes to, or None when the address is no client's."""
    clients = await deps.stores.clients.all(deps.user)
    return next((one.name for one in clients if address and one.email.casefold() == address.casefold()), None)

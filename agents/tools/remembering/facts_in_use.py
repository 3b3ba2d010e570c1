"""Which long-term facts may be used where: the user's own always, a client's only where it is about that client alone.

facts ──▶ whose? ── the user's, naming no other client ──▶ used
              └──── a client's ──▶ is the turn about this client, and about no other? ──▶ used, or not
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from agents.deps import Deps
from integrations.job_boards.dedupe import company_key
from memory.facts import Fact

MOST = 12
"""Facts that are used at once, the newest."""

_LEARNED = {
    "told": "you said",
    "noted": "noted from what you wrote",
    "rated": "from your thumb",
    "changed": "learned from what you changed",
}


async def facts_for(about: str, deps: Deps) -> list[Fact]:
    """The facts that may be used in a turn about these words."""
    facts = await deps.stores.facts.of(deps.user)
    return concerning(facts, about, await deps.stores.clients.names(deps.user)) if facts else []


def concerning(facts: Sequence[Fact], about: str, clients: Iterable[str], most: int = MOST) -> list[Fact]:
    """The facts that may be used where the words `about` are all there is; `clients` are those the user has."""
    names = {*clients, *(fact.client for fact in facts if fact.client)}
    meant = named(about, names)
    only = next(iter(meant)) if len(meant) == 1 else None
    used = [
        fact
        for fact in facts
        if (not fact.client or company_key(fact.client) == only) and named(fact.text, names) <= {only}
    ]
    return used[:most]


def named(text: str, clients: Iterable[str]) -> set[str]:
    """The clients a text names, as keys: without legal form, in lower case."""
    said = " ".join(re.sub(r"[^\w& ]", " ", text.casefold()).split())
    keys = {key for name in clients if (key := company_key(name))}
    found = {key for key in keys if re.search(rf"(?<!\w){re.escape(key)}(?!\w)", said)}
    return {key for key in found if not any(key != other and key in other for other in found)}


def told_line(fact: Fact) -> str:
    """A fact with where it comes from, on one line."""
    day = f"{fact.said_on:%d %B %Y}".lstrip("0")
    return f"{fact.text} ({_LEARNED[fact.kind]} on {day})"

"""What was told of one client that bears on prices and terms."""

from __future__ import annotations

import re
from collections.abc import Sequence

from agents.deps import Deps
from agents.tools.remembering.facts_in_use import concerning
from agents.tools.remembering.wishes import LATE
from memory.facts import Fact
from memory.money import find_prices

_PAYS = re.compile(r"\b(?:pay\w*|paid|settles?|zahlt|paga|paie)\b", re.IGNORECASE)


async def client_facts(client: str, deps: Deps) -> list[Fact]:
    """The facts about one client, newest first; none of another's, and none for ""."""
    if not client:
        return []
    facts = await deps.stores.facts.of(deps.user)
    used = concerning(facts, client, await deps.stores.clients.names(deps.user), most=len(facts))
    return [fact for fact in used if fact.client]


def pays_late(facts: Sequence[Fact]) -> Fact | None:
    """The fact that a client pays late, unless a newer one on paying says otherwise."""
    newest = next((fact for fact in facts if _PAYS.search(fact.text) and not find_prices(fact.text)), None)
    return newest if newest and LATE.search(newest.text) else None

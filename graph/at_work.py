"""An agent at work on one step: kept from restricted data, and what it reads of clients noted."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from agents.deps import Deps
from agents.spec import AgentSpec
from memory.acting import acting
from memory.business.clients import key_of
from memory.restrictions import EVERYTHING, Restricted

FREE = frozenset({"privacy", "system", "math"})
"""Agents that may work while everything is restricted: they work with nobody's data, or carry out the user's rights."""


@asynccontextmanager
async def at_work(
    spec: AgentSpec, step_id: str, words: str, task: Mapping[str, Any], deps: Deps
) -> AsyncIterator[None]:
    """Let an agent work on a step of these words and this task. Raises Restricted.

    What it reads of clients is kept with what it was doing, however it ends; unless the user's data are gone by then.
    """
    hidden = await _hidden(spec, f"{words} {task.get('client') or ''}", deps)
    with acting(spec.name, step_id, hidden) as read:
        try:
            yield
        finally:
            if read.rows and await deps.stores.turns.owner(step_id.partition(".")[0]):
                purpose = ": ".join(filter(None, [spec.title, str(task.get("action") or "").replace("_", " ")]))
                await deps.stores.reads.keep(deps.user, read, purpose)


async def _hidden(spec: AgentSpec, words: str, deps: Deps) -> frozenset[str]:
    """The clients an agent may not see. Raises Restricted where it would have to work with one."""
    standing = await deps.stores.restrictions.standing(deps.user)
    if not standing or spec.name in FREE:
        return frozenset()
    if EVERYTHING in standing:
        raise Restricted(
            'You stopped all work with your data; say "lift the restriction on everything" to go on where you were.'
        )
    for client in [await deps.stores.clients.get(one, user=deps.user) for one in sorted(standing)]:
        if client and any(_names(name, words) for name in (client.name, key_of(client.name))):
            raise Restricted(
                f'Work with {client.name} is restricted: its records are kept, but not used. Say "lift the restriction '
                f'on {client.name}" first.'
            )
    return standing


def _names(name: str, words: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", words, re.IGNORECASE) is not None

"""Summarises long conversations with the model, in the time nobody else needs it.

turn ends ──▶ older turns no longer fit ──▶ model, in the background ──▶ the thread's metadata
next turn begins ──▶ whatever still runs is stopped: the user comes first

A summary names the last turn it holds; when that turn is edited away, the summary is no longer read.
"""

from __future__ import annotations

import asyncio
import logging

from agents.deps import Deps
from agents.tools.models.asking import told
from agents.tools.models.context_budget import pieces, tokens
from agents.tools.text.stated import Held
from graph.conversation import SUMMARY, Earlier, earlier, fenced
from graph.planner.talk import phrases
from graph.reading import OVERHEAD, SHARES
from integrations.models.backend import ChatMessage, ModelBackend, ModelError, Wanted

log = logging.getLogger("freelancex.summaries")

KEPT_WHOLE = 4
"""How many of the newest turns are never summarised."""
MOST_TOKENS = 300
SECONDS = 300.0


class Summaries:
    """At most one summary at a time is being written."""

    def __init__(self) -> None:
        self._task: asyncio.Task[None] | None = None

    def begin(self, deps: Deps, model: ModelBackend) -> None:
        """Bring the summary of this conversation up to date in the background, if it needs to be."""
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(summarise(deps, model))

    async def stop(self) -> None:
        """End what is being written; it begins again after a later turn."""
        task, self._task = self._task, None
        if task is not None and task.cancel():
            await asyncio.wait([task])

    async def finish(self) -> None:
        """Wait until what is being written is written."""
        if self._task is not None:
            await self._task


async def summarise(deps: Deps, model: ModelBackend) -> None:
    """Write down the older part of a conversation that a model can no longer read whole; nothing when it can."""
    said = await earlier(deps, "")
    room = model.context - min(MOST_TOKENS, model.context // 4) - OVERHEAD
    if sum(tokens(turn.text) + tokens(turn.answer) for turn in said.turns) <= room * SHARES["history"]:
        return
    read, until = _read(said, room - tokens(phrases()["prompts"]["summary"]))
    if not until:
        return
    question = [ChatMessage("system", phrases()["prompts"]["summary"]), ChatMessage("user", fenced(read))]
    try:
        answer = await told(model, question, Wanted(max_tokens=MOST_TOKENS, seconds=SECONDS))
    except ModelError as error:
        log.info("no summary: %s", error)
        return
    held = Held([read], deps.today)
    if text := "".join(piece for piece in pieces(answer) if not held.lacks(piece)).strip():
        await deps.stores.conversations.change(deps.thread, meta={SUMMARY: {"until": until, "text": text}})


def _read(said: Earlier, room: int) -> tuple[str, str]:
    """As many of the older turns as fit, oldest first, behind the summary there is; and the last one's id."""
    text, until = said.summary, ""
    for turn in said.turns[:-KEPT_WHOLE]:
        longer = f"{text}\n\nUser: {turn.text}\nAssistant: {turn.answer}"
        if tokens(longer) > room and until:
            break
        text, until = longer, turn.id
    return text if tokens(text) <= room else text[:room], until

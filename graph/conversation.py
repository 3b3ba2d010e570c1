"""What was said before in a conversation, as much of it as a model should read.

turns, newest last ──▶ the newest whole ──▶ history
                  └──▶ the older ones, and what is kept of those before ──▶ memory, in short

Long conversations are summarised by a model when there is one (`graph.summaries`), else told by their first sentences.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from agents.deps import Deps
from agents.tools.models.context_budget import cut, tokens
from integrations.models.backend import ChatMessage
from memory.stores import Stores
from memory.turns import Turn

TURNS = 40
"""How many turns are looked at; what was before is in the summary, if anywhere."""
SUMMARY = "summary"
"""The key of a thread's metadata with ``{"until": a turn's id, "text": what was said up to it}``."""
LONGEST_ANSWER = 300
"""Tokens of an earlier answer that are read."""


@dataclass(frozen=True)
class Earlier:
    """The turns before this one that are not in the `summary`, oldest first."""

    turns: Sequence[Turn] = ()
    summary: str = ""

    def history(self, room: int) -> tuple[list[ChatMessage], str]:
        """The newest turns as messages of at most `room` tokens, and all before them in short."""
        kept: list[ChatMessage] = []
        for place, turn in enumerate(reversed(self.turns)):
            pair = _pair(turn)
            room -= sum(tokens(message.content) for message in pair)
            if room < 0:
                return kept, "\n".join([self.summary, in_short(self.turns[: len(self.turns) - place])]).strip()
            kept = [*pair, *kept]
        return kept, self.summary

    def grounds(self) -> list[str]:
        """What may be said again: the user's own words and what agents found."""
        found = [str(finding["text"]) for turn in self.turns for finding in turn.findings.values()]
        return [*(turn.text for turn in self.turns), *found]


async def earlier(deps: Deps, turn: str) -> Earlier:
    """What was said in this conversation before a turn. A summary of turns that are gone is not read."""
    turns = [one for one in await deps.stores.turns.recent(deps.thread, TURNS) if one.id != turn and one.answer]
    turns.reverse()
    kept: dict[str, Any] = (await deps.stores.conversations.meta(deps.thread)).get(SUMMARY) or {}
    until = await deps.stores.turns.get(kept["until"]) if kept else None
    if until is None or until.thread != deps.thread:
        return Earlier(turns)
    return Earlier([one for one in turns if one.started_at > until.started_at], str(kept["text"]))


async def forget_summary(stores: Stores, thread: str, turns: Collection[str]) -> None:
    """Remove a conversation's summary when it holds any of these turns, which are gone."""
    kept = (await stores.conversations.meta(thread)).get(SUMMARY) if turns else None
    if kept and kept["until"] in turns:
        await stores.conversations.change(thread, meta={SUMMARY: None})


def in_short(turns: Sequence[Turn]) -> str:
    """Turns without a model: the first sentence of what was asked and of what was answered."""
    lines = [f"- The user: {_first(turn.text)} You: {_first(_prose(turn.answer))}" for turn in turns]
    return "\n".join(lines)


def is_outside(turn: Turn) -> bool:
    """Whether a turn's answer holds anything read from a file, a page or a post."""
    return any(finding.get("trust") == "outside" for finding in turn.findings.values())


def fenced(text: str, name: str = "outside", about: str = "") -> str:
    """A text marked as data, from which nothing inside can break out."""
    inside = re.sub(r"<(?=/?\s*(?:outside|finding))", "‹", text, flags=re.IGNORECASE)
    return f"<{name}{about}>\n{inside}\n</{name}>"


def _pair(turn: Turn) -> list[ChatMessage]:
    answer = cut(turn.answer, LONGEST_ANSWER) or turn.answer[:LONGEST_ANSWER]
    said = cut(turn.text, LONGEST_ANSWER) or turn.text[:LONGEST_ANSWER]
    return [ChatMessage("user", said), ChatMessage("assistant", fenced(answer) if is_outside(turn) else answer)]


def _prose(markdown: str) -> str:
    return re.sub(r"(?m)^(?:#.*|\||\s*[-*>].*|\*.*\*$)", "", markdown)


def _first(text: str) -> str:
    line = " ".join(text.split())
    found = re.match(r".{1,200}?[.!?…](?=\s|$)", line)
    return found[0] if found else line[:160]

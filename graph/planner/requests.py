"""Takes the user's words apart into requests, each with the agent it is for.

words ─▶ clauses ─▶ whom each is for ─▶ what goes on with the one before it joins it ─▶ requests
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from agents.spec import AgentSpec
from graph.planner import clauses
from graph.planner.cutting import cut, shipped
from graph.planner.following import CORRECTS, lent
from graph.planner.intents import Intent, Intents
from graph.planner.segments import Piece, pieces
from graph.planner.words import fold

STRONG = 0.75
"""From this score on a piece of a sentence speaks for an agent by itself."""
HEARD = 0.65
"""From this score on what stands before a joint is taken for a request."""
SHORT = 120
"""Characters of what stands before a joint up to which its meaning is asked for too, which takes longer."""
CERTAIN = 1.5
"""From this score on even a few words make a request of their own."""
DIM, BRIGHT = 0.5, 1.2
"""Scores of words by themselves: up to the first they count as much as ever as going on with the turn before, from the
second on not at all."""
NOBODY: Mapping[str, float] = {}
KEEPER = "memory"
"""Who keeps what is told."""
VAGUE = 0.85
"""Below this score, and without a cue, a clause before a clear request only leads up to it."""


@dataclass
class Request:
    """A part of the user's words, from `start` on, with the agent it is for.

    `task` are fields that are known already, `after` the places (from 0) of the requests it waits for.
    """

    intent: Intent
    text: str
    then: bool = False
    start: int = 0
    task: dict[str, Any] = field(default_factory=dict)
    after: Sequence[int] = ()


class Requests:
    """Finds the requests in words; `intents` says whom words are for."""

    def __init__(self, agents: Mapping[str, AgentSpec], intents: Intents) -> None:
        self._agents, self._intents = agents, intents

    def __call__(
        self, text: str, kinds: set[str], last_agents: Sequence[str], fitting: Mapping[str, float] = NOBODY
    ) -> list[Request]:
        """The requests in the user's words, each with whom it is for; a file sent along is for the first, if any.

        `fitting` is what it is worth for some agents that a text was pasted with the words.
        """
        if not self._intents.learned:
            return self._by_words(text, kinds, last_agents, fitting)
        requests: list[Request] = []
        for piece in cut(text, self._intents.shares, shipped()):
            clause = text[piece.start : piece.end]
            if not requests:
                intent = self._intent(clause, kinds, last_agents, fitting)
            else:
                intent = self._intent(clause, set(), (), fitting if clauses.acts(clause) else NOBODY)
            last = requests[-1] if requests else None
            if last and intent and (clauses.SHOWS.match(fold(last.text)) or self._is_kept(clause, intent, last)):
                requests[-1] = Request(intent, text[last.start : piece.end], last.then, last.start)
            elif last and (
                intent is None or self._goes_with(clause, intent, last) or self._states(text, piece, intent, last)
            ):
                last.text = text[last.start : piece.end]
            elif intent:
                begin = piece.start if requests else 0
                requests.append(Request(intent, text[begin : piece.end], piece.then, begin))
        return requests

    def _states(self, text: str, piece: Piece, intent: Intent, last: Request) -> bool:
        """Whether a piece behind a comma only tells more for the request before it: "new client Zeta, pays late"."""
        clause, between = text[piece.start : piece.end], text[last.start + len(last.text) : piece.start]
        if between.strip() != "," or intent.cues or not last.intent.cues or clauses.acts(clause):
            return False
        whole = self._intents.best(text[last.start : piece.end])
        return whole is not None and whole.agent == last.intent.agent

    def _is_kept(self, clause: str, intent: Intent, last: Request) -> bool:
        """Whether a piece asks to keep what the one before it told: "they pay late, keep that in mind"."""
        told = not (clauses.begins_with_verb(last.text) or "?" in last.text)
        return intent.agent == KEEPER and told and clauses.KEEP.match(fold(clause)) is not None

    def _goes_with(self, clause: str, intent: Intent, last: Request) -> bool:
        """Whether a piece goes on with the request before it: by the same agent, or telling more to one who gathers."""
        whole = self._agents[last.intent.agent].whole
        if clauses.NUMBERED.match(fold(clause)) and "invoice" in self._agents[last.intent.agent].takes:
            return True
        if intent.agent != last.intent.agent:
            return clauses.is_scrap(clause, intent.cues)
        again = clauses.ONCE_MORE.match(fold(clause)) is not None
        return whole or again or not (clauses.begins_with_verb(clause) and intent.cues and last.intent.cues)

    def _by_words(
        self, text: str, kinds: set[str], last_agents: Sequence[str], fitting: Mapping[str, float]
    ) -> list[Request]:
        requests: list[Request] = []
        end = 0
        for clause, then in clauses.split(text, self._strongly):
            start = max(text.find(clause, end), end)
            end = start + len(clause)
            intent = self._intent(clause, kinds, () if requests else last_agents, fitting)
            last = requests[-1] if requests else None
            if last and (intent is None or self._continues(clause, intent, last)):
                last.text = text[last.start : end]
                if intent and intent.agent == last.intent.agent and intent.score > last.intent.score:
                    last.intent = intent
            elif last and intent and self._vague(last):
                whole = text[last.start : end]
                both = (intent, self._intents.best(whole, kinds) or intent)
                requests[-1] = Request(max(both, key=lambda one: one.score), whole, last.then, last.start)
            elif intent:
                begin = start if requests else 0
                requests.append(Request(intent, text[begin:end], then, begin))
        return requests

    def _intent(
        self, clause: str, kinds: set[str], last_agents: Sequence[str], fitting: Mapping[str, float]
    ) -> Intent | None:
        """Whom a clause is for.

        What the user tells of themselves goes to who gathers that, whatever words it holds; a few words about "it" go
        on with the turn before, unless they speak clearly for someone else.
        """
        if clauses.TELLING.match(clause):
            for intent in self._intents.rank(clause, kinds):
                if intent.cues and self._agents[intent.agent].whole:
                    return intent
        onward = lent(clause, last_agents)
        if onward and max(onward.values()) < CORRECTS:
            alone = self._intents.best(clause, kinds)
            unclear = 1 - min(max((alone.score - DIM) / (BRIGHT - DIM), 0.0), 1.0) if alone else 1.0
            onward = {name: worth * unclear for name, worth in onward.items()}
        worth = {name: onward.get(name, 0.0) + fitting.get(name, 0.0) for name in {*onward, *fitting}}
        found = self._intents.best(clause, kinds, worth or None)
        asked = _asked(clause)
        alone = self._intents.best(asked, kinds, worth or None) if asked != clause and self._intents.learned else None
        return max((one for one in (found, alone) if one), key=lambda one: one.own, default=None)

    def _vague(self, request: Request) -> bool:
        """Whether a request only looks a little like something, and so leads up to the next one."""
        return not request.intent.cues and request.intent.own < VAGUE

    def _strongly(self, text: str) -> str | None:
        intent = self._intents.best(text) if len(text) <= SHORT else self._intents.plain(text)
        return intent.agent if intent and intent.own >= HEARD else None

    def _continues(self, clause: str, intent: Intent, last: Request) -> bool:
        """Whether a clause goes on with the request before it, rather than making one of its own."""
        whole = self._agents[last.intent.agent].whole
        if intent.agent == last.intent.agent:
            return whole or not clauses.begins_with_verb(clause) or not (intent.cues and last.intent.cues)
        if (whole and clauses.TELLING.match(clause)) or (
            clauses.is_scrap(clause, intent.cues) and intent.own < CERTAIN
        ):
            return True
        return intent.cues == 0 and intent.own < (VAGUE if clauses.begins_with_verb(clause) else STRONG)


def _asked(clause: str) -> str:
    """A clause from where it begins to order or ask on: what is told before that leads up to it."""
    parts = pieces(clause)
    begun = next((part.start for part in parts if clauses.acts(clause[part.start : part.end])), 0)
    return clause[begun:]

"""Which agent a clause is for: each agent's own cues, and likeness to what people say when they want it.

A cue is a regular expression that speaks strongly. The examples are those each agent declares and those of
`phrasings.yaml`, which also holds what is for nobody: a clause most like one of these is for no agent. Where there are
embeddings, it also counts what a clause means, whatever its words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from agents.spec import AgentSpec
from graph.planner.cues import Cues
from graph.planner.language import english
from graph.planner.likeness import Like, Likeness
from graph.planner.meaning import Meaning, learn
from graph.planner.spelling import Spelling

if TYPE_CHECKING:
    from integrations.models.embeddings.embedder import Embedder

PHRASINGS = Path(__file__).with_name("phrasings.yaml")
FAST = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
NOTHING = "nothing"
"""The key of the messages that no agent covers; no agent has that name."""
CUE = 0.7
"""What one cue is worth; a second one adds a tenth of what is left."""
NEAREST = 0.75
"""What an example that equals the clause is worth."""
TOGETHER = 0.5
"""What it is worth that, of all agents, this one's examples make the clause likeliest."""
BESIDE = 0.5
"""What the words are worth by themselves once it is learned what clauses speak for, cues and words together."""
LEARNED = 1.0
"""What it is worth that the clause surely speaks for an agent by what was learned."""
FILE = 0.6
"""What an attached file of the kind an agent takes is worth."""
SURE = 0.42
"""From this score on a clause belongs to an agent."""
DECIDED = 0.9
"""With such a lead the words decide alone: what they mean would hardly change it, and takes longer to find."""
HEARD = 256
"""How many clauses are kept with what their words say: a message's are asked for more than once."""
FAINT = 0.2
"""Below this score nothing in a clause speaks for an agent."""


@dataclass(frozen=True)
class Intent:
    """How strongly a clause speaks for an agent, from 0 to about 2, and why.

    `lead` is how far ahead that is of the next agent, and of what is for nobody; 1 where nothing competes. `lent` is
    the part of the score that a file gives, and what went before, not the clause itself.
    """

    agent: str
    score: float
    why: str
    cues: int = 0
    lead: float = 1.0
    lent: float = 0.0

    @property
    def own(self) -> float:
        """How strongly the clause itself speaks for the agent."""
        return self.score - self.lent


class Intents:
    """The cues and examples of all agents, prepared once."""

    def __init__(self, agents: Mapping[str, AgentSpec]) -> None:
        self._cues = Cues(agents)
        self._takes = {name: set(spec.takes) for name, spec in agents.items()}
        self._examples = _examples(agents)
        said = {name: list(map(english, examples)) for name, examples in self._examples.items()}
        self._likeness = Likeness(said)
        self._spelling = Spelling(text for texts in said.values() for text in texts)
        self._heard = lru_cache(HEARD)(self._hear)
        self._meaning: Meaning | None = None

    def learn(self, embedder: Embedder, kept: Path, stopped: Callable[[], bool]) -> None:
        """Learn what the examples mean, or read it from the file `kept`; see graph.planner.meaning.learn."""
        self._meaning = learn(embedder, self._examples, kept, stopped, self._cues)

    def rank(self, clause: str, kinds: Iterable[str] = ()) -> list[Intent]:
        """The agents the words of a clause speak for, best first; `kinds` are those of files and pasted text."""
        return [intent for intent in self._by_words(clause, kinds)[0] if intent.score > 0]

    def plain(self, text: str) -> Intent | None:
        """The agent that the words of a text are for, or None when they are for no agent."""
        return _first(*self._by_words(text, ()), SURE)

    def best(
        self,
        clause: str,
        kinds: Iterable[str] = (),
        onward: Mapping[str, float] | None = None,
        least: float = SURE,
    ) -> Intent | None:
        """The agent a clause is for, or None when no agent is.

        `onward` is what it is worth for some agents that the clause goes on with what they did; `least` is the score
        from which on a clause belongs to an agent. A clause for nobody is read once more with its misspelt words right.
        """
        ranked, nothing = self._ranked(clause, kinds)
        if onward:
            ranked = [_lent(intent, onward.get(intent.agent, 0.0)) for intent in ranked]
            ranked.sort(key=lambda intent: -intent.score)
        found = _first(ranked, nothing, least)
        right = clause if found else self._spelling(clause)
        return self.best(right, kinds, onward, least) if right != clause else found

    def candidates(self, text: str, kinds: Iterable[str] = ()) -> list[str]:
        """The agents a text speaks for at all, best first; none when it speaks louder for nobody."""
        ranked, nothing = self._ranked(text, kinds)
        return [intent.agent for intent in ranked if intent.score > 0] if _first(ranked, nothing, FAINT) else []

    def _ranked(self, clause: str, kinds: Iterable[str]) -> tuple[list[Intent], float]:
        """The agents, best first, by words, and by meaning where words leave it open; what speaks for none of them."""
        sent = set(kinds)
        ranked, nothing = self._by_words(clause, sent)
        first = _first(ranked, nothing, SURE)
        if self._meaning is None or (first and first.lead >= DECIDED):
            return ranked, nothing
        shares = self._meaning(clause, [intent.agent for intent in ranked if intent.cues])
        weighed = [self._weighed(intent, LEARNED * shares[intent.agent], sent) for intent in ranked]
        weighed.sort(key=lambda intent: -intent.score)
        return weighed, BESIDE * nothing + LEARNED * shares[NOTHING]

    def _weighed(self, intent: Intent, learned: float, sent: set[str]) -> Intent:
        """An intent by words with what was learned."""
        lent = FILE if sent & self._takes[intent.agent] else 0.0
        return replace(intent, score=round(BESIDE * intent.own + learned + lent, 4), lent=lent)

    def _by_words(self, clause: str, kinds: Iterable[str]) -> tuple[list[Intent], float]:
        likeness, hits = self._heard(clause)
        intents = [self._intent(name, hits.get(name, ()), likeness.get(name), set(kinds)) for name in self._takes]
        return sorted(intents, key=lambda intent: -intent.score), _worth(likeness.get(NOTHING))

    def _hear(self, clause: str) -> tuple[dict[str, Like], dict[str, list[str]]]:
        reading = english(clause)
        return self._likeness(reading), self._cues((clause,) if reading == clause else (clause, reading))

    def _intent(self, name: str, hits: Sequence[str], like: Like | None, kinds: set[str]) -> Intent:
        score = _worth(like) + (1 - (1 - CUE) * 0.9 ** (len(hits) - 1) if hits else 0.0)
        lent = FILE if score and kinds & self._takes[name] else 0.0
        why = f"it says “{hits[0]}”" if hits else f"it is like “{like.example}”" if like else "of what it means"
        return Intent(name, round(score + lent, 4), why, len(hits), lent=lent)


def _lent(intent: Intent, worth: float) -> Intent:
    why = intent.why if intent.cues or not worth else "it goes on with what came before"
    return replace(intent, score=round(intent.score + worth, 4), lent=intent.lent + worth, why=why)


def _first(ranked: Sequence[Intent], nothing: float, least: float) -> Intent | None:
    """The best with its lead, or None when it is weaker than `least` or than what speaks for no agent."""
    if not ranked or ranked[0].score < max(least, nothing):
        return None
    second = max(nothing, ranked[1].score if len(ranked) > 1 else 0.0)
    return replace(ranked[0], lead=round(ranked[0].score - second, 4))


def _worth(like: Like | None) -> float:
    return NEAREST * like.nearness + TOGETHER * like.probability if like else 0.0


def _examples(agents: Mapping[str, AgentSpec]) -> dict[str, list[str]]:
    """What each agent, and nobody, is asked. Raises OSError or yaml.YAMLError for unreadable phrasings."""
    phrasings: dict[str, list[str]] = yaml.load(PHRASINGS.read_text(encoding="utf-8"), FAST)
    said = {name: [*spec.examples, *phrasings.get(name, [])] for name, spec in agents.items()}
    return said | {NOTHING: phrasings[NOTHING]}

"""Which agent a clause is for: each agent's own cues, and likeness to what people say when they want it.

A cue is a regular expression that speaks strongly. The examples are those each agent declares and those in
`phrasings/`, one file an agent, where `nothing.txt` holds what is for nobody. Until it is learned what they have in
common, which takes a minute at the very first start, likeness to some of them has to do.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from agents.spec import AgentSpec
from graph.planner.cues import Cues
from graph.planner.language import english
from graph.planner.likeness import Like, Likeness
from graph.planner.marked import Marked, marked
from graph.planner.meaning import learn
from graph.planner.spelling import Spelling

if TYPE_CHECKING:
    from integrations.models.embeddings.embedder import Embedder

PHRASINGS = Path(__file__).with_name("phrasings")
NOTHING = "nothing"
"""The label of the messages that no agent covers; no agent has that name."""
CUE = 0.7
"""What one cue is worth; a second one adds a tenth of what is left."""
NEAREST = 0.75
"""What an example that equals the clause is worth."""
TOGETHER = 0.5
"""What it is worth that, of all agents, this one's examples make the clause likeliest."""
BESIDE = 0.25
"""What cues are worth by themselves once it is learned what clauses speak for."""
OWN = 1.5
"""What it is worth that an agent says of such words that they are surely for it."""
MARGIN = 0.15
"""What counts against an agent that can erase all, where none of its cues is heard."""
FILES = frozenset({"table", "document", "audio", "image", "video"})
FILE, FILE_LEARNED = 0.6, 0.8
"""What an attached file of the kind an agent takes is worth, by likeness and by what was learned."""
OTHER_FILE = 0.5
"""What counts against an agent that works on files of other kinds than those attached."""
SURE = 0.5
"""From this score on a clause belongs to an agent."""
ENOUGH = 12
"""From so many examples on it is learned what an agent's have in common; fewer are gone by one by one."""
FEW, OUTWEIGHS = 60, 6
"""How many examples of what is for nobody are used: so many times those of an agent, lest a small team hear nothing."""
HEARD = 256
"""How many clauses are remembered as heard: one is asked about several times while a plan is made."""
Said = tuple[tuple[str, tuple[str, ...]], ...]
"""Examples by label, as a key."""
NUMBERED = re.compile(r"(?<=://)\d+(?:\.\d+){3}(?::\d+)?")
"""A computer named by its number in an address: it must not sound like a sum."""
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


class Learned(NamedTuple):
    """The share of each label in a clause, by its words and by these with what they mean; both remembered."""

    by_words: Callable[[str], Mapping[str, float]]
    by_all: Callable[[str], Mapping[str, float]]


class Heard(NamedTuple):
    """What a clause is like, and the cues in it, both by agent; and the agents it is surely for."""

    likeness: dict[str, Like]
    hits: dict[str, list[str]]
    sure: frozenset[str]


class Intents:
    """The cues and examples of all agents, prepared once; `said` are other examples than usual."""

    def __init__(self, agents: Mapping[str, AgentSpec], said: Mapping[str, list[str]] | None = None) -> None:
        self._cues = Cues(agents)
        self._surely = {
            name: [re.compile(text) for text in spec.surely] for name, spec in agents.items() if spec.surely
        }
        self._takes = {name: set(spec.takes) for name, spec in agents.items()}
        self._of_files = {name: bool(takes & FILES) for name, takes in self._takes.items()}
        self._erasing = {name for name, spec in agents.items() if "erase" in spec.effects}
        self._examples = dict(said or examples(agents, marked()))
        self._taught = {name: texts for name, texts in self._examples.items() if len(texts) >= ENOUGH}
        self._untaught = self._examples.keys() - self._taught.keys() - {NOTHING}
        self._heard = lru_cache(HEARD)(self._hear)
        self._learned: Learned | None = None

    @cached_property
    def _likeness(self) -> Likeness:
        """Made when it is needed: not once it is learned what the examples have in common."""
        return _alike(_frozen(self._examples))

    @cached_property
    def _spelling(self) -> Spelling:
        return _spelt(_frozen(self._examples))

    def learn(
        self, embedder: Embedder | None, kept: Path, stopped: Callable[[], bool], begins: Callable[[], object]
    ) -> None:
        """Learn what the examples mean, or read it from the folder `kept`; see graph.planner.meaning.learn.

        Does nothing where no agent has examples enough.
        """
        if self.taught and (meaning := learn(embedder, self.taught, kept, stopped, begins)):
            self._learned = Learned(lru_cache(HEARD)(partial(meaning, words=True)), lru_cache(HEARD)(meaning))
            self._heard.cache_clear()

    @property
    def taught(self) -> Mapping[str, list[str]]:
        """The examples to learn from, by label; none where no agent has enough."""
        return self._taught if self._taught.keys() - {NOTHING} else {}

    @property
    def learned(self) -> bool:
        """Whether it is learned what clauses speak for."""
        return self._learned is not None

    def shares(self, clause: str) -> Mapping[str, float]:
        """How much the words of a clause speak for each agent and for nobody, together 1, once that is learned."""
        assert self._learned is not None
        return self._learned.by_words(_named(clause))

    def rank(self, clause: str, kinds: Iterable[str] = ()) -> list[Intent]:
        """The agents a clause speaks for at all, best first; `kinds` are those of files and pasted text."""
        return [intent for intent in self._ranked(clause, kinds)[0] if intent.score > 0]

    def plain(self, text: str) -> Intent | None:
        """The agent that the words of a text are for, or None when they are for no agent."""
        if self._learned is None:
            return _first(*self._by_words(text, ()), SURE)
        shares, heard = self._learned.by_words(_named(text)), self._heard(text)
        ranked = [self._weighed(name, shares, heard, set()) for name in self._takes]
        return _first(sorted(ranked, key=lambda intent: -intent.score), shares[NOTHING], SURE)

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
        """The agents, best first, by what was learned; by cues and likeness before it is. What speaks for none."""
        sent = set(kinds)
        if self._learned is None:
            return self._by_words(clause, sent)
        shares, heard = self._learned.by_all(_named(clause)), self._heard(clause)
        ranked = [self._weighed(name, shares, heard, sent) for name in self._takes]
        return sorted(ranked, key=lambda intent: -intent.score), shares[NOTHING]

    def _weighed(self, name: str, shares: Mapping[str, float], heard: Heard, sent: set[str]) -> Intent:
        """An intent by what was learned, its cues and its files; by its cues and likeness where too little was."""
        hits = heard.hits.get(name, ())
        if name not in shares:
            return self._intent(name, hits, heard.likeness.get(name), sent)
        lent = FILE_LEARNED if sent & self._takes[name] else 0.0
        if not lent and sent & FILES and self._of_files[name]:
            lent = -OTHER_FILE
        why = f"it says “{hits[0]}”" if hits else "it is like what people say who want that"
        cue = BESIDE if hits else -MARGIN if name in self._erasing else 0.0
        cue = OWN if name in heard.sure else cue
        count = len(hits) + (name in heard.sure)
        return Intent(name, round(shares[name] + cue + lent, 4), why, count, lent=lent)

    def _by_words(self, clause: str, kinds: Iterable[str]) -> tuple[list[Intent], float]:
        likeness, hits, sure = self._heard(clause)
        intents = [self._intent(name, hits.get(name, ()), likeness.get(name), set(kinds)) for name in self._takes]
        intents = [replace(one, score=one.score + OWN) if one.agent in sure else one for one in intents]
        return sorted(intents, key=lambda intent: -intent.score), _worth(likeness.get(NOTHING))

    def _hear(self, clause: str) -> Heard:
        reading = english(clause)
        likeness = self._likeness(reading) if self._learned is None or self._untaught else {}
        sure = frozenset(name for name, said in self._surely.items() if any(one.search(clause) for one in said))
        return Heard(likeness, self._cues((clause,) if reading == clause else (clause, reading)), sure)

    def _intent(self, name: str, hits: Sequence[str], like: Like | None, kinds: set[str]) -> Intent:
        score = _worth(like) + (1 - (1 - CUE) * 0.9 ** (len(hits) - 1) if hits else 0.0)
        lent = FILE if score and kinds & self._takes[name] else 0.0
        why = f"it says “{hits[0]}”" if hits else f"it is like “{like.example}”" if like else "of what it means"
        return Intent(name, round(score + lent, 4), why, len(hits), lent=lent)


def _named(clause: str) -> str:
    """The clause with computers named by words."""
    return NUMBERED.sub("example.com", clause)


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


def examples(agents: Mapping[str, AgentSpec], messages: Iterable[Marked] = ()) -> dict[str, list[str]]:
    """What each agent, and nobody, is asked: alone, and in `messages`. Raises OSError for unreadable phrasings."""
    said = {name: [*spec.examples, *_phrasings(name)] for name, spec in agents.items()}
    for words, agent in (request for message in messages for request in message.requests):
        if agent in said:
            said[agent].append(words)
    most = max(FEW, OUTWEIGHS * max(map(len, said.values()), default=0))
    return said | {NOTHING: _phrasings(NOTHING)[:most]}


def _phrasings(label: str) -> list[str]:
    path = PHRASINGS / f"{label}.txt"
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def _frozen(said: Mapping[str, Sequence[str]]) -> Said:
    return tuple((label, tuple(texts)) for label, texts in said.items())


@lru_cache(maxsize=2)
def _alike(said: Said) -> Likeness:
    """Takes seconds, and says the same for every installation that one process opens."""
    return Likeness({label: list(map(english, texts)) for label, texts in said})


@lru_cache(maxsize=2)
def _spelt(said: Said) -> Spelling:
    return Spelling(text for _, texts in said for text in texts)

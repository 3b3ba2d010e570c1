"""Which agent a clause is for: each agent's own cues, and likeness to what people say when they want it.

A cue is a regular expression that speaks strongly. The examples are those each agent declares and those of
`phrasings.yaml`, which also holds what is for nobody: a clause most like one of these is for no agent. Where there are
embeddings, it also counts what a clause means, whatever its words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import yaml

from agents.spec import AgentSpec
from graph.planner.likeness import Like, Likeness
from graph.planner.meaning import Meaning
from graph.planner.words import in_english

PHRASINGS = Path(__file__).with_name("phrasings.yaml")
NOTHING = "nothing"
"""The key of the messages that no agent covers; no agent has that name."""
CUE = 0.7
"""What one cue is worth; a second one adds a tenth of what is left."""
NEAREST = 0.75
"""What an example that equals the clause is worth."""
TOGETHER = 0.5
"""What it is worth that, of all agents, this one's examples make the clause likeliest."""
MEANING = 0.7
"""What it is worth that the clause surely means what this agent's examples say."""
FILE = 0.4
"""What an attached file of the kind an agent takes is worth."""
SURE = 0.42
"""From this score on a clause belongs to an agent."""
FAINT = 0.2
"""Below this score nothing in a clause speaks for an agent."""


@dataclass(frozen=True)
class Intent:
    """How strongly a clause speaks for an agent, from 0 to about 2, and why.

    `lead` is how far ahead that is of the next agent, and of what is for nobody; 1 where nothing competes. `meant` is
    the part of the score that comes from what the clause means, not from its words.
    """

    agent: str
    score: float
    why: str
    cues: int = 0
    lead: float = 1.0
    meant: float = 0.0

    @property
    def said(self) -> float:
        """How strongly the words themselves speak for the agent."""
        return self.score - self.meant


class Intents:
    """The cues and examples of all agents, prepared once."""

    def __init__(self, agents: Mapping[str, AgentSpec]) -> None:
        self._cues = {name: [re.compile(cue, re.IGNORECASE) for cue in spec.cues] for name, spec in agents.items()}
        self._takes = {name: set(spec.takes) for name, spec in agents.items()}
        self.examples = _examples(agents)
        self.meaning: Meaning | None = None
        self._likeness = Likeness(self.examples)

    def rank(self, clause: str, kinds: Iterable[str] = ()) -> list[Intent]:
        """The agents a clause may be for, best first; `kinds` are those of the attached files and pasted text."""
        return self._ranked(clause, kinds)[0]

    def best(self, clause: str, kinds: Iterable[str] = ()) -> Intent | None:
        """The agent a clause is for, or None when no agent is."""
        ranked, nothing = self._ranked(clause, kinds)
        if not ranked or ranked[0].score < max(SURE, nothing):
            return None
        second = max(nothing, ranked[1].score if len(ranked) > 1 else 0.0)
        return replace(ranked[0], lead=round(ranked[0].score - second, 4))

    def candidates(self, text: str, kinds: Iterable[str] = ()) -> list[str]:
        """The agents a text speaks for at all, best first; none when it speaks louder for nobody."""
        ranked, nothing = self._ranked(text, kinds)
        return [intent.agent for intent in ranked] if ranked and ranked[0].score >= max(FAINT, nothing) else []

    def _ranked(self, clause: str, kinds: Iterable[str]) -> tuple[list[Intent], float]:
        """The agents, best first, and how strongly the clause speaks for none of them."""
        english = in_english(clause)
        likeness = self._likeness(english)
        meant = self.meaning(english) if self.meaning else {}
        readings = (clause,) if english == clause else (clause, english)
        intents = [
            self._intent(name, readings, likeness.get(name), MEANING * meant.get(name, 0.0), set(kinds))
            for name in self._cues
        ]
        found = (intent for intent in intents if intent.score > 0)
        nothing = _worth(likeness.get(NOTHING)) + MEANING * meant.get(NOTHING, 0.0)
        return sorted(found, key=lambda intent: -intent.score), nothing

    def _intent(self, name: str, readings: Sequence[str], like: Like | None, meant: float, kinds: set[str]) -> Intent:
        found = (next(filter(None, map(cue.search, readings)), None) for cue in self._cues[name])
        hits = [hit.group().strip() for hit in found if hit]
        score = _worth(like) + (1 - (1 - CUE) * 0.9 ** (len(hits) - 1) if hits else 0.0)
        if score and kinds & self._takes[name]:
            score += FILE
        why = f"it says “{hits[0]}”" if hits else f"it is like “{like.example}”" if like else "of what it means"
        return Intent(name, round(score + meant, 4), why, len(hits), meant=meant)


def _worth(like: Like | None) -> float:
    return NEAREST * like.nearness + TOGETHER * like.probability if like else 0.0


def _examples(agents: Mapping[str, AgentSpec]) -> dict[str, list[str]]:
    """What each agent, and nobody, is asked, in English. Raises OSError or yaml.YAMLError for unreadable phrasings."""
    phrasings: dict[str, list[str]] = yaml.safe_load(PHRASINGS.read_text(encoding="utf-8"))
    said = {name: [*spec.examples, *phrasings.get(name, [])] for name, spec in agents.items()}
    said[NOTHING] = phrasings[NOTHING]
    return {name: [in_english(example) for example in examples] for name, examples in said.items()}

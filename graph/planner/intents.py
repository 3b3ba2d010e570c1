"""Which agent a clause is for: each agent's own cues, and likeness to what people say when they want it.

A cue is a regular expression that speaks strongly. The examples are those each agent declares and those of
`phrasings.yaml`, which also holds what is for nobody: a clause most like one of these is for no agent.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from agents.spec import AgentSpec
from graph.planner.likeness import Like, Likeness
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
FILE = 0.4
"""What an attached file of the kind an agent takes is worth."""
SURE = 0.42
"""From this score on a clause belongs to an agent."""


@dataclass(frozen=True)
class Intent:
    """How strongly a clause speaks for an agent, from 0 to about 2, and why."""

    agent: str
    score: float
    why: str
    cues: int = 0


class Intents:
    """The cues and examples of all agents, prepared once."""

    def __init__(self, agents: Mapping[str, AgentSpec]) -> None:
        self._cues = {name: [re.compile(cue, re.IGNORECASE) for cue in spec.cues] for name, spec in agents.items()}
        self._takes = {name: set(spec.takes) for name, spec in agents.items()}
        self._likeness = Likeness(_examples(agents))

    def rank(self, clause: str, kinds: Iterable[str] = ()) -> list[Intent]:
        """The agents a clause may be for, best first; `kinds` are those of the attached files and pasted text."""
        return self._ranked(clause, kinds)[0]

    def best(self, clause: str, kinds: Iterable[str] = ()) -> Intent | None:
        """The agent a clause is for, or None when no agent is."""
        ranked, nothing = self._ranked(clause, kinds)
        return ranked[0] if ranked and ranked[0].score >= max(SURE, nothing) else None

    def _ranked(self, clause: str, kinds: Iterable[str]) -> tuple[list[Intent], float]:
        """The agents, best first, and how strongly the clause speaks for none of them."""
        english = in_english(clause)
        likeness = self._likeness(english)
        readings = (clause,) if english == clause else (clause, english)
        intents = [self._intent(name, readings, likeness.get(name), set(kinds)) for name in self._cues]
        found = (intent for intent in intents if intent.score > 0)
        return sorted(found, key=lambda intent: -intent.score), _worth(likeness.get(NOTHING))

    def _intent(self, name: str, readings: Sequence[str], like: Like | None, kinds: set[str]) -> Intent:
        found = (next(filter(None, map(cue.search, readings)), None) for cue in self._cues[name])
        hits = [hit.group().strip() for hit in found if hit]
        score = _worth(like) + (1 - (1 - CUE) * 0.9 ** (len(hits) - 1) if hits else 0.0)
        if score and kinds & self._takes[name]:
            score += FILE
        why = f"it says “{hits[0]}”" if hits else f"it is like “{like.example}”" if like else ""
        return Intent(name, round(score, 4), why, len(hits))


def _worth(like: Like | None) -> float:
    return NEAREST * like.nearness + TOGETHER * like.probability if like else 0.0


def _examples(agents: Mapping[str, AgentSpec]) -> dict[str, list[str]]:
    """What each agent, and nobody, is asked, in English. Raises OSError or yaml.YAMLError for unreadable phrasings."""
    phrasings: dict[str, list[str]] = yaml.safe_load(PHRASINGS.read_text(encoding="utf-8"))
    said = {name: [*spec.examples, *phrasings.get(name, [])] for name, spec in agents.items()}
    said[NOTHING] = phrasings[NOTHING]
    return {name: [in_english(example) for example in examples] for name, examples in said.items()}

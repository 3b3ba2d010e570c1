"""Which agent a clause is for: each agent's own cues, and likeness to its examples.

A cue is a regular expression that speaks strongly. Likeness is the cosine of term vectors weighted by how rare a term
is among all examples; an agent's likeness is that of its nearest example. Both take well under a millisecond. Examples
are those each agent declares and those of `phrasings.yaml`, which also holds what is for nobody: a clause that is most
like one of these is for no agent.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml
from rapidfuzz import fuzz, process

from agents.spec import AgentSpec
from graph.planner.words import fold, in_english, terms

PHRASINGS = Path(__file__).with_name("phrasings.yaml")
NOTHING = "nothing"
"""The key of the messages that no agent covers; no agent has that name."""
CUE = 0.7
"""What one cue is worth; a second one adds a tenth of what is left."""
LIKE = 0.75
"""What an example that equals the clause is worth."""
FILE = 0.2
"""What an attached file of the kind an agent takes is worth."""
MISSPELT = 84
"""How alike, in percent, an unknown word and a known one must be to be taken for the same."""
SURE = 0.2
"""From this score on a clause belongs to an agent."""


@dataclass(frozen=True)
class Intent:
    """How strongly a clause speaks for an agent, from 0 to about 1.5, and why."""

    agent: str
    score: float
    why: str
    cues: int = 0


class Intents:
    """The cues and examples of all agents, prepared once."""

    def __init__(self, agents: Mapping[str, AgentSpec]) -> None:
        self._cues = {name: [re.compile(cue, re.IGNORECASE) for cue in spec.cues] for name, spec in agents.items()}
        self._takes = {name: set(spec.takes) for name, spec in agents.items()}
        examples = [
            (name, example, Counter(terms(in_english(example))))
            for name, said in _examples(agents).items()
            for example in said
        ]
        documents = Counter(term for _, _, counts in examples for term in counts)
        self._rarity = {term: math.log(1 + len(examples) / count) for term, count in documents.items()}
        self._unseen = math.log(1 + len(examples))
        self._spellings: dict[str, str] = {}
        self._single = [term for term in self._rarity if " " not in term and len(term) > 3]
        self._index: dict[str, list[tuple[int, float]]] = defaultdict(list)
        self._examples: list[tuple[str, str]] = []
        for number, (name, example, counts) in enumerate(examples):
            self._examples.append((name, example))
            for term, weight in self._vector(counts).items():
                self._index[term].append((number, weight))

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
        nearness, _ = likeness.get(NOTHING, (0.0, ""))
        found = (intent for intent in intents if intent.score > 0)
        return sorted(found, key=lambda intent: -intent.score), LIKE * nearness

    def _intent(self, name: str, readings: Sequence[str], like: tuple[float, str] | None, kinds: set[str]) -> Intent:
        found = (next(filter(None, map(cue.search, readings)), None) for cue in self._cues[name])
        hits = [hit.group().strip() for hit in found if hit]
        cue = 1 - (1 - CUE) * 0.9 ** (len(hits) - 1) if hits else 0.0
        nearness, example = like or (0.0, "")
        score = cue + LIKE * nearness
        if score and kinds & self._takes[name]:
            score += FILE
        why = f"it says “{hits[0]}”" if hits else f"it is like “{example}”"
        return Intent(name, round(score, 4), why, len(hits))

    def _likeness(self, clause: str) -> dict[str, tuple[float, str]]:
        dots: dict[int, float] = defaultdict(float)
        known = [self._spelled(term) for term in terms(fold(clause))]
        for term, weight in self._vector(Counter(known)).items():
            for number, other in self._index.get(term, ()):
                dots[number] += weight * other
        nearest: dict[str, tuple[float, str]] = {}
        for number, dot in dots.items():
            name, example = self._examples[number]
            if dot > nearest.get(name, (0.0, ""))[0]:
                nearest[name] = (dot, example)
        return nearest

    def _spelled(self, term: str) -> str:
        """The term, or the one it is a misspelling of."""
        if term in self._rarity or " " in term or len(term) < 5:
            return term
        if term not in self._spellings:
            near = process.extractOne(term, self._single, scorer=fuzz.ratio, score_cutoff=MISSPELT)
            self._spellings[term] = near[0] if near else term
        return self._spellings[term]

    def _vector(self, counts: Counter[str]) -> dict[str, float]:
        weights = {term: (1 + math.log(n)) * self._rarity.get(term, self._unseen) for term, n in counts.items()}
        length = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
        return {term: weight / length for term, weight in weights.items()}


def _examples(agents: Mapping[str, AgentSpec]) -> dict[str, list[str]]:
    """The examples of each agent and of nothing. Raises OSError or yaml.YAMLError when the phrasings cannot be read."""
    phrasings: dict[str, list[str]] = yaml.safe_load(PHRASINGS.read_text(encoding="utf-8"))
    own = {name: [*spec.examples, *phrasings.get(name, [])] for name, spec in agents.items()}
    return own | {NOTHING: phrasings[NOTHING]}

"""The agents' cues: regular expressions that speak strongly for one of them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from agents.spec import AgentSpec


class Cues:
    """The cues of all agents, prepared once. `patterns` are their texts, by agent."""

    def __init__(self, agents: Mapping[str, AgentSpec]) -> None:
        self.patterns = {name: list(spec.cues) for name, spec in agents.items()}
        self._cues = {name: [re.compile(cue, re.IGNORECASE) for cue in spec.cues] for name, spec in agents.items()}

    def __call__(self, readings: Sequence[str]) -> dict[str, list[str]]:
        """What each agent's cues find in a text, read in one language or two; agents with nothing are left out."""
        found: dict[str, list[str]] = {}
        for name, cues in self._cues.items():
            hits = [next(filter(None, map(cue.search, readings)), None) for cue in cues]
            if said := [hit.group().strip() for hit in hits if hit]:
                found[name] = said
        return found

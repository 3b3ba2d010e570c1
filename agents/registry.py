"""Finds the agents: every file in `agents/specialists/` declares one `AGENT`.

A broken or duplicate file stops the start with its path and the reason, because half a team would be worse.
"""

from __future__ import annotations

import importlib
import re
from functools import cache
from pathlib import Path

from agents.spec import AgentSpec

FOLDER = Path(__file__).parent / "specialists"


class BrokenAgent(Exception):
    """An agent's file cannot be used; the message names the file and the reason."""


@cache
def load() -> dict[str, AgentSpec]:
    """Every agent by name. Raises BrokenAgent."""
    agents: dict[str, AgentSpec] = {}
    for path in sorted(FOLDER.glob("[!_]*.py")):
        spec = _read(path)
        if spec.name in agents:
            raise BrokenAgent(f"{path}: another file already declares the agent '{spec.name}'")
        agents[spec.name] = spec
    return agents


def _read(path: Path) -> AgentSpec:
    try:
        module = importlib.import_module(f"agents.specialists.{path.stem}")
    except Exception as error:
        raise BrokenAgent(f"{path}: {error.__class__.__name__}: {error}") from error
    spec = getattr(module, "AGENT", None)
    if not isinstance(spec, AgentSpec):
        raise BrokenAgent(f"{path}: it declares no AGENT of type AgentSpec")
    if not spec.examples:
        raise BrokenAgent(f"{path}: the agent '{spec.name}' has no examples")
    for cue in spec.cues:
        try:
            re.compile(cue)
        except re.error as error:
            raise BrokenAgent(f"{path}: the cue {cue!r} is no regular expression: {error}") from error
    return spec

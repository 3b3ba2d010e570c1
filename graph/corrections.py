"""Hears that the last message was for another agent, does it again with that one, and remembers it for the next time.

"review the agreement" ──▶ documents      "no, I meant the contract" ──▶ the same words again, for contract
/contract review the agreement, or a thumb down that says "contract" ──┐
the next time: "review the agreement" ──▶ contract  ◀── routes ◀─────────────────────────────────────────────────┘
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from agents.deps import Deps
from agents.spec import AgentSpec
from graph.noticing import UNDO, takes_back
from graph.planner.planner import Planner
from graph.planner.routes import Route, alike
from graph.planner.talk import cancels
from graph.planner.words import fold, in_english
from graph.state import State
from memory.turns import Turn

LONGEST = 300
"""Characters of a message that a correction is kept for."""
_NO = r"(?:no|nope|nein|non|nao|wrong(?: agent)?|sorry|wait|actually|falsch)"
_MEANT = (
    r"(?:i|ich|je|yo|eu|io)?\s*(?:meant?|meinte|voulais(?: dire)?|queria(?: decir| dizer)?|quise decir|intendevo|"
    r"wanted|want)"
)
_THE = r"(?:the|to use|use|ask|take|der|den|die|das|el|la|le|o|a|il)?"
_END = r"(?:(?: agent| one|,? please|,? instead|,? bitte|,? rather))*"
_NOT = r"not (?:the )?[\w ]{3,30}?[,;]? (?:but )?"


@dataclass(frozen=True)
class Heard:
    """The words to plan for, and the agent they are for where the user named it."""

    text: str
    command: str = ""


async def heard(
    state: State, last: Turn | None, agents: Mapping[str, AgentSpec], planner: Planner, deps: Deps
) -> Heard:
    """What a message asks for: what it says, or, where it corrects the `last` one, what that one said.

    Without one it corrects nothing.
    """
    said = Heard(state["text"], state["command"])
    if last is None:
        return said
    did = {step["agent"] for step in last.plan.get("steps", ())}
    words = planner.words(last.text).strip()[:LONGEST]
    if said.command in agents:
        if did and said.command not in did and alike(said.text, words):
            await deps.stores.routes.teach(deps.user, words, said.command)
        return said
    agent = meant(said.text, agents)
    if agent and agent not in did and words:
        await deps.stores.routes.teach(deps.user, words, agent)
        return Heard(last.text, agent)
    if "memory" in agents and cancels(said.text) and await takes_back(last.id, deps):
        return Heard(UNDO, "memory")
    return said


async def routes(agents: Mapping[str, AgentSpec], planner: Planner, deps: Deps) -> tuple[Route, ...]:
    """What the user corrected, by words or beside a thumb down, newest first."""
    taught = [Route(text, agent) for text, agent in await deps.stores.routes.of(deps.user)]
    for text, comment in await deps.stores.routes.complaints(deps.user):
        if agent := named(comment, agents):
            taught.append(Route(planner.words(text).strip()[:LONGEST], agent))
    return tuple(taught)


def meant(text: str, agents: Mapping[str, AgentSpec]) -> str | None:
    """The agent that a correction names: "no, I meant the contract", "not documents, contract"."""
    said = fold(in_english(text)).strip()
    for name, agent in _names(agents).items():
        called = rf"{re.escape(name)}s?"
        one = rf"{_NO}[\s,.:;]+(?:{_MEANT}\s+)?{_THE}\s*{called}{_END}"
        two = rf"(?:{_NO}[\s,.:;]+)*(?:{_MEANT}\s+{_THE}|{_NOT})\s*{called}{_END}"
        three = rf"(?:{_NO}[\s,.:;]+)*(?:use|ask|take)\s+{_THE}\s*{called}(?: agent)?,? instead"
        if re.fullmatch(rf"\W*(?:{one}|{two}|{three})\W*", said):
            return agent
    return None


def named(comment: str, agents: Mapping[str, AgentSpec]) -> str | None:
    """The agent that a comment on a bad answer names; None when it names none, or several."""
    said = fold(in_english(comment))
    found = {agent for name, agent in _names(agents).items() if re.search(rf"\b{re.escape(name)}s?\b", said)}
    return found.pop() if len(found) == 1 else None


def _names(agents: Mapping[str, AgentSpec]) -> dict[str, str]:
    """What the agents are called, the longest names first."""
    names = {
        fold(called): spec.name for spec in agents.values() for called in (spec.title, spec.name.replace("_", " "))
    }
    return dict(sorted(names.items(), key=lambda pair: -len(pair[0])))

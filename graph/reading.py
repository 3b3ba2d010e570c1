"""What a model reads to write an answer, and what it may then say.

    message, findings [1] [2], profile, earlier turns ──▶ Reading(messages, ground, read, whole)

What comes from outside is fenced, so that it reads as data; and since nothing the model writes here can start anything,
text that tells it to has nobody to obey it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from agents.spec import Finding
from agents.tools.models.checked_text import Ground, addresses
from agents.tools.models.context_budget import Section, budgeted
from agents.tools.text.stated import Held
from graph.conflicts import told
from graph.conversation import Earlier, fenced
from graph.planner.talk import phrases
from graph.state import Plan
from integrations.models.backend import ChatMessage

SHARES = {
    "system": 0.2,
    "message": 0.15,
    "findings": 0.3,
    "profile": 0.05,
    "memory": 0.08,
    "passages": 0.1,
    "history": 0.12,
}
OVERHEAD = 64
"""Tokens that a chat template adds around the messages, about."""
SHORT, LONG = 300, 800
"""Most tokens of an answer above findings, and of one that stands alone."""


@dataclass(frozen=True)
class Brief:
    """All there is to answer a message from. `titles` are the agents' names for the user, by name.

    `facts` are what the user told before that concerns this message, `passages` what was read, said and found out
    about it before, each with its place.
    """

    message: str
    plan: Plan
    findings: Mapping[str, Finding]
    titles: Mapping[str, str]
    today: date
    profile: Mapping[str, Any] = field(default_factory=dict)
    earlier: Earlier = field(default_factory=Earlier)
    facts: Sequence[str] = ()
    passages: Sequence[str] = ()

    @property
    def found(self) -> list[tuple[str, Finding]]:
        """The findings with their agents' titles, in the order of the plan."""
        steps = [(step, self.findings.get(step.id)) for step in self.plan.steps]
        return [(self.titles.get(step.agent, step.agent), finding) for step, finding in steps if finding]


@dataclass(frozen=True)
class Reading:
    """The question to a model, and what it may say. It reads `read` of `whole` tokens and writes `most` at most."""

    messages: list[ChatMessage]
    ground: Ground
    read: int
    whole: int
    most: int


def reading(brief: Brief, context: int) -> Reading:
    """Make the question for a model that reads and writes `context` tokens."""
    said = phrases()
    found, planned, differ = brief.found, bool(brief.plan.steps), told(brief.findings)
    most = min(SHORT if planned else LONG, context // 4)
    room = max(0, context - most - OVERHEAD)
    history, memory = brief.earlier.history(int(room * SHARES["history"]))
    texts = {
        "system": [said["prompts"]["compose" if planned else "talk"].format(today=brief.today.isoformat())],
        "message": [brief.message, *([f"\n\n{differ}"] if differ else [])],
        "findings": [f"[{number}] {title}\n{finding.text}" for number, (title, finding) in enumerate(found, 1)],
        "profile": ["\n".join(filter(None, [_facts(brief.profile), *brief.facts]))],
        "memory": [memory],
        "passages": ["\n\n".join(brief.passages)],
        "history": [message.content for message in history],
    }
    fitted = budgeted([Section(name, texts[name], share, name == "history") for name, share in SHARES.items()], room)
    grounds = [brief.message, *(finding.text for _, finding in found), *map(str, brief.profile.values())]
    grounds += [*brief.facts, *brief.passages, differ]
    grounds += [brief.today.isoformat(), *brief.earlier.grounds()]
    counts = [len(found), *(len(finding.records) for _, finding in found)]
    ground = Ground(
        Held(grounds, brief.today, counts),
        addresses([*grounds, *(source.url for _, finding in found for source in finding.sources)]),
        [f"[{number}]" for number in range(1, len(found) + 1)],
        said["not_found"] if planned else said["not_checked"],
    )
    read = history[len(history) - len(fitted.texts["history"]) :]
    messages = [ChatMessage("system", _system(fitted.texts)), *read, ChatMessage("user", _user(fitted.texts, found))]
    return Reading(messages, ground, fitted.read, fitted.whole, most)


def _system(texts: Mapping[str, tuple[str, ...]]) -> str:
    said = phrases()["prompts"]
    parts = ["".join(texts["system"])]
    parts += [
        f"{said[name]}\n{fenced(text)}" for name in ("profile", "memory", "passages") for text in texts[name] if text
    ]
    return "\n\n".join(parts)


def _user(texts: Mapping[str, tuple[str, ...]], found: list[tuple[str, Finding]]) -> str:
    shown = [
        fenced(text, "finding", f' from="{finding.trust}"')
        for text, (_, finding) in zip(texts["findings"], found, strict=False)
    ]
    return "\n\n".join(["".join(texts["message"]), *shown])


def _facts(profile: Mapping[str, Any]) -> str:
    lines = (
        f"{name}: {', '.join(map(str, value)) if isinstance(value, list) else value}"
        for name, value in profile.items()
        if value
    )
    return "\n".join(lines)

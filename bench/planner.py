"""How well and how fast the planner plans 240 messages written by someone who never saw its rules.

build    the half its authors may look at to mend the rules
unseen   the half they may not: only its figures say how the planner does on messages to come

With FREELANCEX_EMBEDDINGS=off the planner goes by words alone.
"""

from __future__ import annotations

import json
import statistics
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict

if TYPE_CHECKING:
    from graph.planner.planner import Planner
    from graph.state import Plan

MESSAGES = Path(__file__).resolve().parent.parent / "tests" / "graph" / "planner" / "messages.jsonl"
SPLITS = ("build", "unseen")
TODAY = date(2025, 6, 12)
WARM_UP = ("Bill Zeta 4 hours at 50 €", "Good evening", "What is 3 * 4?\n\nThen show my profile", "xyzzy")
SHOWN_CONFUSIONS = 12


class Message(BaseModel):
    """One line of the file: what is written, what is attached, and the agents it should reach, in order.

    `slots` are plain facts that must turn up in a task of the plan; `depends` are pairs (later, earlier) of places in
    `agents` where the later step needs the earlier one.
    """

    model_config = ConfigDict(extra="forbid")

    text: str
    files: list[str]
    agents: list[str]
    kind: Literal["plan", "talk", "out_of_scope"]
    slots: dict[str, str] = {}
    depends: list[tuple[int, int]] = []
    split: Literal["build", "unseen"]


class Outcome(NamedTuple):
    """A message, the plan made for it and the milliseconds that took."""

    message: Message
    plan: Plan
    ms: float

    @property
    def agents(self) -> list[str]:
        return [step.agent for step in self.plan.steps]


def messages(path: Path = MESSAGES) -> list[Message]:
    """The labelled messages. Raises pydantic.ValidationError."""
    return [Message.model_validate_json(line) for line in path.read_text(encoding="utf-8").splitlines()]


def run() -> dict[str, Any]:
    """Plan every message; returns the figures by split, the pairs confused and the milliseconds per message."""
    from agents import registry
    from config.settings import Settings
    from graph.learning import learn
    from graph.planner.planner import Planner
    from integrations.models.embeddings.embedder import open_embedder

    agents, settings = registry.load(), Settings()
    planner = Planner(agents)
    learn(planner, open_embedder(settings), settings)
    for text in WARM_UP:
        _planned(planner, Message(text=text, files=[], agents=[], kind="plan", split="build"))
    outcomes = [_planned(planner, message) for message in messages()]
    wanted = {name for outcome in outcomes for name in outcome.message.agents}
    times = sorted(outcome.ms for outcome in outcomes)
    return {
        "agents_absent": sorted(wanted - set(agents)),
        "splits": {name: _figures([o for o in outcomes if o.message.split == name]) for name in SPLITS},
        "confusions": {name: _confusions(o for o in outcomes if o.message.split == name) for name in SPLITS},
        "ms_median": statistics.median(times),
        "ms_p99": statistics.quantiles(times, n=100, method="inclusive")[98],
        "ms_worst": times[-1],
    }


def show(result: Mapping[str, Any]) -> None:
    """Print the figures as a table, one column a split."""
    if result["agents_absent"]:
        print(f"agents not there, so their messages cannot be right: {', '.join(result['agents_absent'])}")
    columns = [result["splits"][name] for name in SPLITS]
    print(f"{'':<34}" + "".join(f"{name:>16}" for name in SPLITS))
    for label in columns[0]:
        print(f"{label:<34}" + "".join(f"{_share(*column[label]):>16}" for column in columns))
    print(f"milliseconds a message: median {result['ms_median']:.2f}, ", end="")
    print(f"p99 {result['ms_p99']:.2f}, worst {result['ms_worst']:.2f}")
    for name in SPLITS:
        print(f"confused, {name} (wanted → got):")
        pairs = result["confusions"][name]
        for count, wanted, got in pairs[:SHOWN_CONFUSIONS]:
            print(f"  {count:>3}  {wanted} → {got}")
        if rest := pairs[SHOWN_CONFUSIONS:]:
            print(f"  and {sum(pair[0] for pair in rest)} more in {len(rest)} other pairs")


def _planned(planner: Planner, message: Message) -> Outcome:
    from graph.planner.known import Known
    from memory.files import FileRef, kind_of, mime_of

    refs = [FileRef(name, name, mime_of(name), name, 0, kind_of(name)) for name in message.files]
    started = time.perf_counter()
    plan = planner.plan(message.text, Known(files=refs), TODAY)
    return Outcome(message, plan, (time.perf_counter() - started) * 1000)


def _figures(outcomes: list[Outcome]) -> dict[str, tuple[int, int]]:
    """Each figure as (how many, of how many)."""
    asked = [o for o in outcomes if o.message.kind == "plan"]
    single = [o for o in asked if len(o.message.agents) == 1]
    several = [o for o in asked if len(o.message.agents) > 1]
    outside = [o for o in outcomes if o.message.kind == "out_of_scope"]
    talk = [o for o in outcomes if o.message.kind == "talk"]
    return {
        "agents right (as a set)": _counted(_same_agents(o) for o in asked),
        "  of one-step messages": _counted(_same_agents(o) for o in single),
        "  of several-step messages": _counted(_same_agents(o) for o in several),
        "agents right, in exact order": _counted(o.agents == o.message.agents for o in asked),
        "dependencies found": _counted(_depends(o) for o in asked if o.message.depends),
        "facts found in the tasks": _counted(
            _found(fact, o.plan) for o in asked for fact in o.message.slots.values() if _same_agents(o)
        ),
        "out of scope recognised": _counted(not o.agents for o in outside),
        "small talk recognised": _counted(not o.agents for o in talk),
        "requests refused (should be 0)": _counted(not o.agents for o in asked),
        "all messages right": _counted(_same_agents(o) for o in outcomes),
    }


def _same_agents(outcome: Outcome) -> bool:
    return set(outcome.agents) == set(outcome.message.agents)


def _depends(outcome: Outcome) -> bool:
    """Whether the steps are those wanted and each later one needs its earlier one, if through others."""
    plan = outcome.plan
    if outcome.agents != outcome.message.agents:
        return False
    before: dict[str, set[str]] = {}
    for step in plan.steps:
        before[step.id] = set(step.depends_on).union(*(before.get(name, set()) for name in step.depends_on))
    return all(plan.steps[first].id in before[plan.steps[later].id] for later, first in outcome.message.depends)


def _found(fact: str, plan: Plan) -> bool:
    """Whether a fact is a value in a task of the plan: equal as text or number, or an amount with `/h` after it."""
    wanted = _plain(fact)
    tasks = [step.task for step in plan.steps]
    return any(wanted == _plain(value) for value in _leaves(json.loads(json.dumps(tasks, default=str))))


def _plain(value: object) -> tuple[Decimal | str, ...]:
    words = str(value).casefold().partition("/")[0].split()
    return tuple(_number(word) for word in words)


def _number(word: str) -> Decimal | str:
    try:
        return Decimal(word)
    except InvalidOperation:
        return word


def _leaves(value: object) -> Iterable[object]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from _leaves(item)
    else:
        yield value


def _confusions(outcomes: Iterable[Outcome]) -> list[tuple[int, str, str]]:
    """What was wanted and what came instead, most frequent first."""
    pairs = Counter(
        (" + ".join(o.message.agents) or o.message.kind, " + ".join(o.agents) or "nothing")
        for o in outcomes
        if not _same_agents(o)
    )
    return [(count, wanted, got) for (wanted, got), count in pairs.most_common()]


def _counted(answers: Iterable[bool]) -> tuple[int, int]:
    given = list(answers)
    return sum(given), len(given)


def _share(part: int, whole: int) -> str:
    return f"{part}/{whole} {part / whole:6.1%}" if whole else "none"

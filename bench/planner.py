"""How well and how fast the planner plans messages that people wrote who never saw its rules.

build    the half its authors may look at to mend the rules, and tuning, what they chose by
unseen   the half they may not: only its figures say how the planner does on messages to come
fresh    other trades, and the agents that unseen has none of; who wrote them wrote phrasings afterwards, so that
         their figures flatter
hard     the same wishes without the usual words, in stories, idioms and one breath; who wrote them wrote others that
         the planner learns from

With FREELANCEX_EMBEDDINGS=off the planner goes by words alone.
"""

from __future__ import annotations

import re
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict

if TYPE_CHECKING:
    from graph.planner.planner import Planner
    from graph.state import Plan

MESSAGES = Path(__file__).resolve().parent.parent / "tests" / "graph" / "planner" / "messages.jsonl"
SPLITS = ("build", "tuning", "unseen", "fresh", "hard")
TODAY = date(2026, 11, 21)
WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W_]+")
GROUPED = re.compile(r"(?<=\d)[ \u00a0\u202f](?=\d{3}(?!\d))")
WARM_UP = ("Bill Zeta 4 hours at 50 €", "Good evening", "What is 3 * 4?\n\nThen show my profile", "xyzzy")
CALLED = ("job", "project", "company")
"""Facts that name a job of an earlier turn."""
SHOWN_CONFUSIONS = 12


class Message(BaseModel):
    """One line of the file: what is written, what is attached, and the agents it should reach, in order.

    `slots` are plain facts that must turn up in a task of the plan; `depends` are pairs (later, earlier) of places in
    `agents` where the later step needs the earlier one; `also` are other lists of agents that would be as right.
    `before` are the agents of the turn before, `tags` say what makes the message hard.
    """

    model_config = ConfigDict(extra="forbid")

    text: str
    files: list[str] = []
    agents: list[str]
    kind: Literal["plan", "talk", "out_of_scope"]
    language: str = "en"
    slots: dict[str, str] = {}
    depends: list[tuple[int, int]] = []
    also: list[list[str]] = []
    before: list[str] = []
    tags: list[str] = []
    split: Literal["build", "tuning", "unseen", "fresh", "hard"] = "build"


class Outcome(NamedTuple):
    """A message, the plan made for it and the milliseconds that took."""

    message: Message
    plan: Plan
    ms: float

    @property
    def agents(self) -> list[str]:
        return [step.agent for step in self.plan.steps]

    @property
    def right(self) -> bool:
        """Whether these are the agents wanted, in whatever order and number."""
        return any(set(self.agents) == set(wanted) for wanted in (self.message.agents, *self.message.also))

    @property
    def ordered(self) -> bool:
        return self.agents in (self.message.agents, *self.message.also)

    @property
    def exact(self) -> bool:
        """Whether the agents stand in the order wanted and every fact is in a task."""
        return self.ordered and all(_found(name, fact, self.plan) for name, fact in self.message.slots.items())


def messages(path: Path = MESSAGES) -> list[Message]:
    """The labelled messages. Raises pydantic.ValidationError."""
    return [Message.model_validate_json(line) for line in path.read_text(encoding="utf-8").splitlines()]


def run(path: Path = MESSAGES) -> dict[str, Any]:
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
        planned(planner, Message(text=text, agents=[], kind="plan"))
    outcomes = [planned(planner, message) for message in messages(path)]
    wanted = {name for outcome in outcomes for name in outcome.message.agents}
    times = sorted(outcome.ms for outcome in outcomes)
    halves = {name: [one for one in outcomes if one.message.split == name] for name in SPLITS}
    return {
        "agents_absent": sorted(wanted - set(agents)),
        "splits": {name: _figures(half) for name, half in halves.items()},
        "by_language": {name: _right_by(half, lambda one: [one.message.language]) for name, half in halves.items()},
        "by_agent": {name: _right_by(half, lambda one: one.message.agents) for name, half in halves.items()},
        "by_tag": {name: _right_by(half, lambda one: one.message.tags) for name, half in halves.items()},
        "confusions": {name: _confusions(half) for name, half in halves.items()},
        "ms_median": statistics.median(times),
        "ms_p99": statistics.quantiles(times, n=100, method="inclusive")[98],
        "ms_worst": times[-1],
    }


def show(result: Mapping[str, Any]) -> None:
    """Print the figures as tables, one column a split."""
    if result["agents_absent"]:
        print(f"agents not there, so their messages cannot be right: {', '.join(result['agents_absent'])}")
    print(f"{'':<34}" + "".join(f"{name:>16}" for name in SPLITS))
    _table(result["splits"])
    print(f"milliseconds a message: median {result['ms_median']:.2f}, ", end="")
    print(f"p99 {result['ms_p99']:.2f}, worst {result['ms_worst']:.2f}")
    for group in ("language", "agent", "tag"):
        print(f"agents right by {group}:")
        _table(result[f"by_{group}"])
    for name in SPLITS:
        print(f"confused, {name} (wanted → got):")
        pairs = result["confusions"][name]
        for count, wanted, got in pairs[:SHOWN_CONFUSIONS]:
            print(f"  {count:>3}  {wanted} → {got}")
        if rest := pairs[SHOWN_CONFUSIONS:]:
            print(f"  and {sum(pair[0] for pair in rest)} more in {len(rest)} other pairs")


def planned(planner: Planner, message: Message) -> Outcome:
    """The plan for one message, as if the turn before had left two records of each kind its agents make.

    A job that the message calls by a few words of its name stands among others.
    """
    from agents.spec import Record
    from graph.planner.known import Known
    from memory.file_kinds import kind_of, mime_of
    from memory.files import FileRef

    refs = [FileRef(name, name, mime_of(name), 0, kind_of(name)) for name in message.files]
    makes = [kind for name in message.before if name in planner.agents for kind in planner.agents[name].makes]
    records = [[Record(kind, f"{kind}-{number}", f"{kind} {number}") for number in (1, 2)] for kind in makes]
    if called := [message.slots[key] for key in CALLED if key in message.slots]:
        jobs = [Record("job", name, f"{name}, part time") for name in (called[0], "Data entry", "Wedding films")]
        records.append([jobs[1], jobs[0], jobs[2]])
    known = Known(files=refs, records=records, last=message.before)
    started = time.perf_counter()
    plan = planner.plan(message.text, known, TODAY)
    return Outcome(message, plan, (time.perf_counter() - started) * 1000)


def _table(columns: Mapping[str, Mapping[str, tuple[int, int]]]) -> None:
    for label in dict.fromkeys(label for name in SPLITS for label in columns[name]):
        print(f"{label:<34}" + "".join(f"{_share(*columns[name].get(label, (0, 0))):>16}" for name in SPLITS))


def _figures(outcomes: list[Outcome]) -> dict[str, tuple[int, int]]:
    """Each figure as (how many, of how many)."""
    asked = [o for o in outcomes if o.message.kind == "plan"]
    outside = [o for o in outcomes if o.message.kind == "out_of_scope"]
    talk = [o for o in outcomes if o.message.kind == "talk"]
    return {
        "agents right (as a set)": _counted(o.right for o in asked),
        "  of one-step messages": _counted(o.right for o in asked if len(o.message.agents) == 1),
        "  of several-step messages": _counted(o.right for o in asked if len(o.message.agents) > 1),
        "agents right, in exact order": _counted(o.ordered for o in asked),
        "exact plan (order and facts)": _counted(o.exact for o in asked),
        "dependencies found": _counted(_depends(o) for o in asked if o.message.depends),
        "facts found in the tasks": _counted(
            _found(name, fact, o.plan) for o in asked for name, fact in o.message.slots.items() if o.right
        ),
        "out of scope recognised": _counted(not o.agents for o in outside),
        "small talk recognised": _counted(not o.agents for o in talk),
        "requests refused (should be 0)": _counted(not o.agents for o in asked),
        "language told": _counted(o.plan.language == o.message.language for o in outcomes if o.message.text.strip()),
        "all messages right": _counted(o.right for o in outcomes),
    }


def _right_by(outcomes: list[Outcome], groups: Callable[[Outcome], Iterable[str]]) -> dict[str, tuple[int, int]]:
    """How many messages of each group have the right agents, the groups in order of their names."""
    found: dict[str, list[bool]] = {}
    for outcome in outcomes:
        for group in set(groups(outcome)):
            found.setdefault(group, []).append(outcome.right)
    return {f"  {group}": _counted(found[group]) for group in sorted(found)}


def _depends(outcome: Outcome) -> bool:
    """Whether the steps are those wanted and each later one needs its earlier one, if through others."""
    plan = outcome.plan
    if outcome.agents != outcome.message.agents:
        return outcome.ordered
    before: dict[str, set[str]] = {}
    for step in plan.steps:
        before[step.id] = set(step.depends_on).union(*(before.get(name, set()) for name in step.depends_on))
    return all(plan.steps[first].id in before[plan.steps[later].id] for later, first in outcome.message.depends)


def _found(name: str, fact: str, plan: Plan) -> bool:
    """Whether a fact stands in a task of the plan: as a value, or as whole words of a text the agent is given.

    A language may stand there as its code: "brazilian portuguese" as "pt".
    """
    from agents.tools.text.languages import named

    wanted = _plain(fact.replace(" ", "") if name == "iban" else fact)
    if name == "language" and (codes := named(fact)) and any(step.task.get("target") in codes for step in plan.steps):
        return True
    values = [_plain(value) for value in _leaves([step.model_dump(mode="json")["task"] for step in plan.steps])]
    return any(value[at : at + len(wanted)] == wanted for value in values for at in range(len(value)))


def _plain(value: object) -> list[Decimal | str]:
    """A value as words, numbers by what they are worth: "7 430" is one number."""
    return [_number(word) for word in WORD.findall(GROUPED.sub("", str(value).casefold()))]


def _number(word: str) -> Decimal | str:
    from memory.money import parse_number

    return parse_number(word) if word[0].isdigit() else word


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
        if not o.right
    )
    return [(count, wanted, got) for (wanted, got), count in pairs.most_common()]


def _counted(answers: Iterable[bool]) -> tuple[int, int]:
    given = list(answers)
    return sum(given), len(given)


def _share(part: int, whole: int) -> str:
    return f"{part}/{whole} {part / whole:6.1%}" if whole else "none"

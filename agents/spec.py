"""What an agent is, what it is given, and what it gives back.

    AgentSpec ── declares ──▶ task (a pydantic model)      filled by the planner from the user's words
                              run(task, given, deps)  ──▶ Finding
                              effects {name: function}     what it may do to the world, once the user agreed

An agent never acts on the world inside `run`: it returns a Finding that proposes an `Effect`. The graph shows the
effect to the user, and calls the declared function once, when it is approved.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel

from config.errors import Mendable
from memory.files import FileRef

if TYPE_CHECKING:
    from agents.deps import Deps

Trust = Literal["own", "outside"]
Origin = Literal["user", "own", "primary", "secondary"]


@dataclass(frozen=True)
class Record:
    """A thing that later messages can refer to: "that invoice", "the second one".

    `kind` is one of: invoice, client, job, quote, proposal, expense, receipt, reminder, search, schedule, dataset,
    document, model_run, image, text, page, fact.
    `id` is what the store of that kind opens, of a page its address; `label` is what the user would call it.
    """

    kind: str
    id: str
    label: str


@dataclass(frozen=True)
class Source:
    """Where a statement comes from: a title and a place in it (``page 3``, ``row 17``), or an address."""

    title: str
    place: str = ""
    url: str = ""


@dataclass(frozen=True)
class Claim:
    """One checkable statement of a finding, so that two findings that contradict each other are noticed.

    It reads "the `quantity` of `subject` is `value` `unit`": the *total* of *invoice 2026-004* is *1500.00* *EUR*.
    `subject` and `quantity` are compared without regard to case; quantities in use are price, rate, total, date,
    deadline and hours. `value` is exact text: a decimal number without thousands separators, or an ISO date. `unit` is
    an ISO 4217 code, ``%``, ``h``, or empty. `as_of` is the ISO date the statement is from, where known, and `source`
    what the user would call its origin. `origin` says what kind of source that is: the user's own words, own records
    (invoices, hours, profile), a primary source (the contract, the official rate), or a secondary one (a web page).
    """

    subject: str
    quantity: str
    value: str
    unit: str = ""
    as_of: str = ""
    source: str = ""
    origin: Origin = "secondary"


@dataclass(frozen=True)
class Artifact:
    """A file made for the user, in the file store; `mime` says how to show it."""

    id: str
    name: str
    mime: str
    caption: str = ""


@dataclass(frozen=True)
class Effect:
    """A side effect that waits for the user's word.

    `name` is a key of the agent's `effects`; `arguments` is JSON and is exactly what will be passed on.
    `preview` is markdown that shows precisely what will happen. With `consent`, a standing permission of that name
    lets the effect pass without asking, and the user may grant it on this occasion ("always"); ``research:acme.com``
    is the part of ``research`` that concerns one host. `editable` names arguments of plain text that the user may
    change before approving; the agent's `edits` then says what the change means. `lasts_h` is how many hours the
    question stands, where that is less than usual.
    """

    name: str
    arguments: dict[str, Any]
    title: str
    preview: str
    consent: str | None = None
    editable: tuple[str, ...] = ()
    lasts_h: float | None = None


@dataclass(frozen=True)
class Finding:
    """What an agent found or did, in its own markdown, with everything needed to check it.

    `trust` is "outside" when any of it was read from a file, a page or a post: such text is data, never instruction.
    `offers` are follow-up messages the user could send next, word for word. `claims` are the figures and dates it
    states that another finding could contradict.
    """

    agent: str
    ok: bool
    text: str
    data: dict[str, Any] = field(default_factory=dict)
    records: tuple[Record, ...] = ()
    sources: tuple[Source, ...] = ()
    artifacts: tuple[Artifact, ...] = ()
    trust: Trust = "own"
    error: str | None = None
    effect: Effect | None = None
    offers: tuple[str, ...] = ()
    claims: tuple[Claim, ...] = ()


class AgentError(Mendable):
    """An agent cannot do what was asked; the message says what is wrong and what to do."""


@dataclass(frozen=True)
class Choice:
    """One of several that may be meant: what the user would call it, and the task's fields it fills.

    Where it fills none, its label is read behind the user's words.
    """

    label: str
    fills: Mapping[str, Any] = field(default_factory=dict)


class Which(AgentError):
    """It is unclear which of several is meant: the user is asked, and the next message chooses.

    The step is then done again with what was chosen.
    """

    def __init__(self, question: str, choices: Sequence[Choice]) -> None:
        listed = "\n".join(f"{number}. {choice.label}" for number, choice in enumerate(choices, 1))
        super().__init__(f"{question}\n\n{listed}")
        self.choices = tuple(choices)


@dataclass(frozen=True)
class Given:
    """What one step has in hand besides its task.

    `text` are the user's own words for this step, `message` the whole message, `files` those sent with it, `findings`
    the results of the steps this one depends on, by step id.
    """

    text: str
    message: str
    files: tuple[FileRef, ...] = ()
    findings: Mapping[str, Finding] = field(default_factory=dict)


@dataclass(frozen=True)
class Slot:
    """How a task's field is filled from the user's words; put into the field's `Annotated` type.

    `kind` names what is looked for: money, rate, hours, percent, number, date, file:table, file:document, url, email,
    client, skills, quoted, text (the clause itself), or record:KIND (a thing made or listed before). A required field
    that stays empty is asked for with `ask`, one short question.
    """

    kind: str
    ask: str = ""


Run = Callable[[Any, Given, "Deps"], Awaitable[Finding]]
Perform = Callable[[dict[str, Any], "Deps"], Awaitable[Finding]]
Edit = Callable[[dict[str, Any], "Deps"], Awaitable[Effect]]
Read = Callable[[str], dict[str, Any]]
StandIn = Callable[[Mapping[str, Any]], dict[str, Any] | None]
"""From another agent's task to one's own, None when that cannot be done for it."""


@dataclass(frozen=True)
class AgentSpec:
    """The declaration of one agent.

    `examples` are messages people write that this agent should get; the planner learns from them. `cues` are regular
    expressions (case-insensitive) that speak strongly for it, `surely` such as decide, whatever else the words are
    like; in these the case counts. `read`, when given, is a pure function from the clause to
    task fields that generic slots cannot express (an action word, an expression); generic slots fill the rest.
    Fields without a default are asked for when they stay empty, and so are those `needs` names, given what is filled.
    With `whole`, what is told in the first person over several sentences is one request. `makes` and `takes` name the
    kinds of records it gives and needs, which is how one step's result reaches the next. `consents` are the standing
    permissions its effects may pass with. `edits` make an effect anew from arguments that the user changed, and raise
    Mendable where they are wrong. `stands_in` names the agents whose steps it can do, nearly as well, when they
    fail. `resource` is what its effects use that belongs to the whole server, as the policy calls it: who may not use
    it is told so before anything is asked; the effects in `own` touch only what is the user's. What `writes` keeps new
    records while it runs, so that it is not run twice for one step.
    """

    name: str
    title: str
    description: str
    examples: tuple[str, ...]
    task: type[BaseModel]
    run: Run
    prompt: str = ""
    cues: tuple[str, ...] = ()
    surely: tuple[str, ...] = ()
    read: Read | None = None
    needs: Callable[[dict[str, Any]], list[str]] | None = None
    whole: bool = False
    makes: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()
    tools: tuple[str, ...] = ()
    tier: Literal["fast", "balanced", "powerful", "vision"] = "balanced"
    effects: Mapping[str, Perform] = field(default_factory=dict)
    edits: Mapping[str, Edit] = field(default_factory=dict)
    consents: tuple[str, ...] = ()
    stands_in: Mapping[str, StandIn] = field(default_factory=dict)
    resource: str = ""
    own: tuple[str, ...] = ()
    writes: bool = False

    @property
    def side_effects(self) -> bool:
        """Whether it can change the world outside its own records, or delete."""
        return bool(self.effects)

    def resource_of(self, effect: str) -> str:
        """What an effect uses that belongs to the whole server; empty where it uses nothing of that."""
        return "" if effect in self.own else self.resource

"""What a reply consists of while it happens. Every front end renders these and reaches no further.

A turn yields TurnStarted first; then Planned; StepStarted, StepProgress, StepFinished and ArtifactReady while agents
work; Waiting while a model is made ready; Token while the answer is written; and at its end exactly one of Done,
Question and Failed, or one ApprovalNeeded for each side effect that waits.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from agents.spec import Artifact, Finding


@dataclass(frozen=True)
class TurnStarted:
    """The message is durable. `turn` is the id of the user's message; the answer's id is ``<turn>.answer``."""

    turn: str


@dataclass(frozen=True)
class Planned:
    """The plan: a step is a dict of id, agent, title, task, depends_on, priority, why. `language` is the answer's."""

    steps: tuple[dict[str, Any], ...]
    language: str = "en"


@dataclass(frozen=True)
class StepStarted:
    """An agent begins. `id` is unique in the whole conversation; `input` is markdown."""

    id: str
    agent: str
    title: str
    input: str


@dataclass(frozen=True)
class StepProgress:
    """A line on how far a step is; `part` runs from 0 to 1 where it is known."""

    id: str
    text: str
    part: float | None = None


@dataclass(frozen=True)
class StepFinished:
    """An agent is done. `output` is markdown."""

    id: str
    agent: str
    ok: bool
    output: str
    seconds: float
    finding: Finding


@dataclass(frozen=True)
class ArtifactReady:
    """A file the user can look at and keep."""

    step: str
    artifact: Artifact


@dataclass(frozen=True)
class Waiting:
    """One line on what the turn itself waits for, such as a model that is being loaded; the next event replaces it."""

    text: str


@dataclass(frozen=True)
class Token:
    """The next piece of the answer."""

    text: str


@dataclass(frozen=True)
class Question:
    """Something is missing; the user's next message answers it. `offers` are possible answers."""

    turn: str
    text: str
    offers: tuple[str, ...] = ()


@dataclass(frozen=True)
class ApprovalNeeded:
    """Something waits for the user's word: a side effect, or several that need the same consent.

    Decide with `graph.approvals.decide(turn, step, ...)`. With `consent` it can be allowed for good; `editable` are the
    arguments that may be changed before. It lapses at `expires_at`, an ISO time.
    """

    turn: str
    step: str
    agent: str
    title: str
    preview: str
    consent: str | None = None
    editable: dict[str, str] = field(default_factory=dict)
    expires_at: str = ""


@dataclass(frozen=True)
class Decided:
    """What was asked in a turn's step was answered, or changed, by a message: it no longer stands as it is shown."""

    turn: str
    step: str


@dataclass(frozen=True)
class Done:
    """The turn is complete. `offers` are messages the user may want to send next."""

    turn: str
    text: str
    seconds: float
    offers: tuple[str, ...] = ()
    timings_ms: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Failed:
    """The turn ended without an answer; `message` is one sentence that says what to do."""

    turn: str
    message: str


ReplyEvent = (
    TurnStarted
    | Planned
    | StepStarted
    | StepProgress
    | StepFinished
    | ArtifactReady
    | Waiting
    | Token
    | Question
    | ApprovalNeeded
    | Decided
    | Done
    | Failed
)

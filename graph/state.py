"""What the graph carries from node to node, all of it JSON, so that a checkpoint can hold it."""

from __future__ import annotations

import operator
from typing import Annotated, Any, Literal, NotRequired, TypedDict

from pydantic import BaseModel, ConfigDict, TypeAdapter

from agents.spec import Finding


class Step(BaseModel):
    """One agent's part of a plan.

    `task` holds the fields of the agent's task model; `binds` names the fields that are filled, once they are known,
    with a record that an earlier step makes. `text` is the part of the user's words this step answers; `sure` says
    whether these words speak clearly for this agent.
    """

    model_config = ConfigDict(extra="forbid")

    id: str
    agent: str
    task: dict[str, Any] = {}
    depends_on: list[str] = []
    priority: int = 0
    why: str = ""
    text: str = ""
    binds: dict[str, str] = {}
    sure: bool = True


class Missing(BaseModel):
    """A field nobody filled: the next message answers `question`."""

    model_config = ConfigDict(extra="forbid")

    step: str
    field: str
    kind: str
    question: str


class Plan(BaseModel):
    """What will be done about one message. With no steps, `answer` is the whole reply.

    It is `open` when a model, if there is one, may reply in its own words instead. `language` is the one the user wrote
    in: en, de, es, fr, it or pt. `asked` is the turn whose question stays open beside this, `word` the
    user's word on something that waits, where it is asked on what.
    """

    model_config = ConfigDict(extra="forbid")

    steps: list[Step] = []
    answer: str = ""
    open: bool = False
    missing: Missing | None = None
    offers: list[str] = []
    language: str = "en"
    asked: str = ""
    word: Literal["", "approve", "reject"] = ""

    def step(self, step_id: str) -> Step:
        """The step of that id. Raises KeyError."""
        for step in self.steps:
            if step.id == step_id:
                return step
        raise KeyError(step_id)


class State(TypedDict, total=False):
    """One turn. `findings` and `decisions` are by step id; parallel steps merge into them."""

    turn: str
    text: str
    command: str
    files: list[str]
    plan: dict[str, Any]
    findings: Annotated[dict[str, dict[str, Any]], operator.or_]
    decisions: Annotated[dict[str, str], operator.or_]
    answer: str


class Gathered(TypedDict, total=False):
    """What a branch of a plan gives back to its turn."""

    findings: Annotated[dict[str, dict[str, Any]], operator.or_]
    decisions: Annotated[dict[str, str], operator.or_]


class StepState(TypedDict):
    """What one step's node is sent."""

    turn: str
    text: str
    files: list[str]
    step: dict[str, Any]
    findings: dict[str, dict[str, Any]]
    decision: str
    language: NotRequired[str]


_FINDING: TypeAdapter[Finding] = TypeAdapter(Finding)


def dump(finding: Finding) -> dict[str, Any]:
    """A finding as JSON."""
    data: dict[str, Any] = _FINDING.dump_python(finding, mode="json")
    return data


def load(data: dict[str, Any]) -> Finding:
    """The finding that `dump` wrote."""
    return _FINDING.validate_python(data)

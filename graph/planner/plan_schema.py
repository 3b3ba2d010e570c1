"""What a model may answer when it is asked for a plan: a JSON schema of few agents, and the check of what it answered.

    {"steps": [{"agent": "math", "words": "…", "task": {…}, "after": [1]}]}

A task's fields are those of the agent's own model that words can fill; files, records and pasted texts are bound by
code. Every value must stand in the user's words, so that a plan can neither invent nor be talked into anything.
"""

from __future__ import annotations

import re
import types
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from agents.spec import AgentSpec
from agents.tools.text.stated import Held
from graph.planner.intents import Intent
from graph.planner.requests import STRONG, Request
from graph.planner.slots import slot_of
from graph.state import Plan

MOST_STEPS = 5
MOST_CHARS = 120
MODEL = "the model read it so"


class Unfit(ValueError):
    """A plan that breaks a rule; the message tells the model which."""


class _Step(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    agent: str
    words: str
    task: dict[str, Any] = {}
    after: list[int] = []


class _Steps(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    steps: list[_Step] = Field(max_length=MOST_STEPS)


def plan_schema(agents: Sequence[AgentSpec]) -> dict[str, Any]:
    """The JSON schema of a plan with these agents; fields to choose from stand before those to write."""
    steps = [_step(spec) for spec in agents]
    items = steps[0] if len(steps) == 1 else {"anyOf": steps}
    return _object({"steps": {"type": "array", "items": items, "maxItems": MOST_STEPS}}, ["steps"])


def outline(spec: AgentSpec) -> str:
    """An agent and its fields in one line, as a model should read them: the schema itself is five times as long."""
    fields = "; ".join(f"{name}: {_written(shape)}" for name, shape in _fields(spec).items())
    return f"- {spec.name}: {spec.description} For example: {spec.examples[0]}" + (f" Task: {fields}." * bool(fields))


def requests_of(answer: str, agents: Sequence[AgentSpec], words: str, today: date) -> list[Request]:
    """Read a model's answer. No steps mean that none of the agents fits. Raises Unfit."""
    try:
        steps = _Steps.model_validate_json(answer[answer.find("{") : answer.rfind("}") + 1]).steps
    except ValidationError as error:
        raise Unfit(_first(error)) from None
    by_name = {spec.name: spec for spec in agents}
    said, held = _flat(words), Held([words], today)
    requests: list[Request] = []
    for place, step in enumerate(steps, 1):
        if step.agent not in by_name:
            raise Unfit(f"Step {place}: there is no agent “{step.agent[:40]}”.")
        part = words if len(steps) == 1 else step.words
        if not _flat(part) or _flat(part) not in said:
            raise Unfit(f"Step {place}: “words” must be copied from the message.")
        if any(not 1 <= other < place for other in step.after):
            raise Unfit(f"Step {place}: “after” may only name steps before it.")
        task = {name: value for name, value in step.task.items() if value not in (None, "", [])}
        task = _checked(by_name[step.agent], task, said, held, place)
        intent = Intent(step.agent, STRONG, MODEL)
        requests.append(Request(intent, part, task=task, after=sorted({other - 1 for other in step.after})))
    if len({(request.intent.agent, _flat(request.text)) for request in requests}) < len(requests):
        raise Unfit("Two steps are the same.")
    return requests


def check_tasks(plan: Plan, agents: Mapping[str, AgentSpec]) -> None:
    """Make sure that every task of a plan is one its agent takes, but for what is still missing. Raises Unfit."""
    for step in plan.steps:
        try:
            agents[step.agent].task.model_validate(step.task)
        except ValidationError as error:
            if wrong := [one for one in error.errors() if one["type"] != "missing"]:
                raise Unfit(f"{step.agent}: {wrong[0]['loc']}: {wrong[0]['msg']}") from None


def _step(spec: AgentSpec) -> dict[str, Any]:
    fields = dict(sorted(_fields(spec).items(), key=lambda field: "enum" not in field[1]))
    parts: dict[str, Any] = {
        "agent": {"enum": [spec.name]},
        "words": {"type": "string", "maxLength": MOST_CHARS},
    }
    if fields:
        parts["task"] = _object(fields, [])
    parts["after"] = {"type": "array", "items": {"enum": list(range(1, MOST_STEPS))}, "maxItems": MOST_STEPS - 1}
    return _object(parts, ["agent", "words"])


def _object(properties: dict[str, Any], required: list[str]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _fields(spec: AgentSpec) -> dict[str, dict[str, Any]]:
    """The fields a model may fill, with their shapes."""
    found = {}
    for name, info in spec.task.model_fields.items():
        slot = slot_of(info)
        bound = slot is not None and slot.kind.startswith(("file:", "record:", "pasted", "text"))
        if not bound and (shape := _shape(info.annotation)):
            found[name] = shape
    return found


def _shape(annotation: Any) -> dict[str, Any] | None:
    """How JSON writes a type; None for what words do not fill: flags, tables and objects."""
    origin, inner = get_origin(annotation), [one for one in get_args(annotation) if one is not types.NoneType]
    if origin is Literal:
        return {"enum": [one for one in inner if one]}
    if origin in (Union, types.UnionType):
        return _shape(inner[0]) if len(inner) == 1 else None
    if origin is list and inner == [str]:
        return {"type": "array", "items": {"type": "string", "maxLength": MOST_CHARS}, "maxItems": MOST_STEPS}
    if annotation is str:
        return {"type": "string", "maxLength": MOST_CHARS}
    return {"type": "number"} if annotation in (int, float, Decimal) else None


def _written(shape: Mapping[str, Any]) -> str:
    if "enum" in shape:
        return "|".join(map(str, shape["enum"]))
    return f"list of {_written(shape['items'])}" if shape["type"] == "array" else str(shape["type"])


def _checked(spec: AgentSpec, task: dict[str, Any], said: str, held: Held, place: int) -> dict[str, Any]:
    """The task as JSON holds it. Raises Unfit."""
    fields, found = _fields(spec), {}
    for name, value in task.items():
        if name not in fields:
            raise Unfit(f"Step {place}: {spec.name} has no field “{name[:40]}” to fill.")
        try:
            adapter: TypeAdapter[Any] = TypeAdapter(spec.task.model_fields[name].annotation or Any)
            found[name] = adapter.dump_python(adapter.validate_python(value), mode="json")
        except ValidationError as error:
            raise Unfit(f"Step {place}: {name}: {_first(error)}") from None
        for one in value if isinstance(value, list) else [value]:
            if "enum" not in fields[name] and not _is_said(one, said, held):
                raise Unfit(f"Step {place}: the message does not say “{str(one)[:40]}”.")
    return found


def _is_said(value: Any, said: str, held: Held) -> bool:
    """Whether a value stands in the message: as text, or as a number that reads the same."""
    if isinstance(value, bool):
        return False
    if isinstance(value, str) and _flat(value) in said:
        return bool(_flat(value))
    text = str(value)
    letters = re.sub(r"\b[A-Z]{3}\b|[\W\d_]", "", text)
    return any(map(str.isdigit, text)) and not letters and not held.lacks(text)


def _flat(text: str) -> str:
    return " ".join(text.casefold().split())


def _first(error: ValidationError) -> str:
    one = error.errors()[0]
    return f"{'.'.join(map(str, one['loc'])) or 'the answer'}: {one['msg']}"[:200]

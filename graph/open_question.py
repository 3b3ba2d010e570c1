"""The question that is open in a conversation: answered, left, or kept open beside something else that is done first.

    "sell the wood"     ──▶ "At what price?"
    "stop the timer"    ──▶ stopped, and below it: still open, at what price?
    "80 €"              ──▶ sold

What an agent finds to be one of several is asked the same way: "Which invoice do you mean?"

A plan made beside it names the turn that asked, so that the question outlasts a restart like everything of a turn.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from graph.planner.choosing import chosen
from graph.planner.known import Known
from graph.planner.language import language_of
from graph.planner.planner import Planner
from graph.planner.slots import slot_of
from graph.planner.talk import cancels, phrases
from graph.state import Missing, Plan, Step
from graph.wording import in_language
from memory.turns import Turn, Turns

CHOICE = "choice"
"""What is lacking where an agent found several things that may be meant."""
KEPT = 4
"""Among so many turns the one that asked must be: who has done four other things since has moved on."""


def asking(turns: Sequence[Turn]) -> Turn | None:
    """The turn whose question is open, of a conversation's turns, newest first. What failed changes nothing."""
    for turn in turns[:KEPT]:
        if turn.status == "asking":
            return turn
        if asked := turn.plan.get("asked"):
            return next((one for one in turns[:KEPT] if one.id == asked), None)
        if turn.status in ("done", "waiting"):
            return None
    return None


def answer(asked: Turn, text: str, known: Known, planner: Planner, today: date) -> Plan | None:
    """The plan whose question a message answers, or what is said when it is left; None for something else."""
    pending, said = Plan.model_validate(asked.plan), phrases()
    if cancels(text):
        return Plan(answer=said["cancel"]["say"], asked=pending.asked)
    if re.match(rf"^\W*(?:{said['ask']['unknown']['when']})\W*$", text.strip(), re.IGNORECASE):
        return Plan(answer=said["ask"]["unknown"]["say"], asked=pending.asked)
    if pending.missing and pending.missing.kind == CHOICE:
        return _with_choice(asked, pending, text, planner)
    made = planner.answered(pending, text, known, today)
    return made and made.model_copy(update={"asked": pending.asked})


def unclear(plan: Plan, findings: Mapping[str, Mapping[str, Any]]) -> Plan:
    """The plan with what its first agent wants to know that found several things which may be meant, if any did."""
    for step in plan.steps:
        found = findings.get(step.id, {})
        if choices(found):
            missing = Missing(step=step.id, field="", kind=CHOICE, question=found["text"])
            return plan.model_copy(update={"missing": missing})
    return plan


def choices(finding: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The things a finding, as JSON, leaves to the user to choose from: `label` and `fills` of each."""
    return list(finding.get("data", {}).get("choices", ())) if finding.get("error") == CHOICE else []


def _with_choice(asked: Turn, pending: Plan, text: str, planner: Planner) -> Plan | None:
    """The steps that are left to do, once it is known which thing is meant; None where the message names none."""
    assert pending.missing is not None
    offered = choices(asked.findings.get(pending.missing.step, {}))
    place = chosen(text, [one["label"] for one in offered])
    if place is None:
        return None
    left = [step for step in pending.steps if not asked.findings.get(step.id, {}).get("ok")]
    choice = {**offered[place], "step": pending.missing.step}
    return Plan(
        steps=[_left(step, {one.id for one in left}, asked, choice, planner) for step in left],
        language=language_of(text, pending.language),
        asked=pending.asked,
    )


def _left(step: Step, left: set[str], asked: Turn, choice: Mapping[str, Any], planner: Planner) -> Step:
    """A step as it is done once the choice is made; what steps made that are done is in its task."""
    task, fields = dict(step.task), planner.agents[step.agent].task.model_fields
    for name, source in step.binds.items():
        slot = slot_of(fields[name])
        records = () if source in left else asked.findings[source]["records"]
        made = [one["id"] for one in records if slot and one["kind"] == slot.kind.removeprefix("record:")]
        task |= {name: made[0]} if made else {}
    changed: dict[str, Any] = {
        "task": task,
        "depends_on": [other for other in step.depends_on if other in left],
        "binds": {name: other for name, other in step.binds.items() if other in left},
    }
    if step.id == choice["step"]:
        changed |= {"task": task | choice["fills"]} if choice["fills"] else {"text": f"{step.text} {choice['label']}"}
    return step.model_copy(update=changed)


def beside(asked: Turn, made: Plan) -> Plan:
    """A plan that is done while the question stays open, unless it does anew what the question was about.

    What no agent can do with the message is asked again.
    """
    pending, said = Plan.model_validate(asked.plan), phrases()
    assert pending.missing is not None
    step = pending.step(pending.missing.step)
    if any(one.agent == step.agent and one.task.get("action") == step.task.get("action") for one in made.steps):
        return made.model_copy(update={"asked": pending.asked})
    if not made.steps and (made.open or made.answer == said["talk"]["answer"]["say"].strip()):
        made = made.model_copy(update={"answer": said["ask"]["again"], "offers": []})
    return made.model_copy(update={"asked": asked.id})


async def still_open(made: Plan, turns: Turns) -> str:
    """The line that shows the question again, in the user's language; empty when none is open."""
    asked = await turns.get(made.asked) if made.asked else None
    pending = Plan.model_validate(asked.plan) if asked else Plan()
    if pending.missing is None:
        return ""
    head = in_language(phrases()["ask"]["open"], made.language)
    return f"**{head}** {in_language(pending.missing.question, made.language)}"

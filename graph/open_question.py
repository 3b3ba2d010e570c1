"""The question that is open in a conversation: answered, left, or kept open beside something else that is done first.

    "sell the wood"     ──▶ "At what price?"
    "stop the timer"    ──▶ stopped, and below it: still open, at what price?
    "80 €"              ──▶ sold

A plan made beside it names the turn that asked, so that the question outlasts a restart like everything of a turn.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from graph.planner.known import Known
from graph.planner.planner import Planner
from graph.planner.talk import cancels, phrases
from graph.state import Plan
from graph.wording import in_language
from memory.turns import Turn, Turns

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
    made = planner.answered(pending, text, known, today)
    return made and made.model_copy(update={"asked": pending.asked})


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

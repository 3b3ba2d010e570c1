"""Lets a model point at the words that fill a field which the planner found nothing for, before the user is asked.

    field missing ──▶ model: which words say it? ──▶ do they stand there? ── yes ──▶ read by code ──▶ plan
                                                        └─ no, late, unread ──▶ the question stays

The model gives no value: what its words mean is read as an answer of the user would be.
"""

from __future__ import annotations

import asyncio
import json
import logging

from agents.tools.models.asking import told
from graph.planner.model_plan import LONGEST, Asked
from graph.planner.planner import Planner
from graph.planner.talk import phrases
from graph.state import Plan
from integrations.models.backend import ChatMessage, ModelBackend, ModelError, Note, Wanted, silent

log = logging.getLogger("freelancex.planner")

MOST_FIELDS = 3
MOST_CHARS = 120
NOT_IN_WORDS = ("file:", "record:", "pasted", "text")
"""Kinds of fields that words cannot fill."""
SCHEMA = {
    "type": "object",
    "properties": {"words": {"type": "string", "maxLength": MOST_CHARS}},
    "required": ["words"],
    "additionalProperties": False,
}


async def pointed_out(
    plan: Plan, asked: Asked, planner: Planner, model: ModelBackend, seconds: float, note: Note = silent
) -> Plan:
    """The plan with missing fields filled from the message, as far as the model finds their words there."""
    words = planner.words(asked.message).strip()[:LONGEST]
    try:
        async with asyncio.timeout(seconds):
            for _ in range(MOST_FIELDS):
                if plan.missing is None or plan.missing.kind.startswith(NOT_IN_WORDS) or not words:
                    break
                found = await _pointed(plan.missing.question, words, model, seconds, note)
                done = (
                    await asyncio.to_thread(planner.complete, plan, found, asked.known, asked.today) if found else None
                )
                if done is None:
                    break
                texts = {step.id: step.text for step in plan.steps}
                steps = [step.model_copy(update={"text": texts[step.id]}) for step in done.steps]
                plan = done.model_copy(update={"steps": steps, "language": plan.language})
    except (ModelError, TimeoutError) as error:
        log.info("no field filled by the model: %s", error or "too late")
    return plan


async def _pointed(question: str, words: str, model: ModelBackend, seconds: float, note: Note) -> str:
    """The words of the message that answer a question; "" when the model finds none that stand there."""
    prompt = phrases()["prompts"]["point_out"].format(question=question)
    wanted = Wanted(max_tokens=MOST_CHARS, temperature=0.0, schema=SCHEMA, seconds=seconds)
    answer = await told(model, [ChatMessage("system", prompt), ChatMessage("user", words)], wanted, note)
    try:
        found = json.loads(answer[answer.find("{") : answer.rfind("}") + 1])["words"]
    except (ValueError, KeyError, TypeError):
        return ""
    flat = " ".join(str(found).casefold().split())
    said = " ".join(words.casefold().split())
    return " ".join(str(found).split()) if flat and flat in said and len(flat) <= MOST_CHARS else ""

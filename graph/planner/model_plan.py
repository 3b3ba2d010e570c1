"""Asks a model for the plan when the planner is unsure.

    unsure ──▶ at most five agents ──▶ model, under the schema ──▶ checked ──▶ plan
                                          ▲ one repair ─ what is wrong ┘ └─ still wrong, late, gone ──▶ planner's plan

The model sees the user's own words and what the agents do, and nothing from a file or a page.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from agents.spec import AgentSpec
from agents.tools.models.asking import told
from agents.tools.models.context_budget import tokens
from graph.planner.known import Known
from graph.planner.plan_schema import Unfit, check_tasks, outline, plan_schema, requests_of
from graph.planner.planner import Planner
from graph.planner.talk import phrases
from graph.state import Plan
from integrations.models.backend import ChatMessage, ModelBackend, ModelError, Note, Wanted, silent

log = logging.getLogger("freelancex.planner")

TRIES = 2
MOST_TOKENS = 320
LONGEST = 2_000
"""Characters of a message that the model reads; the beginning says what is wanted."""


@dataclass(frozen=True)
class Asked:
    """A message that needs a plan, with what is at hand."""

    message: str
    known: Known
    today: date


async def plan_by_model(
    own: Plan, asked: Asked, planner: Planner, model: ModelBackend, seconds: float, note: Note = silent
) -> Plan:
    """The model's plan for a message when the planner's `own` is unsure; `own` when it is sure or no better one comes.

    Args:
        own: the planner's plan for the message.
        asked: the message.
        planner: says who may be meant, and fills the tasks.
        model: is asked, twice at most.
        seconds: how long all of it may take, loading included.
        note: is told what the user waits for.
    """
    agents = await asyncio.to_thread(planner.doubts, own, asked.message, asked.known)
    words = planner.words(asked.message).strip() if agents else ""
    if not words:
        return own
    while len(agents) > 1 and tokens(_system(agents) + words[:LONGEST]) + MOST_TOKENS > model.context:
        agents = agents[:-1]
    wanted = Wanted(max_tokens=MOST_TOKENS, temperature=0.0, schema=plan_schema(agents), seconds=seconds)
    question = [ChatMessage("system", _system(agents)), ChatMessage("user", _said(words, asked.known))]
    try:
        async with asyncio.timeout(seconds):
            for _ in range(TRIES):
                answer = await told(model, question, wanted, note)
                try:
                    return await asyncio.to_thread(_made, answer, agents, words, asked, planner) or own
                except Unfit as error:
                    repair = phrases()["prompts"]["repair"].format(error=error)
                    question += [ChatMessage("assistant", answer[:LONGEST]), ChatMessage("user", repair)]
    except (ModelError, TimeoutError) as error:
        log.info("no plan by the model: %s", error or "too late")
    return own


def _made(answer: str, agents: Sequence[AgentSpec], words: str, asked: Asked, planner: Planner) -> Plan | None:
    """The plan an answer describes, None when it says that no agent fits. Raises Unfit."""
    requests = requests_of(answer, agents, words, asked.today)
    if not requests:
        return None
    plan = planner.plan_for(requests, asked.message, asked.known, asked.today)
    check_tasks(plan, planner.agents)
    return plan


def _said(words: str, known: Known) -> str:
    attached = ", ".join(sorted({file.kind for file in known.files}))
    return words[:LONGEST] + (f"\n(attached: {attached})" if attached else "")


def _system(agents: Sequence[AgentSpec]) -> str:
    prompt: str = phrases()["prompts"]["plan"]
    return prompt.format(agents="\n".join(map(outline, agents)))

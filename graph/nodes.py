"""The nodes of the state machine.

    plan ─ Send per branch ─▶ branch … ─▶ compose
                                │
      executive ─ Send per ready step ─▶ agent ─▶ executive … until every step of the branch has its finding
                                           └─ proposes a side effect ─▶ approve (waits) ─▶ perform

A branch is a group of steps that hang together; branches wait for nothing of each other. One of a single step needs no
executive to go on.
The nodes `approve` and `perform` are in `graph.approvals`.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Literal

from langgraph.types import Command, Send

from agents.deps import Deps
from agents.tools.remembering.facts_in_use import facts_for, told_line
from agents.tools.remembering.recalled import passages_for
from graph import corrections, gate, open_question, recall
from graph.assisting import assistant_of, assisted
from graph.attempts import attempt
from graph.compose import compose
from graph.context import Context
from graph.conversation import Earlier, earlier
from graph.corrections import Heard
from graph.events import Planned, StepStarted, Token, Waiting
from graph.noticing import notice
from graph.planner.known import Known
from graph.planner.model_plan import Asked, plan_by_model
from graph.pointed_out import pointed_out
from graph.reading import Brief
from graph.state import Plan, State, Step, StepState, dump, load
from graph.telling import finish
from integrations.models.backend import Note

log = logging.getLogger("freelancex.graph")


async def plan(state: State, runtime: Context) -> dict[str, Any]:
    """Recall what is at hand and make the plan, or complete the one whose question this message answers.

    Raises gate.Refused where the message may not pass.
    """
    context, deps = runtime.context, runtime.context.deps
    gate.check(state["text"], len(state["files"]), deps.settings)
    await context.summaries.stop()
    helper = await assistant_of(state["command"], context)
    known, asked, last = await recall.recall(deps, state["files"], state["turn"])
    said = Heard(state["text"])
    if helper is None:
        said = await corrections.heard(state, None if asked else last, context.agents, context.planner, deps)
    known = replace(known, routes=await corrections.routes(context.agents, context.planner, deps))
    made: Plan | None = None
    if asked and (helper or not state["command"]):
        made = await asyncio.to_thread(open_question.answer, asked, state["text"], known, context.planner, deps.today)
    if made is None:
        made = await (assisted(helper, said.text, known, context) if helper else _planned(said, known, runtime))
        made = open_question.beside(asked, made) if asked else made
    steps = tuple({**step.model_dump(), "title": context.agents[step.agent].title} for step in made.steps)
    runtime.stream_writer(Planned(steps, made.language))
    if deps.model or len(steps) > 1 or any(context.agents[step.agent].writes for step in made.steps):
        await context.keep()  # else a crash costs one step that leaves nothing, and the same plan is made again
    return {"plan": made.model_dump(mode="json")}


async def executive(state: State, runtime: Context) -> Command[Literal["agent", "approve", "perform", "__end__"]]:
    """Send every step of a branch that can go on where it goes next; end when all have come to an end."""
    return Command(goto=ready(state))


async def first_steps(state: State) -> Sequence[Send | Literal["__end__"]]:
    """Where a branch begins. Like all that decides where to go it is async: LangGraph runs what is not in a thread."""
    return ready(state)


async def after_step(state: State) -> Literal["executive"] | Sequence[Send | Literal["__end__"]]:
    """Where a branch goes from a step: steps that ran side by side meet at the executive, a single one goes on."""
    return ready(state) if len(state["plan"]["steps"]) == 1 else "executive"


def ready(state: State) -> Sequence[Send | Literal["__end__"]]:
    """Every step of a branch that can go on, sent where it goes next; the end when all have come to an end."""
    made = Plan.model_validate(state["plan"])
    findings, decisions = state.get("findings", {}), state.get("decisions", {})
    sends: list[Send] = []
    for step in sorted(made.steps, key=lambda one: -one.priority):
        finding = findings.get(step.id)
        if finding is None:
            if all(_settled(findings.get(other)) for other in step.depends_on):
                sends.append(Send("agent", _step_state(state, step, findings)))
        elif finding["effect"]:
            target = "perform" if step.id in decisions else "approve"
            sends.append(Send(target, _step_state(state, step, findings)))
    return sends or ["__end__"]


async def agent(state: StepState, runtime: Context) -> dict[str, Any]:
    """Let the agent that bids most do a step; see graph.attempts."""
    context, step = runtime.context, Step.model_validate(state["step"])
    spec, started = context.agents[step.agent], time.perf_counter()
    step_id = f"{state['turn']}.{step.id}"
    runtime.stream_writer(StepStarted(step_id, spec.name, spec.title, step.text))
    finding = await attempt(step, state, runtime)
    if finding.effect is None:
        finish(runtime, step_id, finding, started)
    return {"findings": {step.id: dump(finding)}}


async def answer(state: State, runtime: Context) -> dict[str, Any]:
    """Write the answer from the findings, streaming it."""
    made = Plan.model_validate(state["plan"])
    findings = {step: load(data) for step, data in state.get("findings", {}).items()}
    pieces: list[str] = []
    deps, words = runtime.context.deps, runtime.context.planner.words(state["text"])
    brief = Brief(
        state["text"],
        made,
        findings,
        {name: spec.title for name, spec in runtime.context.agents.items()},
        deps.today,
        await deps.stores.profiles.load(deps.user) if deps.model else {},
        await earlier(deps, state["turn"]) if deps.model else Earlier(),
        await _facts(words, made, deps) if deps.model else (),
        await passages_for(words, _clients(made), deps) if deps.model and made.open else (),
    )
    async for piece in compose(brief, deps.model, _waiting(runtime)):
        pieces.append(piece)
        runtime.stream_writer(Token(piece))
    below = (await notice(words, made, state["turn"], deps), await open_question.still_open(made, deps.stores.turns))
    for line in filter(None, below):
        pieces.append(f"\n\n{line}")
        runtime.stream_writer(Token(pieces[-1]))
    return {"answer": "".join(pieces)}


async def _planned(said: Heard, known: Known, runtime: Context) -> Plan:
    """The planner's plan, or where that is unsure a model's."""
    context, deps = runtime.context, runtime.context.deps
    own = await asyncio.to_thread(context.planner.plan, said.text, known, deps.today, command=said.command)
    model, seconds = context.models.backend("fast", deps.user), deps.settings.model_plan_s
    if model is None or not seconds:
        return own
    asked = Asked(said.text, known, deps.today)
    made = await plan_by_model(own, asked, context.planner, model, seconds, _waiting(runtime))
    return await pointed_out(made, asked, context.planner, model, seconds, _waiting(runtime))


async def _facts(words: str, made: Plan, deps: Deps) -> tuple[str, ...]:
    """The long-term facts that may be used, by the user's own words: what is pasted in may name any client."""
    return tuple(map(told_line, await facts_for(f"{words} {_clients(made)}", deps)))


def _clients(made: Plan) -> str:
    return " ".join(str(step.task.get("client") or "") for step in made.steps)


def _waiting(runtime: Context) -> Note:
    return lambda line: runtime.stream_writer(Waiting(line))


def _settled(finding: dict[str, Any] | None) -> bool:
    return finding is not None and not finding["effect"]


def _step_state(state: State, step: Step, findings: dict[str, dict[str, Any]]) -> StepState:
    needed = {*step.depends_on, *step.binds.values(), step.id}
    return {
        "turn": state["turn"],
        "text": state["text"],
        "files": state["files"],
        "step": step.model_dump(mode="json"),
        "findings": {other: findings[other] for other in needed if other in findings},
        "decision": state.get("decisions", {}).get(step.id, ""),
        "language": state["plan"].get("language", "en"),
    }

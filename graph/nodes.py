"""The nodes of the state machine.

    gate → plan → executive ─ Send per ready step ─▶ agent ─▶ executive … until every step has its finding
                      │                                └─ proposes a side effect ─▶ approve (waits) ─▶ perform
                      └─▶ compose → remember

`approve` does nothing but wait, because a node that waits is run again from its top when the answer comes.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import time
from dataclasses import replace
from typing import Any, Literal

from langgraph.runtime import Runtime
from langgraph.types import Command, Send, interrupt

from agents.spec import AgentError, AgentSpec, Finding, Given
from config.errors import Mendable
from graph import gate, recall
from graph.compose import compose
from graph.context import TurnContext
from graph.conversation import Earlier, earlier
from graph.events import ArtifactReady, Planned, StepFinished, StepProgress, StepStarted, Token, Waiting
from graph.planner.known import Known
from graph.planner.model_plan import Asked, plan_by_model
from graph.planner.slots import slot_of
from graph.planner.talk import cancels, phrases
from graph.reading import Brief
from graph.state import Plan, State, Step, StepState, dump, load
from integrations.models.backend import Note
from memory.database import now
from memory.turns import Effected

log = logging.getLogger("freelancex.graph")

OVERRIDES = 1.2
"""A message that speaks this strongly for an agent is not taken as the answer to an open question."""

Context = Runtime[TurnContext]


async def check(state: State, runtime: Context) -> dict[str, Any]:
    """Let the message pass, or refuse it. Raises gate.Refused."""
    deps = runtime.context.deps
    times = await deps.stores.turns.times(deps.user, deps.settings.messages_per_minute + 1)
    gate.check(state["text"], len(state["files"]), times[1:], now(), deps.settings)
    return {}


async def plan(state: State, runtime: Context) -> dict[str, Any]:
    """Recall what is at hand and make the plan, or complete the one whose question this message answers."""
    context, deps = runtime.context, runtime.context.deps
    await context.summaries.stop()
    known, asked = await recall.recall(deps, state["files"], state["turn"])
    made: Plan | None = None
    if asked and not state["command"]:
        if cancels(state["text"]):
            made = Plan(answer=phrases()["cancel"]["say"])
        elif await asyncio.to_thread(context.planner.sure_of, state["text"], known) < OVERRIDES:
            made = context.planner.complete(Plan.model_validate(asked.plan), state["text"], known, deps.today)
    made = made or await _planned(state, known, runtime)
    steps = tuple({**step.model_dump(), "title": context.agents[step.agent].title} for step in made.steps)
    runtime.stream_writer(Planned(steps))
    return {"plan": made.model_dump(mode="json")}


async def executive(
    state: State, runtime: Context
) -> Command[Literal["agent", "approve", "perform", "compose", "remember"]]:
    """Send every step that can go on where it goes next; compose when all have come to an end."""
    made = Plan.model_validate(state["plan"])
    if made.missing:
        return Command(goto="remember")
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
    return Command(goto=sends or "compose")


async def agent(state: StepState, runtime: Context) -> dict[str, Any]:
    """Let one agent do its step. What it cannot do becomes a finding that says so."""
    context, step = runtime.context, Step.model_validate(state["step"])
    spec, started = context.agents[step.agent], time.perf_counter()
    step_id = f"{state['turn']}.{step.id}"
    runtime.stream_writer(StepStarted(step_id, spec.name, spec.title, step.text))
    finding = await _attempt(spec, step, state, runtime)
    context.metrics.record(spec.name, finding.ok, time.perf_counter() - started)
    if finding.effect is None:
        _finish(runtime, step_id, finding, started)
    return {"findings": {step.id: dump(finding)}}


async def approve(state: StepState, runtime: Context) -> dict[str, Any]:
    """Wait for the user's word on a side effect, unless it was given once and for all."""
    context, step = runtime.context, Step.model_validate(state["step"])
    finding = load(state["findings"][step.id])
    assert finding.effect is not None
    consent = finding.effect.consent
    if consent and consent in await context.deps.stores.consents.granted(context.deps.user):
        return {"decisions": {step.id: "approve"}}
    decision = interrupt(
        {
            "step": step.id,
            "agent": step.agent,
            "title": finding.effect.title,
            "preview": finding.effect.preview,
            "consent": consent,
            "effect": finding.effect.name,
            "hash": fingerprint(finding.effect.arguments),
        }
    )
    return {"decisions": {step.id: decision}}


async def perform(state: StepState, runtime: Context) -> dict[str, Any]:
    """Do what was approved, once; or leave it, as the user decided."""
    context, step, started = runtime.context, Step.model_validate(state["step"]), time.perf_counter()
    proposed = load(state["findings"][step.id])
    assert proposed.effect is not None
    if state["decision"] == "reject":
        finding = Finding(step.agent, ok=True, text=phrases()["rejected"])
    else:
        finding = await _once(context.agents[step.agent], step, proposed, state, runtime)
    step_id = f"{state['turn']}.{step.id}"
    _finish(runtime, step_id, finding, started)
    return {"findings": {step.id: dump(replace(finding, effect=None))}}


async def answer(state: State, runtime: Context) -> dict[str, Any]:
    """Write the answer from the findings, streaming it."""
    made = Plan.model_validate(state["plan"])
    findings = {step: load(data) for step, data in state.get("findings", {}).items()}
    pieces: list[str] = []
    deps = runtime.context.deps
    brief = Brief(
        state["text"],
        made,
        findings,
        {name: spec.title for name, spec in runtime.context.agents.items()},
        deps.today,
        await deps.stores.profiles.load(deps.user) if deps.model else {},
        await earlier(deps, state["turn"]) if deps.model else Earlier(),
    )
    async for piece in compose(brief, deps.model, _waiting(runtime)):
        pieces.append(piece)
        runtime.stream_writer(Token(piece))
    return {"answer": "".join(pieces)}


async def remember(state: State, runtime: Context) -> dict[str, Any]:
    """Keep the plan and the findings with the turn, so that later messages can refer to them.

    What no longer fits into the model is summarised while the user reads.
    """
    turns = runtime.context.deps.stores.turns
    if turn := await turns.get(state["turn"]):  # gone when this very turn erased everything
        turn.plan, turn.findings = state["plan"], state.get("findings", {})
        await turns.save(turn)
    if model := runtime.context.models.backend("fast"):
        runtime.context.summaries.begin(runtime.context.deps, model)
    return {}


def fingerprint(arguments: dict[str, Any]) -> str:
    """The hash an approval is bound to: SHA-256 of the exact arguments."""
    return hashlib.sha256(json.dumps(arguments, sort_keys=True, default=str).encode()).hexdigest()


async def _attempt(spec: AgentSpec, step: Step, state: StepState, runtime: Context) -> Finding:
    context, deps = runtime.context, runtime.context.deps
    findings = {other: load(data) for other, data in state["findings"].items()}
    if any(not findings[other].ok for other in step.depends_on):
        return Finding(spec.name, ok=False, text=phrases()["skipped"], error="skipped")
    try:
        task = spec.task.model_validate({**step.task, **_bound(spec, step, findings)})
        given = Given(
            step.text,
            state["text"],
            tuple(await recall.open_files(deps, state["files"])),
            {other: findings[other] for other in step.depends_on},
        )
        return await spec.run(
            task,
            given,
            replace(
                deps,
                model=context.models.backend(spec.tier),
                progress=_progress(runtime, f"{state['turn']}.{step.id}"),
            ),
        )
    except Mendable as error:
        return Finding(spec.name, ok=False, text=str(error), error=str(error))
    except Exception:
        log.exception("the agent %s failed", spec.name)
        return Finding(spec.name, ok=False, text=phrases()["failed"], error="unexpected")


async def _planned(state: State, known: Known, runtime: Context) -> Plan:
    """The planner's plan, or where that is unsure a model's."""
    context, deps = runtime.context, runtime.context.deps
    own = await asyncio.to_thread(context.planner.plan, state["text"], known, deps.today, command=state["command"])
    model, seconds = context.models.backend("fast"), deps.settings.model_plan_s
    if model is None or not seconds:
        return own
    asked = Asked(state["text"], known, deps.today)
    return await plan_by_model(own, asked, context.planner, model, seconds, _waiting(runtime))


def _bound(spec: AgentSpec, step: Step, findings: dict[str, Finding]) -> dict[str, str]:
    """The fields filled by what earlier steps made."""
    values: dict[str, str] = {}
    for name, source in step.binds.items():
        slot = slot_of(spec.task.model_fields[name])
        kind = slot.kind.removeprefix("record:") if slot else ""
        made = [record.id for record in findings[source].records if record.kind == kind]
        if not made:
            raise AgentError(
                f"The step before found no {kind.replace('_', ' ')} to go on with, so this one had to wait."
            )
        values[name] = made[0]
    return values


async def _once(spec: AgentSpec, step: Step, proposed: Finding, state: StepState, runtime: Context) -> Finding:
    """Perform an effect unless the outbox says it was done."""
    deps, effect = runtime.context.deps, proposed.effect
    assert effect is not None
    turns, step_id = deps.stores.turns, f"{state['turn']}.{step.id}"
    bound = fingerprint(effect.arguments)
    entry = Effected(
        turn=state["turn"],
        step=step.id,
        user=deps.user,
        thread=deps.thread,
        agent=spec.name,
        effect=effect.name,
        arguments_hash=bound,
        decision=state["decision"],
        state="performing",
        decided_at=now(),
    )
    if taken := await turns.begin_effect(entry):
        if taken.state == "done":
            return load(taken.result)
        return Finding(spec.name, ok=False, text=phrases()["unclear"], error="unclear")
    await deps.audit.record("effect", agent=spec.name, effect=effect.name, hash=bound, thread=deps.thread)
    runtime.stream_writer(StepStarted(step_id, spec.name, spec.title, step.text))
    try:
        if state["decision"] == "always" and effect.consent:
            await deps.stores.consents.grant(deps.user, effect.consent)
        finding = await spec.effects[effect.name](effect.arguments, replace(deps, progress=_progress(runtime, step_id)))
    except Mendable as error:
        finding = Finding(spec.name, ok=False, text=str(error), error=str(error))
    except Exception:
        log.exception("the effect %s of %s failed", effect.name, spec.name)
        finding = Finding(spec.name, ok=False, text=phrases()["failed"], error="unexpected")
    if await turns.get(state["turn"]):
        entry.state, entry.result = "done", dump(finding)
        await turns.save_effect(entry)
    return finding


def _finish(runtime: Context, step_id: str, finding: Finding, started: float) -> None:
    seconds = time.perf_counter() - started
    runtime.stream_writer(StepFinished(step_id, finding.agent, finding.ok, finding.text, seconds, finding))
    for artifact in finding.artifacts:
        runtime.stream_writer(ArtifactReady(step_id, artifact))


def _progress(runtime: Context, step_id: str) -> Any:
    def progress(text: str, part: float | None = None) -> None:
        runtime.stream_writer(StepProgress(step_id, text, part))

    return progress


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
    }

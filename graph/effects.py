"""Asking before a side effect, and performing it once.

`approve` does nothing but wait, because a node that waits is run again from its top when the answer comes.
"""

from __future__ import annotations

import hashlib
import json
import logging
import time
from dataclasses import replace
from typing import Any

from langgraph.types import interrupt

from agents.spec import AgentSpec, Finding
from config.errors import Mendable
from graph.context import Context
from graph.events import StepStarted
from graph.planner.talk import phrases
from graph.state import Step, StepState, dump, load
from graph.telling import finish, progress
from memory.database import now
from memory.turns import Effected

log = logging.getLogger("freelancex.graph")


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
    finish(runtime, step_id, finding, started)
    return {"findings": {step.id: dump(replace(finding, effect=None))}}


def fingerprint(arguments: dict[str, Any]) -> str:
    """The hash an approval is bound to: SHA-256 of the exact arguments."""
    return hashlib.sha256(json.dumps(arguments, sort_keys=True, default=str).encode()).hexdigest()


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
        finding = await spec.effects[effect.name](effect.arguments, replace(deps, progress=progress(runtime, step_id)))
    except Mendable as error:
        finding = Finding(spec.name, ok=False, text=str(error), error=str(error))
    except Exception:
        log.exception("the effect %s of %s failed", effect.name, spec.name)
        finding = Finding(spec.name, ok=False, text=phrases()["failed"], error="unexpected")
    if await turns.get(state["turn"]):
        entry.state, entry.result = "done", dump(finding)
        await turns.save_effect(entry)
    return finding

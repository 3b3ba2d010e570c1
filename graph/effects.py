"""Asking before a side effect, and performing it once: two nodes of the graph.

`approve` does nothing but wait, because a node that waits is run again from its top when the answer comes. The answer
itself is in the outbox (`memory.effects`), where `graph.approvals.decide` put it: what woke the node does not matter.
"""

from __future__ import annotations

import logging
import time
from dataclasses import asdict, replace
from typing import Any

from langgraph.types import interrupt

from agents.spec import AgentSpec, Effect, Finding
from config.errors import Mendable
from graph.at_work import at_work
from graph.attempts import count
from graph.award import failure_of
from graph.context import Context
from graph.events import StepStarted
from graph.lessons import from_change
from graph.planner.talk import phrases
from graph.state import Step, StepState, dump, load
from graph.telling import finish, progress
from graph.wording import in_language
from integrations.http import Errand
from memory.agent_runs import Failure
from memory.database import now
from memory.effects import Effected, fingerprint

log = logging.getLogger("freelancex.graph")


async def approve(state: StepState, runtime: Context) -> dict[str, Any]:
    """Wait for the user's word on a side effect, unless it was given once and for all."""
    deps, step = runtime.context.deps, Step.model_validate(state["step"])
    finding = load(state["findings"][step.id])
    assert finding.effect is not None
    entry = await deps.stores.effects.get(state["turn"], step.id)
    if entry is None and _allowed(finding.effect.consent, await deps.stores.consents.granted(deps.user)):
        return {"decisions": {step.id: "approve"}}
    if entry is None or entry.state == "pending":
        language = state.get("language", "en")
        shown = {part: in_language(getattr(finding.effect, part), language) for part in ("title", "preview")}
        interrupt({"step": step.id, "agent": step.agent, "words": step.text, **asdict(finding.effect), **shown})
        raise AssertionError("a question was answered that the outbox holds open")
    if entry.approved:
        finding = replace(finding, effect=replace(finding.effect, arguments=entry.approved))
    return {"decisions": {step.id: entry.decision}, "findings": {step.id: dump(finding)}}


async def perform(state: StepState, runtime: Context) -> dict[str, Any]:
    """Do what was approved, once; or leave it, as the user decided."""
    context, step, started = runtime.context, Step.model_validate(state["step"]), time.perf_counter()
    proposed = load(state["findings"][step.id])
    assert proposed.effect is not None
    await context.keep()
    if state["decision"] == "reject":
        finding = Finding(step.agent, ok=True, text=phrases()["rejected"])
    elif state["decision"] == "expire":
        finding = Finding(step.agent, ok=True, text=phrases()["expired"], offers=(step.text or state["text"],))
    else:
        finding = await _once(context.agents[proposed.agent], step, proposed.effect, state, runtime)
    finish(runtime, f"{state['turn']}.{step.id}", finding, started)
    return {"findings": {step.id: dump(replace(finding, effect=None))}}


def _allowed(consent: str | None, granted: frozenset[str]) -> bool:
    """Whether a standing permission covers an effect: its own, or the wider one that its own is a part of."""
    return bool(consent) and (consent in granted or str(consent).partition(":")[0] in granted)


async def _once(spec: AgentSpec, step: Step, effect: Effect, state: StepState, runtime: Context) -> Finding:
    """Perform an effect unless the outbox says it was done."""
    deps, step_id = runtime.context.deps, f"{state['turn']}.{step.id}"
    effects, bound = deps.stores.effects, fingerprint(effect.arguments)
    entry = Effected(
        turn=state["turn"],
        step=step.id,
        user=deps.user,
        thread=deps.thread,
        agent=spec.name,
        effect=effect.name,
        arguments=effect.arguments,
        approved=effect.arguments,
        arguments_hash=bound,
        decision=state["decision"],
        decided_at=now(),
    )
    if taken := await effects.begin(entry, again=bool(effect.consent)):  # what may be allowed for good only reads
        if taken.state == "done":
            return load(taken.result)
        return Finding(spec.name, ok=False, text=phrases()["unclear"], error="unclear")
    await deps.audit.record(
        "effect", user=deps.user, agent=spec.name, effect=effect.name, hash=bound, thread=deps.thread
    )
    runtime.stream_writer(StepStarted(step_id, spec.name, spec.title, step.text))
    started = time.perf_counter()
    try:
        if resource := spec.resource_of(effect.name):
            await deps.must(resource)
        if state["decision"] == "always" and effect.consent:
            await deps.stores.consents.grant(deps.user, effect.consent)
        told = replace(deps, progress=progress(runtime, step_id))
        consented = Errand(effect.consent or "", deps.user, agent=spec.name, thread=deps.thread)
        async with at_work(spec, step_id, step.text, effect.arguments, deps), deps.http.while_allowed(consented):
            finding = await spec.effects[effect.name](effect.arguments, told)
        failure: Failure = "" if finding.ok else "cannot"
    except Mendable as error:
        finding, failure = Finding(spec.name, ok=False, text=str(error), error=str(error)), failure_of(error)
    except Exception as error:
        log.exception("the effect %s of %s failed", effect.name, spec.name)
        finding = Finding(spec.name, ok=False, text=phrases()["failed"], error="unexpected")
        failure = failure_of(error)
    await effects.done(state["turn"], step.id, dump(finding))
    count(spec, finding, failure, time.perf_counter() - started, runtime)
    asked = await effects.get(state["turn"], step.id) if finding.ok else None
    if asked and (line := await from_change(effect.name, asked.arguments, effect.arguments, state["turn"], deps)):
        return replace(finding, text=f"{finding.text}\n\n{line}")
    return finding

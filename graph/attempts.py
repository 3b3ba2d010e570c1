"""One step, done by whoever bids most for it: tried, tried again, and handed on when it fails.

    bidders ──▶ bids ──▶ breaker allows? ──▶ run ── well, or "cannot" ──▶ finding
                 ▲                            ├─ may go well the next time ──▶ run again, TRIES at most
                 └──────── next bidder ◀──────┴─ fails

That the request lacks something ("cannot") is told the user at once: another agent would lack it, too.
"""

from __future__ import annotations

import asyncio
import logging
import math
import time
from dataclasses import dataclass, field, replace
from typing import Any

from agents.spec import AgentError, AgentSpec, Finding, Given, Which
from config.errors import Mendable
from graph import award, recall
from graph.at_work import at_work
from graph.award import Bid
from graph.context import Context, TurnContext
from graph.events import StepProgress
from graph.open_question import CHOICE
from graph.planner.slots import slot_of
from graph.planner.talk import phrases
from graph.state import Step, StepState, load
from graph.telling import progress, show
from memory.agent_runs import AgentRun, Failure
from memory.once import in_step

log = logging.getLogger("freelancex.graph")

TRIES = 3
BACKOFF_S = 0.2
"""Seconds before the second try; before each later one twice as long."""


@dataclass
class _Work:
    """A step under way: what every bidder for it is given, and how each try went."""

    step: Step
    step_id: str
    given: Given
    runtime: Context
    runs: list[AgentRun] = field(default_factory=list)


async def attempt(step: Step, state: StepState, runtime: Context) -> Finding:
    """What the best bidder that works finds. What nobody can do becomes a finding that says so."""
    context = runtime.context
    deps, planned = context.deps, context.agents[step.agent]
    findings = {other: load(data) for other, data in state["findings"].items()}
    if any(not findings[other].ok for other in step.depends_on):
        return Finding(planned.name, ok=False, text=phrases()["skipped"], error="skipped")
    try:
        fields = {**step.task, **_bound(planned, step, findings)}
    except AgentError as error:
        return Finding(planned.name, ok=False, text=str(error), error=str(error))
    given = Given(
        step.text,
        state["text"],
        tuple(await recall.open_files(deps, state["files"])),
        {other: findings[other] for other in step.depends_on},
    )
    work = _Work(step, f"{state['turn']}.{step.id}", given, runtime)
    finding = await _by_the_best(work, planned, await _bids(planned, fields, context))
    context.runs.extend(work.runs)
    return finding


async def _bids(planned: AgentSpec, fields: dict[str, Any], context: TurnContext) -> list[Bid]:
    found = award.bidders(planned.name, fields, context.agents)
    names = [bidder.agent for bidder in found]
    deps = context.deps
    outcomes = await deps.stores.runs.outcomes(deps.user, names, award.WINDOW) if len(found) > 1 else {}
    made = award.bids(found, outcomes, context.metrics.running())
    context.metrics.bid({bid.agent: bid.value for bid in made})
    return made


async def _by_the_best(work: _Work, planned: AgentSpec, bids: list[Bid]) -> Finding:
    context, said = work.runtime.context, phrases()["award"]
    failed: list[tuple[AgentSpec, Finding]] = []
    for bid in bids:
        spec = context.agents[bid.agent]
        if not context.breaker.allows(spec.name):
            failed.append((spec, _resting(spec, work)))
            continue
        stands_in = spec is not planned
        if stands_in:
            work.runtime.stream_writer(StepProgress(work.step_id, said["takes_over"].format(title=spec.title)))
        context.metrics.award(spec.name, stands_in=stands_in)
        finding, failure = await _tries(work, spec, dict(bid.task), planned.name if stands_in else "")
        if failure in ("transient", "unexpected") or (stands_in and not finding.ok):
            failed.append((spec, finding))
        elif not stands_in:
            return finding
        else:
            why = said["failed"] if any(other is planned for other, _ in failed) else said["unreliable"]
            line = said["instead"].format(title=spec.title, other=planned.title, why=why)
            return replace(finding, text=f"{line}\n\n{finding.text}")
    first = next(finding for spec, finding in failed if spec is planned)
    if len(failed) == 1:
        return first
    names = ", ".join(spec.title for spec, _ in failed)
    return replace(first, text=f"{first.text}\n\n{said['nobody'].format(names=names)}")


async def _tries(work: _Work, spec: AgentSpec, fields: dict[str, Any], instead_of: str) -> tuple[Finding, Failure]:
    """Let an agent try, and try again what may go well the next time, unless it keeps records as it goes."""
    context = work.runtime.context
    failure: Failure = "cannot"  # what a try that is stopped counts as
    finding = Finding(spec.name, ok=False, text="")
    try:
        for turn in range(1, TRIES + 1):
            started = time.perf_counter()
            with context.metrics.at_work(spec.name), context.traces.span("agent", agent=spec.name):
                finding, failure, again = await _once(work, spec, fields)
            seconds = time.perf_counter() - started
            context.metrics.record(spec.name, finding.ok, seconds)
            if finding.effect is None:  # else how it goes shows when the effect is performed
                work.runs.append(_run_of(spec, finding, failure, seconds, context, instead_of))
            if not again or turn == TRIES:
                break
            context.metrics.retry(spec.name)
            line = phrases()["award"]["again"].format(number=turn + 1, tries=TRIES)
            work.runtime.stream_writer(StepProgress(work.step_id, line))
            await asyncio.sleep(BACKOFF_S * 2 ** (turn - 1))
    finally:
        _note(spec, "cannot" if finding.effect else failure, finding.text, context)
    return finding, failure


def count(spec: AgentSpec, finding: Finding, failure: Failure, seconds: float, runtime: Context) -> None:
    """Count how a side effect of a turn went for its agent."""
    context = runtime.context
    context.metrics.record(spec.name, finding.ok, seconds)
    _note(spec, failure, finding.text, context)
    context.runs.append(_run_of(spec, finding, failure, seconds, context))


def _note(spec: AgentSpec, failure: Failure, reason: str, context: TurnContext) -> None:
    if failure == "cannot":
        context.breaker.leave(spec.name)
    else:
        context.breaker.note(spec.name, failure == "", reason)
    context.metrics.breaker(spec.name, context.breaker.position(spec.name))


def _run_of(
    spec: AgentSpec, finding: Finding, failure: Failure, seconds: float, context: TurnContext, instead_of: str = ""
) -> AgentRun:
    return AgentRun(
        user=context.deps.user,
        agent=spec.name,
        ok=finding.ok,
        failure=failure,
        instead_of=instead_of,
        seconds=seconds,
    )


async def _once(work: _Work, spec: AgentSpec, fields: dict[str, Any]) -> tuple[Finding, Failure, bool]:
    """What one try finds, what kind of failure it is, and whether to try again."""
    context = work.runtime.context
    deps = replace(
        context.deps,
        model=context.models.backend(spec.tier, context.deps.user),
        progress=progress(work.runtime, work.step_id),
        show=show(work.runtime, work.step_id),
    )
    try:
        async with at_work(spec, work.step_id, work.given.text, fields, deps):
            with in_step(f"{work.step_id}.{spec.name}"):
                finding = await spec.run(spec.task.model_validate(fields), work.given, deps)
                if finding.effect and (resource := spec.resource_of(finding.effect.name)):
                    await deps.must(resource)
        return replace(finding, agent=spec.name), "" if finding.ok else "cannot", False
    except Which as error:
        data = {"choices": [{"label": one.label, "fills": dict(one.fills)} for one in error.choices]}
        return Finding(spec.name, ok=False, text=str(error), data=data, error=CHOICE), "cannot", False
    except Exception as error:
        failure = award.failure_of(error)
        if isinstance(error, Mendable):
            return Finding(spec.name, ok=False, text=str(error), error=str(error)), failure, _again(error, spec)
        log.exception("the agent %s failed", spec.name)
        return Finding(spec.name, ok=False, text=phrases()["failed"], error=failure), failure, _again(error, spec)


def _again(error: Exception, spec: AgentSpec) -> bool:
    return award.worth_another_try(error) and not spec.writes


def _resting(spec: AgentSpec, work: _Work) -> Finding:
    """The finding of an agent that is kept out."""
    seconds, reason = work.runtime.context.breaker.rest_of(spec.name)
    wait = f"{math.ceil(seconds)} s" if seconds < 60 else f"{math.ceil(seconds / 60)} min"
    text = phrases()["award"]["resting"].format(title=spec.title, wait=wait, reason=reason)
    return Finding(spec.name, ok=False, text=text, error="resting")


def _bound(spec: AgentSpec, step: Step, findings: dict[str, Finding]) -> dict[str, str]:
    """The fields filled by what earlier steps made. Raises AgentError."""
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

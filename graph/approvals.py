"""What waits for the user's word, and the word itself. Every front end goes through here.

listed · one ──▶ Approval                what waits, exactly as it would be done
revised      ──▶ the effect as changed   by the agent's own rules; wrong changes leave the question as it is
decide       ──▶ reply events            the turn goes on from where it waited
propose      ──▶ a question              of a run that nobody watched
lapse                                    questions nobody answered in time lapse
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

from agents.spec import Effect, Finding
from config.errors import Mendable
from graph.asking import questions
from graph.events import ApprovalNeeded, Failed, ReplyEvent
from graph.planner.talk import phrases
from graph.reply import config_of, reserved, run
from graph.runtime import Runtime
from graph.state import Plan, State, Step, dump
from memory.conversations import Step as Line
from memory.database import new_id, now
from memory.effects import Effected, fingerprint
from memory.turns import Turn

Decision = Literal["approve", "always", "reject"]
Carry = Callable[[Effected, Turn, Callable[[], AsyncIterator[ReplyEvent]]], Awaitable[None]]
"""How events of a turn that nobody asked for are brought to whoever looks."""
LONGEST = 20_000
"""The most characters an argument may have that the user changes."""


class NotChanged(Mendable):
    """What the user changed cannot be done; the message says why. The question stays."""


@dataclass(frozen=True)
class Approval:
    """A question that waits: what would be done, in which conversation, since when, until when, and by which effect."""

    asked: ApprovalNeeded
    thread: str
    conversation: str
    asked_at: str
    effect: str


async def listed(user: str, runtime: Runtime) -> list[Approval]:
    """Everything that waits for a user's word, oldest first."""
    waiting = [entry for entry in await runtime.stores.effects.waiting(user=user) if not _over(entry)]
    first = {(entry.turn, entry.lead): entry for entry in reversed(waiting)}
    return [await _approval(asked, first[asked.turn, asked.step], runtime) for asked in questions(waiting)]


async def one(turn: str, step: str, user: str, runtime: Runtime) -> Approval | None:
    """One question that waits, or None when it waits no longer or is another user's."""
    return next((it for it in await listed(user, runtime) if (it.asked.turn, it.asked.step) == (turn, step)), None)


async def revised(entry: Effected, arguments: Mapping[str, Any], runtime: Runtime) -> Effect:
    """The effect of an entry with changed arguments, as the agent would do it. Raises Mendable."""
    editable, spec = entry.shown.get("editable", ()), runtime.agents[entry.agent]
    for name, value in arguments.items():
        if name not in editable:
            raise NotChanged(f"“{name}” cannot be changed here; change {_and(editable) or 'nothing'}, or ask anew.")
        if not isinstance(value, str) or len(value) > LONGEST:
            raise NotChanged(f"Write “{name}” as plain text of at most {LONGEST:,} characters.")
    changed = {**entry.arguments, **arguments}
    if changed == entry.arguments:
        return Effect(entry.effect, entry.arguments, entry.shown["title"], entry.shown["preview"])
    made = await spec.edits[entry.effect](changed, runtime.deps(entry.user, entry.thread))
    if made.name != entry.effect:
        raise NotChanged("That would be something else altogether; ask for it in the chat.")
    return made


async def decide(
    turn: str, step: str, decision: Decision, runtime: Runtime, arguments: Mapping[str, Any] | None = None
) -> AsyncGenerator[ReplyEvent, None]:
    """Give the user's word on what waits, with what was changed in its `arguments`, and let its turn go on."""
    row, entry = await runtime.stores.turns.get(turn), await runtime.stores.effects.get(turn, step)
    if row is None or entry is None:
        yield Failed(turn, phrases()["gone"])
        return
    with reserved(row.thread, runtime) as free:
        if not free:
            yield Failed(turn, phrases()["refusals"]["busy"])
            return
        word: str = "expire" if _over(entry) else decision
        try:
            changed = await _changed(entry, arguments or {}, runtime) if word in ("approve", "always") else {}
        except Mendable as error:
            yield Failed(turn, str(error))
            return
        async with aclosing(_go_on(row, entry, word, changed, runtime)) as events:
            async for event in events:
                yield event


async def change(turn: str, step: str, arguments: Mapping[str, Any], runtime: Runtime) -> ApprovalNeeded | None:
    """Put a question anew with changed arguments, which nothing is done with yet. Raises Mendable.

    None when it waits no longer, or was asked together with something else.
    """
    entry = await runtime.stores.effects.get(turn, step)
    if entry is None or any(
        _together(one, entry) and one.step != step for one in await runtime.stores.effects.waiting(thread=entry.thread)
    ):
        return None
    made = await revised(entry, arguments, runtime)
    shown = {**entry.shown, "title": made.title, "preview": made.preview}
    changed = await runtime.stores.effects.change(turn, step, made.arguments, shown)
    return questions([changed])[0] if changed else None


async def propose(user: str, thread: str, title: str, finding: Finding, runtime: Runtime) -> ApprovalNeeded | None:
    """Ask about the effect of a finding that came up outside any chat; None when exactly this is asked already.

    The question waits in a conversation of that title, and what comes of it is told there.
    """
    assert finding.effect is not None
    same = fingerprint(finding.effect.arguments)
    if any(entry.arguments_hash == same for entry in await runtime.stores.effects.waiting(user=user)):
        return None
    with reserved(thread, runtime) as free:
        if not free:
            return None
        await runtime.stores.conversations.ensure(thread, user=user, name=title)
        id = new_id()
        turn = Turn(id=id, thread=thread, message=id, user=user, text=finding.text)
        await runtime.stores.turns.save(turn)
        line = Line(id=f"{id}.note", thread=thread, type="assistant_message", name="FreelanceX", output=finding.text)
        await runtime.stores.conversations.save(line)
        plan = Plan(steps=[Step(id="s1", agent=finding.agent, text=finding.text)])
        given = State(
            turn=id,
            text=finding.text,
            command="",
            files=[],
            plan=plan.model_dump(mode="json"),
            findings={"s1": dump(finding)},
            decisions={},
            answer="",
        )
        events = [event async for event in run(turn, given, runtime)]
    return next((event for event in events if isinstance(event, ApprovalNeeded)), None)


async def lapse(runtime: Runtime, carry: Carry) -> int:
    """Let every question lapse whose time is over, and end its turn; returns how many did."""
    over = await runtime.stores.effects.lapsed(now())
    for entry in over:
        row = await runtime.stores.turns.get(entry.turn)
        if row is not None:
            await carry(entry, row, partial(decide, entry.turn, entry.step, "reject", runtime))
    return len(over)


async def _go_on(
    row: Turn, entry: Effected, word: str, changed: dict[str, Any], runtime: Runtime
) -> AsyncGenerator[ReplyEvent, None]:
    from langgraph.types import Command

    steps = [one.step for one in await runtime.stores.effects.waiting(thread=row.thread) if _together(one, entry)]
    if not steps or not await runtime.stores.turns.decide(row.id, steps, word, changed):
        yield Failed(row.id, phrases()["done_before"])
        return
    snapshot = await runtime.graph.aget_state(config_of(row.id))
    waiting = {one.id: word for one in snapshot.interrupts if one.value["step"] in steps}
    if not waiting:
        await runtime.stores.turns.end(row.id, "failed", error=phrases()["gone"])
        yield Failed(row.id, phrases()["gone"])
        return
    row.status = "running"
    async with aclosing(run(row, Command(resume=waiting), runtime)) as events:
        async for event in events:
            yield event


async def _changed(entry: Effected, arguments: Mapping[str, Any], runtime: Runtime) -> dict[str, Any]:
    """The fields of the outbox in which what is approved differs from what was proposed. Raises Mendable."""
    if not arguments:
        return {}
    if entry.lead != entry.step:
        raise NotChanged("This was asked together with something else, so it cannot be changed here.")
    made = await revised(entry, arguments, runtime)
    shown = {**entry.shown, "title": made.title, "preview": made.preview}
    return {"approved": made.arguments, "arguments_hash": fingerprint(made.arguments), "shown": shown}


def _together(one: Effected, entry: Effected) -> bool:
    return one.turn == entry.turn and one.lead == entry.lead


def _over(entry: Effected) -> bool:
    return entry.until is not None and entry.until <= now()


async def _approval(asked: ApprovalNeeded, entry: Effected, runtime: Runtime) -> Approval:
    conversation = await runtime.stores.conversations.name(entry.thread)
    since = entry.asked_at.isoformat() if entry.asked_at else ""
    return Approval(asked, entry.thread, conversation, since, entry.effect)


def _and(names: Any) -> str:
    return " or ".join(f"“{name}”" for name in names)

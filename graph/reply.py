"""One message in, a stream of reply events out. The chat, the command line and the API all go through here.

A turn is its own checkpoint thread, so that an approval can wait while the conversation goes on, and a turn that a
crash cut short can go on where it was. Checkpoints of finished turns are deleted: what they did is in the turn's row.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from contextlib import aclosing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from config.errors import Mendable
from graph.asking import ask
from graph.conversation import forget_summary
from graph.events import (
    Done,
    Failed,
    Planned,
    Question,
    ReplyEvent,
    TurnStarted,
)
from graph.open_question import choices, unclear
from graph.page import Page
from graph.planner.talk import phrases
from graph.runtime import Runtime
from graph.state import Plan, State
from graph.telling import spoken
from graph.wording import in_language
from memory.conversations import Element, Step
from memory.database import new_id
from memory.files import FileRef
from memory.turns import Turn
from monitoring.traces import correlate

log = logging.getLogger("freelancex.reply")


@dataclass(frozen=True)
class Message:
    """What the user sent. `id` is the page's id of it; an edited message comes again with the same one."""

    text: str
    thread: str
    user: str = "local"
    files: Sequence[FileRef] = ()
    id: str = field(default_factory=new_id)
    command: str = ""


async def reply(message: Message, runtime: Runtime, plan: Plan | None = None) -> AsyncGenerator[ReplyEvent, None]:
    """Answer a message. Closing the generator stops the turn and whatever it runs.

    With a `plan`, exactly that is done: a program says by itself which agent is to do what.
    """
    with reserved(message.thread, runtime) as free:
        if not free:
            yield Failed("", phrases()["refusals"]["busy"])
            return
        turn = await _begin(message, runtime)
        if plan:
            turn.plan = plan.model_dump(mode="json")
            await runtime.stores.turns.save(turn)
        async with aclosing(run(turn, _given(turn), runtime)) as events:
            async for event in events:
                yield event


async def resume(turn: str, runtime: Runtime) -> AsyncGenerator[ReplyEvent, None]:
    """Go on with a turn that was cut short, from its last checkpoint; from its start when there is none."""
    row = await runtime.stores.turns.get(turn)
    if row is None:
        yield Failed(turn, phrases()["gone"])
        return
    with reserved(row.thread, runtime) as free:
        if not free:
            yield Failed(turn, phrases()["refusals"]["busy"])
            return
        snapshot = await runtime.graph.aget_state(config_of(turn))
        given = None
        if not (snapshot.values and snapshot.next):
            await runtime.checkpoints.adelete_thread(turn)
            given = _given(row)
        row.status = "running"
        await runtime.stores.turns.save(row)
        async with aclosing(run(row, given, runtime)) as events:
            async for event in events:
                yield event


@contextmanager
def reserved(thread: str, runtime: Runtime) -> Iterator[bool]:
    """Reserve a conversation before anything is awaited, so that it does one thing at a time; False when it is busy."""
    free = thread not in runtime.running
    if free:
        runtime.running.add(thread)
    try:
        yield free
    finally:
        if free:
            runtime.running.discard(thread)


async def _begin(message: Message, runtime: Runtime) -> Turn:
    """Make the message durable; from here on it is acknowledged. An edited message replaces all that came after it."""
    async with runtime.stores.database.together():
        return await _kept(message, runtime)


async def _kept(message: Message, runtime: Runtime) -> Turn:
    stores = runtime.stores
    gone = await stores.turns.supersede(message.thread, message.id)
    for old in gone:
        await runtime.checkpoints.adelete_thread(old)
    await forget_summary(stores, message.thread, gone)
    await stores.conversations.ensure(message.thread, user=message.user, name=message.text or _names(message.files))
    await stores.conversations.save(
        Step(id=message.id, thread=message.thread, type="user_message", name=message.user, output=message.text)
    )
    for file in message.files:
        await stores.conversations.attach(
            Element(id=file.id, thread=message.thread, step=message.id, file=file.id, name=file.name, mime=file.mime)
        )
    turn = Turn(
        id=new_id(),
        thread=message.thread,
        message=message.id,
        user=message.user,
        text=message.text,
        command=message.command,
        files=[file.id for file in message.files],
    )
    await stores.turns.save(turn)
    return turn


async def run(turn: Turn, given: Any, runtime: Runtime) -> AsyncGenerator[ReplyEvent, None]:
    """Let the graph work on a turn, whose conversation is reserved, and tell what happens, also to who listens."""
    async with runtime.places.place(turn.user), aclosing(_run(turn, given, runtime)) as events:
        async for event in events:
            data = {"thread": turn.thread, "turn": turn.id, "event": event}
            runtime.stores.database.live.tell(turn.user, f"reply.{type(event).__name__}", data)
            yield event


async def _run(turn: Turn, given: Any, runtime: Runtime) -> AsyncGenerator[ReplyEvent, None]:
    started = time.perf_counter()
    fresh, checkpoints = isinstance(given, dict), runtime.checkpoints
    page = Page(turn, runtime.stores, partial(checkpoints.keep, turn.id))
    correlate(turn.message)
    span, outcome = runtime.traces.begin("turn", turn=turn.id), "stopped"
    try:
        yield TurnStarted(turn.id)
        if fresh and not turn.plan:
            checkpoints.hold(turn.id)
        language = "en" if fresh else await _language(turn, runtime)
        stream = runtime.graph.astream(
            given,
            config_of(turn.id),
            context=runtime.context(turn, page.runs),
            stream_mode=["custom", "updates"],
            subgraphs=True,
            durability="sync",
            version="v2",
        )
        waiting: list[dict[str, Any]] = []
        state: dict[str, Any] = dict(given) if fresh else {}
        async with aclosing(stream):
            async for part in stream:
                if part["type"] == "custom":
                    language = part["data"].language if isinstance(part["data"], Planned) else language
                    event = spoken(part["data"], language)
                    page.keep(event)
                    yield event
                elif not part["ns"] and "__interrupt__" in part["data"]:
                    waiting += [one.value for one in part["data"]["__interrupt__"]]
                elif fresh and not part["ns"]:
                    _follow(state, part["data"])
        if not fresh:
            state = (await runtime.graph.aget_state(config_of(turn.id))).values
        async for event in _close(turn, state, waiting, page, started, runtime):
            outcome = type(event).__name__.lower()
            yield spoken(event, language)
    except Mendable as error:
        outcome = "failed"
        page.say(str(error), failed=True)
        await page.end("failed", error=str(error))
        yield Failed(turn.id, str(error))
    except (asyncio.CancelledError, GeneratorExit):
        # that the server ends is not the user's wish, so the user may let the turn go on
        await asyncio.shield(_cut_short(page, turn, runtime))
        raise
    except Exception:
        outcome = "failed"
        log.exception("turn %s failed", turn.id)
        page.say(phrases()["failed"], failed=True)
        await page.end("failed", error="unexpected")
        yield Failed(turn.id, phrases()["failed"])
    finally:
        checkpoints.release(turn.id)
        runtime.metrics.turn(outcome, time.perf_counter() - started)
        runtime.traces.end(span, outcome)
        runtime.recall.index.wake()
        if (desk := runtime.stores.files.desk).holds(turn.thread):
            await asyncio.shield(asyncio.to_thread(desk.wipe, turn.thread))


async def _close(
    turn: Turn, state: dict[str, Any], waiting: list[dict[str, Any]], page: Page, started: float, runtime: Runtime
) -> AsyncGenerator[ReplyEvent, None]:
    """The last events of a turn: what it waits for, what it asks, or that it is done."""
    if waiting:
        await runtime.checkpoints.keep(turn.id)
        await runtime.checkpoints.settle()
        asked = await ask(turn, waiting, runtime)
        await page.end("waiting", made={"plan": state["plan"]})
        for one in asked:
            yield one
        return
    findings = state.get("findings", {})
    plan = unclear(Plan.model_validate(state["plan"]), findings)
    made = {"plan": plan.model_dump(mode="json"), "findings": findings}
    if plan.missing:
        question = state.get("answer") or in_language(plan.missing.question, plan.language)
        page.say(question)
        await page.end("asking", answer=question, made=made)
        yield Question(
            turn.id, question, tuple(one["label"] for one in choices(findings.get(plan.missing.step, {})))[:4]
        )
    else:
        answer = state.get("answer", "")
        page.say(answer)
        await page.end("done", answer=answer, made=made)
        offers = [offer for finding in findings.values() for offer in finding["offers"]]
        seconds = time.perf_counter() - started
        yield Done(turn.id, answer, seconds, tuple(dict.fromkeys([*plan.offers, *offers]))[:4], page.timings(seconds))
    await runtime.checkpoints.adelete_thread(turn.id)
    if model := runtime.models.backend("fast", turn.user):  # what no longer fits into it, while the user reads
        runtime.summaries.begin(runtime.deps(turn.user, turn.thread), model)


async def _cut_short(page: Page, turn: Turn, runtime: Runtime) -> None:
    await page.end("unfinished" if runtime.closing.is_set() else "stopped")
    await runtime.checkpoints.keep(turn.id)


def _follow(state: dict[str, Any], updates: Mapping[str, Any]) -> None:
    """Bring the state of a turn up to date with what its nodes wrote."""
    for written in updates.values():
        for name, value in (written or {}).items():
            state[name] = {**state[name], **value} if name in ("findings", "decisions") else value


async def _language(turn: Turn, runtime: Runtime) -> str:
    """The language a turn that goes on was planned in."""
    snapshot = await runtime.graph.aget_state(config_of(turn.id))
    return str(snapshot.values.get("plan", {}).get("language", "en"))


def _given(turn: Turn) -> State:
    given = State(
        turn=turn.id, text=turn.text, command=turn.command, files=turn.files, findings={}, decisions={}, answer=""
    )
    return {**given, "plan": turn.plan} if turn.plan else given


def config_of(turn: str) -> dict[str, Any]:
    """Where the graph keeps a turn."""
    from graph.build import STEPS_LIMIT

    return {"configurable": {"thread_id": turn}, "recursion_limit": STEPS_LIMIT}


def _names(files: Sequence[FileRef]) -> str:
    return ", ".join(file.name for file in files)

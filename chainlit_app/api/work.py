"""Work that goes on while nobody waits: begun by a request, looked at, waited for, stopped.

POST …/runs ──▶ 202 and its id (a turn) ──▶ GET /work/{id}?wait=20 … ──▶ done, with answer and files
POST /work/{id}/cancel ──▶ stopped
each of it a live event: work.began, work.progress, work.ended
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from fastapi import HTTPException, Query, Request, Response
from pydantic import BaseModel

from chainlit_app.api.access import Opened, User, may
from chainlit_app.api.answers import Answer, add
from chainlit_app.api.fields import At, Given
from chainlit_app.api.pages import Page, Paged, place
from chainlit_app.api.resource import Resource
from chainlit_app.replies import replies
from config.errors import Mendable
from graph.events import Failed, ReplyEvent, StepProgress, TurnStarted
from memory.turns import Turn

router = Resource(prefix="/work", tags=["work"], dependencies=[may("jobs")])

LONGEST_WAIT_S = 25
Tell = Callable[[str, Mapping[str, Any]], None]
"""Tells those who follow the user's events of something by its kind, as in ``work.began``."""
REMEMBERED = 200
"""Works that are over and still known with all they gave; later the conversation holds it."""


class Work(BaseModel):
    """One thing at work, or what became of it: `part` runs from 0 to 1 where it is known."""

    id: str
    thread: str
    agent: str
    text: str
    state: str
    progress: str = ""
    part: float | None = None
    began: At
    ended: At | None
    answer: Answer | None = None


@dataclass
class _Going:
    answer: Answer
    task: asyncio.Task[None] | None = None
    progress: str = ""
    part: float | None = None
    begun: asyncio.Event = field(default_factory=asyncio.Event)

    def shown(self) -> dict[str, Any]:
        """What a live event says of it: its id and its conversation."""
        return {"id": self.answer.turn, "thread": self.answer.thread}


class Works:
    """What this process does for requests that do not wait."""

    def __init__(self) -> None:
        self._going: dict[str, _Going] = {}

    async def begin(self, thread: str, events: AsyncGenerator[ReplyEvent, None], tell: Tell) -> str:
        """Let a turn go on by itself; gives its id. Raises HTTPException when it could not begin."""
        going = _Going(Answer(thread=thread))
        going.task = asyncio.create_task(self._follow(going, events, tell))
        await going.begun.wait()
        if not going.answer.turn:
            raise HTTPException(409, going.answer.answer)
        for turn in list(self._going)[: -REMEMBERED or None]:
            if (old := self._going[turn].task) is None or old.done():
                del self._going[turn]
        return going.answer.turn

    async def _follow(self, going: _Going, events: AsyncGenerator[ReplyEvent, None], tell: Tell) -> None:
        state = "stopped"
        try:
            async with aclosing(events):
                async for event in events:
                    add(going.answer, event)
                    if isinstance(event, TurnStarted):
                        self._going[event.turn] = going
                        going.begun.set()
                        tell("work.began", going.shown())
                    elif isinstance(event, StepProgress):
                        going.progress, going.part = event.text, event.part
                        tell("work.progress", {**going.shown(), "progress": event.text, "part": event.part})
            state = going.answer.status
        except Mendable as error:
            add(going.answer, Failed(going.answer.turn, str(error)))
            state = going.answer.status
        finally:
            going.begun.set()
            if going.answer.turn:
                tell("work.ended", {**going.shown(), "state": state})

    def of(self, turn: str) -> _Going | None:
        """What is known here of a turn."""
        return self._going.get(turn)

    async def wait(self, turn: str, seconds: float) -> None:
        """Wait for the end of a turn, so long at most."""
        if (going := self._going.get(turn)) and going.task:
            await asyncio.wait([going.task], timeout=seconds)

    async def stop(self, turn: str) -> bool:
        """Stop a turn that goes on here; False when none does."""
        going = self._going.get(turn)
        if going is None or going.task is None or going.task.done():
            return False
        going.task.cancel()
        await asyncio.wait([going.task])
        return True

    async def interrupt(self) -> None:
        """Stop everything, because the server ends."""
        for turn in list(self._going):
            await self.stop(turn)


def works_of(request: Request) -> Works:
    """The works of this server."""
    found: Works = request.app.state.works
    return found


@router.get("")
async def list_work(
    asked: Paged,
    runtime: Opened,
    user: User,
    request: Request,
    state: Annotated[
        Literal["running", "done", "failed", "stopped", "asking", "waiting", "unfinished"] | None, Query()
    ] = None,
) -> Page[Work]:
    """What is at work for the user, and what was, the newest first."""
    wanted = [Turn.user == user, *([Turn.status == state] if state else [])]
    rows = await asked.rows(runtime.stores.database, Turn, *wanted, by="started_at")
    works = works_of(request)
    page: Page[Work] = asked.page([shown(row, works) for row in rows], [place(row, "started_at") for row in rows])
    return page


@router.get("/{id}")
async def get_work(
    id: Given,
    runtime: Opened,
    user: User,
    request: Request,
    wait: Annotated[int, Query(ge=0, le=LONGEST_WAIT_S, description="Seconds to wait for its end.")] = 0,
) -> Work:
    """One work, with what it gave once it is done."""
    await _turn(id, runtime, user)
    works = works_of(request)
    await works.wait(id, wait)
    return shown(await _turn(id, runtime, user), works, whole=True)


@router.post("/{id}/cancel")
async def cancel_work(id: Given, runtime: Opened, user: User, request: Request) -> Work:
    """Stop a work. A training that is stopped keeps the best model it has by then."""
    turn = await _turn(id, runtime, user)
    works = works_of(request)
    if not await works.stop(id) and (turn.status != "running" or not await replies.stop(turn.thread)):
        raise HTTPException(409, f"This is {turn.status}, so there is nothing to stop.")
    return shown(await _turn(id, runtime, user), works, whole=True)


async def begun(request: Request, response: Response, runtime: Any, turn: str) -> Work:
    """The answer to a request that began a work."""
    response.headers["Location"] = f"/api/v1/work/{turn}"
    row = await runtime.stores.turns.get(turn)
    return shown(row, works_of(request), whole=True)


def shown(turn: Turn, works: Works, *, whole: bool = False) -> Work:
    """A turn as a work."""
    going = works.of(turn.id)
    steps = turn.plan.get("steps") or [{}]
    answer = going.answer if going else Answer(thread=turn.thread, turn=turn.id, status=turn.status, answer=turn.answer)
    return Work(
        id=turn.id,
        thread=turn.thread,
        agent=turn.command or steps[0].get("agent", ""),
        text=turn.text,
        state=turn.status,
        progress=going.progress if going else "",
        part=going.part if going else None,
        began=turn.started_at,
        ended=turn.ended_at,
        answer=answer if whole and turn.status != "running" else None,
    )


async def _turn(id: str, runtime: Any, user: str) -> Turn:
    row: Turn | None = await runtime.stores.turns.get(id)
    if row is None or row.user != user:
        raise HTTPException(404, "There is no such work.")
    return row

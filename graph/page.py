"""Keeps what the page shows as it happens, so that a reload, or another front end, finds it.

    events ──▶ rows ── after a moment ──▶ the database, while the turn goes on
                └──── the turn ends ────▶ the database, in one transaction with its outcome

A turn that takes no longer than a moment waits for the disk twice: for the message, and for what became of it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from time import perf_counter
from typing import Any

from sqlalchemy import Connection

from agents.spec import Artifact
from config.errors import Mendable
from graph.events import ArtifactReady, Planned, ReplyEvent, StepFinished, StepStarted
from memory import agent_runs, conversations, turns
from memory.agent_runs import AgentRun
from memory.conversations import Element, Step
from memory.database import now
from memory.stores import Stores
from memory.turns import Status, Turn

NAME = "FreelanceX"
SOON_S = 0.5
"""Seconds after which what a running turn shows is kept."""


class Page:
    """What one turn shows. `runs` are those of its agents, which are kept with its outcome.

    `lasts` is awaited when the turn takes longer than a moment.
    """

    def __init__(self, turn: Turn, stores: Stores, lasts: Callable[[], Awaitable[None]]) -> None:
        self.runs: list[AgentRun] = []
        self._lasts = lasts
        self._turn = turn
        self._stores = stores
        self._answer = f"{turn.id}.answer"
        self._rows: dict[str, dict[str, Any]] = {}
        self._saved: dict[str, dict[str, Any]] = {}
        self._artifacts: list[Artifact] = []
        self._times: dict[str, float] = {}
        self._began = perf_counter()
        self._saving: asyncio.Task[None] | None = None

    def keep(self, event: ReplyEvent) -> None:
        """Keep what of an event must outlast it, in a moment."""
        match event:
            case Planned():
                self._times["plan"] = (perf_counter() - self._began) * 1000
            case StepStarted():
                self._row(event.id, type="tool", name=event.agent, input=event.input, started_at=now())
            case StepFinished():
                self._times[event.agent] = event.seconds * 1000
                ended = {"output": event.output, "failed": not event.ok, "ended_at": now()}
                self._row(event.id, type="tool", name=event.agent, **ended)
            case ArtifactReady():
                self._artifacts.append(event.artifact)
        if self._unsaved() and (self._saving is None or self._saving.done()):
            self._saving = asyncio.create_task(self._save_soon())

    def say(self, text: str, *, failed: bool = False) -> None:
        """Keep the answer with its artifacts once the turn ends."""
        self._row(self._answer, type="assistant_message", name=NAME, output=text, failed=failed)

    async def end(
        self, status: Status, *, answer: str = "", error: str = "", made: Mapping[str, Any] | None = None
    ) -> None:
        """Write the turn's outcome with all that is not kept yet; see `Turns.end`. Raises StorageTrouble."""
        if self._saving:
            self._saving.cancel()
            await asyncio.wait([self._saving])
        await self._stores.turns.end(self._turn.id, status, answer=answer, error=error, made=made, also=self._write)
        self.runs.clear()

    def timings(self, seconds: float) -> dict[str, float]:
        """Milliseconds for the plan, each agent and the whole."""
        return {name: round(value, 1) for name, value in {**self._times, "total": seconds * 1000}.items()}

    def _row(self, id: str, **fields: Any) -> None:
        known = self._rows.get(id) or {"id": id, "thread": self._turn.thread, "created_at": now()}
        self._rows[id] = {**known, **fields}

    def _unsaved(self) -> dict[str, dict[str, Any]]:
        return {id: row for id, row in self._rows.items() if self._saved.get(id) is not row}

    async def _save_soon(self) -> None:
        await asyncio.sleep(SOON_S)
        rows = self._unsaved()
        try:
            await self._lasts()
            await self._stores.database.do(partial(self._write_rows, rows))
        except Mendable:
            return  # they are written again when the turn ends, which then says what is wrong
        self._saved |= rows

    def _write_rows(self, rows: Mapping[str, dict[str, Any]], connection: Connection) -> bool:
        """Write rows, if their thread is still there; returns whether the turn is, which may have been erased."""
        there = turns.owner(connection, self._turn.id) is not None
        erased = {} if there else {"input": ""}
        if rows:
            conversations.save_all(connection, self._turn.thread, [Step(**{**row, **erased}) for row in rows.values()])
        return there

    def _write(self, connection: Connection) -> None:
        """Write what a turn leaves, unless it was erased meanwhile."""
        there = self._write_rows(self._unsaved(), connection)
        if self._artifacts and self._answer in self._rows and conversations.owner(connection, self._turn.thread):
            for one in self._artifacts:
                file = Element(id=one.id, thread=self._turn.thread, step=self._answer, file=one.id, name=one.name)
                file.mime = one.mime
                conversations.attach(connection, file)
        if self.runs and there:
            agent_runs.add(connection, self.runs)

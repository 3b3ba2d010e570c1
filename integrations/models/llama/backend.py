"""A .gguf file run by llama.cpp in a process of its own, loaded at the first question.

    chat ──▶ a queue with an end ──▶ Child ──▶ pieces
              Busy    TooSlow        Gone, and the next question starts another

A crash, an abort or a lack of memory there ends an answer, never the app. Closing the stream ends the answer.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import logging
from collections.abc import AsyncGenerator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

from integrations.models.backend import (
    USUAL,
    Blind,
    Busy,
    ChatMessage,
    Gone,
    ModelError,
    Note,
    TooLong,
    Wanted,
    shows,
    silent,
)
from integrations.models.deadline import Deadline
from integrations.models.llama.child import PROGRAM, Child
from integrations.models.llama.loading import Loaded, load, plan
from integrations.models.llama.wire import SNAPSHOT_BYTES, Ask

CONTEXT = 8192
"""Most tokens of context. A model trained for fewer gets those it was trained for."""
WAITING = 4
"""Questions that may wait while one is answered."""
SETTLING_S = 5.0
"""A child that does not stop within this time is ended."""

log = logging.getLogger("freelancex.models")
T = TypeVar("T")


class LlamaCpp:
    """One model file. Questions asked at once are answered one after the other."""

    def __init__(
        self,
        path: Path,
        *,
        context: int = CONTEXT,
        waiting: int = WAITING,
        snapshot_bytes: int = SNAPSHOT_BYTES,
        command: Sequence[str] = PROGRAM,
    ) -> None:
        """`waiting` questions may wait while one is answered; `snapshot_bytes` bounds what is kept of prompts read."""
        self.name = path.stem
        self.context = context
        self.loaded: Loaded | None = None
        """How it is loaded now."""
        self.last: dict[str, Any] = {}
        """What became of the last answer: the fields of `wire.Done`."""
        self.path = path
        self._most = context
        self._limit = waiting
        self._snapshot_bytes = snapshot_bytes
        self._command = command
        self._loading: asyncio.Task[Loaded] | None = None
        self._turn = asyncio.Lock()
        self._waiting = 0
        self.asked = 0
        """The number of the question that is being answered, 0 for none."""
        self._numbers = itertools.count(1)
        self._settling: set[asyncio.Task[None]] = set()

    async def chat(
        self, messages: Sequence[ChatMessage], wanted: Wanted = USUAL, note: Note = silent
    ) -> AsyncGenerator[str, None]:
        """See `ModelBackend.chat`. An answer under a schema comes in one piece, when it has been checked."""
        if shows(messages):
            raise Blind(self.name)
        deadline = Deadline(wanted.seconds, self.name)
        await self._wait_turn(deadline)
        child: Child | None = None
        try:
            child = (await self._ready(deadline, note)).child
            self.asked = next(self._numbers)
            await child.send(asdict(self._ask(self.asked, messages, wanted)))
            pieces: list[str] = []
            while "piece" in (message := await deadline.hold(child.receive())):
                if wanted.schema is None:
                    yield message["piece"]
                pieces.append(message["piece"])
            self.asked = 0
            self._raise_failure(message)
            if wanted.schema is not None:
                yield await asyncio.to_thread(self._checked, "".join(pieces), wanted.schema)
        finally:
            asked, self.asked = self.asked, 0
            if asked and child is not None and child.alive:
                self._settle(child, asked)
            else:
                self._turn.release()

    async def _wait_turn(self, deadline: Deadline) -> None:
        if self._turn.locked() and self._waiting >= self._limit:
            raise Busy(f"{self.name} has {self._limit} questions waiting already; ask again in a moment.")
        self._waiting += 1
        try:
            await deadline.hold(self._turn.acquire())
        finally:
            self._waiting -= 1

    async def _ready(self, deadline: Deadline, note: Note) -> Loaded:
        """The loaded model. Whoever stops waiting does not stop the loading, which the next question then finds."""
        if self.loaded is not None and self.loaded.child.alive:
            return self.loaded
        if self._loading is None or self._loading.done():
            self.loaded = None
            self._loading = asyncio.create_task(self._load(note))
            self._loading.add_done_callback(_told)
        try:
            self.loaded = await deadline.hold(asyncio.shield(self._loading))
        except asyncio.CancelledError:
            if not self._loading.cancelled():  # the one who asked was, and the loading goes on
                raise
            raise Gone(f"{self.name} was closed while it was loaded; ask again.") from None
        self.context = self.loaded.context
        return self.loaded

    async def _load(self, note: Note) -> Loaded:
        wanted = await asyncio.to_thread(plan, self.path, self._most, self._snapshot_bytes)
        return await load(wanted, lambda: Child.start(self.name, self._command), note)

    def _ask(self, number: int, messages: Sequence[ChatMessage], wanted: Wanted) -> Ask:
        turns = [{"role": message.role, "content": message.content} for message in messages]
        return Ask(number, turns, wanted.max_tokens, wanted.temperature, wanted.schema)

    def _raise_failure(self, message: dict[str, Any]) -> None:
        if "done" in message:
            self.last = message["done"]
            return
        failed, why = message.get("failed"), message.get("why", "")
        log.warning("%s did not answer: %s: %s", self.name, failed, why)
        if failed == "too_long":
            raise TooLong(f"That is more than {self.name} can read at once ({why}); ask with a shorter text.")
        if failed == "schema":
            raise ModelError(f"{self.name} cannot be held to the form that was asked for ({why}).")
        if failed == "template":
            raise ModelError(f"The chat template inside {self.name} failed ({why}); choose another model.")
        raise ModelError(f"{self.name} could not answer; the log has the details.")

    def _checked(self, text: str, schema: Any) -> str:
        from jsonschema import ValidationError, validate

        try:
            validate(json.loads(text), schema)
        except (ValueError, ValidationError) as error:
            log.info("%s broke the form: %s", self.name, str(error)[:200])
            raise ModelError(f"{self.name} did not finish its answer in the form that was asked for.") from error
        return text

    def _settle(self, child: Child, asked: int) -> None:
        """Stop an answer that nobody reads any more; the next question's turn comes when it has stopped."""

        async def stop() -> None:
            try:
                async with asyncio.timeout(SETTLING_S):
                    await child.send({"stop": asked})
                    while "piece" in await child.receive():
                        pass
            except (TimeoutError, Gone):
                await child.end()
            finally:
                self._turn.release()

        task = asyncio.create_task(stop())
        self._settling.add(task)
        task.add_done_callback(self._settling.discard)

    async def settled(self) -> None:
        """Wait until nothing is being generated and nobody waits for a turn."""
        async with self._turn:
            return

    async def close(self) -> None:
        """End what is being generated and free everything. A later question loads the model again."""
        if self._loading is not None:
            self._loading.cancel()
            await asyncio.wait([self._loading])
            if not self._loading.cancelled() and self._loading.exception() is None:
                await self._loading.result().child.end()
        self._loading = self.loaded = None
        if self._settling:
            await asyncio.wait(self._settling)


def _told(loading: asyncio.Task[Loaded]) -> None:
    """Log a failure that nobody may be waiting for any more."""
    if not loading.cancelled() and (error := loading.exception()):
        log.warning("loading failed: %s", error)

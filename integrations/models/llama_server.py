"""A .gguf file run by llama.cpp's own server, a program beside the app that answers several questions at once.

chat ──▶ ServerProcess (started at the first question, and anew when it died) ──▶ OpenAICompatible
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import replace
from glob import escape
from pathlib import Path

from integrations.http import HttpClient
from integrations.models import fit, hardware
from integrations.models.backend import (
    USUAL,
    Blind,
    Busy,
    ChatMessage,
    Gone,
    ModelError,
    Note,
    Wanted,
    shows,
    silent,
)
from integrations.models.deadline import Deadline
from integrations.models.gguf import Header, read_header
from integrations.models.openai_compatible import CONTEXT
from integrations.models.server_process import SLOTS, Refused, ServerProcess

WAITING = 4
"""Questions that may wait while as many as there are slots are answered."""

log = logging.getLogger("freelancex.models")


class LlamaServer:
    """One model file in one llama-server."""

    def __init__(self, http: HttpClient, path: Path, *, program: str = "llama-server", context: int = CONTEXT) -> None:
        """`program` is its path, or its name on the PATH."""
        self.name = path.stem
        self.context = context
        self.path = path
        self._most = context
        self._http = http
        self._program = program
        self._asked = 0
        self._server: ServerProcess | None = None
        self._starting: asyncio.Task[ServerProcess] | None = None

    @property
    def pid(self) -> int | None:
        """The process it runs in, None while it does not."""
        return self._server.pid if self._server and self._server.alive else None

    @property
    def why(self) -> str:
        """Where its layers are, one sentence; empty while it does not run."""
        return self._server.placement.why if self._server else ""

    async def chat(
        self, messages: Sequence[ChatMessage], wanted: Wanted = USUAL, note: Note = silent
    ) -> AsyncGenerator[str, None]:
        """See `ModelBackend.chat`."""
        if shows(messages) and projector_of(self.path) is None:
            raise Blind(self.name)
        if self._asked >= SLOTS + WAITING:
            raise Busy(f"{self.name} has {WAITING} questions waiting already; ask again in a moment.")
        deadline = Deadline(wanted.seconds, self.name)
        self._asked += 1
        try:
            for again in (True, False):
                began, server = False, await self._ready(deadline, note)
                try:
                    left = replace(wanted, seconds=deadline.left)
                    async with aclosing(server.talk.chat(messages, left, note)) as pieces:
                        async for piece in pieces:
                            began = True
                            yield piece
                    return
                except Gone as error:
                    if not await server.died():
                        raise
                    log.warning("the llama-server of %s ended: %s", self.name, server.last_words)
                    if began or not again:  # else it had ended before, unnoticed yet
                        raise Gone(
                            f"The program that runs {self.name} ended unexpectedly; ask again, and it is started anew."
                        ) from error
        finally:
            self._asked -= 1

    async def _ready(self, deadline: Deadline, note: Note) -> ServerProcess:
        """The server. Whoever stops waiting for it does not stop the loading, which the next question then finds."""
        if self._server is not None and self._server.alive:
            return self._server
        if self._starting is None or self._starting.done():
            self._server = None
            self._starting = asyncio.create_task(self._start(note))
        starting = self._starting
        try:
            self._server = await deadline.hold(asyncio.shield(starting))
        except asyncio.CancelledError:
            if not starting.cancelled():  # the one who asked was, and the loading goes on
                raise
            raise Gone(f"{self.name} was closed while it was loaded; ask again.") from None
        self.context = self._server.placement.context
        return self._server

    async def _start(self, note: Note) -> ServerProcess:
        header = await asyncio.to_thread(read_header, self.path)
        projector = await asyncio.to_thread(projector_of, self.path)
        placement: fit.Placement | None = await asyncio.to_thread(self._placed, header, projector)
        note(f"Loading {self.name}, {header.weight_bytes / 1e9:.1f} GB")
        while placement is not None:
            try:
                return await ServerProcess.start(self._program, self.path, placement, self._http, projector)
            except Refused as words:
                log.warning("llama-server could not load %s: %s", self.name, words)
            placement = fit.less(placement, header)
            if placement is not None:
                note(f"{self.name} needs more memory than is free, so it is loaded with less")
        raise ModelError(f"llama-server cannot load {self.name}; the log has what it said.")

    def _placed(self, header: Header, projector: Path | None) -> fit.Placement:
        """Where it fits. That our own build of llama.cpp knows no GPU says nothing of this program."""
        machine, size = hardware.read(), projector.stat().st_size if projector else 0
        return fit.place(header, replace(machine, offload=machine.offload or bool(machine.vram)), self._most, size)

    async def close(self) -> None:
        """End the program. A later question starts it again."""
        starting, self._starting = self._starting, None
        server, self._server = self._server, None
        if starting is not None:
            starting.cancel()
            await asyncio.wait([starting])
            if not starting.cancelled() and starting.exception() is None:
                server = starting.result()
        if server is not None:
            await server.end()


def projector_of(path: Path) -> Path | None:
    """The file that reads pictures for a model: beside it, ``mmproj-`` and its name up to the quantisation."""
    return min(path.parent.glob(f"mmproj-{escape(path.stem.rpartition('-')[0] or path.stem)}*.gguf"), default=None)

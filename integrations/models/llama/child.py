"""The app's side of the process that runs a model. Its end, its garbage and its silence are all one thing: `Gone`."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from config.paths import ROOT
from integrations.models.backend import Gone
from integrations.models.llama.wire import line

PROGRAM = (sys.executable, "-m", "integrations.models.llama.program")
LINE_LIMIT = 16 * 1024 * 1024
SETTLING_S = 1.0
"""How long the last of its error stream is waited for."""
LAST_WORDS = 40
"""Lines of its error stream that are kept for our log: llama.cpp says there why it aborts."""

log = logging.getLogger("freelancex.models")


class Child:
    """One process. Whatever goes wrong with it raises `Gone`, and it is ended then."""

    def __init__(self, process: Process, name: str) -> None:
        self._process = process
        self._name = name
        self._words = deque[str](maxlen=LAST_WORDS)
        self._ended = False
        self._listening = asyncio.create_task(self._listen())

    @classmethod
    async def start(cls, name: str, command: Sequence[str] = PROGRAM) -> Child:
        """Start the program that is to run the model of this name."""
        try:
            process = await asyncio.create_subprocess_exec(
                *command, stdin=PIPE, stdout=PIPE, stderr=PIPE, cwd=ROOT, limit=LINE_LIMIT, env=_environment()
            )
        except OSError as error:
            raise Gone(f"No process can be started for {name} ({error.strerror}); close other programs.") from error
        return cls(process, name)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def alive(self) -> bool:
        assert self._process.stdout is not None
        return self._process.returncode is None and not self._process.stdout.at_eof()

    @property
    def last_words(self) -> str:
        """What it said last on its error stream."""
        return "\n".join(self._words)

    async def send(self, message: Mapping[str, Any]) -> None:
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(line(message))
            await self._process.stdin.drain()
        except (BrokenPipeError, ConnectionResetError):
            raise await self._gone() from None

    async def receive(self) -> dict[str, Any]:
        """The next message. May be cancelled, and loses nothing then."""
        assert self._process.stdout is not None
        try:
            text = await self._process.stdout.readline()
        except ValueError:  # longer than a line may be
            text = b""
        try:
            message = json.loads(text) if text.endswith(b"\n") else None
        except ValueError:
            message = None
        if not isinstance(message, dict):
            raise await self._gone()
        return message

    async def end(self) -> None:
        """Kill it, whatever it is doing, and wait until it is no more."""
        self._ended = True
        if self._process.returncode is None:
            with suppress(ProcessLookupError):  # it ended by itself in between
                self._process.kill()
        await self._process.wait()
        await asyncio.wait([self._listening], timeout=SETTLING_S)

    async def ended(self) -> None:
        """Wait until the process is no more and its output has been read."""
        assert self._process.stdout is not None
        await self._process.wait()
        await self._process.stdout.read()

    async def _gone(self) -> Gone:
        if self._ended:
            return Gone(f"{self._name} was closed before its answer was complete; ask again.")
        await self.end()
        log.warning("the process of %s ended with %s: %s", self._name, self._process.returncode, self.last_words)
        return Gone(f"The process that runs {self._name} ended unexpectedly; ask again, and it is started anew.")

    async def _listen(self) -> None:
        assert self._process.stderr is not None
        while True:
            try:
                text = await self._process.stderr.readline()
            except ValueError:  # a line that never ends; what is left of it follows
                continue
            if not text:
                return
            self._words.append(text.decode("utf-8", "replace").rstrip())


def _environment() -> dict[str, str]:
    """What the program needs of ours: no key or token of the settings, which it has no use for."""
    return {name: value for name, value in os.environ.items() if not name.startswith("FREELANCEX_")}

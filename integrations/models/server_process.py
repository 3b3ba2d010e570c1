"""One llama-server program: started on a free port of this machine, asked until it is ready, ended with the app."""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import shutil
import socket
import sys
from asyncio.subprocess import PIPE, STDOUT, Process
from collections import deque
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from integrations.http import Ask, HttpClient
from integrations.http_errors import HttpError
from integrations.http_messages import STREAM
from integrations.models import leash
from integrations.models.backend import ModelError
from integrations.models.fit import Placement
from integrations.models.openai_compatible import ERRAND, OpenAICompatible

SLOTS = 2
"""Questions that are answered at once. They share the context."""
FIRST_LOOK_S, LONGEST_LOOK_S = 0.05, 1.0
LOADING_S = 600.0
"""A program that is not ready by then never will be."""
CACHE_MB = 512
"""What it may keep of prompts read. By itself it takes 8 GB, which nobody reckoned with."""
LAST_WORDS = 40
"""Lines of what it prints that are kept for our log."""
HEALTH = Ask(accept=(), seconds=2.0, retries=0, limit=STREAM.limit)

log = logging.getLogger("freelancex.models")


class Refused(Exception):
    """It ended before it was ready. The message is what it said last."""


@dataclass
class ServerProcess:
    """A program that runs. `talk` asks it."""

    talk: OpenAICompatible
    placement: Placement
    _process: Process
    _words: deque[str]
    _listening: asyncio.Task[None]

    @classmethod
    async def start(
        cls, program: str, path: Path, placement: Placement, http: HttpClient, projector: Path | None = None
    ) -> ServerProcess:
        """Start it and wait until it has loaded. `projector` is the file that reads pictures for it.

        Raises Refused when it ends instead, and ModelError without it.
        """
        binary = await asyncio.to_thread(found, program)
        port, key = _free_port(), secrets.token_urlsafe(24)
        address = f"http://127.0.0.1:{port}"
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-I", "-S", leash.__file__, binary, *_arguments(path, placement, port, projector),
            stdin=PIPE, stdout=PIPE, stderr=STDOUT, env=_environment(key),
        )  # fmt: skip
        words = deque[str](maxlen=LAST_WORDS)
        talk = OpenAICompatible(http, f"{address}/v1", path.stem, key)
        started = cls(talk, placement, process, words, asyncio.create_task(_listen(process, words)))
        try:
            async with asyncio.timeout(LOADING_S):
                await started._ready(http, address)
        except TimeoutError:
            await started.end()
            raise ModelError(f"llama-server did not load {path.stem} within {LOADING_S / 60:g} minutes.") from None
        except BaseException:
            await started.end()
            raise
        return started

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process.returncode is None

    @property
    def last_words(self) -> str:
        return "\n".join(self._words)

    async def _ready(self, http: HttpClient, address: str) -> None:
        wait = FIRST_LOOK_S
        while True:
            try:
                await http.get(f"{address}/health", ERRAND, ask=HEALTH)
                return
            except HttpError:  # not listening yet, or 503 while it loads
                pass
            try:
                async with asyncio.timeout(wait):
                    await self._process.wait()
            except TimeoutError:
                wait = min(2 * wait, LONGEST_LOOK_S)
                continue
            await self._listening
            raise Refused(self.last_words)

    async def died(self) -> bool:
        """Whether it has ended; asked when its answer broke off, which its end may follow by a moment."""
        try:
            async with asyncio.timeout(LONGEST_LOOK_S):
                await self._process.wait()
        except TimeoutError:
            return False
        return True

    async def end(self) -> None:
        """End it, whatever it is doing."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        await self._process.wait()
        await self._listening


async def _listen(process: Process, words: deque[str]) -> None:
    assert process.stdout is not None
    while True:
        try:
            text = await process.stdout.readline()
        except ValueError:  # a line that never ends; what is left of it follows
            continue
        if not text:
            return
        words.append(text.decode("utf-8", "replace").rstrip())


def found(program: str) -> str:
    """The path of llama-server. Raises ModelError where there is none."""
    path = shutil.which(Path(program).expanduser())
    if path is None:
        raise ModelError(f"There is no {program} here; install llama.cpp, or name it in FREELANCEX_LLAMA_SERVER.")
    return path


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _arguments(path: Path, placement: Placement, port: int, projector: Path | None) -> list[str]:
    kv = ["--cache-type-k", placement.kv, "--cache-type-v", placement.kv] if placement.kv != "f16" else []
    seeing = ["--mmproj", str(projector)] if projector else []
    return [
        "--model", str(path), "--host", "127.0.0.1", "--port", str(port), "--jinja", "--no-webui",
        "--ctx-size", str(placement.context), "--n-gpu-layers", str(placement.gpu_layers),
        "--threads", str(placement.threads), "--parallel", str(SLOTS), "--kv-unified", *kv, *seeing,
    ]  # fmt: skip


def _environment(key: str) -> dict[str, str]:
    """What it needs of ours, its key, which others could read among its arguments, and what older ones do not know."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("FREELANCEX_")}
    return {"LLAMA_ARG_CACHE_RAM": str(CACHE_MB), **ours, "LLAMA_API_KEY": key}

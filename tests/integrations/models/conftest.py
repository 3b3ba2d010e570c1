"""How models are asked in tests, and a server that sends exactly the bytes it is given."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import aclosing

import pytest

from integrations.models.backend import ChatMessage, ModelBackend, Note, Wanted, silent

ASKED = [ChatMessage("system", "Be brief."), ChatMessage("user", "Hello")]
Said = Callable[..., Awaitable[list[str]]]
Wire = Callable[..., Awaitable[str]]


@pytest.fixture
def said() -> Said:
    async def ask(model: ModelBackend, wanted: Wanted | None = None, note: Note = silent) -> list[str]:
        async with aclosing(model.chat(ASKED, wanted or Wanted(max_tokens=20), note)) as pieces:
            return [piece async for piece in pieces]

    return ask


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    """Starts a server that reads a request, sends these parts, waits for `then`, and closes; gives its address."""
    servers: list[asyncio.Server] = []

    async def start(*parts: bytes, then: asyncio.Event | None = None, gone: asyncio.Event | None = None) -> str:
        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await _request(reader)
            for part in parts:
                writer.write(part)
                await writer.drain()
            if then is not None:
                await then.wait()
            if gone is not None:
                await reader.read()  # ends when the other side closes
                gone.set()
            writer.close()

        servers.append(await asyncio.start_server(answer, "127.0.0.1", 0))
        return f"http://127.0.0.1:{_port(servers[-1].sockets)}"

    yield start
    for server in servers:
        server.close()


async def _request(reader: asyncio.StreamReader) -> None:
    head = await reader.readuntil(b"\r\n\r\n")
    length = next((line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), b":0")
    await reader.readexactly(int(length.partition(b":")[2]))


def _port(sockets: Sequence[object]) -> int:
    return int(sockets[0].getsockname()[1])  # type: ignore[attr-defined]

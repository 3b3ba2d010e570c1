"""Uses tools of servers that the user named (MCP, by way of its official library). A server is not trusted.

    server and tools allowed ──▶ its list, hashed ──▶ as it was when allowed? ──▶ call ──▶ words from outside

A tool's description is read by people and, with a model, by it: one that changes after it was allowed may be an attack,
so the list is kept as a hash and a changed one is refused until the user allows it again.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from config.settings import McpServer
from integrations.http import Errand, HttpClient
from integrations.http_errors import HttpError
from integrations.http_messages import Ask

if TYPE_CHECKING:
    from mcp import ClientSession

SECONDS = 30.0
LONGEST = 20_000
"""Characters of a tool's answer that are kept."""
STREAMED = Ask(accept=(), seconds=SECONDS, retries=0)
KEPT_VARIABLES = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "SYSTEMROOT", "APPDATA", "USERPROFILE")
"""What a started server sees of this program's environment: never a key."""


class McpError(HttpError):
    """A server or tool cannot be used. The message is one sentence."""


@dataclass(frozen=True)
class Tool:
    """One tool as its server describes it; text from outside."""

    name: str
    description: str
    schema: dict[str, Any]


@asynccontextmanager
async def connected(name: str, server: McpServer, http: HttpClient, errand: Errand) -> AsyncIterator[ClientSession]:
    """A session with a server, started or reached for this alone. Raises McpError, or HttpError of the way out."""
    try:
        async with _session(name, server, http, errand) as session:
            yield session
    except BaseExceptionGroup as group:
        # The library's task groups wrap whatever is raised inside them, ours included.
        error: BaseException = group
        while isinstance(error, BaseExceptionGroup) and len(error.exceptions) == 1:
            error = error.exceptions[0]
        if isinstance(error, HttpError):
            raise error from None
        raise McpError(f"The tools' server {name} broke off; check its command or its own log.") from group


@asynccontextmanager
async def _session(name: str, server: McpServer, http: HttpClient, errand: Errand) -> AsyncIterator[ClientSession]:
    from mcp import ClientSession

    async with AsyncExitStack() as stack:
        try:
            async with asyncio.timeout(SECONDS):
                read, write = await stack.enter_async_context(
                    _reached(server, http, errand) if server.url else _started(name, server, http, errand)
                )
                session: ClientSession = await stack.enter_async_context(ClientSession(read, write))
                await session.initialize()
        except TimeoutError as error:
            raise McpError(f"The tools' server {name} did not answer within {SECONDS:g} seconds.") from error
        except OSError as error:
            raise McpError(f"The tools' server {name} cannot be started; check its command.") from error
        yield session


async def tools(session: ClientSession, server: McpServer) -> list[Tool]:
    """The tools of a server that the user allows, in its order."""
    listed = (await session.list_tools()).tools
    found = [Tool(one.name, (one.description or "")[:1_000], dict(one.inputSchema)) for one in listed]
    return [tool for tool in found if tool.name in server.tools]


async def call(session: ClientSession, tool: str, arguments: Mapping[str, Any]) -> str:
    """Use a tool and return its words. Raises McpError when it says that it failed."""
    async with asyncio.timeout(SECONDS):
        result = await session.call_tool(tool, dict(arguments))
    text = "\n".join(part.text for part in result.content if part.type == "text")[:LONGEST]
    if result.isError:
        raise McpError(f"The tool {tool} failed: {' '.join(text.split())[:200] or 'it gives no reason'}")
    return text


def fingerprint(found: list[Tool]) -> str:
    """SHA-256 of names, descriptions and arguments, in hexadecimal; the order of the list does not count."""
    plain = sorted([tool.name, tool.description, json.dumps(tool.schema, sort_keys=True)] for tool in found)
    return hashlib.sha256(json.dumps(plain).encode()).hexdigest()


class Pins:
    """The lists of tools as they were when the user allowed them: a hash for each server, in one file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def of(self, server: str) -> str | None:
        """The hash of a server's list, None when it was never allowed."""
        return self._read().get(server)

    def pin(self, server: str, hashed: str) -> None:
        """Allow a list as it is."""
        pins = {**self._read(), server: hashed}
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=self._path.parent, delete=False) as fresh:
            fresh.write(json.dumps(pins))
        Path(fresh.name).replace(self._path)

    def _read(self) -> dict[str, str]:
        try:
            pins = json.loads(self._path.read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return pins if isinstance(pins, dict) else {}


@asynccontextmanager
async def _started(name: str, server: McpServer, http: HttpClient, errand: Errand) -> AsyncIterator[tuple[Any, Any]]:
    from mcp import StdioServerParameters, stdio_client

    if not server.command:
        raise McpError(f"The tools' server {name} has neither a command nor a url; add one to FREELANCEX_MCP_SERVERS.")
    seen = {key: value for key in KEPT_VARIABLES if (value := os.environ.get(key))}
    parameters = StdioServerParameters(command=server.command[0], args=list(server.command[1:]), env=seen)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(http.other("MCP", "localhost", errand))
        quiet = stack.enter_context(await asyncio.to_thread(Path(os.devnull).open, "w"))
        yield await stack.enter_async_context(stdio_client(parameters, errlog=quiet))


@asynccontextmanager
async def _reached(server: McpServer, http: HttpClient, errand: Errand) -> AsyncIterator[tuple[Any, Any]]:
    import httpx
    from mcp.client.streamable_http import streamable_http_client

    async with AsyncExitStack() as stack:
        guarded = httpx.AsyncClient(transport=http.transport(errand, STREAMED), timeout=SECONDS, trust_env=False)
        client = await stack.enter_async_context(guarded)
        read, write, _ = await stack.enter_async_context(streamable_http_client(server.url, http_client=client))
        yield read, write

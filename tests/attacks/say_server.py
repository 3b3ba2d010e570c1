"""A server of tools whose words are in a file: ``say_server.py PORT FILE``, where the file holds JSON.

It describes its tool, answers and fails with what the file says at that moment.
"""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import uvicorn
from mcp import types
from mcp.server.lowlevel import Server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from starlette.applications import Starlette
from starlette.routing import Mount

server: Server[Any, Any] = Server("tools")
manager = StreamableHTTPSessionManager(server, stateless=True, json_response=True)


def words() -> dict[str, str]:
    said: dict[str, str] = json.loads(Path(sys.argv[2]).read_text("utf-8"))
    return said


@server.list_tools()  # type: ignore[no-untyped-call, untyped-decorator]
async def list_tools() -> list[types.Tool]:
    schema = {"type": "object", "properties": {"text": {"type": "string"}}}
    return [types.Tool(name="say", description=words()["description"], inputSchema=schema)]


@server.call_tool()  # type: ignore[untyped-decorator]
async def call_tool(name: str, arguments: dict[str, Any]) -> list[types.TextContent]:
    said = words()
    if said["error"]:
        raise ValueError(said["error"])
    return [types.TextContent(type="text", text=said["result"])]


@contextlib.asynccontextmanager
async def running(app: Starlette) -> AsyncIterator[None]:
    async with manager.run():
        yield


if __name__ == "__main__":
    app = Starlette(routes=[Mount("/mcp", app=manager.handle_request)], lifespan=running)
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="error")

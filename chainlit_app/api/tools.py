"""Tools: what FreelanceX offers other programs, and the servers of tools it may use itself."""

from __future__ import annotations

import inspect

from pydantic import BaseModel

from chainlit_app.api.access import Opened, may
from chainlit_app.api.resource import Resource
from chainlit_app.offered_tools import offered

router = Resource(tags=["tools"], dependencies=[may("tools")])


class Tool(BaseModel):
    """A tool that FreelanceX offers by MCP: its arguments by name, each with its type in words."""

    name: str
    description: str
    arguments: dict[str, str]


class McpServer(BaseModel):
    """A server of tools: started by a command or reached at an address; only `tools` may be used."""

    name: str
    started: bool
    url: str
    tools: list[str]


@router.get("/tools")
async def list_tools(runtime: Opened) -> list[Tool]:
    """The tools offered by `python -m chainlit_app mcp`."""
    return [
        Tool(
            name=name,
            description=inspect.getdoc(function) or "",
            arguments={one.name: str(one.annotation) for one in inspect.signature(function).parameters.values()},
        )
        for name, function in sorted(offered(runtime.stores).items())
    ]


@router.get("/mcp/servers")
async def list_mcp_servers(runtime: Opened) -> list[McpServer]:
    """The servers of tools that are set; what they are started with is not shown, for it may hold keys."""
    return [
        McpServer(name=name, started=bool(one.command), url=one.url.partition("?")[0], tools=list(one.tools))
        for name, one in sorted(runtime.settings.mcp_servers.items())
    ]

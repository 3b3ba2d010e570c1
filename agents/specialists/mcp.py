"""Tools of other programs: lists them, allows them as they are, and uses one with arguments the user sees."""

from __future__ import annotations

import asyncio
import json
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, Field

from agents.deps import Deps
from agents.spec import AgentError, AgentSpec, Effect, Finding, Given, Source
from agents.tools.text.markdown import plain
from agents.tools.text.mcp_words import read_mcp
from config.settings import McpServer
from integrations.http import Errand
from integrations.mcp.client import McpError, Pins, Tool, call, connected, fingerprint, tools

NAME = "mcp"
CHANGED = "The tools of {} are not what they were when you allowed them, so none was used; list and allow them again."
NONE = (
    "No other program's tools are set up. Name them in the file .env in my folder, and start me again: "
    'FREELANCEX_MCP_SERVERS={"files": {"command": ["my-server"], "tools": ["read_file"]}}'
)


class McpTask(BaseModel):
    """What to do with which server's tools."""

    action: Literal["servers", "list", "allow", "use"] = "servers"
    server: str = ""
    tool: str = ""
    arguments: dict[str, Any] = Field(default_factory=dict)
    seen: str = ""


async def run(task: McpTask, given: Given, deps: Deps) -> Finding:
    """List the servers, or propose to start one. Raises AgentError."""
    servers = deps.settings.mcp_servers
    if task.action != "servers" or not servers:
        await deps.must("tools")
    if not servers:
        raise AgentError(NONE)
    if task.action == "servers":
        lines = [
            f"- **{plain(name)}**: {plain(', '.join(one.tools) or 'no tool allowed')}" for name, one in servers.items()
        ]
        offers = tuple(f"list the tools of {name}" for name in list(servers)[:3])
        return Finding(NAME, ok=True, text="These programs offer tools:\n\n" + "\n".join(lines), offers=offers)
    server = servers.get(task.server)
    if server is None:
        raise AgentError(f"There is no server called {task.server}; there are: {', '.join(servers)}.")
    where = plain(server.url or " ".join(server.command))
    if task.action == "list":
        effect = Effect(
            "list_tools",
            {"server": task.server},
            f"Start {plain(task.server)}",
            f"I would start `{where}` and list its tools.",
        )
        return Finding(NAME, ok=True, text=f"I can list the tools of {plain(task.server)}.", effect=effect)
    if task.action == "allow":
        if not task.seen:
            raise AgentError(
                f'List them first, with "list the tools of {task.server}", so that you see what you allow.'
            )
        arguments: dict[str, Any] = {"server": task.server, "seen": task.seen}
        preview = (
            f"I would start `{where}` and allow its tools as you saw them ({task.seen}); a later change is refused."
        )
        return Finding(
            NAME, ok=True, text="I can allow these tools.", effect=Effect("allow", arguments, "Allow tools", preview)
        )
    if task.tool not in server.tools:
        raise AgentError(f"The tool {task.tool} of {task.server} is not among those allowed in FREELANCEX_MCP_SERVERS.")
    arguments = {"server": task.server, "tool": task.tool, "arguments": task.arguments}
    shown = json.dumps(task.arguments, indent=2, ensure_ascii=False)
    preview = (
        f"I would start `{where}` and use its tool **{plain(task.tool)}** with exactly this:\n\n```json\n{shown}\n```"
    )
    effect = Effect("use", arguments, f"Use {plain(task.tool)}", preview)
    return Finding(NAME, ok=True, text=f"I can use {plain(task.tool)}.", effect=effect)


async def list_tools(arguments: dict[str, Any], deps: Deps) -> Finding:
    """What the server offers of what may be used, and whether it is as it was."""
    name, server = _server(arguments, deps)
    async with connected(name, server, deps.http, _errand(deps)) as session:
        found = await tools(session, server)
    hashed = fingerprint(found)
    pinned = await asyncio.to_thread(_pins(deps).of, name)
    state = "You have not allowed them yet." if pinned is None else "**They changed** since you allowed them."
    if pinned == hashed:
        state = "They are as you allowed them."
    offers = () if pinned == hashed else (f"allow the tools of {name} ({hashed[:12]})",)
    lines = "\n".join(
        f"- **{plain(tool.name)}**: {plain(tool.description, 300)} Takes {_takes(tool)}." for tool in found
    )
    text = f"{lines or 'It offers none of the tools that may be used.'}\n\n{state}"
    return Finding(
        NAME, ok=True, text=text, data={"hash": hashed}, sources=(Source(name),), trust="outside", offers=offers
    )


async def allow(arguments: dict[str, Any], deps: Deps) -> Finding:
    """Keep the list's hash, if it still is the list the user saw."""
    name, server = _server(arguments, deps)
    async with connected(name, server, deps.http, _errand(deps)) as session:
        hashed = fingerprint(await tools(session, server))
    if not hashed.startswith(arguments["seen"]):
        raise McpError(f"The tools of {name} changed since you saw them, so they are not allowed; list them again.")
    await asyncio.to_thread(_pins(deps).pin, name, hashed)
    return Finding(NAME, ok=True, text=f"The tools of {plain(name)} may now be used, each time with your word.")


async def use(arguments: dict[str, Any], deps: Deps) -> Finding:
    """Use the tool with exactly what was approved; what it says is words from outside."""
    name, server = _server(arguments, deps)
    pinned = await asyncio.to_thread(_pins(deps).of, name)
    if pinned is None:
        raise McpError(f'Allow the tools of {name} first: say "list the tools of {name}".')
    async with connected(name, server, deps.http, _errand(deps)) as session:
        if fingerprint(await tools(session, server)) != pinned:
            raise McpError(CHANGED.format(name))
        try:
            said = await call(session, arguments["tool"], arguments["arguments"])
        except McpError as error:  # the reason is the tool's own words
            raise McpError(plain(str(error), 300)) from error
    fenced = said.replace("```", "'''")
    text = f"**{plain(arguments['tool'])}** of {plain(name)} says:\n\n```\n{fenced}\n```"
    return Finding(NAME, ok=True, text=text, data={"said": said}, sources=(Source(name),), trust="outside")


def _server(arguments: dict[str, Any], deps: Deps) -> tuple[str, McpServer]:
    name = arguments["server"]
    if name not in deps.settings.mcp_servers:
        raise McpError(f"There is no server called {name} any more.")
    server = deps.settings.mcp_servers[name]
    if server.url:
        deps.http.allow(urlsplit(server.url).netloc)
    return name, server


def _pins(deps: Deps) -> Pins:
    return Pins(deps.settings.paths.data / "mcp.json")


def _errand(deps: Deps) -> Errand:
    return Errand("mcp", deps.user, agent=NAME, thread=deps.thread, approved=True)


def _takes(tool: Tool) -> str:
    names = tool.schema.get("properties")
    return plain(", ".join(names), 200) if isinstance(names, dict) and names else "nothing"


AGENT = AgentSpec(
    name=NAME,
    title="Other tools",
    description="Uses tools of other programs that you set up and allow (MCP).",
    examples=(
        "Which MCP tools are there?",
        "List the tools of files",
        "Use the tool read_file of files with path=notes.txt",
        'call search from wiki with {"query": "pricing"}',
        "Show my MCP servers",
        "Allow the tools of files (ab12cd34ef56)",
    ),
    task=McpTask,
    run=run,
    read=read_mcp,
    cues=(
        r"\bmcp\b",
        r"\b(?:list|show|allow|which)\b.{0,20}\btools (?:of|from)\b",
        r"\b(?:use|call)\s+(?:the\s+)?(?:tool\s+)?[\w.-]+\s+(?:tool\s+)?(?:of|from)\s+[\w-]+\s+with\b",
    ),
    effects={"list_tools": list_tools, "allow": allow, "use": use},
    resource="tools",
)

"""Offers FreelanceX's safe tools to other programs that speak MCP: they read or compute, and change nothing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

Offered = Mapping[str, Callable[..., Awaitable[str]]]
"""Tools by name: their annotations are their arguments, their docstring is what others read of them."""


async def serve(offered: Offered) -> None:
    """Speak MCP on standard input and output until the other side goes away."""
    from mcp.server.fastmcp import FastMCP

    server = FastMCP("FreelanceX", instructions="A freelancer's calculations, invoices and job leads, read only.")
    for name, function in offered.items():
        server.add_tool(function, name=name)
    await server.run_stdio_async()

"""Servers and tools of other programs, as people call them."""

from __future__ import annotations

import pytest

from agents.tools.text.mcp_words import read_mcp


@pytest.mark.parametrize(
    ("text", "action", "server"),
    [
        ("ask the github server for my open issues", "list", "github"),
        ("list whatever tools the postgres server exposes over mcp", "list", "postgres"),
        ("qué herramientas tiene el servidor airtable", "list", "airtable"),
        ('call search with {"q": "x"} on the slack server', "use", "slack"),
        ("what can the github mcp do", "list", "github"),
        ("list the servers", "servers", None),
        ("is the server running", "servers", None),
    ],
)
def test_a_server_is_known_by_its_name(text: str, action: str, server: str | None) -> None:
    found = read_mcp(text)
    assert (found["action"], found.get("server")) == (action, server)

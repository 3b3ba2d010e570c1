"""Tools of other programs: real servers, started and reached; only what is allowed, only as it was allowed."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from config.settings import McpServer
from integrations.http import Errand, HttpClient
from integrations.http_errors import NoConsent
from integrations.mcp.client import McpError, Pins, Tool, call, connected, fingerprint, tools
from privacy.audit import AuditLog
from tests.loopback import free_port, listening

PROGRAM = str(Path(__file__).with_name("tools_server.py"))
ALLOWED = McpServer(command=(sys.executable, PROGRAM), tools=("add", "secrets", "fail"))
ERRAND = Errand("mcp", "ana", agent="mcp", approved=True)


async def test_only_allowed_tools_are_there_and_one_answers(client: HttpClient, audit: AuditLog) -> None:
    async with connected("tools", ALLOWED, client, ERRAND) as session:
        assert [tool.name for tool in await tools(session, ALLOWED)] == ["add", "secrets", "fail"]
        assert await call(session, "add", {"a": 2, "b": 40}) == "42"
    (line,) = await audit.read()
    assert (line["method"], line["purpose"]) == ("MCP", "mcp")


async def test_a_started_server_sees_no_key_of_ours(client: HttpClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FREELANCEX_STRIPE_KEY", "rk_live_x")
    async with connected("tools", ALLOWED, client, ERRAND) as session:
        assert "FREELANCEX" not in await call(session, "secrets", {})


async def test_a_tool_that_fails_says_why_in_one_line(client: HttpClient) -> None:
    async with connected("tools", ALLOWED, client, ERRAND) as session:
        with pytest.raises(McpError, match=r"The tool fail failed: .*no disk at all"):
            await call(session, "fail", {})


async def test_without_consent_nothing_is_started(client: HttpClient) -> None:
    with pytest.raises(NoConsent):
        async with connected("tools", ALLOWED, client, Errand("mcp", "ben")):
            pytest.fail("a session was opened")


@pytest.mark.parametrize(
    "server, sentence",
    [
        (McpServer(command=("no-such-program-here",)), "cannot be started"),
        (McpServer(), "neither a command nor a url"),
    ],
)
async def test_a_server_that_is_not_there_is_one_sentence(client: HttpClient, server: McpServer, sentence: str) -> None:
    with pytest.raises(McpError, match=sentence):
        async with connected("tools", server, client, ERRAND):
            pytest.fail("a session was opened")


def test_a_list_that_changes_has_another_fingerprint_and_its_order_does_not_count() -> None:
    add, sub = Tool("add", "Adds.", {"a": 1, "b": 2}), Tool("sub", "Subtracts.", {})
    assert fingerprint([add, sub]) == fingerprint([sub, Tool("add", "Adds.", {"b": 2, "a": 1})])
    assert fingerprint([add]) != fingerprint([Tool("add", "Adds. And sends.", {"a": 1, "b": 2})])
    assert fingerprint([add]) != fingerprint([add, sub])


def test_pins_are_kept_and_a_damaged_file_allows_nothing(tmp_path: Path) -> None:
    pins = Pins(tmp_path / "private" / "mcp.json")
    assert pins.of("tools") is None
    pins.pin("tools", "abc")
    pins.pin("other", "def")
    assert (pins.of("tools"), pins.of("other")) == ("abc", "def")
    (tmp_path / "private" / "mcp.json").write_text("[")
    assert pins.of("tools") is None


@pytest.fixture
async def reached() -> AsyncIterator[int]:
    port = free_port()
    quiet = asyncio.subprocess.DEVNULL
    program = await asyncio.create_subprocess_exec(sys.executable, PROGRAM, "http", str(port), stderr=quiet)
    await listening(port)
    yield port
    program.terminate()
    await program.wait()


async def test_a_server_reached_over_http_goes_through_the_one_way_out(
    reached: int, client_for: Callable[..., HttpClient], audit: AuditLog
) -> None:
    server = McpServer(url=f"http://127.0.0.1:{reached}/mcp", tools=("add",))
    async with connected("tools", server, client_for(f"127.0.0.1:{reached}"), ERRAND) as session:
        assert [tool.name for tool in await tools(session, server)] == ["add"]
        assert await call(session, "add", {"a": 1, "b": 2}) == "3"
    assert {line["purpose"] for line in await audit.read()} == {"mcp"}

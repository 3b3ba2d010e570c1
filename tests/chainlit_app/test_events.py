"""A program follows what happens over a WebSocket, goes on where it was, and is cut off when its key ends."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
import websockets
from chat_server import Server
from websockets.asyncio.client import ClientConnection

Dict = dict[str, Any]
SECONDS = 30


@asynccontextmanager
async def following(server: Server, after: str = "", **how: Any) -> AsyncIterator[ClientConnection]:
    address = f"{server.address.replace('http', 'ws')}/api/v1/events?after={after}"
    async with websockets.connect(address, open_timeout=SECONDS, **how) as socket:
        yield socket


async def told(socket: ClientConnection) -> Dict:
    async with asyncio.timeout(SECONDS):
        said: Dict = json.loads(await socket.recv())
    return said


async def until(socket: ClientConnection, kind: str, thread: str = "") -> list[Dict]:
    found: list[Dict] = []
    while not found or found[-1]["type"] != kind or (thread and found[-1]["data"]["thread"] != thread):
        found.append(await told(socket))
    return found


async def test_a_reply_is_followed_from_another_program(server: Server, api: httpx.AsyncClient) -> None:
    async with following(server) as socket:
        assert (await told(socket))["type"] == "hello"
        answer = (await api.post("/api/v1/ask", json={"text": "echo hello"})).json()
        events = await until(socket, "reply.Done", answer["thread"])
    replies = [one for one in events if one["type"].startswith("reply.") and one["data"]["thread"] == answer["thread"]]
    assert replies[0]["type"] == "reply.TurnStarted"
    assert replies[-1]["data"]["text"] == answer["answer"]
    [finished] = [one for one in replies if one["type"] == "reply.StepFinished"]
    assert finished["data"]["agent"] == "echo" and "finding" not in finished["data"]
    assert len({one["id"] for one in events}) == len(events)


async def test_who_comes_back_is_told_what_it_missed(server: Server, api: httpx.AsyncClient) -> None:
    async with following(server) as socket:
        last = (await told(socket))["id"]
    thread = (await api.post("/api/v1/ask", json={"text": "echo while away"})).json()["thread"]
    async with following(server, last) as socket:
        assert await told(socket) == {"id": last, "type": "hello"}
        assert (await until(socket, "reply.Done", thread))[-1]["data"]["text"].startswith(
            "You said **echo while away**"
        )


async def test_what_is_no_longer_known_is_a_gap(server: Server) -> None:
    async with following(server, "00000000-7") as socket:
        assert (await told(socket))["type"] == "gap"


async def test_questions_records_and_decisions_are_told(server: Server, api: httpx.AsyncClient) -> None:
    async with following(server) as socket:
        await told(socket)
        asked = (await api.post("/api/v1/ask", json={"text": "publish the news"})).json()["approvals"][0]
        events = await until(socket, "reply.ApprovalNeeded")
        [made] = [one for one in events if one["type"] == "approval.made"]
        assert made["data"] == {"turn": asked["turn"], "step": asked["step"]}
        assert events[-1]["data"]["title"] == "Publish a post"
        await api.post(f"/api/v1/approvals/{asked['turn']}/{asked['step']}", json={"decision": "reject"})
        await until(socket, "approval.changed")
        made_client = (await api.post("/api/v1/records/clients", json={"name": "Live Ltd"})).json()
        events = await until(socket, "record.made")
        assert events[-1]["data"] == {"kind": "clients", "id": made_client["id"]}


async def test_a_ping_is_answered_and_anything_else_ends_it(server: Server) -> None:
    async with following(server) as socket:
        await told(socket)
        await socket.send("ping")
        assert await told(socket) == {"type": "pong"}
        await socket.send("delete everything")
        with pytest.raises(websockets.ConnectionClosedError) as closed:
            await told(socket)
    assert closed.value.rcvd is not None and closed.value.rcvd.code == 1008


async def test_a_page_of_another_site_cannot_follow(server: Server) -> None:
    with pytest.raises(websockets.InvalidStatus) as refused:
        async with following(server, origin="http://evil.example"):
            pass
    assert refused.value.response.status_code == 403


async def test_when_its_key_ends_the_socket_is_closed(server: Server, api: httpx.AsyncClient) -> None:
    made = (await api.post("/api/v1/keys", json={"title": "follower", "scopes": ["events:read"]})).json()
    bearer = {"Authorization": f"Bearer {made['key']}"}
    async with following(server, additional_headers=bearer) as socket:
        await told(socket)
        assert (await api.get("/api/v1/notifications", headers=bearer)).status_code == 403  # known, and narrow
        assert (await api.delete(f"/api/v1/keys/{made['id']}")).status_code == 204
        with pytest.raises(websockets.ConnectionClosedError) as closed:
            while True:
                await told(socket)
    assert closed.value.rcvd is not None and closed.value.rcvd.reason == "Your session has ended: sign in again."
    assert (await api.get("/api/v1/notifications", headers=bearer)).status_code == 401


async def test_a_key_without_the_scope_cannot_follow(server: Server, api: httpx.AsyncClient) -> None:
    made = (await api.post("/api/v1/keys", json={"title": "narrow", "scopes": ["records:read"]})).json()
    with pytest.raises(websockets.InvalidStatus):
        async with following(server, additional_headers={"Authorization": f"Bearer {made['key']}"}):
            pass

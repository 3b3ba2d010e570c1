"""Two people in the chat of one server: each sees their own, and a page whose session ended is closed."""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import websockets
from chat_server import Server, start
from chat_socket import PageSocket

from config.paths import ROOT
from tests.loopback import free_port

PASSWORD = "walnut river stone"


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, str]]:
    """A server where people sign in, and the link of its first owner."""
    data, port = tmp_path_factory.mktemp("shared"), free_port()
    env = {**os.environ, "FREELANCEX_DATA_DIR": str(data), "FREELANCEX_PORT": str(port), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "chainlit_app", "users", "add", "Olga", "--owner", "--json"]
    made = subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, check=True)
    own = {"FREELANCEX_AUTH": "password", "FREELANCEX_RATES": json.dumps({"chat": "8/hour"})}
    os.environ |= own
    try:
        running = start(data, port)
    finally:
        for name in own:
            del os.environ[name]
    yield running, json.loads(made.stdout)["link"]
    running.end()


def cookie(client: httpx.Client | httpx.AsyncClient) -> str:
    return "; ".join(f"{name}={value}" for name, value in client.cookies.items())


@pytest.fixture(scope="module")
def two(shared: tuple[Server, str]) -> Iterator[tuple[httpx.Client, httpx.Client]]:
    server, link = shared
    with (
        httpx.Client(base_url=server.address, timeout=30) as olga,
        httpx.Client(base_url=server.address, timeout=30) as max_,
    ):
        olga.post(link, data={"password": PASSWORD})
        come_in(max_, "Max", olga)
        yield olga, max_


def come_in(client: httpx.Client, name: str, owner: httpx.Client) -> None:
    """Let somebody new in, whom the owner invites."""
    found = re.search(r"/invited/[\w-]+", owner.post("/admin/invite", data={"role": "member"}).text)
    assert found is not None
    assert client.post(found[0], data={"name": name, "password": PASSWORD}).status_code in (200, 303)


def asked(client: httpx.Client) -> int:
    """How a program of theirs is answered that asks for nothing."""
    return client.post("/api/v1/ask", json={}).status_code


async def until_ended(page: PageSocket) -> None:
    await page.until("task_end", after=len(page.told))


async def test_each_has_conversations_files_and_answers_of_their_own(
    shared: tuple[Server, str], two: tuple[httpx.Client, httpx.Client]
) -> None:
    address, (olga, max_) = shared[0].address, two
    async with (
        PageSocket(address, cookie=cookie(olga)) as hers,
        PageSocket(address, cookie=cookie(max_)) as his,
    ):
        await hers.say("echo something of Olga's")
        thread = (await hers.until("first_interaction"))["thread_id"]
        await until_ended(hers)
        assert his.all("first_interaction") == [] and "Olga" not in json.dumps(his.told)
        listed = [client.post("/project/threads", json={"pagination": {"first": 20}, "filter": {}}).json()["data"]
                  for client in two]  # fmt: skip
        ids = [[one["id"] for one in some] for some in listed]
        assert thread in ids[0] and not set(ids[0]) & set(ids[1])
        assert max_.get(f"/project/thread/{thread}").status_code in (401, 403, 404)
        assert max_.request("DELETE", "/project/thread", json={"threadId": thread}).status_code in (401, 403, 404)
        assert max_.get(f"/api/v1/threads/{thread}").status_code == 404
        assert max_.post("/api/v1/ask", json={"text": "hello", "thread": thread}).status_code in (404, 409)
        files = {"file": ("note.txt", b"of Max", "text/plain")}
        assert max_.post("/project/file", params={"session_id": hers.session}, files=files).status_code == 404
        assert olga.get(f"/project/thread/{thread}").status_code == 200
    with pytest.raises((AssertionError, TimeoutError, websockets.ConnectionClosed)):
        async with asyncio.timeout(5), PageSocket(address, thread, cookie=cookie(max_)):
            pass


async def test_a_thumb_cannot_be_put_on_or_taken_from_what_another_was_told(
    shared: tuple[Server, str], two: tuple[httpx.Client, httpx.Client]
) -> None:
    olga, max_ = two
    async with PageSocket(shared[0].address, cookie=cookie(olga)) as hers:
        await hers.say("echo again")
        await until_ended(hers)
        answer = next(one for one in hers.all("new_message") + hers.all("stream_start") if ".answer" in str(one["id"]))
    body: dict[str, Any] = {"feedback": {"forId": answer["id"], "value": 1}, "sessionId": "x"}
    assert max_.put("/feedback", json=body).status_code >= 400
    kept = olga.put("/feedback", json=body).json()["feedbackId"]
    max_.request("DELETE", "/feedback", json={"feedbackId": kept})
    assert any("feedback" in step for step in olga.get(f"/project/thread/{answer['threadId']}").json()["steps"])


async def test_too_many_messages_are_said_to_be_in_one_sentence_and_hold_up_nobody_else(
    shared: tuple[Server, str], two: tuple[httpx.Client, httpx.Client]
) -> None:
    server = shared[0]
    with httpx.Client(base_url=server.address, timeout=30) as eva:
        come_in(eva, "Eva", two[0])
        async with PageSocket(server.address, cookie=cookie(eva)) as hers:
            for number in range(9):
                await hers.say(f"echo {number}")
            told = await hers.until("toast", seconds=30, type="error")
        assert re.fullmatch(r"Too many messages at once: there is room again in \d+ s\.", told["message"])
        assert asked(eva) == 429, "a program of hers is counted with her"
    assert asked(two[1]) == 422


async def test_a_page_whose_session_ends_is_closed_at_once(
    shared: tuple[Server, str], two: tuple[httpx.Client, httpx.Client]
) -> None:
    server, (olga, _) = shared[0], two
    async with httpx.AsyncClient(base_url=server.address, timeout=30) as other:
        await other.post("/sign-in", data={"name": "Olga", "password": PASSWORD})
        async with PageSocket(server.address, cookie=cookie(other)) as page:
            sessions = olga.get("/api/v1/account/sessions").json()
            newest = max(sessions, key=lambda one: one["created_at"])["id"]
            assert olga.delete(f"/api/v1/account/sessions/{newest}").status_code == 204
            async with asyncio.timeout(30):
                await page.closed()
        assert (await other.get("/api/v1/account")).status_code == 401
    with pytest.raises(websockets.InvalidStatus):
        async with PageSocket(server.address, cookie="freelancex=nothing"):
            pass


def test_the_command_line_shuts_out_and_works_with_the_data_of_whom_is_named(
    shared: tuple[Server, str], two: tuple[httpx.Client, httpx.Client]
) -> None:
    server, env = shared[0], {**os.environ, "FREELANCEX_DATA_DIR": str(shared[0].data), "PYTHONPATH": str(ROOT)}

    def said(*words: str) -> Any:
        command = [sys.executable, "-m", "chainlit_app", *words, "--json"]
        return json.loads(subprocess.run(command, env=env, cwd=ROOT, capture_output=True, check=True).stdout)

    assert {"Olga", "Max"} <= {one["name"] for one in said("users", "list")["users"]}
    assert two[0].post("/api/v1/records/clients", json={"name": "Acme"}).status_code == 201
    mine, his = said("privacy", "stored"), said("privacy", "stored", "--user", "max")
    assert mine["rows"]["clients"] == 1 and "clients" not in his["rows"]
    with httpx.Client(base_url=server.address, timeout=30) as gone:
        come_in(gone, "Tim", two[0])
        assert gone.get("/api/v1/account").json()["name"] == "Tim"
        assert said("users", "shut-out", "Tim")["active"] is False
        for _ in range(300):  # another process is noticed after a second
            if gone.get("/api/v1/account").status_code == 401:
                return
            time.sleep(0.1)
    raise AssertionError("Tim is still let in")

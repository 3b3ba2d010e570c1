"""Programs get the same replies as the chat."""

import asyncio
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing

import httpx
import psutil
from chat_server import Server


async def test_a_message_is_answered_as_a_whole(api: httpx.AsyncClient) -> None:
    answer = (await api.post("/api/v1/ask", json={"text": "echo hello"})).json()
    assert answer["status"] == "done"
    assert "echo hello" in answer["answer"]
    assert [step["agent"] for step in answer["plan"]] == ["echo"]
    assert answer["findings"][0]["ok"] is True
    assert answer["offers"] == ["Echo again"]


async def test_a_message_is_answered_as_a_stream(api: httpx.AsyncClient) -> None:
    names, told = [], []
    headers = {"Accept": "text/event-stream"}
    async with api.stream("POST", "/api/v1/ask", json={"text": "echo hello"}, headers=headers) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        async for line in answer.aiter_lines():
            if line.startswith("event: "):
                names.append(line.removeprefix("event: "))
            elif line.startswith("data: "):
                told.append(json.loads(line.removeprefix("data: ")))
    assert names[:2] == ["Thread", "TurnStarted"]
    assert names[-1] == "Done"
    written = "".join(data["text"] for name, data in zip(names, told, strict=True) if name == "Token")
    assert written.strip() == told[-1]["text"].strip()


async def test_uploaded_files_go_with_the_message(api: httpx.AsyncClient) -> None:
    file = (await api.post("/api/v1/files", files={"file": ("notes.txt", b"some notes")})).json()
    assert file["kind"] == "document"
    answer = (await api.post("/api/v1/ask", json={"text": "echo it", "files": [file["id"]]})).json()
    assert "notes.txt" in answer["answer"]


async def test_artifacts_can_be_downloaded_and_run_no_scripts(api: httpx.AsyncClient) -> None:
    made = (await api.post("/api/v1/ask", json={"text": "draw a dot"})).json()["artifacts"][0]
    picture = await api.get(made["url"])
    assert picture.headers["content-type"] == "image/png"
    assert picture.content.startswith(b"\x89PNG")
    page = (await api.post("/api/v1/files", files={"file": ("evil.html", b"<script>alert(1)</script>")})).json()
    answer = await api.get(f"/api/v1/files/{page['id']}")
    assert answer.headers["content-disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["content-security-policy"]


async def test_what_is_missing_is_said(api: httpx.AsyncClient) -> None:
    assert (await api.get("/api/v1/files/unknown")).status_code == 404
    assert (await api.post("/api/v1/ask", json={"text": "echo", "files": ["unknown"]})).status_code == 404
    assert (await api.post("/api/v1/ask", json={"text": ""})).status_code == 422
    assert (await api.post("/api/v1/files", files={"file": ("empty.txt", b"")})).status_code == 400


async def test_a_defect_is_told_without_its_details(api: httpx.AsyncClient) -> None:
    answer = (await api.post("/api/v1/ask", json={"text": "fail now"})).text
    assert "secret detail" not in answer


async def test_what_waits_for_approval_is_listed(api: httpx.AsyncClient) -> None:
    answer = (await api.post("/api/v1/ask", json={"text": "publish the news"})).json()
    assert answer["status"] == "waiting"
    assert answer["approvals"][0]["title"] == "Publish a post"


async def test_while_another_program_holds_the_database_one_is_told_when_to_try_again(
    api: httpx.AsyncClient, server: Server
) -> None:
    with closing(sqlite3.connect(server.data / "freelancex.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        answer = await api.post("/api/v1/files", files={"file": ("notes.txt", b"some notes")})
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
        assert answer.json()["detail"].startswith("Another program holds my database, so nothing was changed")
        other.execute("ROLLBACK")
    assert (await api.post("/api/v1/files", files={"file": ("notes.txt", b"some notes")})).is_success


async def test_a_program_that_hangs_up_stops_its_reply_and_what_runs_for_it(
    server: Server, api: httpx.AsyncClient
) -> None:
    def workers() -> list[psutil.Process]:
        return [one for one in psutil.Process(server.process.pid).children() if works(one)]

    def works(one: psutil.Process) -> bool:
        try:
            return "graph.worker" in one.cmdline()
        except psutil.NoSuchProcess:  # it ended, or did and was not fetched yet
            return False

    async def until(done: Callable[[], bool]) -> None:
        for _ in range(600):
            if done():
                return
            await asyncio.sleep(0.05)
        raise AssertionError(workers())

    asked = {"text": "labour on this for hours", "thread": "hung-up"}
    async with api.stream("POST", "/api/v1/ask", json=asked, headers={"Accept": "text/event-stream"}) as answer:
        async for line in answer.aiter_lines():
            if line == "event: StepStarted":
                break
        await until(lambda: bool(workers()))
    await until(lambda: not workers())
    for _ in range(150):  # what ran has gone before the turn has ended
        again = (await api.post("/api/v1/ask", json={"text": "echo hello", "thread": "hung-up"})).json()
        if again["status"] == "done":
            return
        await asyncio.sleep(0.2)
    raise AssertionError(again)

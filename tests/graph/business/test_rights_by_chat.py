"""What the law gives a person, by chat alone: corrected, restricted, allowed for a purpose, and taken back."""

from __future__ import annotations

import asyncio
import json
import re
import threading
from collections.abc import AsyncIterator

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from agents import registry
from config.settings import Settings
from graph.approvals import Decision, decide
from graph.events import ApprovalNeeded, Done, ReplyEvent
from graph.reply import Message, reply
from graph.runtime import Runtime, open_runtime
from memory.portability import rows_of
from tests.graph.business.conftest import Ask


@pytest.fixture
async def runtime(settings: Settings, httpserver: HTTPServer) -> AsyncIterator[Runtime]:
    addresses = {"wikipedia": httpserver.url_for("/{language}/w")}
    async with open_runtime(settings.model_copy(update={"addresses": addresses}), agents=registry.load()) as opened:
        opened.http.allow(f"{httpserver.host}:{httpserver.port}")
        yield opened


async def events_of(text: str, runtime: Runtime, thread: str = "t1") -> list[ReplyEvent]:
    return [event async for event in reply(Message(text, thread), runtime)]


async def answered(asked: ReplyEvent, word: Decision, runtime: Runtime) -> str:
    assert isinstance(asked, ApprovalNeeded)
    last = [event async for event in decide(asked.turn, asked.step, word, runtime)][-1]
    assert isinstance(last, Done), last
    return last.text


async def test_what_is_wrong_is_put_right_and_nothing_works_with_the_wrong_any_more(runtime: Runtime, ask: Ask) -> None:
    for text in (
        "my name is Ana Silva",
        "no, my name is Ana Sousa",
        "new client Acme GmbH, wrong@acme.example",
        "the email of Acme is billing@acme.example",
        "remember that Acme pays within 90 days",
        "that's wrong, Acme pays within 30 days",
    ):
        await ask(text)
    rows = await rows_of(runtime.stores, "local")
    said_of_them = json.dumps({name: rows[name] for name in ("profile", "clients")})
    assert "Ana Sousa" in said_of_them and "billing@acme.example" in said_of_them
    assert "Silva" not in said_of_them and "wrong@acme.example" not in said_of_them
    assert [fact["text"] for fact in rows["facts"] if not fact["superseded_by"]] == ["Acme pays within 30 days"]


async def test_a_client_whose_data_rest_is_kept_but_worked_with_by_nobody_until_that_is_lifted(
    runtime: Runtime, ask: Ask
) -> None:
    for text in ("new client Acme GmbH, ap@acme.example", "new client Nova", "log 3 hours for Acme today"):
        await ask(text)
    assert "Acme" in await ask("restrict processing for Acme")
    assert "is restricted" in await ask("create an invoice to Acme GmbH for 10 hours at 80 €")
    listed = await ask("list my clients")
    assert "Nova" in listed and "Acme" not in listed
    rows = await rows_of(runtime.stores, "local")
    assert not rows["invoices"] and len(rows["clients"]) == 2 and len(rows["time_entries"]) == 1
    assert "is lifted" in await ask("lift the restriction on Acme")
    assert (
        "2026-0001" in await ask("create an invoice to Acme GmbH for 10 hours at 80 €")
        or (await rows_of(runtime.stores, "local"))["invoices"]
    )


async def test_a_permission_is_given_for_one_purpose_told_with_its_history_and_ends_what_it_runs_when_taken_back(
    runtime: Runtime, ask: Ask, httpserver: HTTPServer
) -> None:
    asked, go_on = threading.Event(), threading.Event()

    def slow(_: Request) -> Response:
        asked.set()
        go_on.wait(30)
        return Response("{}", mimetype="application/json")

    httpserver.expect_request(re.compile("/en/w.*")).respond_with_handler(slow)
    look = "look up Zettelkasten on wikipedia"
    running = asyncio.create_task(answered((await events_of(look, runtime, "t2"))[-1], "always", runtime))
    try:
        assert await asyncio.to_thread(asked.wait, 30)
        assert "Search the web" in await ask("list my permissions")
        assert "Taken back" in await ask("stop allowing web research")
        assert "You took this permission back" in await asyncio.wait_for(running, 30)
    finally:
        go_on.set()
    told = await ask("when did I give which permission")
    assert "| Search the web and open pages | given |" in told
    assert "| Search the web and open pages | withdrawn |" in told
    before = len(httpserver.log)
    assert isinstance((await events_of(look, runtime, "t3"))[-1], ApprovalNeeded)  # asked again
    assert len(httpserver.log) == before

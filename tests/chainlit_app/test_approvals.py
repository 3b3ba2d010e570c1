"""What waits for the user's word: over the API, in the chat's own inbox, and on the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from chat_server import Server
from chat_socket import PageSocket

from chainlit_app.command_line import main

WHERE = "/api/v1/approvals"


async def asked(api: httpx.AsyncClient) -> dict[str, Any]:
    """Have something wait; returns it as the API lists it."""
    answer = (await api.post("/api/v1/ask", json={"text": "publish the news"})).json()
    (approval,) = answer["approvals"]
    waiting = (await api.get(WHERE)).json()
    found: dict[str, Any] = next(one for one in waiting if one["turn"] == approval["turn"])
    return found


def path(one: dict[str, Any]) -> str:
    return f"{WHERE}/{one['turn']}/{one['step']}"


async def test_it_is_listed_exactly_changed_and_approved_once(api: httpx.AsyncClient) -> None:
    one = await asked(api)
    assert (one["title"], one["preview"], one["editable"]) == ("Publish a post", "It says: *hello*", {"words": "hello"})
    assert one["always"] == "Ask job boards" and one["conversation"] == "publish the news"
    assert one["expires_at"] > one["asked_at"]
    assert (await api.get(path(one))).json() == one

    shown = await api.post(f"{path(one)}/preview", json={"arguments": {"words": "good day"}})
    assert shown.json() == {"title": "Publish a post", "preview": "It says: *good day*"}
    done = await api.post(path(one), json={"decision": "approve", "arguments": {"words": "good day"}})
    assert (done.json()["state"], done.json()["text"]) == ("done", "The post is published.")
    again = await api.post(path(one), json={"decision": "approve"})
    assert again.status_code == 409 and "before" in again.json()["detail"]
    assert (await api.get(path(one))).status_code == 409
    assert one not in (await api.get(WHERE)).json()


async def test_a_wrong_change_is_one_sentence_and_the_question_stays(api: httpx.AsyncClient) -> None:
    one = await asked(api)
    for body, sentence in (({"words": ""}, "A post needs words."), ({"to": "all"}, "“to” cannot be changed here")):
        for where in (path(one), f"{path(one)}/preview"):
            word = {} if where.endswith("preview") else {"decision": "approve"}
            refused = await api.post(where, json={**word, "arguments": body})
            assert refused.status_code == 422 and sentence in refused.json()["detail"]
    assert (await api.get(path(one))).status_code == 200
    rejected = await api.post(path(one), json={"decision": "reject"})
    assert rejected.json()["state"] == "rejected"


async def test_other_pages_and_unknown_questions_are_turned_away(api: httpx.AsyncClient) -> None:
    one = await asked(api)
    foreign = {"Origin": "https://evil.example"}
    assert (await api.post(path(one), json={"decision": "approve"}, headers=foreign)).status_code == 403
    assert (await api.get(f"{WHERE}/none/s1")).status_code == 404
    assert (await api.post(f"{WHERE}/none/s1", json={"decision": "approve"})).status_code == 404
    assert (await api.post(path(one), json={"decision": "perhaps"})).status_code == 422
    assert (await api.post(path(one), json={"decision": "reject"})).json()["state"] == "rejected"


async def test_pages_are_told_how_much_waits_and_what_was_decided_elsewhere(
    server: Server, api: httpx.AsyncClient
) -> None:
    async with PageSocket(server.address) as page:
        before = (await page.until("window_message"))["count"]
        await page.say("publish the news")
        yes = await page.until("action", label="Approve")
        assert (await page.until("window_message", count=before + 1))["freelancex"] == "approvals"
        one = (await api.get(WHERE)).json()[-1]
        place = len(page.told)
        assert (await api.post(path(one), json={"decision": "approve"})).json()["state"] == "done"
        await page.until("remove_action", id=yes["id"])
        await page.until("window_message", after=place, count=before)


async def test_edit_opens_the_question_on_the_page_that_asked_only(server: Server, api: httpx.AsyncClient) -> None:
    async with PageSocket(server.address) as page:
        await page.say("publish the news")
        await page.press(await page.until("action", label="Edit"))
        told = await page.until("window_message", freelancex="edit")
        one = (await api.get(WHERE)).json()[-1]
        assert (told["turn"], told["step"]) == (one["turn"], one["step"])
        assert (await api.post(path(one), json={"decision": "reject"})).json()["state"] == "rejected"


@pytest.fixture
def waiting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """An erasure that waits."""
    monkeypatch.setenv("FREELANCEX_DATA_DIR", str(tmp_path))
    assert main(["ask", "erase everything", "--json"]) == 0
    capsys.readouterr()


@pytest.mark.usefixtures("waiting")
def test_the_command_line_lists_and_decides(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["approvals"]) == 0
    assert "1. Erase everything" in capsys.readouterr().out
    assert main(["approvals", "list", "--json"]) == 0
    (one,) = json.loads(capsys.readouterr().out)
    assert main(["approvals", "approve", "2"]) == 1
    assert "No “2” waits for your word" in capsys.readouterr().err
    assert main(["approvals", "approve", "1", "--set", "user=else"]) == 1
    assert "cannot be changed here" in capsys.readouterr().err
    assert main(["approvals", "reject", f"{one['asked']['turn']}/{one['asked']['step']}"]) == 0
    assert "did not do that" in capsys.readouterr().out
    assert main(["approvals"]) == 0
    assert "Nothing waits" in capsys.readouterr().out

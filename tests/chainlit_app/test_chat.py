"""A conversation over the page's socket: answered, stopped, edited, approved, resumed after a crash."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest
from chat_server import Server, start
from chat_socket import PageSocket

from tests.loopback import free_port


def steps(page: PageSocket) -> dict[str, dict[str, Any]]:
    """The last state of each thing shown."""
    shown: dict[str, dict[str, Any]] = {}
    for name, data in page.told:
        if name in ("new_message", "update_message", "stream_start"):
            shown[data["id"]] = data
    return shown


def texts(page: PageSocket) -> list[str]:
    return [one["output"] for one in steps(page).values() if one["type"] == "assistant_message"]


def thread_of(page: PageSocket) -> str:
    return str(page.all("first_interaction")[0]["thread_id"])


async def answered(page: PageSocket, text: str, **more: Any) -> str:
    place = len(page.told)
    id = await page.say(text, **more)
    await page.until("task_start", after=place)
    await page.until("task_end", after=place)
    return id


async def test_a_message_is_answered_with_its_steps_and_a_thread_of_its_own(server: Server) -> None:
    async with PageSocket(server.address) as page:
        asked = await answered(page, "echo hello")
        shown = list(steps(page).values())
        run, step, answer = shown
        assert (run["type"], run["parentId"]) == ("run", asked)
        assert step["type"] == "tool" and step["parentId"] == run["id"]
        assert step["name"].startswith("Echo · ") and step["end"]
        assert "You said **echo hello**" in answer["output"] and answer["streaming"] is False
        assert r"Re\:Invoice" in answer["output"]  # else the page would drop the word after the colon
        tokens = page.all("stream_start")[0]["output"] + "".join(one["token"] for one in page.all("stream_token"))
        assert "You said **echo hello**" in tokens
        offer = page.all("action")[0]
        assert (offer["label"], offer["forId"]) == ("Echo again", answer["id"])
        await page.press(offer)
        await page.until("new_message", type="user_message", output="Echo again")


async def test_a_reload_shows_what_was_shown(server: Server) -> None:
    async with PageSocket(server.address) as page:
        await answered(page, "draw a dot", command="match")
        before = {id: one for id, one in steps(page).items() if one["type"] != "run"}
        thread = thread_of(page)
        live = page.all("element")
    async with PageSocket(server.address, thread) as again:
        resumed = await again.until("resume_thread")
    after = {one["id"]: one for one in resumed["steps"]}
    for id, one in before.items():
        same = ("type", "parentId", "output", "input", "metadata", "showInput")
        assert {key: after[id][key] for key in same} == {key: one[key] for key in same}
    assert [one["url"] for one in resumed["elements"]] == [one["url"] for one in live]
    assert next(one for one in resumed["steps"] if one["type"] == "user_message")["command"] == "match"


async def test_stop_ends_the_work_says_so_and_the_thread_goes_on(server: Server) -> None:
    async with PageSocket(server.address) as page, httpx.AsyncClient(base_url=server.address) as api:
        await page.say("wait for the rain to stop")
        await page.until("update_message", name="Wait · waiting for the rain (25%)")
        place = len(page.told)
        await page.emit("stop")
        await page.until("task_end", after=place)
        note = await page.until("new_message", after=place, type="assistant_message")
        assert note["output"].startswith("Stopped.")
        assert not any("manually" in text for text in texts(page))
        assert (await api.get("/api/v1/system/status")).json()["replies_running"] == 0
        await answered(page, "echo my words again")
        assert any("echo my words again" in text for text in texts(page))
        thread = thread_of(page)
    async with PageSocket(server.address, thread) as again:
        kept = await again.until("resume_thread")
        assert any(one["output"].startswith("Stopped.") for one in kept["steps"])


async def test_a_page_that_connects_before_it_knows_its_thread_is_shown_it(server: Server) -> None:
    async with PageSocket(server.address) as page:
        await answered(page, "echo one")
        thread = thread_of(page)
    async with PageSocket(server.address, at=f"/thread/{thread}") as again:
        kept = (await again.until("resume_thread"))["steps"]
    assert [one["output"] for one in kept if one["type"] == "user_message"] == ["echo one"]


async def test_an_edited_message_is_answered_anew_and_can_be_stopped_too(server: Server) -> None:
    async with PageSocket(server.address) as page:
        first = await answered(page, "echo one")
        await answered(page, "echo two")
        place = len(page.told)
        await page.emit("edit_message", {"message": {"id": first, "output": "wait for the rain to stop"}})
        await page.until("update_message", after=place, name="Wait · waiting for the rain (25%)")
        await page.emit("stop")
        await page.until("new_message", after=place, type="assistant_message")
        thread = thread_of(page)
    async with PageSocket(server.address, thread) as again:
        kept = (await again.until("resume_thread"))["steps"]
    assert [one["output"] for one in kept if one["type"] == "user_message"] == ["wait for the rain to stop"]
    assert not any("echo" in one["output"] for one in kept)


async def test_a_page_opened_in_the_middle_sees_what_runs_and_can_stop_it(server: Server) -> None:
    async with PageSocket(server.address) as page:
        await page.say("wait for the rain to stop")
        await page.until("update_message", name="Wait · waiting for the rain (25%)")
        async with PageSocket(server.address, thread_of(page)) as second:
            await second.until("new_message", type="tool")
            await second.until("task_start", after=len(second.told) - 1)
            await second.emit("stop")
            await page.until("new_message", type="assistant_message")
            await page.until("task_end")


async def test_a_defect_is_one_sentence_without_details(server: Server) -> None:
    async with PageSocket(server.address) as page:
        await answered(page, "fail at something")
        assert texts(page) and not any("secret" in str(data) for _, data in page.told)


async def test_an_approval_waits_through_a_reload_and_is_given_once(server: Server) -> None:
    async with PageSocket(server.address) as page:
        await answered(page, "publish the news")
        asked = next(one for one in steps(page).values() if one["id"].endswith(".approval"))
        assert "Publish a post" in asked["output"] and "It says: *hello*" in asked["output"]
        assert [one["label"] for one in page.all("action")] == ["Approve", "Edit", "Always allow", "Decline"]
        thread = thread_of(page)
    async with PageSocket(server.address, thread) as one, PageSocket(server.address, thread) as other:
        yes = await one.until("action", label="Approve")
        no = await other.until("action", label="Decline")
        await one.press(yes)
        for page in (one, other):
            await page.until("remove_action", id=yes["id"])
            await page.until("update_message", id=asked["id"])
        await one.until("update_message", id=asked["id"])
        await one.until("task_end", after=len(one.told) - 1)
        assert any("The post is published." in text for text in texts(one))
        await other.press(no)
        assert "decided" in (await other.until("toast"))["message"]
    async with PageSocket(server.address, thread) as again:
        kept = await again.until("resume_thread")
        assert "You approved this." in next(one["output"] for one in kept["steps"] if one["id"] == asked["id"])
        assert again.all("action") == [] or all(".offer." in one["id"] for one in again.all("action"))


async def test_declining_leaves_the_world_alone(server: Server) -> None:
    async with PageSocket(server.address) as page:
        await answered(page, "publish the news")
        place = len(page.told)
        await page.press(await page.until("action", label="Decline"))
        await page.until("task_end", after=place)
        assert not any("published" in text for text in texts(page))


@pytest.fixture
def crashing(tmp_path: Path) -> Server:
    return start(tmp_path / "data", free_port())


async def test_a_turn_cut_short_by_a_crash_is_offered_again(crashing: Server) -> None:
    try:
        async with PageSocket(crashing.address) as page:
            await answered(page, "echo before the crash")
            await page.say("wait for the rain to stop")
            await page.until("update_message", name="Wait · waiting for the rain (25%)")
            thread = thread_of(page)
            crashing.kill()
        crashing = start(crashing.data, free_port())
        async with PageSocket(crashing.address, thread) as again:
            kept = await again.until("resume_thread")
            said = [one["output"] for one in kept["steps"] if one["type"] == "user_message"]
            assert said == ["echo before the crash", "wait for the rain to stop"]
            assert any("You said" in one["output"] for one in kept["steps"])
            note = await again.until("new_message", type="assistant_message")
            assert "interrupted" in note["output"]
            resume = await again.until("action", label="Resume")
            await again.until("action", label="Try again")
            await again.press(resume)
            await again.until("delete_message", id=note["id"])
            await again.until("update_message", name="Wait · waiting for the rain (25%)")
            await again.emit("stop")
            await again.until("new_message", after=len(again.told) - 1, type="assistant_message")
    finally:
        crashing.kill()


async def test_a_turn_cut_short_by_the_end_of_the_server_can_be_tried_again(crashing: Server) -> None:
    try:
        async with PageSocket(crashing.address) as page:
            await page.say("wait for the rain to stop")
            await page.until("update_message", name="Wait · waiting for the rain (25%)")
            thread = thread_of(page)
            await asyncio.to_thread(crashing.end)
        crashing = start(crashing.data, free_port())
        async with PageSocket(crashing.address, thread) as again:
            await again.press(await again.until("action", label="Try again"))
            await again.until("update_message", name="Wait · waiting for the rain (25%)")
    finally:
        crashing.kill()


async def test_commands_and_settings_are_offered_at_once(server: Server) -> None:
    async with PageSocket(server.address) as page:
        assert {one["id"] for one in page.all("set_commands")[0]} >= {"invoice", "docs"}
        widgets = {one["id"]: one for one in page.all("chat_settings")[0]}
        assert [id for id in widgets if id.startswith("allow_")] == ["allow_job_boards"]
        assert widgets["allow_job_boards"]["initial"] is False
        place = len(page.told)
        await page.emit("chat_settings_change", {"allow_job_boards": True})
        await page.until("task_end", after=place)
    async with PageSocket(server.address) as again:
        assert {one["id"]: one for one in again.all("chat_settings")[0]}["allow_job_boards"]["initial"] is True
        await again.emit("chat_settings_change", {"allow_job_boards": False})
        await again.until("task_end")

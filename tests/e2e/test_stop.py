"""Stop really stops: the page, the turn, and the process that does the work."""

from __future__ import annotations

from typing import Any

import httpx
import psutil
from playwright.sync_api import expect

from config.paths import SAMPLES

TRAIN = "Train a model for the price in diamonds.csv and explain it"
SLOW_MS = 120_000


def working(installation: Any) -> list[psutil.Process]:
    """The worker processes that compute right now."""
    server = psutil.Process(installation.process.pid)
    children = [child for child in server.children(recursive=True) if child.is_running()]
    for child in children:
        child.cpu_percent()
    return [child for child in children if child.cpu_percent(interval=0.5) > 20]


def rests(installation: Any) -> bool:
    """Whether nothing computes any more, once the training that was stopped has kept its best model."""
    return any(working(installation) == [] for _ in range(24))


def begin(tab: Any) -> None:
    """Have a job run in another process."""
    expect(tab.page.locator("#stop-button")).to_be_visible()
    expect(tab.step("AutoML")).to_contain_text("·", timeout=SLOW_MS)  # progress comes from the other process


def test_stop_ends_a_job_in_another_process_and_the_thread_stays_usable(tab: Any, installation: Any) -> None:
    tab.open()
    tab.attach(SAMPLES / "diamonds.csv")
    tab.say(TRAIN)
    begin(tab)
    tab.page.locator("#stop-button").click()
    expect(tab.answer()).to_contain_text("Stopped.")
    expect(tab.page.locator("#stop-button")).to_have_count(0)
    expect(tab.page.get_by_text("Task manually stopped")).to_have_count(0)
    assert httpx.get(f"{installation.address}/api/v1/system/status").json()["replies_running"] == 0
    assert rests(installation)
    tab.picture("stopped")
    tab.say("What is 19 % of 1,000 €?")
    expect(tab.answer()).to_contain_text("190")


def test_an_edited_message_can_be_stopped_too(tab: Any, installation: Any) -> None:
    tab.open()
    tab.attach(SAMPLES / "diamonds.csv")
    tab.say("What is 2 + 3?")
    tab.answered()
    page = tab.page
    page.locator("[data-step-type=user_message] .group").first.hover()
    page.locator(".edit-message").first.click()
    page.locator("#edit-chat-input").fill(TRAIN)
    page.locator(".confirm-edit").click()
    begin(tab)
    page.locator("#stop-button").click()
    expect(tab.answer()).to_contain_text("Stopped.")
    assert rests(installation)
    page.reload()
    expect(tab.answer()).to_contain_text("Stopped.")
    assert len(tab.asked()) == 1


def test_the_jobs_of_a_stopped_turn_leave_no_process_behind_when_the_server_ends(installation: Any) -> None:
    children = psutil.Process(installation.process.pid).children(recursive=True)
    installation.end()
    psutil.wait_procs(children, timeout=10)
    assert [child.pid for child in children if child.is_running() and child.status() != "zombie"] == []
    assert not (installation.data / ".chat-page").exists()
    assert (installation.data / "freelancex.db").is_file()

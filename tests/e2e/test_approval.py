"""Nothing happens before the user has agreed, and the question outlives a reload, a second tab and a restart."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

ERASE = "Erase everything about me"


def ask(tab: Any) -> None:
    tab.open()
    tab.say("I'm Ana Silva, a data scientist in Lisbon, 80 € an hour, skills Python, SQL")
    tab.answered()
    tab.say(ERASE)
    tab.answered()
    expect(tab.page.get_by_role("button", name="Approve")).to_be_visible()


@pytest.mark.timeout(300)
def test_an_approval_waits_through_a_reload_and_a_restart_and_counts_once(tabs: list[Any], installation: Any) -> None:
    first, second = tabs
    ask(first)
    first.picture("approval")
    first.page.reload()
    expect(first.page.get_by_role("button", name="Decline")).to_be_visible()
    installation.crash()
    installation.start()
    for tab in tabs:
        tab.page.goto(first.page.url)
        expect(tab.page.get_by_role("button", name="Decline")).to_be_visible()

    first.page.get_by_role("button", name="Decline").click()
    for tab in tabs:
        expect(tab.page.get_by_text("You declined this.")).to_be_visible()
        expect(tab.page.get_by_role("button", name="Approve")).to_have_count(0)
    first.say("Show my profile")
    first.answered()
    expect(first.answer()).to_contain_text("Ana Silva")
    second.page.reload()
    expect(second.page.get_by_text("You declined this.")).to_be_visible()
    expect(second.page.get_by_role("button", name="Approve")).to_have_count(0)


@pytest.mark.timeout(300)
def test_what_is_approved_happens(tab: Any) -> None:
    ask(tab)
    tab.page.reload()
    tab.page.get_by_role("button", name="Approve").click()
    tab.answered()
    tab.open()
    expect(tab.page.get_by_text("No conversations yet")).to_be_visible()
    tab.say("Show my profile")
    tab.answered()
    expect(tab.answer()).to_contain_text("I know nothing about you yet")

"""kill -9 in the middle of a turn: nothing acknowledged is gone, and the turn goes on."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from config.paths import SAMPLES

SLOW_MS = 120_000


@pytest.mark.timeout(600)
def test_a_crash_in_the_middle_of_a_turn(tab: Any, installation: Any) -> None:
    page = tab.page
    tab.open()
    tab.say("Create an invoice to Acme GmbH for 12.5 hours at 80 € with 19 % VAT")
    tab.answered()
    expect(tab.answer()).to_contain_text("1,190.00")
    tab.attach(SAMPLES / "diamonds.csv")
    tab.say("Train a model for the price in diamonds.csv and explain it")
    expect(tab.step("AutoML")).to_contain_text("·", timeout=SLOW_MS)
    page.wait_for_url("**/thread/*")
    asked, where = tab.asked(), page.url

    installation.crash()
    installation.start()

    page.goto(where)
    expect(page.get_by_text("This answer was interrupted")).to_be_visible()
    assert tab.asked() == asked
    expect(page.get_by_text("1,190.00").first).to_be_visible()
    expect(page.locator(".inline-pdf canvas").first).to_be_visible()
    expect(page.get_by_text("diamonds.csv", exact=True).first).to_be_visible()
    expect(page.get_by_role("button", name="Try again")).to_be_visible()
    tab.picture("interrupted")

    page.get_by_role("button", name="Resume").click()
    expect(page.locator("#stop-button")).to_be_visible()
    tab.answered()
    expect(page.get_by_text("This answer was interrupted")).to_have_count(0)
    expect(tab.answer()).to_contain_text("carat")
    assert tab.asked() == asked

    page.reload()
    expect(tab.answer()).to_contain_text("carat")
    expect(page.get_by_text("This answer was interrupted")).to_have_count(0)


@pytest.mark.timeout(600)
def test_a_message_cut_short_can_be_tried_again_from_its_start(tab: Any, installation: Any) -> None:
    page = tab.page
    tab.open()
    tab.attach(SAMPLES / "diamonds.csv")
    tab.say("Train a model for the price in diamonds.csv and explain it")
    expect(tab.step("AutoML")).to_contain_text("·", timeout=SLOW_MS)
    page.wait_for_url("**/thread/*")
    where = page.url
    installation.crash()
    installation.start()
    page.goto(where)
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("#stop-button")).to_be_visible()
    tab.answered()
    expect(tab.answer()).to_contain_text("carat")
    assert len(tab.asked()) == 1

"""Voice in a real browser: a microphone that plays a file, a memo that becomes an invoice, an answer read aloud."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, BrowserType, expect

from tests.e2e.conftest import BROWSER, FLAGS, SLOW_MS, Tab, _watch
from tests.speech import RATE, needs_espeak, spoken, write_wav

pytestmark = needs_espeak
DRAFT = re.compile("3 hours at 80 euro")
REQUEST = "invoice acme three hours at eighty euros"


@pytest.fixture(scope="module")
def memo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    quiet = np.random.default_rng(2).normal(0, 40, 2 * RATE).astype("<i2")
    samples = np.concatenate([quiet[:RATE], spoken(REQUEST), quiet])
    return write_wav(tmp_path_factory.mktemp("memo") / "memo.wav", samples)


DESK, PHONE = (1280, 860), (390, 844)


@pytest.fixture
def size() -> tuple[int, int]:
    """Of the window; a test that wants another overrides it."""
    return DESK


@pytest.fixture
def speaking(browser: Browser, installation: Any, memo: Path, size: tuple[int, int]) -> Iterator[Tab]:
    """A tab of a browser whose microphone plays the memo once, from when it is turned on."""
    kind: BrowserType = browser.browser_type
    flags = (
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-audio-capture={memo}%noloop",
        "--autoplay-policy=no-user-gesture-required",
    )
    running = kind.launch(executable_path=BROWSER, args=[*FLAGS, *flags])
    window = {"width": size[0], "height": size[1]}
    context = running.new_context(viewport=window, locale="en-US", permissions=["microphone"])  # type: ignore[arg-type]
    tab = _watch(context, installation.address)
    yield tab
    strayed, faults = tab.strayed(), tab.faults
    running.close()
    assert (strayed, faults) == ([], [])


def test_what_is_said_into_the_microphone_becomes_a_draft_that_makes_an_invoice_once_sent(speaking: Tab) -> None:
    speaking.open()
    page = speaking.page
    page.locator("#microphone-button").click()
    box = page.locator("#chat-input")
    expect(box).to_have_value(DRAFT, timeout=SLOW_MS)
    assert speaking.asked() == []  # it is a draft, and nothing was sent
    speaking.picture("voice-microphone")
    page.locator("#microphone-button").click()
    page.wait_for_timeout(1500)
    box.fill("Invoice Acme 3 hours at 80 euros")
    page.locator("#chat-submit").click()
    expect(speaking.answer()).to_contain_text("240", timeout=SLOW_MS)


def choose(tab: Tab, microphone: str, **switches: bool) -> None:
    """Set in the panel how one wants to speak and be spoken to."""
    page = tab.page
    page.locator("#chat-settings-open-modal").click()
    panel = page.get_by_role("dialog")
    panel.locator("#voice_microphone").click()
    page.get_by_role("option", name=microphone).click()
    for name, on in switches.items():
        switch = panel.locator(f"#voice_{name}")
        if (switch.get_attribute("aria-checked") == "true") != on:
            switch.click()
    tab.picture(f"voice-settings-{page.viewport_size['width']}")  # type: ignore[index]
    panel.get_by_role("button", name="Confirm").click()
    expect(panel).to_be_hidden()


@pytest.mark.timeout(600)
@pytest.mark.parametrize("size", [PHONE], ids=["phone"])
def test_the_microphone_on_a_phone_hands_free_sends_what_was_said_at_a_pause(
    speaking: Tab, size: tuple[int, int]
) -> None:
    speaking.open()
    page = speaking.page
    choose(speaking, "Hands-free", at_once=True)
    button = page.locator("#microphone-button")
    expect(button).to_be_in_viewport()
    button.click()
    speaking.picture("voice-phone-listening")
    expect(page.locator("[data-step-type=user_message]").first).to_be_visible(timeout=2 * SLOW_MS)
    expect(button).to_be_enabled(timeout=SLOW_MS)  # the page locks it while an answer is written
    button.click()
    asked = speaking.asked()
    assert asked and DRAFT.search(asked[0])
    expect(page.locator("#chat-input")).to_have_value("")
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    speaking.picture("voice-phone-sent")
    choose(speaking, "Push to talk", at_once=False)


def test_an_answer_is_read_aloud_while_it_is_written_until_one_wants_quiet(speaking: Tab) -> None:
    speaking.open()
    page = speaking.page
    choose(speaking, "Push to talk", aloud=True)
    speaking.say("what can you do?")
    stop = page.locator("#stop-reading")
    expect(stop).to_be_visible(timeout=SLOW_MS)
    assert page.evaluate("document.documentElement.dataset.said")  # the sentence that is heard
    speaking.picture("voice-reading-aloud")
    page.keyboard.press("Escape")
    expect(stop).to_have_count(0)
    choose(speaking, "Push to talk", aloud=False)


def test_an_uploaded_memo_becomes_an_invoice_draft_after_the_users_word(tab: Tab, memo: Path) -> None:
    tab.open()
    tab.attach(memo)
    tab.say("transcribe this")
    tab.answered()
    expect(tab.answer()).to_contain_text("It sounds like a request")
    expect(tab.page.locator("#chat-input")).to_have_value(DRAFT)
    tab.picture("voice-memo")
    tab.answer().get_by_role("link", name="0:01").click()
    assert tab.page.locator("audio").first.evaluate("player => player.currentTime") >= 1  # it plays from there
    tab.page.locator("#chat-submit").click()
    expect(tab.answer()).to_contain_text("240", timeout=SLOW_MS)
    expect(tab.answer()).to_contain_text(re.compile("acme", re.IGNORECASE))
    tab.picture("voice-invoice")

"""Conversations afterwards: rated, renamed, searched and deleted; and commands, settings and the guide at hand."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect


def test_a_thumb_is_kept(tab: Any) -> None:
    page = tab.page
    tab.open()
    tab.say("What is 19 % of 1,000 €?")
    expect(tab.answer()).to_contain_text("190")
    tab.answered()
    page.locator(".positive-feedback-off").click()
    page.get_by_role("dialog").locator("textarea").fill("Right to the cent")
    page.locator("#submit-feedback").click()
    expect(page.locator(".positive-feedback-on")).to_be_visible()
    page.reload()
    expect(page.locator(".positive-feedback-on")).to_be_visible()


def test_a_conversation_is_renamed_found_and_deleted(tab: Any) -> None:
    page = tab.page
    tab.open()
    tab.say("What is 12.5 * 80?")
    expect(tab.answer()).to_contain_text("1,000")
    tab.answered()
    tab.open()
    tab.say("Convert 5 kilometers to miles")
    tab.answered()
    listed = page.locator("#thread-history")

    listed.locator("li").filter(has_text="What is 12.5 * 80?").hover()
    listed.locator("li").filter(has_text="What is 12.5 * 80?").locator("#thread-options").click()
    page.get_by_role("menuitem", name="Rename").click()
    page.get_by_role("dialog").locator("input").fill("Hours times rate")
    page.get_by_role("dialog").get_by_role("button", name="Confirm").click()
    expect(listed.locator("li").filter(has_text="Hours times rate")).to_be_visible()

    page.locator("#search-chats-button").click()
    page.get_by_role("dialog").locator("input").fill("kilometers")
    found = page.get_by_role("dialog").get_by_role("option")
    expect(found).to_have_count(1)
    expect(found).to_contain_text("Convert 5 kilometers")
    page.keyboard.press("Escape")

    listed.locator("li").filter(has_text="Hours times rate").hover()
    listed.locator("li").filter(has_text="Hours times rate").locator("#thread-options").click()
    page.get_by_role("menuitem", name="Delete").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Confirm").click()
    expect(listed.locator("li").filter(has_text="Hours times rate")).to_have_count(0)
    page.reload()
    expect(listed.locator("li").filter(has_text="Convert 5 kilometers")).to_be_visible()
    expect(listed.locator("li").filter(has_text="Hours times rate")).to_have_count(0)


def test_a_command_sends_the_message_to_its_agent(tab: Any) -> None:
    page = tab.page
    tab.open()
    page.locator("#chat-input").press_sequentially("/math")
    page.get_by_role("option").filter(has_text="Calculate").click()
    page.locator("#chat-input").press_sequentially("2 + 3")
    page.locator("#chat-submit").click()
    expect(tab.step("Math")).to_be_visible()
    expect(tab.answer()).to_contain_text("5")
    tab.answered()
    page.reload()
    expect(page.locator(".command-span")).to_have_text("math")


def test_the_browser_keeps_how_it_looks_and_nothing_that_was_said(tab: Any) -> None:
    page = tab.page
    tab.open()
    tab.say("What is 17 % of 4,321 €?")
    tab.answered()
    page.locator("#chat-input").fill("a draft about Orbit GmbH")
    page.reload()
    page.wait_for_selector("#message-composer")
    kept: dict[str, str] = page.evaluate("({...localStorage, ...sessionStorage})")
    assert set(kept) <= {"vite-ui-theme", "mcp_storage_key", "i18nextLng", "remix-router-transitions"}, kept
    assert not any(word in repr(kept) for word in ("4,321", "Orbit"))
    assert page.evaluate("indexedDB.databases()") == []
    assert page.evaluate("caches.keys()") == []


def test_a_command_alone_means_something(tab: Any) -> None:
    page = tab.page
    tab.open()
    page.locator("#chat-input").press_sequentially("/help")
    page.get_by_role("option").filter(has_text="What FreelanceX can do").click()
    page.locator("#chat-submit").click()
    expect(tab.answer()).to_contain_text("Bookkeeping")
    assert tab.asked() == ["What can you do?"]


def test_what_may_leave_this_computer_is_a_setting_that_stays(tab: Any) -> None:
    page = tab.page
    for wanted in (True, False):
        tab.open()
        page.locator("#chat-settings-open-modal").click()
        page.locator("#allow_job_boards").click()
        page.get_by_role("dialog").get_by_role("button", name="Confirm").click()
        tab.open()
        page.locator("#chat-settings-open-modal").click()
        expect(page.locator("#allow_job_boards")).to_be_checked(checked=wanted)
        page.keyboard.press("Escape")


def test_the_guide_tells_what_can_be_asked(tab: Any) -> None:
    tab.open()
    tab.page.locator("#readme-button").click()
    expect(tab.page.get_by_role("dialog")).to_contain_text("What you can ask for")
    tab.picture("guide")

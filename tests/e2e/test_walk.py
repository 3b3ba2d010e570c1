"""The first hour of a new user, as one walk through the product."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from config.paths import SAMPLES

JOB_POST = (SAMPLES / "job_post.txt").read_text(encoding="utf-8")
TABLE = SAMPLES / "diamonds.csv"
BRIEF = SAMPLES / "project_brief.pdf"
SLOW_MS = 120_000


@pytest.mark.parametrize("installation", ["no model", "tiny"], indirect=True)
@pytest.mark.timeout(600)
def test_a_new_users_first_hour(tab: Any, installation: Any, browser: Browser) -> None:
    assert sum(1 for _ in TABLE.open(encoding="utf-8")) > 1_000
    page = tab.page

    # The empty page says what it is and offers a start.
    tab.open()
    expect(page).to_have_title("FreelanceX")
    expect(page.locator("#starters button")).to_have_count(6)
    tab.picture("1-welcome")

    # A profile, in chat.
    tab.say("Set up my profile")
    tab.answered()
    expect(tab.answer()).to_contain_text(re.compile("name|skills|rate", re.IGNORECASE))
    tab.say(
        "I'm Ana Silva, a data scientist in Lisbon, 80 € an hour, skills Python, pandas, SQL, statistics, dashboards"
    )
    tab.answered()
    expect(tab.answer()).to_contain_text("Ana Silva")
    expect(page.locator("[data-step-type=tool]")).to_have_count(2)
    assert re.search(r"/thread/[\w-]+$", page.url)
    tab.picture("2-profile")

    # A table, and in one sentence a model with its explanation.
    tab.attach(TABLE)
    tab.say("Train a model that predicts the price and explain it")
    expect(tab.step("AutoML")).to_be_visible(timeout=SLOW_MS)
    tab.answered()
    expect(tab.step("Explain")).to_contain_text(re.compile(r"· [\d.]+ s"))
    expect(tab.answer()).to_contain_text("carat")
    tab.picture("3-model")
    pictures = tab.answer().locator("img.inline-image")
    assert pictures.count() >= 2
    for picture in pictures.all():
        picture.scroll_into_view_if_needed()
        expect(picture).to_have_js_property("complete", True)
        assert picture.evaluate("picture => picture.naturalWidth") > 300
    tab.picture("3-explanation")
    with page.expect_download() as download:
        tab.answer().locator("a[download$='.csv']").first.click()
    assert download.value.path().stat().st_size > 100

    # An invoice: the sums are exact, and the PDF is there.
    tab.say("Create an invoice to Nordlicht GmbH for 12.5 hours at 80 € with 19 % VAT")
    tab.answered()
    for sum_ in ("1,000.00", "190.00", "1,190.00"):
        expect(tab.answer()).to_contain_text(sum_)
    expect(tab.answer().locator(".inline-pdf canvas")).to_be_visible()
    tab.picture("4-invoice")

    # A job post that is pasted: how well it fits, and a proposal for it.
    tab.say(f"How well does this job match my profile? Then write a proposal for it.\n\n{JOB_POST}")
    tab.answered()
    expect(tab.step("Job match")).to_be_visible()
    expect(tab.step("Proposal")).to_be_visible()
    expect(tab.answer()).to_contain_text("Python")
    expect(tab.answer()).to_contain_text("Ana Silva")
    tab.picture("5-match-and-proposal")

    # A document: what it says, with the page.
    tab.attach(BRIEF)
    tab.say("What does it say about payment terms?")
    tab.answered()
    expect(tab.answer()).to_contain_text("30 days")
    expect(tab.answer()).to_contain_text("page 2")
    tab.picture("6-document")

    # A reload, and all of it is there.
    asked, answers = tab.asked(), page.locator("[data-step-type=assistant_message]").count()
    steps = page.locator("[data-step-type=tool]").count()
    page.reload()
    expect(page.locator("[data-step-type=assistant_message]")).to_have_count(answers)
    expect(page.locator("[data-step-type=tool]")).to_have_count(steps)
    assert tab.asked() == asked
    expect(page.locator("img.inline-image")).not_to_have_count(0)
    expect(page.locator(".inline-pdf")).to_have_count(2)
    expect(page.get_by_text(TABLE.name).first).to_be_attached()
    expect(tab.answer()).to_contain_text("30 days")
    expect(page.locator("[data-step-type=user_message]").last).to_be_in_viewport()
    tab.picture("7-after-a-reload")

    # The conversation is in the list, under its first words; it is searched, renamed and opened again.
    listed = page.locator("#thread-history")
    expect(listed.get_by_text("Set up my profile")).to_be_visible()
    page.locator("#new-chat-button").first.click()
    expect(page.locator("#starters button")).to_have_count(6)
    listed.get_by_text("Set up my profile").click()
    expect(tab.answer()).to_contain_text("30 days")

    # It looks right in the dark and on a phone, too.
    for name, size, scheme in (("8-dark", (1280, 860), "dark"), ("9-phone", (390, 844), "light")):
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme=scheme,  # type: ignore[arg-type]
        )
        other = type(tab)(context.new_page(), tab.address)
        other.page.goto(page.url)
        expect(other.answer()).to_contain_text("30 days")
        width = other.page.evaluate("document.documentElement.scrollWidth")
        assert width <= size[0], f"the page is {width} pixels wide on a screen of {size[0]}"
        other.picture(name)
        context.close()

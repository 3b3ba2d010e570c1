"""Pictures dropped into the chat: a receipt becomes an expense, a job post on a screenshot is held to the profile."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw, ImageFont
from playwright.sync_api import expect

from bench.receipts import LAYOUTS, receipts

SLOW_MS = 120_000
POST = """Senior Python developer for a data pipeline

Budget: $4,500 fixed price
Posted 2 hours ago · Remote

We need a freelancer to build an ETL pipeline in Python with
PostgreSQL and Docker. You will clean CSV files from three
suppliers, load them every night and report errors by mail.

Skills: Python, PostgreSQL, Docker, pandas"""


def screenshot(path: Path) -> Path:
    """A job post as it looks on a page."""
    image = Image.new("RGB", (1000, 560), "white")
    pen = ImageDraw.Draw(image)
    for place, line in enumerate(POST.split("\n")):
        pen.text((40, 30 + place * 46), line, font=ImageFont.truetype("DejaVuSans.ttf", 24), fill=(30, 30, 40))
    image.save(path)
    return path


def attach(tab: Any, picture: Path) -> None:
    """Choose a picture, and wait until its thumbnail is there."""
    tab.page.locator("input[type=file]").first.set_input_files([str(picture)])
    expect(tab.page.locator(f"#message-composer img[alt='{picture.name}']")).to_be_visible()


@pytest.mark.timeout(600)
def test_a_receipt_becomes_an_expense_and_a_screenshot_is_matched(tab: Any, tmp_path: Path) -> None:
    page = tab.page
    ((photo, truth),) = receipts(1, (LAYOUTS[1],), seed=4)
    photo.save(tmp_path / "lunch.jpg", quality=80)

    tab.open()
    attach(tab, tmp_path / "lunch.jpg")
    tab.say("Book this receipt")
    yes = page.get_by_role("button", name="Approve").first
    expect(yes).to_be_visible(timeout=SLOW_MS)
    expect(page.locator("img[alt='lunch.jpg']").first).to_have_js_property("complete", True)
    expect(page.get_by_text(truth.vendor).first).to_be_visible()
    tab.picture("picture-receipt")
    yes.click()
    expect(tab.answer()).to_contain_text("Kept:", timeout=SLOW_MS)
    tab.answered()
    expect(tab.answer()).to_contain_text(str(truth.total))
    tab.picture("picture-expense")
    tab.say("my expenses this year")
    tab.answered()
    expect(tab.answer()).to_contain_text(truth.vendor)

    tab.say("I'm Ana Silva, a data engineer, 80 € an hour, skills Python, pandas, SQL, Docker")
    tab.answered()
    attach(tab, screenshot(tmp_path / "post.png"))
    tab.say("How well does this job fit me?")
    tab.answered()
    expect(tab.answer()).to_contain_text("4,500 USD")
    tab.picture("picture-job")
    page.set_viewport_size({"width": 390, "height": 844})
    tab.answer().scroll_into_view_if_needed()
    tab.picture("picture-job-phone")

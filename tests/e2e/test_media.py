"""Films and scans in the chat: a video summed up with times to click, a scanned contract asked with its page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw, ImageFilter, ImageFont
from playwright.sync_api import Browser, expect

from tests.films import talk

PLAYED_TO_8 = """player => new Promise(done => {
  const look = () => (player.currentTime >= 8 ? done() : player.addEventListener("timeupdate", look, { once: true }));
  look();
})"""
SLOW_MS = 180_000
LOOKS = (("dark", (1280, 860), "dark"), ("phone", (390, 844), "light"))
PAGES = (
    """FREELANCE SERVICES AGREEMENT

This agreement is made on 3 March 2026 between
Nordlicht GmbH, Hamburg (the Client) and
Ana Silva, Lisbon (the Contractor).

1. Services
The Contractor builds a reporting dashboard
for the sales department of the Client.

2. Fees
The Client pays 85 EUR for each hour worked.""",
    """3. Payment
Invoices are due within 21 days of receipt.
Late payments bear interest of 9 percent a year.

4. Term
Either party may end this agreement with
a notice period of six weeks.

5. Rights
All rights pass to the Client on full payment.""",
)


def scan(path: Path) -> Path:
    """A contract of two pages as a scanner gives it: pictures only, a little skewed and soft."""
    pages = []
    for number, text in enumerate(PAGES):
        page = Image.new("RGB", (1240, 1754), (250, 249, 245))
        pen = ImageDraw.Draw(page)
        for place, line in enumerate(text.split("\n")):
            pen.text((130, 160 + place * 56), line, font=ImageFont.truetype("DejaVuSerif.ttf", 32), fill=(35, 35, 40))
        turned = page.rotate(0.6 - number, fillcolor=(250, 249, 245), resample=Image.Resampling.BICUBIC)
        pages.append(turned.filter(ImageFilter.GaussianBlur(0.6)))
    pages[0].save(path, "PDF", save_all=True, append_images=pages[1:], resolution=150)
    return path


def in_other_looks(tab: Any, browser: Browser, name: str, words: str) -> None:
    """Pictures of the same conversation in the dark and on a phone; nothing may stick out."""
    for look, size, scheme in LOOKS:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme=scheme,  # type: ignore[arg-type]
        )
        other = type(tab)(context.new_page(), tab.address)
        other.page.goto(tab.page.url)
        expect(other.answer()).to_contain_text(words)
        assert other.page.evaluate("document.documentElement.scrollWidth") <= size[0]
        other.answer().scroll_into_view_if_needed()
        other.picture(f"{name}-{look}")
        context.close()


@pytest.mark.timeout(600)
def test_a_short_video_is_summed_up_and_its_times_lead_into_it(tab: Any, browser: Browser, tmp_path: Path) -> None:
    page = tab.page
    tab.open()
    tab.attach(talk(tmp_path / "talk.mp4"))
    tab.say("Summarise this video")
    expect(tab.answer()).to_contain_text("3 scenes", timeout=SLOW_MS)
    tab.answered()
    expect(tab.answer()).to_contain_text("Quarterly plan")
    expect(tab.answer()).to_contain_text("something red moves from left to right")
    sheet = tab.answer().locator("img.inline-image").first
    sheet.scroll_into_view_if_needed()
    expect(sheet).to_have_js_property("complete", True)
    tab.picture("video-sheet")

    tab.answer().get_by_role("link", name="0:08").click()
    player = page.locator("video").first
    expect(player).to_be_in_viewport()
    player.evaluate(PLAYED_TO_8)
    assert "/thread/" in page.url and len(page.context.pages) == 2  # no other tab was opened
    player.evaluate("player => player.pause()")
    tab.picture("video-at-a-time")
    in_other_looks(tab, browser, "video", "Quarterly plan")


@pytest.mark.timeout(600)
def test_a_scanned_contract_is_asked_and_its_page_is_cited(tab: Any, browser: Browser, tmp_path: Path) -> None:
    tab.open()
    tab.attach(scan(tmp_path / "contract.pdf"))
    tab.say("What does it say about the notice period?")
    expect(tab.answer()).to_contain_text("six weeks", timeout=SLOW_MS)
    tab.answered()
    expect(tab.answer()).to_contain_text("page 2")
    tab.picture("scanned-contract")
    tab.say("What does it say about late payments?")
    expect(tab.answer()).to_contain_text("9 percent", timeout=SLOW_MS)
    tab.answered()
    expect(tab.answer()).to_contain_text("page 2")
    in_other_looks(tab, browser, "scanned-contract", "9 percent")

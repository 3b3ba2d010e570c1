"""From a client's file to what the client gets: upload, one sentence, stop, again, one row explained, the PDF."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect

from config.paths import SAMPLES

SLOW_MS = 120_000


def test_a_file_becomes_an_explained_model_and_a_report(tab: Any) -> None:
    tab.open()
    tab.attach(SAMPLES / "diamonds.csv")
    tab.say("Train a model that predicts price from this file, take 5 minutes")
    expect(tab.step("AutoML")).to_contain_text("Training", timeout=SLOW_MS)
    tab.picture("studio-progress")
    tab.page.locator("#stop-button").click()
    expect(tab.answer()).to_contain_text("Stopped.")
    tab.picture("studio-stopped")

    tab.say("Train a model that predicts price from diamonds.csv in 8 seconds")
    expect(tab.answer()).to_contain_text("A model for", timeout=SLOW_MS)
    tab.answered()
    tab.picture("studio-model")

    tab.say("why row 17")
    expect(tab.answer()).to_contain_text("For row 17, the model says", timeout=SLOW_MS)
    tab.answered()
    tab.picture("studio-row")

    tab.say("Give me the report on the model as PDF")
    expect(tab.answer()).to_contain_text("Here is the report on the model", timeout=SLOW_MS)
    expect(tab.page.get_by_text("report.pdf").first).to_be_visible()
    tab.answered()
    tab.picture("studio-report")

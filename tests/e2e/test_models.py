"""A language model in the chat: chosen on the empty page, loaded when first asked, and lost in the middle of a word."""

from __future__ import annotations

import importlib.util
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from playwright.sync_api import expect

sys.path.append(str(Path(__file__).parent))  # `model_hub` lies beside this file

from model_hub import Hub

from integrations.models.generated import SMALL, TINY, write

INVOICE = "Create an invoice to Nordlicht GmbH for 12.5 hours at 80 € with 19 % VAT"


WRITING_S = 2.5
"""Processor seconds after which a model has been loaded and is at its answer."""


BUILT = importlib.util.find_spec("llama_cpp") is not None


@pytest.fixture
def hub(installation: Any, tmp_path: Path) -> Iterator[Hub]:
    """The server with downloads from this machine."""
    hub = Hub(write(tmp_path / "small.gguf", SMALL))
    addresses = json.loads(installation.environment["ADDRESSES"]) | {"models": hub.address}
    installation.end()
    installation.environment["ADDRESSES"] = json.dumps(addresses)
    installation.start()
    yield hub
    hub.close()


def press(tab: Any, name: str) -> None:
    tab.page.locator("#model-card").get_by_role("button", name=name, exact=True).click()


def processes(installation: Any) -> list[psutil.Process]:
    """The processes in which models run."""
    children = psutil.Process(installation.process.pid).children(recursive=True)
    return [one for one in children if "integrations.models.llama.program" in " ".join(one.cmdline())]


@pytest.mark.parametrize("installation", ["slow"], indirect=True)
@pytest.mark.timeout(300)
def test_a_model_that_is_killed_in_the_middle_of_an_answer_costs_only_its_words(tab: Any, installation: Any) -> None:
    page = tab.page
    tab.open()
    tab.say(INVOICE)
    expect(page.get_by_text(re.compile("Loading model"))).to_be_visible()
    tab.picture("model-loading")
    (running,) = processes(installation)
    while running.cpu_times().user < WRITING_S:
        page.wait_for_timeout(100)
    running.kill()
    tab.answered()
    expect(tab.answer()).to_contain_text("The model stopped; this is my own answer.")
    expect(tab.answer()).to_contain_text("1,190.00")
    expect(page.get_by_text(re.compile("Loading model"))).to_have_count(0)
    tab.picture("model-stopped")

    tab.say("What is 19 % of 1,000 €?")
    tab.answered()
    expect(tab.answer()).to_contain_text("190")
    expect(tab.answer()).not_to_contain_text("The model stopped")
    assert len(processes(installation)) == 1


@pytest.mark.skipif(not BUILT, reason="llama.cpp is not built here: make start builds it")
@pytest.mark.timeout(300)
def test_a_model_is_installed_on_the_empty_page(tab: Any, installation: Any, hub: Hub) -> None:
    page, card = tab.page, tab.page.locator("#model-card")
    tab.open()
    expect(card).to_contain_text("Add a language model")
    expect(card).to_contain_text("GB download")
    expect(page.locator("#starters button")).to_have_count(6)
    tab.picture("model-offer")

    # Asked first: exactly what, from where, how much, under which licence.
    press(tab, "Other ways")
    press(tab, "Install Qwen3.5 9B")
    for said in ("Qwen3.5-9B-Q4_K_M.gguf", "127.0.0.1", "5.7 GB", "Apache-2.0"):
        expect(card).to_contain_text(said)
    tab.picture("model-asked")
    assert hub.asked == []

    # It can be paused, gone on with, and given up; the chat goes on meanwhile.
    hub.going.clear()
    press(tab, "Download 5.7 GB")
    expect(card.get_by_role("progressbar")).not_to_have_attribute("aria-valuenow", "0")
    tab.picture("model-download")
    expect(card.get_by_role("button", name="Pause")).to_be_focused()
    tab.say("What is 19 % of 1,000 €?")
    tab.answered()
    expect(tab.answer()).to_contain_text("190")
    tab.open()
    press(tab, "Pause")
    expect(card).to_contain_text("is not complete yet")
    press(tab, "Cancel")
    expect(card).to_contain_text("Add a language model")

    # It breaks off, FreelanceX is started again, and it goes on from there.
    hub.going.set()
    hub.broken = True
    press(tab, "Other ways")
    press(tab, "Install Qwen3.5 9B")
    press(tab, "Download 5.7 GB")
    expect(card.get_by_role("alert")).to_contain_text("What has arrived is kept")
    tab.picture("model-broken-off")
    installation.end()
    hub.broken = False
    installation.start()
    tab.open()
    expect(card).to_contain_text("is not complete yet")
    press(tab, "Resume")
    expect(card).to_contain_text("Qwen3.5 9B on this computer")
    assert hub.asked[-1][1].startswith("bytes=")
    tab.picture("model-in-use")

    # The chat writes with it, from the next message on.
    tab.say("Create an invoice to Nordlicht GmbH for 12.5 hours at 80 € with 19 % VAT")
    tab.answered()
    expect(tab.answer()).to_contain_text("1,190.00")
    assert len(processes(installation)) == 1


@pytest.mark.timeout(300)
def test_a_file_on_this_computer_is_chosen_and_put_away_again(tab: Any, installation: Any, tmp_path: Path) -> None:
    card, settings = tab.page.locator("#model-card"), tab.page.get_by_role("dialog")
    tab.open()
    card.get_by_role("button", name=re.compile("Other ways|Change the language model")).click()
    field = card.get_by_label("A .gguf file on this computer", exact=True)
    field.fill(str(tmp_path / "missing.gguf"))
    field.press("Enter")
    expect(card.get_by_role("alert")).to_contain_text("missing.gguf")
    field = card.get_by_label("A .gguf file on this computer", exact=True)
    field.fill(str(write(tmp_path / "mine.gguf", TINY)))
    field.press("Enter")
    expect(card).to_contain_text("mine on this computer")

    # The settings show it too, and change it at once.
    tab.page.locator("#chat-settings-open-modal").click()
    expect(settings).to_contain_text("mine on this computer")
    tab.picture("model-settings")
    settings.locator("#model").click()
    tab.page.get_by_role("option", name="None").click()
    settings.get_by_role("button", name="Confirm").click()
    tab.open()
    expect(card).to_contain_text("No language model")

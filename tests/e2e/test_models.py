"""A language model in the chat: chosen on the empty page, loaded when first asked, and lost in the middle of a word."""

from __future__ import annotations

import re
from typing import Any

import psutil
import pytest
from playwright.sync_api import expect

INVOICE = "Create an invoice to Nordlicht GmbH for 12.5 hours at 80 € with 19 % VAT"


WRITING_S = 3.0
"""Processor seconds after which a model has been loaded and is at its answer."""


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

"""A whole project by chat alone, in a browser: pasted post, proposal, won, hours, invoice, paid, and the win rate then.

The same walk through the graph alone is ``tests/graph/business/test_whole_project.py``; here is what the user sees.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

POST = """Data pipeline engineer wanted

We at North, a small lab, need an Airflow pipeline that brings 4 sources into Snowflake every night.

Skills: Python, Airflow, SQL
Budget: $3,000
You will:
- connect the 4 sources
- write tests and a schedule
- hand it over with short documentation
"""


@pytest.mark.timeout(600)
def test_a_project_from_the_pasted_post_to_the_paid_invoice_and_a_new_win_rate(tab: Any) -> None:
    def say(text: str, *expected: str) -> str:
        tab.say(text)
        tab.answered()
        for words in expected:
            expect(tab.answer()).to_contain_text(words)
        return str(tab.answer().inner_text())

    def tile(view: str, name: str) -> str:
        tab.page.goto(f"{tab.address}/dashboard?show={view}")
        return str(tab.page.locator(".tile", has_text=name).locator("strong").inner_text())

    tab.open()
    say("I'm Mara Weber, a data engineer from Berlin; my skills are Python, SQL and Airflow; my rate is 60 $/h")
    say("what is my win rate?", "No lead was won or lost yet")
    say(f"Price this job and write a proposal for it\n\n{POST}", "A draft for", "Mara Weber")
    tab.picture("project-1-proposal")

    say("I sent the proposal", "is now sent")
    say("They accepted the recommended quote for North", "is now a project")
    say("log 10 hours for North on the data pipeline", "Logged 10:00 h")
    say("log 5.5 hours for North on the data pipeline yesterday", "Logged 5:30 h")
    said = say("invoice my unbilled hours for North", "is ready as a draft", "$930.00")
    expect(tab.answer().locator(".inline-pdf canvas")).to_be_visible()
    tab.picture("project-2-invoice")
    number = re.search(r"\b20\d\d-\d+\b", said)
    assert number, said

    say(f"I have sent invoice {number[0]}", "now marked sent")
    say(f"North paid $300 of invoice {number[0]}", "$630.00 of $930.00 is still open")
    say(f"invoice {number[0]} is paid", "is now marked paid")
    say("The data pipeline project is done", "with 15:30 h logged of 77.5 h estimated")
    say("what is my win rate?", "100% of what is decided: 1 of 1")
    tab.picture("project-3-win-rate")

    assert tile("pipeline", "Won of what was answered") == "100 %"
    assert tile("money", "Received this month").startswith("$930")
    tab.picture("project-4-money")

"""What a sentence about settling an invoice is understood as."""

from __future__ import annotations

from typing import Any

import pytest

from agents.specialists.insights import read as read_insight
from agents.specialists.records import read as read_records
from agents.tools.billing.settling_words import read_settling
from agents.tools.business.pipeline_words import read_pipeline


@pytest.mark.parametrize(
    ("said", "fields"),
    [
        ("Acme paid 500 € of invoice 2026-0003", {"action": "pay", "number": "2026-0003", "amount": "500 EUR"}),
        ("Bolt Ltd has paid $300", {"action": "pay", "client": "Bolt Ltd", "amount": "300 USD"}),
        (
            "partial payment of 250 € on invoice 2026-0001",
            {"action": "pay", "number": "2026-0001", "amount": "250 EUR"},
        ),
        ("write a credit note for invoice 2026-0002", {"action": "credit", "number": "2026-0002"}),
        (
            "Gutschrift über 100 € zur Rechnung 2026-0002",
            {"action": "credit", "number": "2026-0002", "amount": "100 EUR"},
        ),
        ("how much late interest is due on invoice 2026-0003", {"action": "interest", "number": "2026-0003"}),
        ("second payment reminder for invoice 2026-0003", {"action": "remind", "number": "2026-0003"}),
        ("invoice Acme 900 € for hosting every month", {"action": "recur", "every": "month"}),
        ("bill Bolt 1,200 € quarterly for support", {"action": "recur", "every": "quarter"}),
        ("my recurring invoices", {"action": "recur_list"}),
        ("stop the recurring invoice for Acme", {"action": "recur_stop", "client": "Acme"}),
        (
            "invoice 2026-0001 as XRechnung, Leitweg-ID 04011000-12345-06",
            {"action": "xrechnung", "number": "2026-0001", "buyer": "04011000-12345-06"},
        ),
    ],
)
def test_settling_an_invoice(said: str, fields: dict[str, Any]) -> None:
    assert read_settling(said) == fields


@pytest.mark.parametrize(
    "said",
    [
        "I paid 40 € for train tickets",
        "invoice 2026-0003 is paid",
        "create an invoice for 12.5 hours at 80 €",
        "bill Bolt Ltd $1,200 for the landing page, net 30",
        "how much did I bill this month",
        "Acme has paid",
        "we paid 12.99 € for hosting of the invoice tool",
    ],
)
def test_other_sentences_about_money_are_left_to_others(said: str) -> None:
    assert read_settling(said) is None


@pytest.mark.parametrize(
    ("said", "fields"),
    [
        (
            "new lead: Maria wants a logo, 500 €, by referral",
            {"action": "lead", "name": "Maria", "title": "logo", "amount": "500 EUR", "source": "referral"},
        ),
        ("my leads", {"action": "leads"}),
        ("which leads are lost?", {"action": "leads", "state": "lost"}),
        ("the lead from Maria is lost", {"action": "move", "state": "lost", "name": "Maria"}),
        ("I sent the proposal", {"action": "proposal", "state": "sent"}),
        ("the proposal was declined", {"action": "proposal", "state": "declined"}),
        ("which proposals are waiting?", {"action": "proposals"}),
        (
            "my goal is 60,000 € this year",
            {"action": "goal", "period": "year", "measure": "revenue", "amount": "60000 EUR"},
        ),
        ("set a goal of 20 hours a week", {"action": "goal", "period": "week", "measure": "hours", "count": "20"}),
        ("how am I doing on my goals?", {"action": "goals"}),
    ],
)
def test_leads_proposals_and_goals(said: str, fields: dict[str, Any]) -> None:
    assert read_pipeline(said) == fields


@pytest.mark.parametrize(
    ("said", "fields"),
    [
        ("what is my win rate?", {"action": "wins"}),
        ("win rate by price this year", {"action": "wins", "by": "price", "period": "this year"}),
        ("do I win more when I answer fast?", {"action": "wins", "by": "answer"}),
        ("how accurate are my estimates?", {"action": "estimates"}),
        ("which client pays best per hour?", {"action": "hourly"}),
        ("cash flow forecast", {"action": "forecast"}),
        ("set aside 25 % for tax this quarter", {"action": "aside", "percent": "25", "period": "this quarter"}),
    ],
)
def test_questions_to_the_books(said: str, fields: dict[str, Any]) -> None:
    assert read_insight(said) == fields


@pytest.mark.parametrize(
    ("said", "fields"),
    [
        ("undo that", {"action": "undo"}),
        ("import this bank statement", {"action": "import", "kind": "payments"}),
        ("import my Toggl time sheet", {"action": "import", "kind": "hours"}),
        ("export my business as CSV", {"action": "export"}),
        ("fill in a sample business", {"action": "fill"}),
        ("delete the demo data again", {"action": "remove"}),
    ],
)
def test_the_books_as_a_whole(said: str, fields: dict[str, Any]) -> None:
    assert read_records(said) == fields

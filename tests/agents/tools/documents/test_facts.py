"""Facts in documents: dates, sums and parties in their usual spellings, each with its place."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.tools.calculation.numbers import amounts
from agents.tools.documents.citations import plain
from agents.tools.documents.facts import around, dates, facts
from agents.tools.documents.passages import answer
from agents.tools.documents.summary import summary
from agents.tools.documents.topics import stem


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("due 2026-04-30", date(2026, 4, 30)),
        ("due 30 April 2026", date(2026, 4, 30)),
        ("due April 30th, 2026", date(2026, 4, 30)),
        ("bis zum 30. April 2026", date(2026, 4, 30)),
        ("bis zum 30.04.2026", date(2026, 4, 30)),
        ("due 04/30/2026", date(2026, 4, 30)),
        ("due 3/4/2026", date(2026, 4, 3)),
        ("am 1. Oktober 2026", date(2026, 10, 1)),
        ("on the 2nd of Dec 2026", date(2026, 12, 2)),
    ],
)
def test_a_date_in_any_spelling(text: str, expected: date) -> None:
    assert [day for day, _ in dates(text)] == [expected]


@pytest.mark.parametrize("text", ["30 February 2026", "2026-13-01", "version 1.2.3", "in May", "call 040/123/2026"])
def test_what_is_no_date(text: str) -> None:
    assert list(dates(text)) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a fee of 12.000,00 EUR", [("12000.00", "EUR")]),
        ("$1,200 up front and £300 later", [("1200", "USD"), ("300", "GBP")]),
        ("1.190 € or CHF 1'200.50", [("1190", "EUR"), ("1200.50", "CHF")]),
        ("6.4 million EUR", [("6400000.0", "EUR")]),
        ("60k€", [("60000", "EUR")]),
        ("A$ 50 or 20 francs", [("50", "AUD"), ("20", "CHF")]),
        ("36 months and 12 stores", []),
    ],
)
def test_sums_of_money(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(str(amount.value), amount.currency) for amount in amounts(text)] == expected


def test_a_rate_in_its_normal_form() -> None:
    found = facts([{"text": "It costs 80 €/h, 95 € per hour or 600 € pro Tag.", "place": "page 1"}])["amounts"]
    assert [(fact["value"], fact["text"]) for fact in found] == [
        ("80.00 € / hour", "80 €/h"),
        ("95.00 € / hour", "95 € per hour"),
        ("600.00 € / day", "600 € pro Tag"),
    ]


def test_parties_with_their_roles() -> None:
    text = (
        'This agreement is between Acme Ltd., 1 High Street, London ("Client") and Jo Park ("Contractor").\n'
        "Supplier: Blue Fox GmbH"
    )
    found = facts([{"text": text, "place": "page 1"}])["parties"]
    assert {fact["value"]: fact["text"] for fact in found} == {
        "Acme Ltd": "Client",
        "Jo Park": "Contractor",
        "Blue Fox GmbH": "Supplier",
    }


def test_a_summary_quotes_sentences_that_differ() -> None:
    text = "\n".join(
        f"The {thing} of the project is described here in some detail for all readers."
        for thing in ("goal", "goal", "goal", "budget of 900 EUR", "schedule until 2026-05-01")
    )
    found = summary([{"text": text, "place": "page 1", "heading": ""}], count=3)
    quotes = [sentence["text"] for sentence in found]
    assert quotes and len(set(quotes)) == len(quotes)
    assert all(quote in text for quote in quotes)


@pytest.mark.parametrize(
    ("one", "other"),
    [("terminate", "termination"), ("liability", "liabilities"), ("payments", "payment"), ("delivered", "deliver")],
)
def test_inflections_share_a_stem(one: str, other: str) -> None:
    assert stem(one) == stem(other)


@given(st.text(min_size=1, max_size=80), st.text(min_size=1, max_size=300))
def test_answers_are_verbatim(question: str, text: str) -> None:
    passage = SimpleNamespace(document="d", place="page 1", heading="", text=text)
    assert all(quote.text in text for quote in answer(question, [passage]).quotes)


@given(st.text(max_size=400))
def test_any_text_has_facts_or_none(text: str) -> None:
    assert set(facts([{"text": text, "place": "page 1"}])) == {"dates", "periods", "amounts", "shares", "parties"}


@given(st.text(max_size=400), st.text(max_size=20))
def test_a_context_is_short(text: str, part: str) -> None:
    assert len(around(text, part)) <= 152


def test_markup_from_outside_is_shown_and_not_rendered() -> None:
    assert plain("![x](http://e.example) <b> `c`") == "!\\[x\\](http://e.example) \\<b> \\`c\\`"

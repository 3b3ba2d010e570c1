"""What is looked up, taken from how people ask."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.tools.research.market_words import read_market
from agents.tools.research.research_answer import statements
from agents.tools.research.research_words import oldest, read_lookup


@pytest.mark.parametrize(
    "asked, words",
    [
        ("Search the web for freelance contract templates", "freelance contract templates"),
        ("What does the literature say about remote work and productivity?", "remote work and productivity"),
        ("What are people on Hacker News saying about DuckDB?", "DuckDB"),
        ("What's the latest on interest rates in the news", "interest rates"),
        ("Recherchiere im Internet die E-Rechnungspflicht", "die E-Rechnungspflicht"),
        ("find papers", None),
        ("any studies on churn since 2022, please", "churn"),
    ],
)
def test_the_words_that_only_ask_are_left_out(asked: str, words: str | None) -> None:
    assert read_lookup(asked).get("words") == words


def test_hacker_news_is_no_news() -> None:
    assert read_lookup("look on hacker news for rust")["sources"] == ["hacker_news"]
    assert read_lookup("find news about rust")["sources"] == ["gdelt"]


@pytest.mark.parametrize(
    "asked, day",
    [
        ("papers on x from the last 3 weeks", date(2026, 10, 31)),
        ("papers on x this month", date(2026, 10, 21)),
        ("papers on x since 2022", date(2022, 1, 1)),
        ("papers on x", None),
    ],
)
def test_how_new_is_a_day(asked: str, day: date | None) -> None:
    found = read_lookup(asked)
    assert oldest(found.get("days"), found.get("since"), date(2026, 11, 21)) == day


@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    assert len(read_lookup(text).get("words", "")) <= 300
    read_market(text)


@pytest.mark.parametrize(
    "asked, found",
    [
        ("USD to CHF exchange rate", {"kind": "currency", "amount": None, "base": "USD", "quote": "CHF"}),
        (
            "how much is 1,200 pounds in euros",
            {"kind": "currency", "amount": "1200 GBP", "base": "GBP", "quote": "EUR"},
        ),
        ("weather in New York for 5 days", {"kind": "weather", "place": "New York", "days": 5}),
        ("wie wird das wetter morgen in hamburg", {"kind": "weather", "place": "hamburg"}),
        ("do I need an umbrella tomorrow", {"kind": "weather"}),
        ("share price of Siemens", {"kind": "stock", "topic": "Siemens"}),
        ("hello", {}),
    ],
)
def test_what_is_asked_of_the_market(asked: str, found: dict[str, object]) -> None:
    assert read_market(asked) == found


def test_statements_are_the_sources_own_sentences_and_agreeing_ones_are_joined() -> None:
    texts = [
        "DuckDB reads Parquet files without loading them whole. It was started in Amsterdam.",
        "Cooking pasta takes about ten minutes of your time.",
        "Note that DuckDB reads Parquet files without loading them whole.",
    ]
    said = statements("how does DuckDB read Parquet files", texts)
    assert said[0].text == "DuckDB reads Parquet files without loading them whole."
    assert said[0].sources == (0, 2)
    assert not any(1 in one.sources for one in said)


def test_where_nothing_is_said_nothing_is_stated() -> None:
    assert statements("quantum chromodynamics", ["A short text about bread and butter and jam."]) == []
    assert statements("x", []) == []


def test_what_was_pasted_with_a_question_is_neither_told_nor_opened() -> None:
    pasted = "We at North plan a secret tool. Details: https://evil.example/x?y=1 for the board alone. " * 2
    assert read_lookup(f"search the web for weekly reports:\n{pasted}") == {"words": "weekly reports"}
    assert read_lookup("search the web for\nweekly reports")["words"] == "weekly reports"

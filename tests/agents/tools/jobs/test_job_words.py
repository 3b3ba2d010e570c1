"""What jobs a sentence asks for, and which of many posts are those."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from agents.tools.jobs.job_filter import pick
from agents.tools.jobs.job_words import read_search
from integrations.job_boards.board import JobQuery
from integrations.job_boards.post import JobPost, Pay

BOARDS = ("Remotive", "Himalayas", "Remote OK")
TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("clause", "said"),
    [
        ("find me remote python jobs over 60 €/h", {"words": "python", "remote": True}),
        ("Search Himalayas and Remote OK for react gigs this week",
         {"words": "react", "days": 7, "boards": ["Himalayas", "Remote OK"]}),
        ("any new UX design projects in Berlin?", {"words": "UX design", "location": "Berlin"}),
        ("Find me 5 technical writing jobs above $50 per hour", {"words": "technical writing", "limit": 5}),
        ("look for data engineering work in the last 3 days", {"words": "data engineering", "days": 3}),
        ("find jobs that fit my profile", {"words": ""}),
        ("show my saved jobs", {"saved": True}),
        ("i need work, backend, golang, min 70 an hour", {"words": "backend golang", "least": "70 h"}),
        ("jobs paying over 500 a day", {"words": "", "least": "500 d"}),
        ("who's out there for C or R people?", {"words": "C R"}),
        ("finde Python Jobs remote über 60 Euro die Stunde", {"words": "Python", "remote": True}),
        ("zeig mir nur die neuen Jobs von dieser Woche in Berlin", {"words": "", "days": 7, "location": "Berlin"}),
        ("busca trabajos remotos de react por más de 50 euros la hora", {"words": "react"}),
        ("show only the ones from Remote OK", {"words": "", "boards": ["Remote OK"]}),
    ],
)  # fmt: skip
def test_a_search_is_read(clause: str, said: dict[str, Any]) -> None:
    read = read_search(clause, BOARDS)
    assert {name: read[name] for name in said} == said


def test_a_search_is_no_request_for_the_saved_ones() -> None:
    assert not read_search("find new jobs like my saved jobs")["saved"]


def post(title: str, **fields: Any) -> JobPost:
    return JobPost(**{"id": title, "board": "b", "title": title, "remote": True, **fields})


def titles(posts: list[JobPost], profile: dict[str, Any] | None = None, **query: Any) -> list[str]:
    return [hit.post.title for hit in pick(posts, JobQuery(**query), profile or {}, TODAY).hits]


def euros(amount: int, currency: str = "EUR") -> Pay:
    return Pay(low=Decimal(amount), high=Decimal(amount), currency=currency, period="h")


def test_only_what_is_about_it_is_picked_and_the_title_weighs_most() -> None:
    posts = [post("Accountant"), post("Backend engineer", description="Some Python."), post("Python developer")]
    assert titles(posts, words="python") == ["Python developer", "Backend engineer"]


def test_words_that_are_no_skills_count_too() -> None:
    posts = [post("Gardener wanted"), post("Translating novels"), post("Cook")]
    assert titles(posts, words="gardening") == ["Gardener wanted"]


def test_a_lowest_rate_drops_what_pays_less_and_lists_unknown_pay_last() -> None:
    posts = [post("Python A"), post("Python B", pay=euros(50)), post("Python C", pay=euros(70))]
    assert titles(posts, words="python", min_rate=Decimal(60), currency="EUR") == ["Python C", "Python A"]


def test_pay_in_another_currency_is_neither_dropped_nor_taken_for_enough() -> None:
    posts = [post("Python A", pay=euros(50, "USD")), post("Python B", pay=euros(61))]
    assert titles(posts, words="python", min_rate=Decimal(60), currency="EUR") == ["Python B", "Python A"]


def test_remote_place_age_and_closing_day_are_hard() -> None:
    fresh = datetime(2026, 11, 20, tzinfo=UTC)
    posts = [
        post("Python on site", remote=False, location="Berlin", posted_at=fresh),
        post("Python remote", posted_at=fresh),
        post("Python old", posted_at=datetime(2026, 10, 1, tzinfo=UTC)),
        post("Python closed", posted_at=fresh, closes=date(2026, 11, 1)),
    ]
    assert titles(posts, words="python", remote=True, days=7) == ["Python remote"]
    assert "Python on site" in titles(posts, words="python", location="Berlin")
    assert "Python on site" not in titles(posts, words="python", location="Paris")


def test_the_profile_decides_between_equals() -> None:
    posts = [post("Python and Rust"), post("Python and SQL")]
    assert titles(posts, {"skills": ["Python", "SQL"]}, words="python")[0] == "Python and SQL"


@pytest.mark.parametrize(
    ("words", "limit"),
    [
        ("find three remote data jobs over 60 $", 3),
        ("get me the top ten design gigs", 10),
        ("show me 5 python jobs", 5),
        ("find 60 $ jobs", None),
        ("list jobs of the last 14 days", None),
    ],
)
def test_how_many_jobs_are_wanted_may_be_said_in_words(words: str, limit: int | None) -> None:
    assert read_search(words, BOARDS)["limit"] == limit

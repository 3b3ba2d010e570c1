"""A fit is a plain sum of stated parts, and what is not known is not counted."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from agents.tools.jobs.job_warnings import warnings_of
from agents.tools.jobs.matching import WEIGHTS, Match, asked_skills, hourly_rate, match, own_skills
from integrations.job_boards.post import ClientFacts, JobPost, Pay

TODAY = date(2026, 11, 21)
ANA: dict[str, Any] = {
    "skills": ["python", "pandas", "SQL"],
    "rate": "80 EUR",
    "country": "Germany",
    "experience": ["Built a dashboard in Streamlit for a wine shop"],
}


def post(**fields: Any) -> JobPost:
    return JobPost(**{"id": "1", "board": "pasted", "title": "Data work", **fields})


def part(found: Match, name: str) -> tuple[float | None, str]:
    return next((one.score, one.why) for one in found.parts if one.name == name)


def pay(low: int, high: int, currency: str = "EUR", period: Any = "h") -> Pay:
    return Pay(low=Decimal(low), high=Decimal(high), currency=currency, period=period)


def test_the_weights_are_a_hundred() -> None:
    assert sum(WEIGHTS.values()) == 100


def test_a_job_that_suits_in_every_way_is_a_hundred() -> None:
    found = match(
        post(
            skills=("Python", "SQL"),
            remote=True,
            location="Worldwide",
            pay=pay(80, 90),
            posted_at=datetime(2026, 11, 21, tzinfo=UTC),
            proposals=3,
            client=ClientFacts(payment_verified=True, rating=Decimal(5)),
        ),
        ANA,
        TODAY,
    )
    assert (found.fit, found.verdict) == (100, "a strong match")
    assert (found.matched, found.missing) == (("Python", "SQL"), ())


def test_what_is_not_known_is_not_counted() -> None:
    found = match(post(skills=("Python", "Rust")), ANA, TODAY)
    assert [one.name for one in found.parts if one.score is not None] == ["Skills"]
    assert found.fit == 50


def test_skills_in_experience_and_implied_ones_count() -> None:
    assert own_skills(ANA) == ["Python", "pandas", "SQL", "Dashboards", "Streamlit"]
    assert match(post(skills=("JavaScript",)), {"skills": ["React"]}, TODAY).matched == ("JavaScript",)


def test_a_plus_counts_less_and_is_not_missing() -> None:
    job = post(skills=("Python",), description="Python daily.\n\nGerman is a plus.")
    assert asked_skills(job) == {"Python": 2.0, "German": 0.5}
    found = match(job, ANA, TODAY)
    assert (found.missing, found.extra) == ((), ("German",))
    assert found.fit == 80


@pytest.mark.parametrize(
    ("offer", "hours", "score"),
    [
        (pay(80, 80), None, 1.0),
        (pay(60, 85), None, 0.9),
        (pay(40, 60), None, pytest.approx(0.45)),
        (pay(20, 40), None, 0.0),
        (pay(640, 640, period="day"), None, 1.0),
        (pay(4000, 4000, period="project"), Decimal(50), 1.0),
        (pay(4000, 4000, period="project"), None, None),
        (pay(90, 90, currency="USD"), None, None),
        (None, None, None),
    ],
)
def test_pay_against_the_own_rate(offer: Pay | None, hours: Decimal | None, score: float | None) -> None:
    assert part(match(post(pay=offer), ANA, TODAY, hours), "Pay")[0] == score


def test_another_currency_is_said_and_not_converted() -> None:
    assert "not compared" in part(match(post(pay=pay(90, 90, "USD")), ANA, TODAY), "Pay")[1]


@pytest.mark.parametrize(
    ("fields", "score"),
    [
        ({"remote": True, "location": "Worldwide"}, 1.0),
        ({"remote": True, "location": "Europe"}, 1.0),
        ({"remote": True, "location": "Germany, France"}, 1.0),
        ({"remote": True, "location": "USA only"}, 0.4),
        ({"remote": False, "location": "Berlin, Germany"}, 0.9),
        ({"remote": False, "location": "Tokyo"}, 0.1),
        ({"remote": None, "location": ""}, None),
    ],
)
def test_place(fields: dict[str, Any], score: float | None) -> None:
    assert part(match(post(**fields), ANA, TODAY), "Place")[0] == score


@pytest.mark.parametrize(
    ("rate", "hourly"),
    [("80 EUR", 80), ("80 EUR/h", 80), ("640 EUR/day", 80), ("about 80", None), ("", None)],
)
def test_the_rate_of_the_profile(rate: str, hourly: int | None) -> None:
    found = hourly_rate({"rate": rate})
    assert (found.amount if found else None) == hourly


def test_serious_warnings_cost_fit_and_are_quoted() -> None:
    calm = match(post(skills=("Python",)), ANA, TODAY)
    shady = match(post(skills=("Python",), description="Contact me on Telegram. The trial is unpaid."), ANA, TODAY)
    assert shady.fit == calm.fit - 20
    assert shady.verdict == "clear up the warnings first"
    assert "Telegram" in shady.warnings[0].quote


@pytest.mark.parametrize(
    ("text", "serious"),
    [
        ("Send a refundable deposit to start", True),
        ("We pay a registration fee... you pay a fee before", True),
        ("We rent your Upwork account", True),
        ("equity only at first", True),
        ("Needed ASAP", False),
        ("We want a rockstar", False),
    ],
)
def test_warnings(text: str, serious: bool) -> None:
    assert next(warnings_of(post(description=text), TODAY)).serious is serious


def test_an_ordinary_post_gives_no_warning() -> None:
    text = "We need a dashboard for our sales data. Please send two references and your rate. We sell signal lamps."
    assert list(warnings_of(post(description=text), TODAY)) == []


def test_a_closed_post_is_a_warning() -> None:
    assert "closed" in next(warnings_of(post(closes=date(2026, 11, 20)), TODAY)).text

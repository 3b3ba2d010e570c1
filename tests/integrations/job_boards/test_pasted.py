"""A pasted post is read for what it says, and for nothing it does not say."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.paths import SAMPLES
from integrations.job_boards.pasted import read_post

TODAY = date(2026, 11, 21)
UPWORK = """Senior React Developer Needed for SaaS Dashboard
Posted 3 hours ago
Worldwide

Summary
We are building an analytics product. You know TypeScript well.

More than 30 hrs/week
Hourly
3 to 6 months
Duration
Expert
Experience Level
$40.00
-
$60.00
Hourly
Remote Job

Skills and Expertise
Mandatory skills
React
TypeScript
Node.js
Nice-to-have skills
GraphQL

Activity on this job
Proposals:
20 to 50
Interviewing:
2

About the client
Payment method not verified
United States
Austin 9:40 AM
3 jobs posted
0% hire rate, 1 open job"""
LINKEDIN = """Data Analyst (Contract)
Acme Analytics · Berlin, Germany (Remote) · 2 weeks ago · Over 100 applicants
About the job
We are looking for a data analyst with SQL experience. €450 - €500 per day, 3 month contract.
Skills: SQL, Tableau, Python (Programming Language)"""
FREELANCER = """Need logo and brand identity
Budget $250 – $750 USD
Freelancer
Jobs
Graphic Design
Looking for a creative designer.
Skills Required
Logo Design
Illustrator
About the Client
Bids: 45
Average bid $430 USD"""


def test_the_sample() -> None:
    post = read_post((SAMPLES / "job_post.txt").read_text(), TODAY)
    assert post.title == "Sales forecast and Python dashboard for an online bicycle shop"
    assert post.company == "Velo Nordwind"
    assert post.pay is not None
    assert post.pay.text() == "55-75 EUR/h"
    assert (post.remote, post.duration, post.hours_per_week) == (True, "1 to 2 months", "15-20")
    assert post.estimated_hours == 60
    assert post.closes == date(2026, 12, 12)
    assert post.proposals == 15
    assert {"Python", "LightGBM", "time series forecasting"} <= set(post.skills)
    assert (post.client.payment_verified, post.client.hire_rate, post.client.spent) == (True, 78, 18_000)
    assert (post.client.rating, post.client.country) == (Decimal("4.8"), "Germany")


def test_upwork() -> None:
    post = read_post(UPWORK, TODAY)
    assert post.title == "Senior React Developer Needed for SaaS Dashboard"
    assert post.skills == ("React", "TypeScript", "Node.js", "GraphQL")
    assert post.pay is not None
    assert post.pay.text() == "40-60 USD/h"
    assert (post.duration, post.proposals, post.hours_per_week) == ("3 to 6 months", 50, "More than 30")
    assert post.posted_at is not None
    assert post.posted_at.date() == TODAY
    assert (post.client.payment_verified, post.client.hire_rate, post.client.jobs_posted) == (False, 0, 3)


def test_linkedin() -> None:
    post = read_post(LINKEDIN, TODAY)
    assert (post.title, post.company) == ("Data Analyst (Contract)", "Acme Analytics")
    assert (post.location, post.remote) == ("Berlin, Germany (Remote)", True)
    assert post.posted_at is not None
    assert post.posted_at.date() == date(2026, 11, 7)
    assert post.skills == ("SQL", "Tableau", "Python")
    assert post.proposals == 100


def test_freelancer() -> None:
    post = read_post(FREELANCER, TODAY)
    assert post.title == "Need logo and brand identity"
    assert post.pay is not None
    assert post.pay.text() == "250-750 USD fixed"
    assert post.skills == ("Logo Design", "Illustrator")
    assert post.proposals == 45


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Hi! I need someone to build a site for my bakery, budget is $800.", "Build a site for my bakery"),
        ("Suche einen Python-Entwickler für kurze Zeit, Stundensatz 70 €.", "Python-Entwickler für kurze Zeit"),
        ("Position: Lead Illustrator\nWe make books.", "Lead Illustrator"),
        ("We are hiring: Backend Engineer\nJoin us.", "Backend Engineer"),
    ],
)  # fmt: skip
def test_free_text_gets_a_title(text: str, title: str) -> None:
    assert read_post(text, TODAY).title == title


def test_what_is_not_said_stays_open() -> None:
    post = read_post("We want a small website about gardens. Please get in touch soon.", TODAY)
    assert (post.pay, post.remote, post.closes, post.proposals, post.posted_at) == (None, None, None, None, None)
    assert (post.company, post.location, post.duration, post.skills) == ("", "", "", ())
    assert post.client.payment_verified is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Deadline: 2026-12-01", date(2026, 12, 1)),
        ("Apply by 3 March", date(2027, 3, 3)),
        ("Applications close on December 5th, 2026", date(2026, 12, 5)),
        ("Bewerbungsfrist: 15.01.2027", date(2027, 1, 15)),
        ("Deadline: 31 February 2027", None),
        ("Deadline: Friday", None),
        ("Apply by 04/30/2027", date(2027, 4, 30)),
    ],
)
def test_the_closing_day(text: str, day: date | None) -> None:
    assert read_post(f"Data entry work\n{text}", TODAY).closes == day


def test_the_same_post_is_the_same_job() -> None:
    assert read_post(UPWORK, TODAY).id == read_post(UPWORK.replace("\n", "\r\n") + "\n", TODAY).id


def test_a_post_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="no text"):
        read_post("\n -- \n", TODAY)


@given(st.text(max_size=600))
def test_no_text_breaks_it(text: str) -> None:
    try:
        post = read_post(text, TODAY)
    except ValueError as error:
        assert "no text" in str(error)
    else:
        assert post.title

"""Himalayas: about a hundred thousand remote jobs, searched by words, twenty a page. Link back required."""

from __future__ import annotations

from typing import Any

from config.settings import Settings
from integrations.job_boards.board import Get, JobBoard, JobQuery, Terms, posts_of
from integrations.job_boards.fields import moment, pay_range, words
from integrations.job_boards.ledger import Allowance
from integrations.job_boards.post import JobPost
from integrations.markup import plain_text

PAGES = 2


async def find(query: JobQuery, get: Get, settings: Settings) -> list[JobPost]:
    """The first pages for the words looked for; the newest jobs when there are none."""
    sought = query.sought()
    rows: list[Any] = []
    for page in range(1, PAGES + 1):
        data = await (get("/jobs/api/search", q=sought, page=page) if sought else get("/jobs/api"))
        more = data.get("jobs") if isinstance(data, dict) else None
        if not isinstance(more, list):
            return await posts_of("Himalayas", None, _post)
        rows += more
        if not sought or len(more) < 20:
            break
    return await posts_of("Himalayas", rows, _post)


def _post(row: dict[str, Any]) -> JobPost:
    closes = moment(row.get("expiryDate"))
    return JobPost(
        id=str(row["guid"]),
        board="himalayas",
        url=row.get("applicationLink") or row["guid"],
        title=row["title"],
        company=row.get("companyName"),
        description=plain_text(row.get("description") or row.get("excerpt")),
        skills=tuple(text.replace("-", " ") for text in words(row.get("categories"))),
        location=", ".join(_place(place) for place in row.get("locationRestrictions") or []) or "Worldwide",
        remote=True,
        pay=pay_range(
            row.get("minSalary"), row.get("maxSalary"), row.get("currency"), row.get("salaryPeriod") or "annual"
        ),
        kind=row.get("employmentType"),
        level=", ".join(words(row.get("seniority"))),
        posted_at=moment(row.get("pubDate")),
        closes=closes.date() if closes else None,
    )


def _place(place: Any) -> str:
    return str(place.get("name", "")) if isinstance(place, dict) else str(place)


BOARD = JobBoard(
    name="himalayas",
    title="Himalayas",
    address="https://himalayas.app",
    terms=Terms(attribution="via Himalayas", fresh_for=3600, allowance=Allowance(seconds_apart=1)),
    find=find,
    by_words=True,
)

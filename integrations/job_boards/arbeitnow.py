"""Arbeitnow: jobs in Germany and Europe, a hundred a page, some of them remote. Link back required."""

from __future__ import annotations

from typing import Any

from config.settings import Settings
from integrations.job_boards.board import Get, JobBoard, JobQuery, Terms, posts_of
from integrations.job_boards.fields import moment, words
from integrations.job_boards.ledger import Allowance
from integrations.job_boards.pay import read_pay
from integrations.job_boards.post import JobPost
from integrations.markup import plain_text

PAGES = 2


async def find(query: JobQuery, get: Get, settings: Settings) -> list[JobPost]:
    """The first pages of the list."""
    rows: list[Any] = []
    for page in range(1, PAGES + 1):
        data = await get("/api/job-board-api", page=page)
        more = data.get("data") if isinstance(data, dict) else None
        if not isinstance(more, list):
            return await posts_of("Arbeitnow", None, _post)
        rows += more
        if not (data.get("links") or {}).get("next"):
            break
    return await posts_of("Arbeitnow", rows, _post)


def _post(row: dict[str, Any]) -> JobPost:
    description = plain_text(row.get("description"))
    return JobPost(
        id=str(row["slug"]),
        board="arbeitnow",
        url=row["url"],
        title=plain_text(row["title"]),
        company=plain_text(row.get("company_name")),
        description=description,
        skills=words(row.get("tags")),
        location=row.get("location"),
        remote=bool(row.get("remote")),
        pay=read_pay(description),
        kind=", ".join(words(row.get("job_types"))),
        posted_at=moment(row.get("created_at")),
    )


BOARD = JobBoard(
    name="arbeitnow",
    title="Arbeitnow",
    address="https://www.arbeitnow.com",
    terms=Terms(attribution="via Arbeitnow", fresh_for=3600, allowance=Allowance(seconds_apart=2)),
    find=find,
)

"""Remotive: remote jobs, its newest twenty or so. At most four fetches a day, posts a day late, link back required."""

from __future__ import annotations

from typing import Any

from config.settings import Settings
from integrations.job_boards.board import Get, JobBoard, JobQuery, Terms, posts_of
from integrations.job_boards.fields import moment, words
from integrations.job_boards.ledger import Allowance
from integrations.job_boards.pay import read_pay
from integrations.job_boards.post import JobPost
from integrations.markup import plain_text


async def find(query: JobQuery, get: Get, settings: Settings) -> list[JobPost]:
    """The whole list: it is short, so nobody is told what is looked for."""
    data = await get("/api/remote-jobs")
    return await posts_of("Remotive", data.get("jobs") if isinstance(data, dict) else None, _post)


def _post(row: dict[str, Any]) -> JobPost:
    return JobPost(
        id=str(row["id"]),
        board="remotive",
        url=row["url"],
        title=row["title"],
        company=row.get("company_name"),
        description=plain_text(row.get("description")),
        skills=words(row.get("tags")),
        location=row.get("candidate_required_location"),
        remote=True,
        pay=read_pay(row.get("salary") or ""),
        kind=str(row.get("job_type") or "").replace("_", " "),
        posted_at=moment(row.get("publication_date")),
    )


BOARD = JobBoard(
    name="remotive",
    title="Remotive",
    address="https://remotive.com",
    terms=Terms(
        attribution="via Remotive",
        fresh_for=6 * 3600,
        allowance=Allowance(seconds_apart=31, per_minute=2, per_day=4),
        delay_hours=24,
    ),
    find=find,
)

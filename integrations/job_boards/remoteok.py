"""Remote OK: remote jobs, its newest hundred. A link to the job that may be followed, and its name, are required."""

from __future__ import annotations

from typing import Any

from config.settings import Settings
from integrations.job_boards.board import Get, JobBoard, JobQuery, Terms, posts_of
from integrations.job_boards.fields import moment, pay_range, words
from integrations.job_boards.ledger import Allowance
from integrations.job_boards.post import JobPost
from integrations.markup import plain_text


async def find(query: JobQuery, get: Get, settings: Settings) -> list[JobPost]:
    """The whole list, a bare array that begins with a legal notice."""
    return await posts_of("Remote OK", await get("/api"), _post)


def _post(row: dict[str, Any]) -> JobPost | None:
    if "legal" in row:
        return None
    return JobPost(
        id=str(row["id"]),
        board="remoteok",
        url=row["url"],
        title=plain_text(row["position"]),
        company=plain_text(row.get("company")),
        description=plain_text(row.get("description")),
        skills=words(row.get("tags")),
        location=row.get("location") or "Worldwide",
        remote=True,
        pay=pay_range(row.get("salary_min"), row.get("salary_max"), "USD", "year"),
        posted_at=moment(row.get("epoch") or row.get("date")),
    )


BOARD = JobBoard(
    name="remoteok",
    title="Remote OK",
    address="https://remoteok.com",
    terms=Terms(attribution="via Remote OK", fresh_for=3600, allowance=Allowance(seconds_apart=5), delay_hours=24),
    find=find,
)

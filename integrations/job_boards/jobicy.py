"""Jobicy: remote jobs, its newest hundred. At most hourly, posts six hours late."""

from __future__ import annotations

from typing import Any

from config.settings import Settings
from integrations.job_boards.board import Get, JobBoard, JobQuery, Terms, posts_of
from integrations.job_boards.fields import moment, pay_range, words
from integrations.job_boards.ledger import Allowance
from integrations.job_boards.post import JobPost
from integrations.markup import plain_text


async def find(query: JobQuery, get: Get, settings: Settings) -> list[JobPost]:
    """The whole list: one fetch an hour serves every search."""
    data = await get("/api/v2/remote-jobs", count=100)
    return await posts_of("Jobicy", data.get("jobs") if isinstance(data, dict) else None, _post)


def _post(row: dict[str, Any]) -> JobPost:
    return JobPost(
        id=str(row["id"]),
        board="jobicy",
        url=row["url"],
        title=plain_text(row["jobTitle"]),
        company=plain_text(row.get("companyName")),
        description=plain_text(row.get("jobDescription") or row.get("jobExcerpt")),
        skills=words(row.get("jobTags") or []),
        location=row.get("jobGeo"),
        remote=True,
        pay=pay_range(
            row.get("salaryMin") or row.get("annualSalaryMin"),
            row.get("salaryMax") or row.get("annualSalaryMax"),
            row.get("salaryCurrency"),
            row.get("salaryPeriod") or "yearly",
        ),
        kind=", ".join(words(row.get("jobType"))),
        level=row.get("jobLevel"),
        posted_at=moment(row.get("pubDate")),
    )


BOARD = JobBoard(
    name="jobicy",
    title="Jobicy",
    address="https://jobicy.com",
    terms=Terms(attribution="via Jobicy", fresh_for=3600, allowance=Allowance(seconds_apart=5), delay_hours=6),
    find=find,
)

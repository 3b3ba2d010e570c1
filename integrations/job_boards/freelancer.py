"""Freelancer.com: open projects, searched by words, with a token of the user's. Crowded, so the bids are told."""

from __future__ import annotations

from typing import Any

from config.settings import Settings
from integrations.http_errors import Unreadable
from integrations.job_boards.board import Get, JobBoard, JobQuery, Terms, posts_of
from integrations.job_boards.fields import moment, pay_range
from integrations.job_boards.ledger import Allowance
from integrations.job_boards.post import ClientFacts, JobPost
from integrations.markup import plain_text

PATH = "/api/projects/0.1/projects/active/"
KINDS = {"hourly": "hour", "fixed": "project"}


async def find(query: JobQuery, get: Get, settings: Settings) -> list[JobPost]:
    """The newest active projects for the words looked for."""
    data = await get(
        PATH,
        headers={"freelancer-oauth-v1": settings.freelancer_token or ""},
        query=query.sought(),
        limit=50,
        full_description="true",
        job_details="true",
        location_details="true",
    )
    result = data.get("result") if isinstance(data, dict) else None
    if not isinstance(result, dict):
        raise Unreadable("Freelancer.com answers in another form than it used to, so its jobs cannot be read.")
    return await posts_of("Freelancer.com", result.get("projects"), _post)


def _post(row: dict[str, Any]) -> JobPost:
    budget, bids, place = row.get("budget") or {}, row.get("bid_stats") or {}, row.get("location") or {}
    kind = str(row.get("type") or "")
    return JobPost(
        id=str(row["id"]),
        board="freelancer",
        url=f"https://www.freelancer.com/projects/{row['seo_url']}",
        title=row["title"],
        description=plain_text(row.get("description") or row.get("preview_description")),
        skills=tuple(str(job["name"]) for job in row.get("jobs") or []),
        location=(place.get("country") or {}).get("name") or "",
        remote=not row.get("local"),
        pay=pay_range(
            budget.get("minimum"), budget.get("maximum"), (row.get("currency") or {}).get("code"), KINDS.get(kind)
        ),
        kind=kind,
        posted_at=moment(row.get("submitdate") or row.get("time_submitted")),
        proposals=bids.get("bid_count"),
        client=ClientFacts(country=(place.get("country") or {}).get("name") or ""),
    )


BOARD = JobBoard(
    name="freelancer",
    title="Freelancer.com",
    address="https://www.freelancer.com",
    terms=Terms(attribution="via Freelancer.com", fresh_for=3600, allowance=Allowance(seconds_apart=2, per_minute=10)),
    find=find,
    by_words=True,
    needs=("freelancer_token",),
    mend="make a token at https://accounts.freelancer.com/settings/develop and set FREELANCEX_FREELANCER_TOKEN",
)

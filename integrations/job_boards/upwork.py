"""Upwork: open jobs through its GraphQL API, with an OAuth token of the user's. It only reads."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from config.settings import Settings
from integrations.http_errors import Unreadable
from integrations.job_boards.board import Get, JobBoard, JobQuery, Terms, posts_of
from integrations.job_boards.fields import amount, moment, pay_range
from integrations.job_boards.ledger import Allowance
from integrations.job_boards.post import ClientFacts, JobPost, Pay
from integrations.markup import plain_text

SEARCH = """
query Jobs($filter: MarketplaceJobPostingsSearchFilter, $sort: [MarketplaceJobPostingSearchSortAttribute]) {
  marketplaceJobPostingsSearch(marketPlaceJobFilter: $filter, searchType: USER_JOBS_SEARCH, sortAttributes: $sort) {
    edges { node {
      id title description ciphertext createdDateTime duration engagement experienceLevel freelancersToHire
      amount { rawValue currency } hourlyBudgetMin { rawValue currency } hourlyBudgetMax { rawValue currency }
      totalApplicants skills { name }
      client { totalHires totalPostedJobs totalReviews totalFeedback totalSpent { rawValue } verificationStatus
               location { country } }
    } }
  }
}
"""


async def find(query: JobQuery, get: Get, settings: Settings) -> list[JobPost]:
    """The newest jobs for the words looked for, without those already filled."""
    headers = {"authorization": f"Bearer {settings.upwork_token}"}
    if settings.upwork_tenant:
        headers["x-upwork-api-tenantid"] = settings.upwork_tenant
    wanted = {"searchExpression_eq": query.sought(), "pagination_eq": {"after": "0", "first": 50}}
    variables = {"filter": wanted, "sort": [{"field": "RECENCY"}]}
    data = await get("/graphql", headers=headers, body={"query": SEARCH, "variables": variables})
    found = (data.get("data") or {}).get("marketplaceJobPostingsSearch") if isinstance(data, dict) else None
    if not isinstance(found, dict):
        reasons = [str(error.get("message")) for error in data.get("errors") or []] if isinstance(data, dict) else []
        raise Unreadable(f"Upwork refused the search: {reasons[0][:150] if reasons else 'it gave no reason'}.")
    return await posts_of("Upwork", found.get("edges"), _post)


def _post(edge: dict[str, Any]) -> JobPost | None:
    row = edge["node"]
    if row.get("freelancersToHire") == 0:
        return None
    client = row.get("client") or {}
    hourly = _pay(row, "hourlyBudgetMin", "hourlyBudgetMax", "hour")
    fixed = _pay(row, "amount", "amount", "project")
    rating = amount(client.get("totalFeedback"))
    return JobPost(
        id=str(row["id"]),
        board="upwork",
        url=f"https://www.upwork.com/jobs/{row['ciphertext']}" if row.get("ciphertext") else "",
        title=row["title"],
        description=plain_text(row.get("description")),
        skills=tuple(str(skill["name"]) for skill in row.get("skills") or []),
        location="Worldwide",
        remote=True,
        pay=hourly or fixed,
        kind="hourly" if hourly else "fixed",
        level=str(row.get("experienceLevel") or "").replace("_", " ").lower(),
        duration=str(row.get("duration") or "").replace("_", " ").lower(),
        posted_at=moment(row.get("createdDateTime")),
        proposals=row.get("totalApplicants"),
        client=ClientFacts(
            payment_verified={"VERIFIED": True, "NOT_VERIFIED": False}.get(str(client.get("verificationStatus"))),
            rating=rating if rating and rating <= 5 else None,
            reviews=client.get("totalReviews"),
            hires=client.get("totalHires"),
            jobs_posted=client.get("totalPostedJobs"),
            spent=amount((client.get("totalSpent") or {}).get("rawValue")),
            country=(client.get("location") or {}).get("country") or "",
        ),
    )


def _pay(row: dict[str, Any], low: str, high: str, period: str) -> Pay | None:
    least, most = row.get(low) or {}, row.get(high) or {}
    currency = least.get("currency") or most.get("currency") or "USD"
    pay = pay_range(least.get("rawValue"), most.get("rawValue"), currency, period)
    return pay if pay and (pay.high or Decimal(0)) > 0 else None


BOARD = JobBoard(
    name="upwork",
    title="Upwork",
    address="https://api.upwork.com",
    terms=Terms(
        attribution="via Upwork",
        fresh_for=900,
        allowance=Allowance(seconds_apart=1, per_minute=30, per_day=2_000),
    ),
    find=find,
    by_words=True,
    needs=("upwork_token",),
    mend="ask for an API key at https://www.upwork.com/developer/keys and set FREELANCEX_UPWORK_TOKEN",
)

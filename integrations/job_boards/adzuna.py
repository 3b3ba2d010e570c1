"""Adzuna: job ads of one country, searched by words, with a free key. At most 25 requests a minute and 250 a day."""

from __future__ import annotations

from typing import Any

from config.settings import Settings
from integrations.job_boards.board import Get, JobBoard, JobQuery, Terms, posts_of
from integrations.job_boards.fields import moment, pay_range
from integrations.job_boards.ledger import Allowance
from integrations.job_boards.post import JobPost
from integrations.markup import plain_text

CURRENCIES = {
    "us": "USD", "gb": "GBP", "au": "AUD", "nz": "NZD", "ca": "CAD", "br": "BRL", "ch": "CHF", "in": "INR",
    "mx": "MXN", "pl": "PLN", "sg": "SGD", "za": "ZAR",
}  # fmt: skip
"""The currency of each country's ads; euros in all others."""


async def find(query: JobQuery, get: Get, settings: Settings) -> list[JobPost]:
    """The newest ads for the words looked for."""
    country = settings.adzuna_country
    data = await get(
        f"/v1/api/jobs/{country}/search/1",
        what=query.sought(),
        results_per_page=50,
        sort_by="date",
        app_id=settings.adzuna_id or "",
        app_key=settings.adzuna_key or "",
    )
    rows = data.get("results") if isinstance(data, dict) else None
    return await posts_of("Adzuna", rows, lambda row: _post(row, CURRENCIES.get(country, "EUR")))


def _post(row: dict[str, Any], currency: str) -> JobPost:
    told = str(row.get("salary_is_predicted") or "0") == "0"  # a salary that Adzuna guessed is not one the client named
    title, text = plain_text(row["title"]), plain_text(row.get("description"))
    return JobPost(
        id=str(row["id"]),
        board="adzuna",
        url=row["redirect_url"],
        title=title,
        company=(row.get("company") or {}).get("display_name"),
        description=text,
        location=(row.get("location") or {}).get("display_name"),
        remote=True if "remote" in f"{title} {text}".casefold() else None,
        pay=pay_range(row.get("salary_min"), row.get("salary_max"), currency, "year") if told else None,
        kind=str(row.get("contract_type") or row.get("contract_time") or "").replace("_", " "),
        posted_at=moment(row.get("created")),
    )


BOARD = JobBoard(
    name="adzuna",
    title="Adzuna",
    address="https://api.adzuna.com",
    terms=Terms(
        attribution="Jobs by Adzuna",
        fresh_for=3600,
        allowance=Allowance(seconds_apart=2.5, per_minute=25, per_day=250),
    ),
    find=find,
    by_words=True,
    needs=("adzuna_id", "adzuna_key"),
    mend="get a free key at https://developer.adzuna.com and set FREELANCEX_ADZUNA_ID and FREELANCEX_ADZUNA_KEY",
)

"""Brave Search: the web, with a key of the user's."""

from __future__ import annotations

from typing import Any

from integrations.markup import plain_line
from integrations.research.source import Get, Hit, Question, ResearchSource, Terms, day, hits_of


async def find(question: Question, get: Get, key: str) -> list[Hit]:
    """The pages Brave ranks first."""
    params: dict[str, str | int] = {"q": question.words, "count": question.limit, "safesearch": "moderate"}
    data = (await get("/res/v1/web/search", params, headers={"x-subscription-token": key})).json()
    web = data.get("web", {"results": []}) if isinstance(data, dict) else {}
    return hits_of("Brave", web.get("results"), _hit)


def _hit(row: dict[str, Any]) -> Hit:
    return Hit(
        title=plain_line(row["title"]),
        url=row["url"],
        text=plain_line(row.get("description")),
        published=day(row.get("page_age")),
    )


SOURCE = ResearchSource(
    name="brave",
    title="Brave Search",
    address="https://api.search.brave.com",
    kind="web",
    terms=Terms("found by Brave Search"),
    find=find,
    setting="brave_key",
)

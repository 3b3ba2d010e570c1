"""Hacker News: what practitioners discussed, read through Algolia."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any

from integrations.markup import plain_line
from integrations.research.source import Get, Hit, Question, ResearchSource, Terms, day, hits_of


async def find(question: Question, get: Get, _: str) -> list[Hit]:
    """The stories that fit the words best."""
    params: dict[str, str | int] = {"query": question.words, "tags": "story", "hitsPerPage": question.limit}
    if question.since:
        since = datetime.combine(question.since, time.min, UTC)
        params["numericFilters"] = f"created_at_i>{int(since.timestamp())}"
    data = (await get("/api/v1/search", params)).json()
    return hits_of("Hacker News", data.get("hits") if isinstance(data, dict) else None, _hit)


def _hit(row: dict[str, Any]) -> Hit:
    points, comments = row.get("points") or 0, row.get("num_comments") or 0
    return Hit(
        title=row["title"],
        url=row.get("url") or f"https://news.ycombinator.com/item?id={row['objectID']}",
        text=plain_line(row.get("story_text")) or f"{points} points and {comments} comments on Hacker News.",
        authors=(row["author"],) if row.get("author") else (),
        published=day(row.get("created_at")),
    )


SOURCE = ResearchSource(
    name="hacker_news",
    title="Hacker News",
    address="https://hn.algolia.com",
    kind="discussion",
    terms=Terms("via Hacker News"),
    find=find,
)

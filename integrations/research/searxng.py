"""A SearXNG server of the user's: one search over many engines. It must list ``json`` in its `search.formats`."""

from __future__ import annotations

from typing import Any

from integrations.http_errors import BadStatus
from integrations.markup import plain_line
from integrations.research.source import Get, Hit, Question, ResearchSource, Terms, day, hits_of


async def find(question: Question, get: Get, _: str) -> list[Hit]:
    """What the engines behind it found, in its order. Raises BadStatus with what to do when JSON is not allowed."""
    params: dict[str, str | int] = {
        "q": question.words,
        "format": "json",
        "language": question.language,
        "safesearch": 1,
    }
    try:
        data = (await get("/search", params)).json()
    except BadStatus as error:
        if error.status != 403:
            raise
        raise BadStatus("Your SearXNG refuses JSON; add json to search.formats in its settings.yml.", 403) from error
    return hits_of("SearXNG", data.get("results") if isinstance(data, dict) else None, _hit)


def _hit(row: dict[str, Any]) -> Hit:
    return Hit(
        title=plain_line(row["title"]),
        url=row["url"],
        text=plain_line(row.get("content")),
        published=day(row.get("publishedDate")),
    )


SOURCE = ResearchSource(
    name="searxng",
    title="SearXNG",
    address="",
    kind="web",
    terms=Terms("found by your SearXNG", seconds_apart=0.5),
    find=find,
    setting="searxng",
    own=True,
)

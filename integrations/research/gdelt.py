"""GDELT: what the world's news wrote, newest first. One request in five seconds."""

from __future__ import annotations

from typing import Any

from integrations.research.source import Get, Hit, Question, ResearchSource, Terms, day, hits_of


async def find(question: Question, get: Get, _: str) -> list[Hit]:
    """Articles of the last three months in which the words occur."""
    params: dict[str, str | int] = {
        "query": question.words,
        "mode": "artlist",
        "format": "json",
        "maxrecords": question.limit,
        "sort": "datedesc",
    }
    data = (await get("/api/v2/doc/doc", params)).json()
    return hits_of("GDELT", data.get("articles", []) if isinstance(data, dict) else None, _hit)


def _hit(row: dict[str, Any]) -> Hit:
    return Hit(
        title=row["title"],
        url=row["url"],
        text=f"{row.get('domain', '')}, in {row.get('language', 'an unnamed language')}.",
        published=day(row.get("seendate")),
    )


SOURCE = ResearchSource(
    name="gdelt",
    title="GDELT",
    address="https://api.gdeltproject.org",
    kind="news",
    terms=Terms("via the GDELT Project", seconds_apart=5),
    find=find,
)

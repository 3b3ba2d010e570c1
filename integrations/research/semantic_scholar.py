"""Semantic Scholar: papers with their abstracts and citations. One request a second with a key; without, too few."""

from __future__ import annotations

from typing import Any

from integrations.research.source import Get, Hit, Question, ResearchSource, Terms, day, hits_of

FIELDS = "title,abstract,year,publicationDate,authors,url,citationCount,externalIds"


async def find(question: Question, get: Get, key: str) -> list[Hit]:
    """The papers that fit the words best."""
    params: dict[str, str | int] = {"query": question.words, "limit": question.limit, "fields": FIELDS}
    if question.since:
        params["publicationDateOrYear"] = f"{question.since.isoformat()}:"
    data = (await get("/graph/v1/paper/search", params, headers={"x-api-key": key})).json()
    rows = data.get("data", []) if isinstance(data, dict) and "total" in data else None
    return hits_of("Semantic Scholar", rows, _hit)


def _hit(paper: dict[str, Any]) -> Hit:
    return Hit(
        title=paper["title"],
        url=paper["url"],
        text=paper.get("abstract"),
        authors=tuple(author["name"] for author in paper.get("authors") or ()),
        published=day(paper.get("publicationDate") or f"{paper.get('year')}-01-01"),
        cited=paper.get("citationCount"),
        doi=(paper.get("externalIds") or {}).get("DOI", ""),
    )


SOURCE = ResearchSource(
    name="semantic_scholar",
    title="Semantic Scholar",
    address="https://api.semanticscholar.org",
    kind="paper",
    terms=Terms("data by Semantic Scholar"),
    find=find,
    setting="semantic_scholar_key",
)

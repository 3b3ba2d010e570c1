"""Crossref: the register of scholarly works and their DOIs. It asks to be asked gently, and no key."""

from __future__ import annotations

from datetime import date
from typing import Any

from integrations.markup import plain_line
from integrations.research.source import Get, Hit, Question, ResearchSource, Terms, hits_of

FIELDS = "title,author,issued,DOI,URL,container-title,is-referenced-by-count,abstract"


async def find(question: Question, get: Get, _: str) -> list[Hit]:
    """The works that fit the words best."""
    params: dict[str, str | int] = {"query": question.words, "rows": question.limit, "select": FIELDS}
    if question.since:
        params["filter"] = f"from-pub-date:{question.since.isoformat()}"
    data = (await get("/works", params)).json()
    items = data.get("message", {}).get("items") if isinstance(data, dict) else None
    return hits_of("Crossref", items, _hit)


def _hit(item: dict[str, Any]) -> Hit | None:
    if not item.get("title"):  # a journal's issue or a component has none
        return None
    journal = plain_line((item.get("container-title") or [""])[0])
    abstract = plain_line(item.get("abstract")).removeprefix("Abstract ")
    return Hit(
        title=plain_line(item["title"][0]),
        url=f"https://doi.org/{item['DOI']}",
        text=abstract or (f"Published in {journal}." if journal else ""),
        authors=tuple(" ".join(filter(None, (one.get("given"), one.get("family")))) for one in item.get("author", ())),
        published=_day(item.get("issued", {}).get("date-parts", [[]])[0]),
        cited=item.get("is-referenced-by-count"),
        doi=item["DOI"],
    )


def _day(parts: list[int | None]) -> date | None:
    """The date of ``[year, month, day]``, of which only the year need be there."""
    if not parts or not parts[0]:
        return None
    year, month, first = [*parts, 1, 1][:3] if len(parts) < 3 else parts[:3]
    return date(int(year or 1), int(month or 1), int(first or 1))


SOURCE = ResearchSource(
    name="crossref",
    title="Crossref",
    address="https://api.crossref.org",
    kind="paper",
    terms=Terms("metadata by Crossref"),
    find=find,
)

"""OpenAlex: an open catalogue of research. It wants a key, which is free."""

from __future__ import annotations

from typing import Any

from integrations.research.source import Get, Hit, Question, ResearchSource, Terms, day, hits_of


async def find(question: Question, get: Get, key: str) -> list[Hit]:
    """The works that fit the words best."""
    params: dict[str, str | int] = {"search": question.words, "per-page": question.limit, "api_key": key}
    if question.since:
        params["filter"] = f"from_publication_date:{question.since.isoformat()}"
    data = (await get("/works", params)).json()
    return hits_of("OpenAlex", data.get("results") if isinstance(data, dict) else None, _hit)


def _hit(work: dict[str, Any]) -> Hit | None:
    if not work.get("display_name"):
        return None
    doi = str(work.get("doi") or "").removeprefix("https://doi.org/")
    return Hit(
        title=work["display_name"],
        url=work.get("doi") or work["id"],
        text=unfold(work.get("abstract_inverted_index") or {}),
        authors=tuple(one["author"]["display_name"] for one in work.get("authorships", ())),
        published=day(work.get("publication_date") or f"{work.get('publication_year')}-01-01"),
        cited=work.get("cited_by_count"),
        doi=doi,
    )


def unfold(index: dict[str, list[int]]) -> str:
    """The abstract, which comes as each word with its places."""
    places = sorted((place, word) for word, found in index.items() for place in found)
    return " ".join(word for _, word in places)


SOURCE = ResearchSource(
    name="openalex",
    title="OpenAlex",
    address="https://api.openalex.org",
    kind="paper",
    terms=Terms("data by OpenAlex, CC0"),
    find=find,
    setting="openalex_key",
)

"""Wikipedia: the openings of the articles that fit, in the language asked for."""

from __future__ import annotations

from typing import Any

from integrations.research.source import Get, Hit, Question, ResearchSource, Terms, day, hits_of


async def find(question: Question, get: Get, _: str) -> list[Hit]:
    """The articles that Wikipedia's own search ranks first."""
    reply = await get(
        "/w/api.php",
        {
            "action": "query",
            "generator": "search",
            "gsrsearch": question.words,
            "gsrlimit": min(question.limit, 10),
            "prop": "extracts|info",
            "exintro": 1,
            "explaintext": 1,
            "exlimit": "max",
            "inprop": "url",
            "format": "json",
            "formatversion": 2,
        },
    )
    data = reply.json()
    pages = data.get("query", {}).get("pages", []) if isinstance(data, dict) else None
    ranked = sorted(pages, key=lambda page: page.get("index", 99)) if isinstance(pages, list) else None
    return hits_of("Wikipedia", ranked, _hit)


def _hit(page: dict[str, Any]) -> Hit:
    return Hit(title=page["title"], url=page["fullurl"], text=page.get("extract"), published=day(page.get("touched")))


SOURCE = ResearchSource(
    name="wikipedia",
    title="Wikipedia",
    address="https://{language}.wikipedia.org",
    kind="encyclopedia",
    terms=Terms("Wikipedia, CC BY-SA 4.0"),
    find=find,
)

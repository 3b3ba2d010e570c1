"""arXiv: preprints, from its Atom interface. One request in three seconds."""

from __future__ import annotations

import asyncio
import re

from integrations.research.feeds import FEEDS, entries
from integrations.research.source import Get, Hit, Question, ResearchSource, Terms


async def find(question: Question, get: Get, _: str) -> list[Hit]:
    """The papers in which all the words occur, the most relevant first."""
    words = re.findall(r"[^\W_][\w'-]*", question.words)
    params: dict[str, str | int] = {
        "search_query": " AND ".join(f"all:{word}" for word in words) or "all:*",
        "max_results": question.limit,
        "sortBy": "relevance",
    }
    reply = await get("/api/query", params, accept=FEEDS)
    return await asyncio.to_thread(entries, "arXiv", reply.body)


SOURCE = ResearchSource(
    name="arxiv",
    title="arXiv",
    address="https://export.arxiv.org",
    kind="paper",
    terms=Terms("Thank you to arXiv for use of its open access interoperability", seconds_apart=3),
    find=find,
)

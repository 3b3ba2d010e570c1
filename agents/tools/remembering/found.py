"""What is found in documents, conversations and notes, quoted: for a question, or below what was told of somebody."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from agents.deps import Deps
from agents.spec import Finding
from agents.tools.remembering.recalled import quoted, recalled, records, sources, trust, where
from memory.recall.search import Recalled

NAME = "memory"
FOUND = "What I find in your documents, conversations and notes:"
ME = re.compile(r"^\W*(?:me|myself|mich|mir|m[ií]|moi|mim|me stesso|my \w+)\W*$", re.IGNORECASE)
"""Words that mean the user."""


async def with_found(finding: Finding, whom: str, deps: Deps) -> Finding:
    """What was told, and below it what was read, said and found out about the same."""
    if not whom or ME.match(whom):
        return finding
    hits = [hit for hit in await recalled(whom, deps) if hit.kind != "fact"]
    if not hits:
        return finding
    text = f"{finding.text}\n\n{FOUND}\n\n{quoted(whom, hits)}" if finding.records else _text(whom, hits)
    return replace(
        finding,
        text=text,
        data={**finding.data, "found": [_as_data(hit) for hit in hits]},
        records=(*finding.records, *records(hits)),
        sources=sources(hits),
        trust=trust(hits),
    )


async def search(question: str, deps: Deps) -> Finding:
    """Quotes that answer a question, from all that is kept."""
    hits = await recalled(question, deps)
    if not hits:
        return Finding(NAME, True, "I find nothing about that in your documents, conversations and notes.")
    return Finding(
        NAME,
        True,
        _text(question, hits),
        data={"found": [_as_data(hit) for hit in hits]},
        records=records(hits),
        sources=sources(hits),
        trust=trust(hits),
    )


def _text(question: str, hits: Sequence[Recalled]) -> str:
    return f"{FOUND}\n\n{quoted(question, hits)}"


def _as_data(hit: Recalled) -> dict[str, Any]:
    return {"text": hit.text, "kind": hit.kind, "where": where(hit), "at": hit.at.date().isoformat()}

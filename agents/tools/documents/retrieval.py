"""Finds where in a document an answer may stand: by the words of the question, and by its meaning.

question ─┬─ full-text index ─────────▶ passages that hold its words ─┐
          └─ sentences, by embeddings ─▶ how close each comes ────────┴─▶ agents.tools.documents.passages.answer
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field

from agents.deps import Deps
from agents.tools.documents.topics import concepts, search_words
from agents.tools.research.relevance import likeness
from integrations.media.documents.passages import sentences
from integrations.models.embeddings.weights import EmbeddingError
from memory.documents import FoundPassage

log = logging.getLogger(__name__)

MOST_SENTENCES = 600
"""So many are compared by meaning, some seconds' work the first time; in a longer document those that hold a word of
the question come first."""


@dataclass(frozen=True)
class Places:
    """The passages to look in, in reading order, and the cosine of the question with their sentences, where known."""

    passages: list[FoundPassage]
    closeness: dict[str, float] = field(default_factory=dict)


async def look(question: str, document: str, deps: Deps) -> Places:
    """The places in one document of the user's, by its id, where a question may be answered."""
    documents = deps.stores.documents
    found = await documents.search(search_words(concepts(question)), user=deps.user, documents=[document])
    if deps.embedder is None:
        return Places(sorted(found, key=_number))
    known = {passage.number for passage in found}
    whole = await documents.passages(document, user=deps.user)
    ordered = [*found, *(passage for passage in whole if passage.number not in known)]
    chosen, texts = _within_reach(ordered)
    deps.progress("Comparing sentences with the question", None)
    try:
        scores = await asyncio.to_thread(likeness, question, texts, deps.embedder)
    except EmbeddingError as error:
        log.warning("Documents are searched by words alone: %s", error)
        return Places(sorted(found, key=_number))
    return Places(sorted(chosen, key=_number), dict(zip(texts, scores.tolist(), strict=True)))


def _within_reach(passages: Sequence[FoundPassage]) -> tuple[list[FoundPassage], list[str]]:
    """As many of the passages as may be compared, and their sentences, each once."""
    chosen: list[FoundPassage] = []
    texts: dict[str, None] = {}
    for passage in passages:
        if len(texts) >= MOST_SENTENCES:
            break
        chosen.append(passage)
        texts |= dict.fromkeys(sentences(passage.text))
    return chosen, list(texts)


def _number(passage: FoundPassage) -> int:
    return passage.number

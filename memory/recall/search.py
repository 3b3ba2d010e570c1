"""Finds what was read, said, found out and noted, by words and by meaning, within a scope.

question ─┬─ rare words ──▶ full-text index ─┐
          └─ vector, turned ──▶ Chroma ──────┴─▶ fused ──▶ the best 30 opened ──▶ reranked ──▶ passages
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import load_only
from sqlmodel import col, select

from memory.blind_search import blinds, tokens_of
from memory.business.clients import Client
from memory.database import now
from memory.recall.chunks import Chunk
from memory.recall.indexing import Index, opened
from memory.recall.matching import FREQUENT, MATCHED, candidates, counts, matching, newest, total
from memory.recall.ranking import Asked, Candidate, fused, ranked
from memory.recall.scopes import ClientNames, Scope, sees
from memory.recall.sources import Part
from memory.recall.vectors import WHOLE, turned

log = logging.getLogger("freelancex.recall")

LISTED = 60
"""How many each half finds."""
LOOKED_AT = 30
"""How many are opened."""
HALVES = frozenset({"words", "meaning"})
PATIENCE_S = 1.0
"""Seconds that a search waits for what was stored just now."""


@dataclass(frozen=True)
class Recalled:
    """A text that was found, and where it stands.

    `kind` is how it came to be: passage, said, answered, research, fact, note or job. `title` is the document's or the
    job's, `place` a page, line or section, a job's state; `source` the id of its row, `group` that of its file or
    conversation. `fits` says that it is about what was asked, not only near.
    """

    id: str
    kind: str
    text: str
    heading: str
    title: str
    place: str
    at: datetime
    client: str | None
    several: bool
    source: str
    group: str
    score: float
    fits: bool


class Recall:
    """The memory of one installation that is searched."""

    def __init__(self, index: Index) -> None:
        self.index = index

    async def search(
        self,
        question: str,
        *,
        user: str,
        scope: Scope,
        limit: int = 8,
        kinds: Collection[str] = (),
        halves: Collection[str] = HALVES,
    ) -> list[Recalled]:
        """The best texts first; with `kinds` only these. Finds by words alone where vectors are not at hand.

        Raises a database error.
        """
        await self.index.catch_up(PATIENCE_S)
        asked = Asked.of(question)
        if not asked.stems:
            return []
        (found, asked), near = await asyncio.gather(
            self._by_words(asked, user, scope) if "words" in halves else _nothing(asked),
            self._by_meaning(question, user, scope) if "meaning" in halves else _none(),
        )
        rows = {row.id: row for row in found}
        rankings = [one for one in ([row.id for row in found], list(near)) if one]
        order = fused(*rankings)
        first = list(order)[: LOOKED_AT * (2 if kinds else 1)]
        parts = await self._open(rows, first, user, scope)
        kept = [one for one in first if one in parts and (not kinds or parts[one].kind in kinds)][:LOOKED_AT]
        at = now()
        texts = [
            Candidate(
                parts[one].text,
                f"{parts[one].title} {parts[one].heading}",
                order[one],
                near.get(one),
                (at - _aware(rows[one].at)).total_seconds() / 86_400,
            )
            for one in kept
        ]
        best = await asyncio.to_thread(ranked, asked, texts, limit)
        await self._note([kept[one.place] for one in best if rows[kept[one.place]].client])
        return [_recalled(rows[kept[one.place]], parts[kept[one.place]], one.score, one.fits) for one in best]

    async def scope_of(self, words: str, user: str) -> frozenset[str]:
        """The ids of the clients that words name."""
        return (await self._names(user)).named(words)

    async def _names(self, user: str) -> ClientNames:
        async with self.index.database.read() as session:
            return ClientNames.of(await session.exec(select(Client).where(Client.user == user)))

    async def _by_words(self, asked: Asked, user: str, scope: Scope) -> tuple[list[Any], Asked]:
        """What holds the rarest words, the best first, and how rare each word is."""
        stems = list(dict.fromkeys(asked.stems))[:24]
        async with self.index.database.read() as session:
            tokens = await tokens_of(session, user, "chunks", stems)
            held, whole = await counts(session, tokens), await total(session)
            used: list[str] = []
            room = MATCHED
            for count, token in sorted(zip(held, tokens, strict=True)):
                if 0 < count <= min(FREQUENT, room):
                    used.append(token)
                    room -= count
            conditions = [col(Chunk.user) == user, *sees(scope, Chunk)]
            found = await matching(session, used, LISTED, *conditions)
            if not used:  # each word is frequent: the newest texts that hold all
                every = [token for count, token in zip(held, tokens, strict=True) if count]
                found = await newest(session, every, LISTED, *conditions)
        return found, asked.weighed(dict(zip(stems, held, strict=True)), whole)

    async def _by_meaning(self, question: str, user: str, scope: Scope) -> dict[str, float]:
        """Ids with their cosines, the nearest first; none where vectors are not open here."""
        index = self.index
        if index.embeds is None or not index.vectors.is_open(user):
            return {}
        async with index.database.read() as session:
            (secret,) = await blinds(session, user, "vectors", [""])
        scopes = ["own", *(f"client {one}" for one in sorted(scope.clients)), *(["several"] if scope.mixed else [])]
        if scope.whole:
            scopes = [WHOLE]
        try:
            return await asyncio.to_thread(self._near, question, user, secret, scopes)
        except Exception as error:  # Chroma raises what it likes, and words find without it
            log.warning("searched by words alone: %s", type(error).__name__)
            return {}

    def _near(self, question: str, user: str, secret: str, scopes: Sequence[str]) -> dict[str, float]:
        assert self.index.embeds is not None
        (vector,) = turned(self.index.embeds.embed([question]), secret)
        return self.index.vectors.near(user, scopes, vector, LISTED)

    async def _open(self, rows: dict[str, Any], ids: Sequence[str], user: str, scope: Scope) -> dict[str, Part]:
        """What these chunks say, where the scope holds them; adds the rows of those that only vectors found."""
        async with self.index.database.read() as session:
            if missing := [one for one in ids if one not in rows]:
                known = await session.exec(candidates(col(Chunk.id).in_(missing)))  # by the ids alone: they are few
                rows.update({row.id: row for row in known if row.user == user and _within(row, scope)})
            parts = await opened(session, [rows[one] for one in ids if one in rows])
        if not any(rows[one].several for one in parts) or scope.whole:
            return parts
        names = await self._names(user)
        return {
            one: part
            for one, part in parts.items()
            if scope.holds(rows[one].client, rows[one].several, names.named(f"{part.title} {part.heading} {part.text}"))
        }

    async def _note(self, ids: Sequence[str]) -> None:
        """Load what is shown of clients as objects, so that the log of who read what of which client has it."""
        if not ids:
            return
        async with self.index.database.read() as session:
            await session.exec(select(Chunk).where(col(Chunk.id).in_(ids)).options(load_only(Chunk.client)))  # type: ignore[arg-type]


def _within(row: Any, scope: Scope) -> bool:
    """Whether a scope may hold a chunk, as `sees` tells the database."""
    return scope.whole or ((scope.mixed or not row.several) and (row.client is None or row.client in scope.clients))


def _recalled(row: Any, part: Part, score: float, fits: bool) -> Recalled:
    return Recalled(
        id=row.id,
        kind=part.kind,
        text=part.text,
        heading=part.heading,
        title=part.title,
        place=part.place,
        at=_aware(row.at),
        client=row.client,
        several=row.several,
        source=row.source,
        group=row.group,
        score=round(score, 4),
        fits=fits,
    )


async def _nothing(asked: Asked) -> tuple[list[Any], Asked]:
    return [], asked


async def _none() -> dict[str, float]:
    return {}


def _aware(at: datetime) -> datetime:
    return at if at.tzinfo else at.replace(tzinfo=UTC)

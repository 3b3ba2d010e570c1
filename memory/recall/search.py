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
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection
from sqlmodel import col, select

from memory.acting import met
from memory.blind_search import blind, blinded
from memory.business.clients import Client
from memory.database import now
from memory.recall.chunks import Chunk
from memory.recall.indexing import Index, opened
from memory.recall.matching import FREQUENT, MATCHED, candidates, counts, matching, newest
from memory.recall.ranking import Asked, Candidate, fused, ranked
from memory.recall.scopes import ClientNames, Scope, sees
from memory.recall.sources import Part
from memory.recall.vectors import WHOLE, turned

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

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
        words, vectors = "words" in halves, "meaning" in halves and self.index.vectors.is_open(user)
        (found, asked, secret), vector = await asyncio.gather(
            self.index.database.ask(partial(_by_words, asked=asked, user=user, scope=scope if words else None)),
            asyncio.to_thread(self._meant, question) if vectors else _none(),
        )
        near = {} if vector is None else await asyncio.to_thread(self._near, vector, user, secret, scope)
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
        shown = [(rows[kept[one.place]], parts[kept[one.place]], one) for one in best]
        for row, _, _ in shown:
            if row.client:
                met("chunks", row.client)
        return [_recalled(row, part, one.score, one.fits) for row, part, one in shown]

    async def scope_of(self, words: str, user: str) -> frozenset[str]:
        """The ids of the clients that words name."""
        return (await self._names(user)).named(words)

    async def _names(self, user: str) -> ClientNames:
        async with self.index.database.read() as session:
            return ClientNames.of(await session.exec(select(Client).where(Client.user == user)))

    def _meant(self, question: str) -> NDArray[np.float32] | None:
        """The vector of a question, not turned yet; None where none can be made."""
        if self.index.embeds is None:
            return None
        try:
            return self.index.embeds.embed([question])
        except Exception as error:  # an engine raises what it likes, as Chroma does, and words find without it
            log.warning("searched by words alone: %s", type(error).__name__)
            return None

    def _near(self, vector: NDArray[np.float32], user: str, secret: str, scope: Scope) -> dict[str, float]:
        """Ids with their cosines, the nearest first; none where the vectors cannot be read."""
        scopes = ["own", *(f"client {one}" for one in sorted(scope.clients)), *(["several"] if scope.mixed else [])]
        if scope.whole:
            scopes = [WHOLE]
        try:
            return self.index.vectors.near(user, scopes, turned(vector, secret)[0], LISTED)
        except Exception as error:
            log.warning("searched by words alone: %s", type(error).__name__)
            return {}

    async def _open(self, rows: dict[str, Any], ids: Sequence[str], user: str, scope: Scope) -> dict[str, Part]:
        """What these chunks say, where the scope holds them; adds the rows of those that only vectors found."""

        def read(connection: Connection) -> dict[str, Part]:
            if missing := [one for one in ids if one not in rows]:
                known = connection.execute(candidates(col(Chunk.id).in_(missing)))  # by the ids alone: they are few
                rows.update({row.id: row for row in known if row.user == user and _within(row, scope)})
            return opened(connection, [rows[one] for one in ids if one in rows])

        parts = await self.index.database.ask(read)
        if not any(rows[one].several for one in parts) or scope.whole:
            return parts
        names = await self._names(user)
        return {
            one: part
            for one, part in parts.items()
            if scope.holds(rows[one].client, rows[one].several, names.named(f"{part.title} {part.heading} {part.text}"))
        }


def _by_words(connection: Connection, asked: Asked, user: str, scope: Scope | None) -> tuple[list[Any], Asked, str]:
    """What holds the rarest words, the best first; how rare each word is; and the secret that turns vectors.

    Nothing is looked for without a scope.
    """
    secret = blind(connection, user, "vectors", "")
    if scope is None:
        return [], asked, secret
    stems = list(dict.fromkeys(asked.stems))[:24]
    tokens = blinded(connection, user, "chunks", stems)
    held, whole = counts(connection, tokens)
    used: list[str] = []
    room = MATCHED
    for count, token in sorted(zip(held, tokens, strict=True)):
        if 0 < count <= min(FREQUENT, room):
            used.append(token)
            room -= count
    conditions = [col(Chunk.user) == user, *sees(scope, Chunk)]
    if used:
        found = matching(connection, used, LISTED, *conditions)
    else:  # each word is frequent: the newest texts that hold all
        every = [token for count, token in zip(held, tokens, strict=True) if count]
        found = newest(connection, every, LISTED, *conditions)
    return found, asked.weighed(dict(zip(stems, held, strict=True)), whole), secret


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


async def _none() -> None:
    return None


def _aware(at: datetime) -> datetime:
    return at if at.tzinfo else at.replace(tzinfo=UTC)

"""Chunks by the blind tokens they hold: full-text search in SQLite, by looking at each elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import case, column, literal, text
from sqlmodel import col, func, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.blind_search import tokens_of
from memory.recall.chunks import Chunk

FREQUENT = 2_000
"""Chunks in which a word may stand; the more frequent are left to vectors and to reranking, for they cost time."""
MATCHED = 3_000
"""Chunks that the words of a question may match together: rarest words first, until so many."""
BATCH, SEEN_PER_KEPT = 200, 10
"""Chunks that are looked up in one statement; and of the newest, how many are seen for one that is within the scope."""
_COLUMNS = (
    Chunk.id,
    Chunk.kind,
    Chunk.source,
    Chunk.group,
    Chunk.part,
    Chunk.at,
    Chunk.client,
    Chunk.several,
    Chunk.user,
)


def candidates(*conditions: Any) -> Any:
    """A query for what tells chunks apart, without their words."""
    return select(*_COLUMNS).where(*conditions)  # type: ignore[call-overload]


async def counts(session: AsyncSession, tokens: Sequence[str]) -> list[int]:
    """In how many chunks each token stands, up to one more than `FREQUENT`."""
    connection = await session.connection()
    if connection.dialect.name != "sqlite":
        held = (func.sum(case((_all_words().contains(token), 1), else_=0)) for token in tokens)
        return [int(one or 0) for one in (await connection.execute(select(*held))).one()]
    found = "(SELECT 1 FROM chunks_search WHERE chunks_search MATCH :w{0} LIMIT {1})"
    each = ", ".join(f"(SELECT count(*) FROM {found.format(place, FREQUENT + 1)})" for place in range(len(tokens)))
    values = {f"w{place}": token for place, token in enumerate(tokens)}
    return list((await connection.execute(text(f"SELECT {each}"), values)).one())


async def total(session: AsyncSession) -> int:
    """About how many chunks there are."""
    return (await session.exec(select(func.max(Chunk.number)))).one() or 0


async def matching(session: AsyncSession, tokens: Sequence[str], limit: int, *conditions: Any) -> list[Any]:
    """The chunks that hold any of the tokens, the best by BM25 first, a word of a heading counting twice."""
    if not tokens:
        return []
    if session.get_bind().dialect.name != "sqlite":
        words = _all_words()
        score = sum((case((words.contains(one), 1), else_=0) for one in tokens), start=literal(0))
        query = candidates(or_(*(words.contains(one) for one in tokens)), *conditions).order_by(
            score.desc(), Chunk.number
        )
        return list(await session.exec(query.limit(limit)))
    match = " OR ".join(tokens)
    found = list(await session.exec(_hits(match, limit, *conditions, most=SEEN_PER_KEPT * limit)))
    # The best are within the scope but for few: only else are all looked up that match, which costs several times that.
    return found if len(found) == limit else list(await session.exec(_hits(match, limit, *conditions)))


async def holding(session: AsyncSession, user: str, words: Sequence[str], *conditions: Any) -> list[Any]:
    """The chunks of a user that hold all of these stems."""
    tokens = await tokens_of(session, user, "chunks", words)
    return await newest(session, tokens, None, col(Chunk.user) == user, *conditions)


async def newest(session: AsyncSession, tokens: Sequence[str], limit: int | None, *conditions: Any) -> list[Any]:
    """The chunks that hold all of the tokens, those cut last first."""
    if not tokens:
        return []
    if session.get_bind().dialect.name != "sqlite":
        all_of = candidates(*(_all_words().contains(one) for one in tokens), *conditions)
        return list(await session.exec(all_of.order_by(col(Chunk.number).desc()).limit(limit)))
    # In one statement SQLite would look into the index anew for each chunk of the user.
    found = text("SELECT rowid FROM chunks_search WHERE chunks_search MATCH :match ORDER BY rowid DESC LIMIT :most")
    values = {"match": " AND ".join(tokens), "most": -1 if limit is None else SEEN_PER_KEPT * limit}
    numbers = [row[0] for row in (await (await session.connection()).execute(found, values)).all()]
    rows: list[Any] = []
    for start in range(0, len(numbers), BATCH):
        some = col(Chunk.number).in_(numbers[start : start + BATCH])
        rows += await session.exec(candidates(some, *conditions).order_by(col(Chunk.number).desc()))
        if limit is not None and len(rows) >= limit:
            break
    return rows[:limit]


def _hits(match: str, limit: int, *conditions: Any, most: int = -1) -> Any:
    """The best `limit` within the conditions, of the best `most` of all."""
    hits = (
        text(
            "SELECT rowid AS number, bm25(chunks_search, 1.0, 2.0) AS score FROM chunks_search "
            "WHERE chunks_search MATCH :match ORDER BY score LIMIT :most"
        )
        .bindparams(match=match, most=most)
        .columns(column("number"), column("score"))
        .subquery()
    )
    query = candidates(*conditions).join(hits, col(Chunk.number) == hits.c.number)
    return query.order_by(hits.c.score, col(Chunk.number)).limit(limit)


def _all_words() -> Any:
    return col(Chunk.heading_words) + " " + col(Chunk.words)

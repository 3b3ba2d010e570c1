"""Chunks by the blind tokens they hold: full-text search in SQLite, by looking at each elsewhere.

All of it reads by a connection, without sessions and objects: those would cost a search more than finding does.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Table, case, func, literal, or_, select, text

from memory.acting import hidden
from memory.blind_search import blinded
from memory.recall.chunks import Chunk

FREQUENT = 2_000
"""Chunks in which a word may stand; the more frequent are left to vectors and to reranking, for they cost time."""
MATCHED = 3_000
"""Chunks that the words of a question may match together: rarest words first, until so many."""
BATCH, SEEN_PER_KEPT = 80, 10
"""Chunks that are looked up in one statement; and of the newest, how many are seen for one that is within the scope."""
_FOUND = "SELECT rowid FROM chunks_search WHERE chunks_search MATCH :match"
_BEST = text(f"{_FOUND} AND rank MATCH 'bm25(1.0, 2.0)' ORDER BY rank LIMIT :most")
_LAST = text(f"{_FOUND} ORDER BY rowid DESC LIMIT :most")
CHUNKS: Table = Chunk.__table__  # type: ignore[attr-defined]
_C = CHUNKS.c
_COLUMNS = (_C.number, _C.id, _C.kind, _C.source, _C.group, _C.part, _C.at, _C.client, _C.several, _C.user)


def candidates(*conditions: Any) -> Any:
    """A query for what tells chunks apart, without their words; without those of clients hidden from who is at work."""
    without = [or_(_C.client.is_(None), _C.client.not_in(hidden()))] if hidden() else []
    return select(*_COLUMNS).where(*conditions, *without)


def counts(connection: Connection, tokens: Sequence[str]) -> tuple[list[int], int]:
    """In how many chunks each token stands, up to one more than `FREQUENT`, and about how many chunks there are."""
    if connection.dialect.name != "sqlite":
        sums = [func.sum(case((_all_words().contains(token), 1), else_=0)) for token in tokens]
        *each, whole = connection.execute(select(*sums, func.max(_C.number))).one()
        return [int(one or 0) for one in each], whole or 0
    found = "SELECT 1 FROM chunks_search WHERE chunks_search MATCH :w{0} LIMIT {1}"
    held = [f"(SELECT count(*) FROM ({found.format(place, FREQUENT + 1)}))" for place in range(len(tokens))]
    query = text(f"SELECT {', '.join([*held, '(SELECT max(number) FROM chunks)'])}")
    *each, whole = connection.execute(query, {f"w{place}": token for place, token in enumerate(tokens)}).one()
    return each, whole or 0


def matching(connection: Connection, tokens: Sequence[str], limit: int, *conditions: Any) -> list[Any]:
    """The chunks that hold any of the tokens, the best by BM25 first, a word of a heading counting twice."""
    if not tokens:
        return []
    if connection.dialect.name != "sqlite":
        words = _all_words()
        score = sum((case((words.contains(one), 1), else_=0) for one in tokens), start=literal(0))
        query = candidates(or_(*(words.contains(one) for one in tokens)), *conditions)
        return list(connection.execute(query.order_by(score.desc(), _C.number).limit(limit)))
    return _first(connection, _BEST, " OR ".join(tokens), limit, MATCHED, *conditions)


def holding(connection: Connection, user: str, words: Sequence[str], *conditions: Any) -> list[Any]:
    """The chunks of a user that hold all of these stems."""
    return newest(connection, blinded(connection, user, "chunks", words), None, _C.user == user, *conditions)


def newest(connection: Connection, tokens: Sequence[str], limit: int | None, *conditions: Any) -> list[Any]:
    """The chunks that hold all of the tokens, those cut last first."""
    if not tokens:
        return []
    if connection.dialect.name != "sqlite":
        all_of = candidates(*(_all_words().contains(one) for one in tokens), *conditions)
        return list(connection.execute(all_of.order_by(_C.number.desc()).limit(limit)))
    most = -1 if limit is None else SEEN_PER_KEPT * limit
    return _first(connection, _LAST, " AND ".join(tokens), limit, most, *conditions)


def _first(connection: Connection, query: Any, match: str, limit: int | None, most: int, *conditions: Any) -> list[Any]:
    """The first `limit` chunks within the conditions among the first `most` that a query of the index gives.

    They are looked up some at a time: nearly all are within, and in one statement SQLite would look up each that
    matches before it sorts them.
    """
    rows: list[Any] = []
    seen = 0
    for taken in (most,) if limit is None else (2 * BATCH, most):
        numbers = connection.execute(query, {"match": match, "most": taken}).scalars().all()
        for start in range(seen, len(numbers), BATCH):
            some = numbers[start : start + BATCH]
            within = {row.number: row for row in connection.execute(candidates(_C.number.in_(some), *conditions))}
            rows += [within[number] for number in some if number in within]
            if limit is not None and len(rows) >= limit:
                return rows[:limit]
        if len(numbers) < taken:
            break
        seen = len(numbers)
    return rows


def _all_words() -> Any:
    return _C.heading_words + " " + _C.words

"""Documents that were read: their passages, kept by file so that each is read once, and found again by their words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any, ClassVar

from anyio import to_thread
from sqlalchemy import DateTime, Index, and_, case, column, func, literal, text
from sqlmodel import Field, col, delete, or_, select

from memory.blind_search import holds, stems, tokens_of
from memory.database import Database, new_id, now
from memory.files import StoredFile
from memory.sealed import Sealed, SealedRow, Words
from privacy.levels import Level, level_of

PAGE = 200
"""Passages that are looked at together."""


class Document(SealedRow, table=True):
    """One document that was read. `id` is its file's id; `pages` is None where the format has no pages."""

    __tablename__ = "documents"
    id: str = Field(primary_key=True)
    user: str = Field(index=True)
    name: str = Field(sa_type=Sealed())
    format: str
    pages: int | None = None
    headings: list[str] = Field(default_factory=list, sa_type=Sealed("json"))
    notes: list[str] = Field(default_factory=list, sa_type=Sealed("json"))
    read_at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))


class DocumentPassage(SealedRow, table=True):
    """One passage of a document, numbered in reading order."""

    __tablename__ = "passages"
    __table_args__ = (Index("ix_passages_document", "document", "number"),)
    __words__: ClassVar[dict[str, Words]] = {"words": Words("text", stems), "heading_words": Words("heading", stems)}
    number: int | None = Field(default=None, primary_key=True)
    id: str = Field(default_factory=new_id, index=True)
    document: str
    user: str = Field(index=True)
    place: str = Field(sa_type=Sealed())
    page: int | None = None
    heading: str = Field(default="", sa_type=Sealed())
    text: str = Field(sa_type=Sealed())
    words: str = Field(default="", repr=False)
    heading_words: str = Field(default="", repr=False)


@dataclass(frozen=True)
class FoundPassage:
    """A passage that holds some of the words looked for; the best come first."""

    document: str
    number: int
    place: str
    page: int | None
    heading: str
    text: str


class Documents:
    """The documents in one database, each seen only by its user."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def save(self, document: Document, passages: Sequence[Mapping[str, Any]]) -> None:
        """Keep a document with its passages (``text``, ``place``, ``page``, ``heading``), in place of an older reading.

        Its file becomes as private as the most private passage. Raises PermissionError when the id belongs to someone
        else.
        """
        level = await to_thread.run_sync(lambda: max((level_of(one["text"]) for one in passages), default=Level.PUBLIC))
        async with self._database.write() as session:
            known = await session.get(Document, document.id)
            if known is not None and known.user != document.user:
                raise PermissionError("This document belongs to somebody else.")
            await session.exec(delete(DocumentPassage).where(col(DocumentPassage.document) == document.id))
            await session.merge(document)
            file = await session.get(StoredFile, document.id)
            if file is not None and file.level < level:
                file.level = level
                session.add(file)
            session.add_all(
                DocumentPassage(document=document.id, user=document.user, **passage) for passage in passages
            )

    async def get(self, document: str, *, user: str) -> Document | None:
        """One document of this user, or None when it was not read yet."""
        return await self._database.own(Document, document, user=user)

    async def recent(self, user: str, limit: int = 20) -> list[Document]:
        """The documents read last, newest first."""
        query = select(Document).where(Document.user == user).order_by(col(Document.read_at).desc()).limit(limit)
        async with self._database.read() as session:
            return list(await session.exec(query))

    async def passages(self, document: str, *, user: str) -> list[FoundPassage]:
        """All passages of one document in reading order."""
        query = (
            select(DocumentPassage)
            .where(DocumentPassage.document == document, DocumentPassage.user == user)
            .order_by(col(DocumentPassage.number))
        )
        async with self._database.read() as session:
            return [_found(row) for row in await session.exec(query)]

    async def count(self, document: str, *, user: str) -> int:
        """How many passages a document has."""
        query = select(func.count(col(DocumentPassage.number))).where(
            DocumentPassage.user == user, DocumentPassage.document == document
        )
        async with self._database.read() as session:
            return (await session.exec(query)).one()

    async def search(
        self, words: Sequence[str], *, user: str, documents: Sequence[str] | None = None, limit: int = 40
    ) -> list[FoundPassage]:
        """Passages holding any of the words or phrases, also inflected, the best first.

        With `documents`, only in these. Words are data: no search syntax in them has any effect.
        """
        phrases = list(dict.fromkeys(tuple(stems(word)) for word in words))
        phrases = [phrase for phrase in phrases if phrase]
        if not phrases:
            return []
        query = select(DocumentPassage).where(DocumentPassage.user == user)
        if documents is not None:
            query = query.where(col(DocumentPassage.document).in_(documents))
        found: list[FoundPassage] = []
        async with self._database.read() as session:
            blind = [await tokens_of(session, user, "passages", phrase) for phrase in phrases]
            query = self._ranked(query, blind)
            for start in count(0, PAGE):
                rows = list(await session.exec(query.limit(PAGE).offset(start)))
                found += [_found(row) for row in rows if _says(row, phrases)]
                if len(found) >= limit or len(rows) < PAGE:
                    return found[:limit]
        return found

    def _ranked(self, query: Any, phrases: Sequence[Sequence[str]]) -> Any:
        """Narrow a query to passages with all words of any phrase, the best first."""
        if self._database.engine.dialect.name == "sqlite":
            match = " OR ".join(f"({' AND '.join(phrase)})" for phrase in phrases)
            hits = (
                text(
                    "SELECT rowid AS number, bm25(passages_search, 1.0, 2.0) AS score FROM passages_search "
                    "WHERE passages_search MATCH :words"
                )
                .bindparams(words=match)
                .columns(column("number"), column("score"))
                .subquery()
            )
            query = query.join(hits, col(DocumentPassage.number) == hits.c.number)
            return query.order_by(hits.c.score, col(DocumentPassage.number))
        all_words = col(DocumentPassage.heading_words) + " " + col(DocumentPassage.words)
        holding = [and_(*(all_words.contains(token) for token in phrase)) for phrase in phrases]
        score = sum((case((one, 1), else_=0) for one in holding), start=literal(0))
        return query.where(or_(*holding)).order_by(score.desc(), col(DocumentPassage.number))

    async def delete(self, document: str, *, user: str) -> bool:
        """Forget a document and its passages; False when this user has none such. Its file stays."""
        async with self._database.write() as session:
            row = await session.get(Document, document)
            if row is None or row.user != user:
                return False
            await session.exec(delete(DocumentPassage).where(col(DocumentPassage.document) == document))
            await session.delete(row)
        return True


def _found(row: DocumentPassage) -> FoundPassage:
    return FoundPassage(row.document, row.number or 0, row.place, row.page, row.heading, row.text)


def _says(row: DocumentPassage, phrases: Sequence[Sequence[str]]) -> bool:
    """Whether a passage that holds all words of one of the phrases holds them in a row: the index knows no order."""
    if all(len(phrase) == 1 for phrase in phrases):
        return True
    parts = [stems(row.text), stems(row.heading)]
    return any(holds(part, phrase) for part in parts for phrase in phrases)


SEARCH = (
    "CREATE VIRTUAL TABLE IF NOT EXISTS passages_search USING fts5("
    "words, heading_words, content='passages', content_rowid='number', tokenize='ascii')",
    "CREATE TRIGGER IF NOT EXISTS passages_added AFTER INSERT ON passages BEGIN "
    "INSERT INTO passages_search(rowid, words, heading_words) VALUES (new.number, new.words, new.heading_words); END",
    "CREATE TRIGGER IF NOT EXISTS passages_removed AFTER DELETE ON passages BEGIN "
    "INSERT INTO passages_search(passages_search, rowid, words, heading_words) "
    "VALUES ('delete', old.number, old.words, old.heading_words); END",
    "CREATE TRIGGER IF NOT EXISTS passages_changed AFTER UPDATE OF words, heading_words ON passages BEGIN "
    "INSERT INTO passages_search(passages_search, rowid, words, heading_words) "
    "VALUES ('delete', old.number, old.words, old.heading_words); "
    "INSERT INTO passages_search(rowid, words, heading_words) VALUES (new.number, new.words, new.heading_words); END",
)
"""The full-text index over passages, kept by SQLite itself."""

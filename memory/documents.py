"""Documents that were read: their passages, kept by file so that each is read once, and found again by their words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, DateTime, Index, column, func, text
from sqlmodel import Field, SQLModel, col, delete, or_, select

from memory.database import Database, now


class Document(SQLModel, table=True):
    """One document that was read. `id` is its file's id; `pages` is None where the format has no pages."""

    __tablename__ = "documents"
    id: str = Field(primary_key=True)
    user: str = Field(index=True)
    name: str
    format: str
    pages: int | None = None
    headings: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    notes: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    read_at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))


class DocumentPassage(SQLModel, table=True):
    """One passage of a document, numbered in reading order."""

    __tablename__ = "passages"
    __table_args__ = (Index("ix_passages_document", "document", "number"),)
    number: int | None = Field(default=None, primary_key=True)
    document: str
    user: str = Field(index=True)
    place: str
    page: int | None = None
    heading: str = ""
    text: str


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

        Raises PermissionError when the id belongs to someone else.
        """
        async with self._database.write() as session:
            known = await session.get(Document, document.id)
            if known is not None and known.user != document.user:
                raise PermissionError("This document belongs to somebody else.")
            await session.exec(delete(DocumentPassage).where(col(DocumentPassage.document) == document.id))
            await session.merge(document)
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
        clean = [" ".join(re.findall(r"\w+", word)) for word in words]
        clean = [word for word in dict.fromkeys(clean) if word]
        if not clean:
            return []
        query = select(DocumentPassage).where(DocumentPassage.user == user)
        if documents is not None:
            query = query.where(col(DocumentPassage.document).in_(documents))
        if self._database.engine.dialect.name == "sqlite":
            match = " OR ".join(f'"{word}"' for word in clean)
            hits = (
                text(
                    "SELECT rowid AS number, bm25(passages_search, 1.0, 2.0) AS score FROM passages_search "
                    "WHERE passages_search MATCH :words"
                )
                .bindparams(words=match)
                .columns(column("number"), column("score"))
                .subquery()
            )
            query = query.join(hits, col(DocumentPassage.number) == hits.c.number).order_by(hits.c.score)
        else:
            holds = (col(DocumentPassage.text).icontains(_stem(word), autoescape=True) for word in clean)
            query = query.where(or_(*holds)).order_by(col(DocumentPassage.number))
        async with self._database.read() as session:
            return [_found(row) for row in await session.exec(query.limit(limit))]

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


def _stem(word: str) -> str:
    # Databases without a stemming index look for the part that inflection leaves alone.
    return word if len(word) < 6 or " " in word else word[: max(5, len(word) - 3)]


SEARCH = (
    "CREATE VIRTUAL TABLE IF NOT EXISTS passages_search USING fts5("
    "text, heading, content='passages', content_rowid='number', tokenize='porter unicode61 remove_diacritics 2')",
    "CREATE TRIGGER IF NOT EXISTS passages_added AFTER INSERT ON passages BEGIN "
    "INSERT INTO passages_search(rowid, text, heading) VALUES (new.number, new.text, new.heading); END",
    "CREATE TRIGGER IF NOT EXISTS passages_removed AFTER DELETE ON passages BEGIN "
    "INSERT INTO passages_search(passages_search, rowid, text, heading) "
    "VALUES ('delete', old.number, old.text, old.heading); END",
    "CREATE TRIGGER IF NOT EXISTS passages_changed AFTER UPDATE OF text, heading ON passages BEGIN "
    "INSERT INTO passages_search(passages_search, rowid, text, heading) "
    "VALUES ('delete', old.number, old.text, old.heading); "
    "INSERT INTO passages_search(rowid, text, heading) VALUES (new.number, new.text, new.heading); END",
)
"""The full-text index over passages, kept by SQLite itself."""

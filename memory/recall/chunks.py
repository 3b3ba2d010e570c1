"""The chunks that can be found: each one part of a row elsewhere, with the blind words it holds, and no text."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, DateTime, ForeignKey, Index, String
from sqlmodel import Field, SQLModel

from memory.database import new_id, now

NEVER = "never"
"""What stands in `embedded` where no vector may be made, because of its level, or there is no text to make it of."""


class Chunk(SQLModel, table=True):
    """One part of one row. `source` is the row's id, `kind` one of those in `memory.recall.sources`, `group` what
    belongs together: a document, a conversation.

    `client` is the only client it concerns; `several` says that it concerns more, or somebody who is no client.
    `embedded` names the store of vectors that holds its vector. `at` is when its source came to be, `indexed_at` when
    it was cut.
    """

    __tablename__ = "chunks"
    __table_args__ = (
        Index("ix_chunks_source", "source"),
        Index("ix_chunks_embedded", "user", "embedded"),
        Index("ix_chunks_scope", "user", "client"),
    )
    number: int | None = Field(default=None, primary_key=True)
    id: str = Field(default_factory=new_id, unique=True)
    user: str
    client: str | None = Field(
        default=None, sa_column=Column(String, ForeignKey("clients.id", ondelete="CASCADE"), nullable=True, index=True)
    )
    several: bool = False
    kind: str
    source: str
    group: str = ""
    part: int = 0
    at: datetime = Field(sa_type=DateTime(timezone=True))
    indexed_at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))
    words: str = Field(default="", repr=False)
    heading_words: str = Field(default="", repr=False)
    embedded: str = ""


SEARCH = (
    "CREATE VIRTUAL TABLE IF NOT EXISTS chunks_search USING fts5("
    "words, heading_words, content='chunks', content_rowid='number', tokenize='ascii')",
    "CREATE TRIGGER IF NOT EXISTS chunks_added AFTER INSERT ON chunks BEGIN "
    "INSERT INTO chunks_search(rowid, words, heading_words) VALUES (new.number, new.words, new.heading_words); END",
    "CREATE TRIGGER IF NOT EXISTS chunks_removed AFTER DELETE ON chunks BEGIN "
    "INSERT INTO chunks_search(chunks_search, rowid, words, heading_words) "
    "VALUES ('delete', old.number, old.words, old.heading_words); END",
)
"""The full-text index over chunks, kept by SQLite itself. A chunk's words never change."""

"""What can be found again: which rows of which tables, how each is cut, and what is told of where it stands.

Each kind cuts a row into the same parts every time, so that a chunk is opened by cutting its row anew.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from types import SimpleNamespace
from typing import Any

from sqlalchemy import ColumnElement, Connection, select
from sqlmodel import col

from memory.business.contacts import ClientNote
from memory.documents import Document, DocumentPassage
from memory.facts import Fact
from memory.files import StoredFile
from memory.jobs import JobLead
from memory.recall.cutting import cut
from memory.sealed import opened
from memory.turns import Turn
from privacy.levels import Level

ECHOES = frozenset(
    {
        "memory",
        "privacy",
        "clients",
        "bookkeeping",
        "time",
        "payments",
        "profile",
        "system",
        "saved_searches",
        "briefing",
        "assistants",
    }
)
"""Agents that keep or tell what is kept: their turns stand in the records, and found again, would be found for ever."""
QUOTING = frozenset({"documents", "job_search"})
"""Agents whose answers are found where they quote from."""
RESEARCH = frozenset({"web_research", "scholar", "scraper", "market"})
JOBS = ("matched", "proposed", "won", "lost")
"""States of a job that make it history; what was only found is not."""


@dataclass(frozen=True)
class Part:
    """One part of a row as it is found and shown. `kind` is how it came to be: passage, said, answered, research,
    fact, note or job; `title` and `place` say where it stands, `level` how private what it is part of is.
    """

    kind: str
    text: str
    heading: str = ""
    title: str = ""
    place: str = ""
    level: Level = Level.CONFIDENTIAL


@dataclass(frozen=True)
class Source:
    """A kind of row: when it is `ready` to be found, the columns that cutting and dating need, and how it is cut.

    What cutting and dating are given beside the row are the documents of passages by id. `group` is the id of what a
    row is part of, `client` the id or the name of the client it says it is about.
    """

    name: str
    table: Any
    ready: Callable[[], list[ColumnElement[bool]]]
    parts: Callable[[Any, Mapping[str, Any]], list[Part]]
    at: Callable[[Any, Mapping[str, Any]], datetime]
    group: Callable[[Any], str]
    columns: tuple[str, ...]
    client: Callable[[Any], str | None] = lambda row: None

    def rows(self, connection: Connection, ids: Collection[str]) -> list[Any]:
        """The rows of these ids that are still ready, with these columns and no more."""
        return _opened(connection, self.table, self.columns, col(self.table.id).in_(ids), *self.ready())


def documents_of(connection: Connection, rows: Sequence[Any]) -> dict[str, Any]:
    """The documents of passages by id: what cutting and dating need of them."""
    ids = {row.document for row in rows if hasattr(row, "document")}
    found = _opened(connection, Document, ("id", "user", "name", "read_at"), col(Document.id).in_(ids)) if ids else ()
    return {one.id: one for one in found}


def levels_of(connection: Connection, documents: Mapping[str, Any]) -> dict[str, Any]:
    """The documents with the levels of their files: what is cut anew must know how private it is."""
    found = select(col(StoredFile.id), col(StoredFile.level)).where(col(StoredFile.id).in_(documents))
    return {**documents, "levels": {row.id: row.level for row in connection.execute(found)}}


def _opened(connection: Connection, kind: Any, columns: Sequence[str], *conditions: Any) -> list[Any]:
    """Some columns of some rows, opened; objects of their class would cost a search several times that."""
    table = kind.__table__
    found = connection.execute(select(*(table.c[name] for name in columns)).where(*conditions))
    return [SimpleNamespace(**opened(connection, table, row._asdict())) for row in found]


def _passage(row: Any, documents: Mapping[str, Any]) -> list[Part]:
    document = documents.get(row.document)
    level = Level(documents.get("levels", {}).get(row.document, Level.CONFIDENTIAL))
    name = document.name if document else ""
    return [Part("passage", row.text, row.heading, name, row.place, level)]


def _turn(row: Any, _documents: Mapping[str, Any]) -> list[Part]:
    agents = {str(step.get("agent")) for step in row.plan.get("steps", ())}
    if agents & ECHOES:
        return []
    kind = "research" if agents & RESEARCH else "answered"
    said = [Part("said", piece.text, piece.heading) for piece in cut(row.text)]
    if agents & QUOTING or row.status == "asking":
        return said
    return said + [Part(kind, piece.text, piece.heading) for piece in cut(row.answer)]


def _fact(row: Any, _documents: Mapping[str, Any]) -> list[Part]:
    return [Part("fact", row.text)]


def _note(row: Any, _documents: Mapping[str, Any]) -> list[Part]:
    return [Part("note", piece.text) for piece in cut(row.text)]


def _job(row: Any, _documents: Mapping[str, Any]) -> list[Part]:
    pieces = cut(f"{row.title}\n\n{row.company}\n\n{row.post.get('description', '')}")
    return [Part("job", piece.text, row.title, row.title, row.status) for piece in pieces]


def _read_at(row: Any, documents: Mapping[str, Any]) -> datetime:
    document = documents.get(row.document)
    return _aware(document.read_at) if document else datetime.now(UTC)


def _aware(at: datetime) -> datetime:
    return at if at.tzinfo else at.replace(tzinfo=UTC)


SOURCES: dict[str, Source] = {
    one.name: one
    for one in (
        Source(
            "passages",
            DocumentPassage,
            lambda: [],
            _passage,
            _read_at,
            lambda row: row.document,
            ("id", "user", "document", "place", "heading", "text"),
        ),
        Source(
            "turns",
            Turn,
            lambda: [col(Turn.ended_at).is_not(None), col(Turn.status).not_in(["running", "waiting"])],
            _turn,
            lambda row, _: _aware(row.started_at),
            lambda row: row.thread,
            ("id", "user", "thread", "text", "answer", "plan", "status", "started_at"),
        ),
        Source(
            "facts",
            Fact,
            lambda: [col(Fact.superseded_by).is_(None)],
            _fact,
            lambda row, _: datetime.combine(row.said_on, time(12), UTC),
            lambda row: row.thread,
            ("id", "user", "client", "text", "said_on", "thread"),
            client=lambda row: row.client,
        ),
        Source(
            "client_notes",
            ClientNote,
            lambda: [],
            _note,
            lambda row, _: datetime.combine(row.day, time(12), UTC),
            lambda row: row.client,
            ("id", "user", "client", "text", "day"),
            client=lambda row: row.client,
        ),
        Source(
            "job_leads",
            JobLead,
            lambda: [col(JobLead.status).in_(JOBS)],
            _job,
            lambda row, _: _aware(row.found_at),
            lambda row: row.id,
            ("id", "user", "title", "company", "status", "post", "found_at"),
        ),
    )
}

"""Brings what can be found up to date: rows that no chunk names are cut, chunks without a vector are embedded.

    row is stored ──▶ no chunk names it ──▶ cut, blind words ──▶ found by words ──▶ embedded ──▶ found by meaning
    row is gone   ──▶ its chunks go

Both are found by looking, not by a list of things to do, so a crash, a restored backup or an emptied store of vectors
is caught up with the next time. Words come at once, vectors in the time nobody else needs.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy import Connection, and_, exists
from sqlalchemy.orm import Session, load_only
from sqlmodel import col, delete, or_, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.blind_search import blind, blinder, stems
from memory.business.clients import Client, key_of
from memory.database import Database, now
from memory.documents import DocumentPassage
from memory.recall.chunks import NEVER, Chunk
from memory.recall.matching import candidates, holding
from memory.recall.scopes import ClientNames, Whose, whose
from memory.recall.sources import SOURCES, Part, Source, documents_of, levels_of
from memory.recall.vectors import Vectors, turned
from privacy.levels import ALLOWED, level_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ROWS, CHUNKS = 16, 32
"""Rows that are cut, and chunks that are embedded, in one go."""


class Embeds(Protocol):
    """What makes vectors of length 1 of texts; see integrations.models.embeddings. Blocking and thread-safe."""

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]: ...


@dataclass(frozen=True)
class Cut:
    """One part of one row, ready to be kept: its level is the higher of its own and of what it is part of."""

    row: Any
    number: int
    part: Part
    whose: Whose
    embedded: str


class Index:
    """The chunks of one database and their vectors."""

    def __init__(self, database: Database, vectors: Vectors, embeds: Embeds | None) -> None:
        self.database, self.vectors, self.embeds = database, vectors, embeds
        self._lock = asyncio.Lock()
        self.woken = asyncio.Event()
        self._stale = True
        self._clients: set[str] = set()

    def wake(self) -> None:
        """Say that something may have been stored or removed."""
        self._stale = True
        self.woken.set()

    async def catch_up(self, seconds: float = float("inf")) -> bool:
        """Cut what is new, for so long at most; whether all of it is done. Raises a database error."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            async with self._lock:  # whoever else catches up has done a part when it is given back
                if not self._stale:
                    return True
                self._stale = False
                try:
                    await self._meet_clients()
                    self._stale = await self._cut_some()
                except BaseException:
                    self._stale = True
                    raise
        return False

    async def sweep(self) -> int:
        """Remove the chunks whose rows are gone, with their vectors; returns how many."""
        async with self.database.write() as session:
            gone = await sweep(session)
        for user, scope in {(row.user, scope_of(row)) for row in gone}:
            ids = [row.id for row in gone if (row.user, scope_of(row)) == (user, scope)]
            await asyncio.to_thread(self.vectors.remove, user, scope, ids)
        return len(gone)

    async def embed_some(self, user: str) -> bool:
        """Embed some chunks of a user; whether there may be more.

        Raises EmbeddingError, OSError, or what Chroma raises when its files are damaged.
        """
        name = await asyncio.to_thread(self.vectors.open, user)
        if name is None or self.embeds is None:
            return False
        todo = candidates(col(Chunk.user) == user, col(Chunk.embedded).not_in([name, NEVER])).limit(CHUNKS)

        def read(connection: Connection) -> tuple[list[Any], dict[str, Part], str]:
            chunks = list(connection.execute(todo))
            return chunks, opened(connection, chunks), blind(connection, user, "vectors", "")

        chunks, parts, secret = await self.database.ask(read)
        there = [one for one in chunks if one.id in parts]
        texts = [_meant(parts[one.id]) for one in there]
        if not chunks or not await asyncio.to_thread(self._add, user, name, secret, there, texts):
            return False
        async with self.database.write() as session:
            for ids, state in (({one.id for one in chunks} - set(parts), NEVER), (set(parts), name)):
                await session.exec(update(Chunk).where(col(Chunk.id).in_(ids)).values(embedded=state))
        return True

    async def users(self) -> list[str]:
        """Whose chunks there are."""
        async with self.database.read() as session:
            return list(await session.exec(select(Chunk.user).distinct()))

    def _add(self, user: str, name: str, secret: str, chunks: Sequence[Any], texts: Sequence[str]) -> bool:
        """Whether the vectors are in the folder of that name; not when it was dropped meanwhile."""
        assert self.embeds is not None
        vectors = turned(self.embeds.embed(texts), secret)
        scopes = [scope_of(one) for one in chunks]
        added = []
        for scope in set(scopes):
            places = [place for place, other in enumerate(scopes) if other == scope]
            ids = [chunks[place].id for place in places]
            added.append(self.vectors.add(user, name, scope, ids, vectors[places]))
        return all(added)

    async def _cut_some(self) -> bool:
        async with self.database.read() as session:
            found = await session.run_sync(lambda sync: _unknown(sync.connection()))
            if found is None:
                return False
            source, rows, documents = found
            user = rows[0].user
            named = select(Client).where(Client.user == user).options(load_only(Client.name))  # type: ignore[arg-type]
            names = ClientNames.of(await session.exec(named))
        cuts = await asyncio.to_thread(_cut, source, rows, documents, names)
        async with self.database.write() as session:
            each = await blinder(session, user, "chunks")
            mine = select(source.table.id).where(source.table.id.in_([row.id for row in rows]), *source.ready())
            still = set(await session.exec(mine))
            made = await asyncio.to_thread(
                lambda: [_chunk(source, one, documents, each) for one in cuts if one.row.id in still]
            )
            session.add_all(made)
        return True

    async def _meet_clients(self) -> None:
        """Cut anew what named a client before it was one."""
        async with self.database.read() as session:
            new = set(await session.exec(select(Client.id))) - self._clients
            which = select(Client).where(col(Client.id).in_(new)) if self._clients else select(Client)
            clients = list(await session.exec(which)) if new else []
            before = [row for one in clients for row in await session.run_sync(partial(_before, one))]
        if before:
            async with self.database.write() as session:
                parts = {row.group for row in before if row.kind == "passages"}
                ids = {row.source for row in before}
                whole = and_(col(Chunk.kind) == "passages", col(Chunk.group).in_(parts))
                await session.exec(delete(Chunk).where(or_(col(Chunk.source).in_(ids), whole)))
        self._clients |= {one.id for one in clients}


async def sweep(session: AsyncSession) -> Sequence[Any]:
    """Delete the chunks whose rows are gone, or may no longer be found, in a session that writes; returns them."""
    gone: list[Any] = []
    for source in SOURCES.values():
        there = exists().where(col(source.table.id) == Chunk.source, *source.ready())
        query = delete(Chunk).where(col(Chunk.kind) == source.name, ~there)
        returned = query.returning(col(Chunk.id), col(Chunk.user), col(Chunk.client), col(Chunk.several))
        gone += (await session.exec(returned)).all()
    return gone


def opened(connection: Connection, chunks: Sequence[Any]) -> dict[str, Part]:
    """What chunks say, by id; those whose row is gone or was cut differently are left out."""
    found: dict[str, Part] = {}
    for kind in {one.kind for one in chunks}:
        source, mine = SOURCES[kind], [one for one in chunks if one.kind == kind]
        rows = {row.id: row for row in source.rows(connection, {one.source for one in mine})}
        documents = documents_of(connection, list(rows.values()))
        parts = {key: source.parts(row, documents) for key, row in rows.items()}
        for one in mine:
            if one.part < len(parts.get(one.source, ())):
                found[one.id] = parts[one.source][one.part]
    return found


def scope_of(chunk: Any) -> str:
    """In which collection of vectors a chunk lies."""
    return "several" if chunk.several else f"client {chunk.client}" if chunk.client else "own"


def _before(client: Client, session: Session) -> list[Any]:
    """The chunks that name a client and were cut before it was one."""
    named = stems(key_of(client.name))
    return holding(session.connection(), client.user, named, col(Chunk.indexed_at) < client.created_at)


def _unknown(connection: Connection) -> tuple[Source, list[Any], dict[str, Any]] | None:
    """Some rows of one kind and user that no chunk names, of passages those of one document; and their documents."""
    for source in SOURCES.values():
        table = source.table
        named = exists().where(col(Chunk.source) == table.id, col(Chunk.kind) == source.name)
        new = [~named, *source.ready()]
        whole = table.document if table is DocumentPassage else table.user
        first = connection.execute(select(table.user, whole).where(*new).limit(1)).first()
        if first is not None:
            mine = [table.user == first[0], whole == first[1], *new]
            ids = select(table.id).where(*mine).limit(None if table is DocumentPassage else ROWS)
            rows = source.rows(connection, connection.execute(ids).scalars().all())
            return source, rows, levels_of(connection, documents_of(connection, rows))
    return None


def _cut(source: Source, rows: Sequence[Any], documents: Mapping[str, Any], names: ClientNames) -> list[Cut]:
    """Cut rows and say whose each part is: all of a document, and all of a turn, concern whom any of it names."""
    parts = [source.parts(row, documents) for row in rows]
    named: dict[str, frozenset[str]] = {}
    for row, own in zip(rows, parts, strict=True):
        key = row.document if source.table is DocumentPassage else row.id
        said = "\n".join([source.client(row) or "", *(f"{one.title}\n{one.heading}\n{one.text}" for one in own)])
        named[key] = named.get(key, frozenset()) | names.named(said)
    cuts = []
    for row, own in zip(rows, parts, strict=True):
        key = row.document if source.table is DocumentPassage else row.id
        belongs = _about(source.client(row), named[key], names)
        for number, one in enumerate(own or [Part("", "")]):
            allowed = one.text and ALLOWED[max(one.level, level_of(one.text))].embedded
            cuts.append(Cut(row, number, one, belongs, "" if allowed else NEVER))
    return cuts


def _about(client: str | None, named: frozenset[str], names: ClientNames) -> Whose:
    if client in names.ids.values():
        return whose(named | {client} if client else named)
    if client and key_of(client) not in names.ids:
        return Whose(several=True)  # of a company that is no client yet
    return whose(named)


def _chunk(source: Source, one: Cut, documents: Mapping[str, Any], blind: Any) -> Chunk:
    return Chunk(
        user=one.row.user,
        client=one.whose.client,
        several=one.whose.several,
        kind=source.name,
        source=one.row.id,
        group=source.group(one.row),
        part=one.number,
        at=source.at(one.row, documents),
        indexed_at=now(),
        words=" ".join(sorted(blind(stems(one.part.text)))),
        heading_words=" ".join(sorted(blind(stems(f"{one.part.title} {one.part.heading}")))),
        embedded=one.embedded,
    )


def _meant(part: Part) -> str:
    """What of a part is embedded: under its heading, a text is closer to what it is about."""
    return f"{part.heading}\n{part.text}" if part.heading else part.text

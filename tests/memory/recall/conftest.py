"""A memory with what a freelancer keeps, searched by words, and a second one in which meaning is searched, too."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, date, datetime

import pytest

from config.settings import Settings
from integrations.models.embeddings.embedder import open_embedder
from memory.business.contacts import ClientNote
from memory.documents import Document
from memory.facts import Fact
from memory.recall.indexing import Index
from memory.recall.search import Recall
from memory.recall.vectors import Vectors, vectors_of
from memory.stores import Stores
from memory.turns import Turn

USER = "ada"
Tell = Callable[..., Awaitable[str]]


@pytest.fixture
async def vectors(settings: Settings) -> AsyncIterator[Vectors]:
    opened = Vectors(vectors_of(settings.paths))
    yield opened
    opened.close()


@pytest.fixture
def recall(stores: Stores, vectors: Vectors) -> Recall:
    """Without an embedder."""
    return Recall(Index(stores.database, vectors, None))


@pytest.fixture
def meaning(stores: Stores, vectors: Vectors, settings: Settings) -> Recall:
    """With the embedder that comes along."""
    return Recall(Index(stores.database, vectors, open_embedder(settings)))


@pytest.fixture
def tell(stores: Stores) -> Tell:
    """Have a turn: what was said, and what was answered by which agent."""

    async def had(text: str, answer: str = "", *, agent: str = "", thread: str = "t1", status: str = "done") -> str:
        number = len(await stores.turns.recent(thread, 100))
        at = datetime(2026, 5, 4, 10, number, tzinfo=UTC)
        turn = Turn(
            id=f"{thread}.{number}", thread=thread, message=f"m{thread}{number}", user=USER, text=text, answer=answer,
            status=status, plan={"steps": [{"agent": agent}]} if agent else {}, started_at=at, ended_at=at,
        )  # fmt: skip
        await stores.conversations.ensure(thread, user=USER, name="talk")
        await stores.turns.save(turn)
        return turn.id

    return had


async def keep_document(stores: Stores, name: str, *texts: str, heading: str = "") -> str:
    """Upload and read a document of one passage a page."""
    file = await stores.files.put(b"%PDF", name, user=USER)
    passages = [
        {"text": text, "place": f"page {page}", "page": page, "heading": heading} for page, text in enumerate(texts, 1)
    ]
    await stores.documents.save(Document(id=file.id, user=USER, name=name, format="pdf"), passages)
    return file.id


async def keep_fact(stores: Stores, text: str, client: str | None = None) -> Fact:
    return await stores.facts.add(Fact(user=USER, text=text, client=client, said_on=date(2026, 5, 3)))


async def keep_note(stores: Stores, client: str, text: str) -> None:
    async with stores.database.write() as session:
        session.add(ClientNote(user=USER, client=client, day=date(2026, 4, 2), text=text))


async def embed_all(recall: Recall) -> None:
    await recall.index.catch_up()
    while await recall.index.embed_some(USER):
        pass

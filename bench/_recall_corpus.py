"""What bench/recall.py searches: the made-up set as rows of the stores, and a large memory of made-up words."""

from __future__ import annotations

import asyncio
import random
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

import yaml
from sqlmodel import SQLModel, col, select, update

from memory.blind_search import blinder, blinds, stems
from memory.business.contacts import ClientNote
from memory.data_keys import standing
from memory.database import new_id, now
from memory.documents import Document
from memory.facts import Fact
from memory.jobs import JobLead
from memory.recall.chunks import Chunk
from memory.recall.indexing import Index, scope_of
from memory.recall.vectors import turned
from memory.sealed import Ciphertext
from memory.stores import Stores
from memory.turns import Turn
from privacy.keys.ring import KeyName, seal_with

USER = "u"
SET = Path(__file__).with_name("recall_set.yaml")
PASSAGES, CLIENTS, VOCABULARY = 500, 20, 30_000
"""Passages of a document, clients that every fifth document is about, and words that texts are made of."""
NOISE = 0.7
"""How far a made-up vector lies from the real one it is made of, in lengths of that."""


def questions() -> list[tuple[str, list[str]]]:
    """Each question with the ids of what answers it, the best first."""
    return [(one[0], one[1:]) for one in yaml.safe_load(SET.read_text("utf-8"))["questions"]]


async def write_set(stores: Stores) -> None:
    """Keep the set; the ids of its rows are those it names."""
    data = yaml.safe_load(SET.read_text("utf-8"))
    clients = {name: (await stores.clients.save(USER, name)).id for name in data["clients"]}
    for number, (name, passages) in enumerate(data["documents"].items()):
        kept = [{"place": f"page {page}", "page": page, **one} for page, one in enumerate(passages, 1)]
        await stores.documents.save(Document(id=f"d{number}", user=USER, name=name, format="pdf"), kept)
    async with stores.database.write() as session:
        for one in data["turns"]:
            at = datetime.combine(one["day"], time(10), UTC)
            plan = {"steps": [{"agent": one["agent"]}]} if "agent" in one else {}
            session.add(
                Turn(
                    id=one["id"], thread="t", message=one["id"], user=USER, text=one["said"], answer=one["answer"],
                    status="done", plan=plan, started_at=at, ended_at=at,
                )
            )  # fmt: skip
        for one in data["facts"]:
            session.add(
                Fact(id=one["id"], user=USER, text=one["text"], client=one["client"] or None, said_on=one["day"])
            )
        for one in data["notes"]:
            session.add(
                ClientNote(id=one["id"], user=USER, client=clients[one["client"]], day=one["day"], text=one["text"])
            )
        for one in data["jobs"]:
            post = {"description": one["text"]}
            session.add(
                JobLead(
                    id=one["id"], user=USER, board="b", source=one["id"], title=one["title"], company=one["company"],
                    status=one["status"], post=post,
                )
            )  # fmt: skip


async def write_large(stores: Stores, index: Index, count: int) -> list[str]:
    """Keep `count` passages with their chunks and vectors: real ones of the set's sentences, with noise.

    The rows are as the stores write them, but written together. Returns some of the texts.
    """
    import numpy as np

    assert index.embeds is not None
    drawn, words = random.Random(7), _words()
    clients = [(await stores.clients.save(USER, f"Client{number:02d} Works")).id for number in range(CLIENTS)]
    texts: list[str] = []
    for number in range(count // PASSAGES):
        client = clients[number // 5 % CLIENTS] if number % 5 == 0 else None
        bodies = [" ".join(drawn.choices(*words, k=90)) for _ in range(PASSAGES)]
        document = Document(id=f"large{number}", user=USER, name=f"book {number}.pdf", format="pdf")
        await stores.documents.save(document, [])
        await _write(stores, document.id, client, bodies)
        texts.append(bodies[number % PASSAGES])
    real = index.embeds.embed(_sentences())
    made = np.random.default_rng(7)
    while await _embed(stores, index, real, made):
        pass
    return texts


async def _write(stores: Stores, document: str, client: str | None, bodies: list[str]) -> None:
    at = now()
    async with stores.database.write() as session:
        connection = await session.connection()
        blind = {name: await blinder(session, USER, name) for name in ("passages", "chunks")}
        key = await standing(session, KeyName(USER, "record"))

        def sealed(text: str, column: str, row: str) -> Ciphertext:
            return Ciphertext(seal_with(key, text.encode(), f"passages|{column}|{row}"))

        passages, chunks = [], []
        for place, body in enumerate(bodies):
            row = new_id()
            found, heading = stems(body), f"section {place // 20}"
            values = {"text": body, "place": f"page {place // 3}", "heading": heading}
            tokens = {name: " ".join(sorted(each(found))) for name, each in blind.items()}
            heads = {name: " ".join(sorted(each(stems(heading)))) for name, each in blind.items()}
            passages.append(
                {"id": row, "document": document, "user": USER, "page": place // 3, "words": tokens["passages"]}
                | {"heading_words": heads["passages"]}
                | {column: sealed(text, column, row) for column, text in values.items()}
            )
            chunks.append(
                {"id": new_id(), "user": USER, "client": client, "several": False, "kind": "passages", "source": row}
                | {"group": document, "part": 0, "at": at, "indexed_at": at, "embedded": ""}
                | {"words": tokens["chunks"], "heading_words": heads["chunks"]}
            )
        await connection.execute(SQLModel.metadata.tables["passages"].insert(), passages)
        await connection.execute(SQLModel.metadata.tables["chunks"].insert(), chunks)


async def _embed(stores: Stores, index: Index, real: Any, made: Any) -> bool:
    import numpy as np

    name = await asyncio.to_thread(index.vectors.open, USER)
    assert name is not None
    async with stores.database.read() as session:
        query: Any = select(Chunk.id, Chunk.client, Chunk.several).where(Chunk.embedded == "").limit(2_000)
        rows: list[Any] = list(await session.exec(query))
        (secret,) = await blinds(session, USER, "vectors", [""])
    noise = made.standard_normal((len(rows), real.shape[1])).astype(np.float32) / np.sqrt(real.shape[1])
    vectors = real[made.integers(0, len(real), len(rows))] + NOISE * noise
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    vectors = turned(vectors, secret)
    for scope in {scope_of(row) for row in rows}:
        places = [place for place, row in enumerate(rows) if scope_of(row) == scope]
        index.vectors.add(USER, name, scope, [rows[place].id for place in places], vectors[places])
    async with stores.database.write() as session:
        await session.exec(update(Chunk).where(col(Chunk.id).in_([row.id for row in rows])).values(embedded=name))
    return bool(rows)


def _words() -> tuple[list[str], list[float]]:
    """Made-up words with their weights: word number n is n times as rare as the first (Zipf)."""
    drawn = random.Random(3)
    parts = [a + b for a in "bdfgklmnprstvz" for b in "aeiou"]
    words = {"".join(drawn.choices(parts, k=drawn.randint(2, 4))) for _ in range(2 * VOCABULARY)}
    chosen = sorted(words)[:VOCABULARY]
    drawn.shuffle(chosen)
    return chosen, [1 / (rank + 2) for rank in range(len(chosen))]


def _sentences() -> list[str]:
    """A few thousand real texts: the sentences of the set, alone and in pairs."""
    data = yaml.safe_load(SET.read_text("utf-8"))
    texts = [one["text"] for passages in data["documents"].values() for one in passages]
    single = [part for text in texts for part in text.split(". ")]
    single += [one for turn in data["turns"] for one in (turn["said"], turn["answer"])]
    drawn = random.Random(5)
    return [*single, *(" ".join(drawn.sample(single, 2)) for _ in range(2_000))]

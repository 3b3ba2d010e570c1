"""Documents that were read: kept by file, found by inflected words, seen only by their user."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from memory.database import open_database
from memory.documents import Document, Documents
from memory.migrations import migrate
from privacy.keys.master import Master
from privacy.keys.ring import KeyRing


@pytest.fixture
async def documents(tmp_path: Path) -> AsyncIterator[Documents]:
    database = open_database(tmp_path / "test.db")
    KeyRing(Master.fresh()).watch(database.engine.sync_engine)
    await database.change(migrate)
    yield Documents(database)
    await database.close()


async def keep(documents: Documents, name: str, *texts: str, user: str = "mara") -> None:
    await documents.save(
        Document(id=name, user=user, name=f"{name}.txt", format="text"),
        [{"text": text, "place": f"line {line}", "page": None, "heading": ""} for line, text in enumerate(texts, 1)],
    )


async def test_words_are_found_in_any_inflection_best_first(documents: Documents) -> None:
    await keep(
        documents, "a", "Nothing here.", "The client pays late.", "Payments are payable; a payment is paid on time."
    )
    found = await documents.search(["payment"], user="mara")
    assert [passage.place for passage in found] == ["line 3"]
    found = await documents.search(["payments", "client"], user="mara")
    assert {passage.place for passage in found} == {"line 2", "line 3"}


async def test_phrases_keep_together(documents: Documents) -> None:
    await keep(documents, "a", "notice of the period", "the notice period is long")
    assert [p.place for p in await documents.search(["notice period"], user="mara")] == ["line 2"]


async def test_search_syntax_is_only_words(documents: Documents) -> None:
    await keep(documents, "a", "a NEAR thing")
    for words in ['"', "* OR", "text:", "NEAR(", "')--", ""]:
        assert len(await documents.search([words], user="mara")) <= 1


async def test_each_user_sees_their_own(documents: Documents) -> None:
    await keep(documents, "a", "our secret fee")
    await keep(documents, "b", "another secret fee", user="eve")
    assert [p.document for p in await documents.search(["secret"], user="eve")] == ["b"]
    assert await documents.get("a", user="eve") is None
    assert await documents.passages("a", user="eve") == []
    assert not await documents.delete("a", user="eve")
    with pytest.raises(PermissionError):
        await keep(documents, "a", "mine now", user="eve")


async def test_a_new_reading_takes_the_place_of_the_old(documents: Documents) -> None:
    await keep(documents, "a", "old words", "more old words")
    await keep(documents, "a", "new words")
    assert [p.text for p in await documents.passages("a", user="mara")] == ["new words"]
    assert await documents.search(["old"], user="mara") == []
    assert await documents.count("a", user="mara") == 1


async def test_a_deleted_document_is_not_found(documents: Documents) -> None:
    await keep(documents, "a", "some words")
    assert [document.id for document in await documents.recent("mara")] == ["a"]
    assert await documents.delete("a", user="mara")
    assert await documents.search(["words"], user="mara") == []
    assert await documents.get("a", user="mara") is None

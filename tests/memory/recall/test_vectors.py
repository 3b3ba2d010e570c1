"""Meaning is found, too, in vectors that say nothing without the user's key, and that go for good when they must."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import numpy as np
import pytest
from sqlmodel import select

from config.paths import ROOT
from config.settings import Settings
from memory.erasure import erase, erase_client
from memory.recall.chunks import NEVER, Chunk
from memory.recall.indexing import Index
from memory.recall.scopes import EVERYTHING, OWN, Scope
from memory.recall.search import Recall
from memory.recall.vectors import WHOLE, Vectors, drop, folder_of, turned, vectors_of
from memory.stores import Stores
from tests.memory.recall.conftest import USER, Tell, embed_all, keep_document, keep_fact, keep_note

HOLD = """
import sys
from pathlib import Path
from config.setup.claim import Claim
with Claim(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture(params=["sqlite"])  # vectors lie beside the server process, whatever the database is
def settings(tmp_path: Path, request: pytest.FixtureRequest) -> Settings:
    return Settings(data_dir=tmp_path / "data", open_browser=False)


async def texts(recall: Recall, question: str, scope: Scope = EVERYTHING) -> list[str]:
    hits = await recall.search(question, user=USER, scope=scope, halves={"meaning"})
    return [hit.text for hit in hits if hit.fits]


def bytes_under(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


async def embedded(stores: Stores) -> set[str]:
    async with stores.database.read() as session:
        return set(await session.exec(select(Chunk.embedded)))


async def test_meaning_is_found_where_no_word_is_shared(stores: Stores, meaning: Recall) -> None:
    await keep_document(stores, "c.pdf", "Either party may end this agreement with four weeks' notice.", "Net 30.")
    await keep_fact(stores, "I never work on Fridays")
    await embed_all(meaning)
    assert await texts(meaning, "how can I cancel the contract?") == [
        "Either party may end this agreement with four weeks' notice."
    ]
    assert await texts(meaning, "which weekday is free for me") == ["I never work on Fridays"]


async def test_vectors_keep_to_their_client_and_no_text_lies_with_them(
    stores: Stores, meaning: Recall, settings: Settings
) -> None:
    acme, beta = [await stores.clients.save(USER, name) for name in ("Acme", "Beta")]
    await keep_note(stores, acme.id, "They want the logo dark green")
    await keep_note(stores, beta.id, "Their logo is a broken ring")
    await embed_all(meaning)
    assert await texts(meaning, "logo colour", Scope(frozenset([acme.id]))) == ["They want the logo dark green"]
    assert await texts(meaning, "logo design", Scope(frozenset([beta.id]))) == ["Their logo is a broken ring"]
    assert await texts(meaning, "logo colour", OWN) == []
    kept = bytes_under(vectors_of(settings.paths)).lower()
    assert kept
    for word in (b"logo", b"dark green", b"broken", acme.id.encode(), beta.id.encode()):
        assert word not in kept


async def test_vectors_are_turned_by_a_secret_and_their_cosines_stay() -> None:
    given = np.random.default_rng(1).standard_normal((5, 384)).astype(np.float32)
    given /= np.linalg.norm(given, axis=1, keepdims=True)
    one, other = turned(given, "one"), turned(given, "other")
    np.testing.assert_allclose(one @ one.T, given @ given.T, atol=1e-5)
    assert np.abs(np.sum(one * given, axis=1)).max() < 0.3, "a vector lies nowhere near where it lay"
    assert np.abs(np.sum(one * other, axis=1)).max() < 0.3
    np.testing.assert_array_equal(one, turned(given, "one"))


async def test_what_is_stored_is_not_what_the_model_gave(stores: Stores, meaning: Recall, settings: Settings) -> None:
    await keep_fact(stores, "I never work on Fridays")
    await embed_all(meaning)
    await asyncio.to_thread(meaning.index.vectors.close)
    assert meaning.index.embeds is not None
    (plain,) = meaning.index.embeds.embed(["I never work on Fridays"])
    assert plain.tobytes()[:64] not in bytes_under(vectors_of(settings.paths))


async def test_dropped_vectors_are_gone_from_the_disk_and_made_anew(
    stores: Stores, meaning: Recall, settings: Settings
) -> None:
    await keep_fact(stores, "I never work on Fridays")
    await embed_all(meaning)
    (before,) = await embedded(stores)
    drop(vectors_of(settings.paths), USER)
    assert not (folder_of(vectors_of(settings.paths), USER) / before).exists()
    assert await texts(meaning, "weekday off") == []
    assert await meaning.search("Fridays", user=USER, scope=EVERYTHING), "words find meanwhile"
    await embed_all(meaning)
    assert await texts(meaning, "which weekday is free for me") == ["I never work on Fridays"]
    (after,) = await embedded(stores)
    assert after != before


async def test_erasing_a_client_takes_its_chunks_and_the_whole_folder_of_vectors(
    stores: Stores, meaning: Recall, settings: Settings, tell: Tell
) -> None:
    acme = await stores.clients.save(USER, "Acme")
    await keep_note(stores, acme.id, "They want the logo dark green")
    await tell("Acme moved to Porto.")
    await keep_fact(stores, "I never work on Fridays")
    await embed_all(meaning)
    (before,) = await embedded(stores)
    await erase_client(stores, settings, USER, acme.id)
    assert not (folder_of(vectors_of(settings.paths), USER) / before).exists()
    async with stores.database.read() as session:
        (left,) = list(await session.exec(select(Chunk)))
    assert left.kind == "facts"
    await embed_all(meaning)
    assert await texts(meaning, "which weekday is free for me") == ["I never work on Fridays"]
    assert await texts(meaning, "logo colour") == []
    await erase(stores, settings, USER)
    assert await embedded(stores) == set()


async def test_what_another_process_holds_is_searched_by_words(
    stores: Stores, meaning: Recall, settings: Settings
) -> None:
    await keep_fact(stores, "I never work on Fridays")
    claim = folder_of(vectors_of(settings.paths), USER) / "claim"
    holder = await asyncio.create_subprocess_exec(
        sys.executable, "-c", HOLD, str(claim), cwd=ROOT, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    try:
        assert holder.stdout is not None
        assert await holder.stdout.readline() == b"held\n"
        await embed_all(meaning)
        assert await embedded(stores) == {""}
        hits = await meaning.search("Fridays", user=USER, scope=EVERYTHING)
        assert [hit.text for hit in hits] == ["I never work on Fridays"]
    finally:
        await holder.communicate(b"")
    await embed_all(meaning)
    assert await texts(meaning, "which weekday is free for me") == ["I never work on Fridays"]


async def test_damaged_files_give_way_to_new_ones(stores: Stores, meaning: Recall, settings: Settings) -> None:
    await keep_fact(stores, "I never work on Fridays")
    await embed_all(meaning)
    (name,) = await embedded(stores)
    await asyncio.to_thread(meaning.index.vectors.close)
    (folder_of(vectors_of(settings.paths), USER) / name / "chroma.sqlite3").write_bytes(b"no database at all" * 100)
    again = Vectors(vectors_of(settings.paths))
    recall = Recall(Index(stores.database, again, meaning.index.embeds))
    await embed_all(recall)
    assert await texts(recall, "which weekday is free for me") == ["I never work on Fridays"]
    assert await embedded(stores) - {name, NEVER}
    again.close()


async def test_forgotten_chunks_leave_the_vectors_too(stores: Stores, meaning: Recall) -> None:
    fact = await keep_fact(stores, "I never work on Fridays")
    await keep_fact(stores, "My chair is red")
    await embed_all(meaning)
    await stores.facts.forget(USER, [fact.id])
    assert await meaning.index.sweep() == 1
    vector = turned(meaning.index.embeds.embed(["Fridays"]), "x")[0]  # type: ignore[union-attr]
    for scope in ("own", WHOLE):
        assert len(meaning.index.vectors.near(USER, [scope], vector, 10)) == 1


async def test_everything_is_one_question_and_finds_what_the_parts_find(
    stores: Stores, meaning: Recall, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        client = await stores.clients.save(USER, f"Client{number}")
        await keep_note(stores, client.id, f"They want the logo in colour {number}")
    await keep_fact(stores, "My own logo is blue")
    await embed_all(meaning)
    vectors, asked = meaning.index.vectors, []
    ask = vectors.near
    monkeypatch.setattr(vectors, "near", lambda *what: asked.append(what[1]) or ask(*what))
    assert "My own logo is blue" in await texts(meaning, "which colour has the logo")
    assert asked == [[WHOLE]]
    parts = ["own", *(f"client {one.id}" for one in await stores.clients.all(USER))]
    (vector,) = turned(meaning.index.embeds.embed(["logo"]), "x")  # type: ignore[union-attr]
    assert ask(USER, parts, vector, 10) == pytest.approx(ask(USER, [WHOLE], vector, 10), abs=1e-5)


async def test_vectors_kept_in_parts_alone_are_made_anew(stores: Stores, meaning: Recall, settings: Settings) -> None:
    await keep_fact(stores, "I never work on Fridays")
    await embed_all(meaning)
    vectors = meaning.index.vectors
    vectors._opened[USER].client.delete_collection(vectors._collection(USER, WHOLE).name)
    vectors.close()
    again = Vectors(vectors_of(settings.paths))
    recall = Recall(Index(stores.database, again, meaning.index.embeds))
    await embed_all(recall)
    assert await texts(recall, "which weekday is free for me") == ["I never work on Fridays"]
    again.close()

"""What was read, said, found out and noted is found again by its words, with where it stands, within its client."""

from __future__ import annotations

import pytest
from sqlmodel import select

from memory.recall.chunks import NEVER, Chunk
from memory.recall.indexing import Index
from memory.recall.scopes import EVERYTHING, OWN, Scope
from memory.recall.search import Recall, Recalled
from memory.stores import Stores
from privacy.levels import Level
from tests.memory.recall.conftest import USER, Tell, keep_document, keep_fact, keep_note


async def found(recall: Recall, question: str, scope: Scope = EVERYTHING) -> list[Recalled]:
    recall.index.wake()
    await recall.index.catch_up()  # a search waits for it a second at most, which a busy machine may take
    return [hit for hit in await recall.search(question, user=USER, scope=scope) if hit.fits]


async def texts(recall: Recall, question: str, scope: Scope = EVERYTHING) -> list[str]:
    return [hit.text for hit in await found(recall, question, scope)]


async def test_each_kind_is_found_with_where_it_stands(stores: Stores, recall: Recall, tell: Tell) -> None:
    acme = await stores.clients.save(USER, "Acme GmbH")
    await keep_document(stores, "contract.pdf", "Scope.", "Invoices are payable within thirty days.", heading="Fees")
    await tell("The harbour project needs an offline map.", "An offline map, noted.")
    await tell("find shipping prices", "A table costs 120 euros to send.", agent="web_research")
    await keep_fact(stores, "I never work on Fridays")
    await keep_note(stores, acme.id, "Parking is behind the building")
    post = {"id": "1", "board": "b", "title": "Pipe bursts", "description": "Predict pipe bursts in a water network."}
    (lead,) = await stores.jobs.save(USER, [post])
    await stores.jobs.mark(lead.id, user=USER, status="won")

    (passage,) = await found(recall, "when are invoices payable")
    assert (passage.kind, passage.title, passage.place, passage.heading) == (
        "passage",
        "contract.pdf",
        "page 2",
        "Fees",
    )
    said, answered = await found(recall, "offline map")
    assert {said.kind, answered.kind} == {"said", "answered"}
    assert f"{said.at:%Y-%m-%d}" == "2026-05-04"
    assert [hit.kind for hit in await found(recall, "what does a table cost to send")] == ["research"]
    assert [hit.kind for hit in await found(recall, "Fridays")] == ["fact"]
    (note,) = await found(recall, "where is the parking")
    assert (note.kind, note.client) == ("note", acme.id)
    (job,) = await found(recall, "the job about pipe bursts")
    assert (job.kind, job.title, job.place) == ("job", "Pipe bursts", "won")


async def test_another_user_finds_nothing_of_it(stores: Stores, recall: Recall) -> None:
    await keep_fact(stores, "I never work on Fridays")
    assert await found(recall, "Fridays")
    assert await recall.search("Fridays", user="eve", scope=EVERYTHING) == []


async def test_a_clients_text_never_appears_for_another_client(stores: Stores, recall: Recall, tell: Tell) -> None:
    acme, beta = [await stores.clients.save(USER, name) for name in ("Acme GmbH", "Beta Ltd")]
    await keep_document(stores, "a.pdf", "This agreement is with ACME.", "The deposit is forty percent.")
    await keep_document(stores, "b.pdf", "Beta agrees as follows.", "The deposit is ten percent.")
    await keep_document(stores, "both.pdf", "Acme and Beta share a booth.", "The deposit of the booth is lost.")
    await tell("My usual deposit is thirty percent.")

    for_acme = await texts(recall, "how much is the deposit", Scope(frozenset([acme.id])))
    assert set(for_acme) == {"The deposit is forty percent.", "My usual deposit is thirty percent."}
    for_beta = await texts(recall, "how much is the deposit", Scope(frozenset([beta.id])))
    assert set(for_beta) == {"The deposit is ten percent.", "My usual deposit is thirty percent."}
    assert await texts(recall, "how much is the deposit", OWN) == ["My usual deposit is thirty percent."]
    assert len(await texts(recall, "how much is the deposit")) == 4


async def test_what_names_several_is_seen_for_one_only_by_the_user_and_where_it_names_it(
    stores: Stores, recall: Recall, tell: Tell
) -> None:
    acme, _ = [await stores.clients.save(USER, name) for name in ("Acme", "Beta")]
    await tell("Acme and Beta both want the booth.")
    assert await found(recall, "who wants the booth", Scope(frozenset([acme.id]))) == []
    assert await found(recall, "who wants the booth", Scope(frozenset([acme.id]), mixed=True))
    await stores.clients.save(USER, "Gamma")
    gamma = await recall.scope_of("gamma", USER)
    assert await found(recall, "who wants the booth", Scope(gamma, mixed=True)) == []


async def test_what_named_a_company_before_it_was_a_client_becomes_that_clients(
    stores: Stores, recall: Recall, tell: Tell
) -> None:
    await tell("Zeta Works wants a green logo.")
    assert await found(recall, "green logo", OWN)
    zeta = await stores.clients.save(USER, "Zeta Works GmbH")
    assert await found(recall, "green logo", OWN) == []
    assert await found(recall, "green logo", Scope(frozenset([zeta.id])))


async def test_a_fact_about_a_company_that_is_no_client_is_seen_by_the_user_alone(
    stores: Stores, recall: Recall
) -> None:
    await keep_fact(stores, "Globex pays late", client="Globex")
    assert await found(recall, "who pays late", OWN) == []
    assert await found(recall, "who pays late")


async def test_what_is_gone_or_corrected_is_found_no_more(stores: Stores, recall: Recall, tell: Tell) -> None:
    wrong = await keep_fact(stores, "The office is in Lisbon")
    document = await keep_document(stores, "a.pdf", "The retainer is monthly.")
    await tell("The kitchen is painted yellow.")
    assert await found(recall, "Lisbon")
    right = await keep_fact(stores, "The office is in Porto")
    wrong.superseded_by = right.id
    async with stores.database.write() as session:
        await session.merge(wrong)
    await stores.documents.delete(document, user=USER)
    await stores.turns.forget("t1")
    for question in ("Lisbon", "retainer", "kitchen yellow"):
        assert await found(recall, question) == []
    assert await found(recall, "Porto")
    await recall.index.sweep()
    async with stores.database.read() as session:
        assert len(list(await session.exec(select(Chunk)))) == 1


async def test_turns_that_keep_or_tell_records_are_no_memory(stores: Stores, recall: Recall, tell: Tell) -> None:
    await tell("what do you know about Porto", "You have told me nothing about Porto.", agent="memory")
    await tell("is it running already? Porto", status="running")
    assert await found(recall, "Porto") == []


async def test_a_restart_finds_what_was_stored_before_it(stores: Stores, recall: Recall, tell: Tell) -> None:
    await tell("The kitchen is painted yellow.")
    again = Recall(Index(stores.database, recall.index.vectors, None))
    assert await found(again, "yellow kitchen")


async def test_secrets_are_found_by_words_but_never_embedded(stores: Stores, recall: Recall, tell: Tell) -> None:
    await tell("The staging password: hunter2-hunter2")
    document = await keep_document(stores, "cards.pdf", "The team lunch is paid.", "Card 4111 1111 1111 1111.")
    assert await found(recall, "staging password")
    async with stores.database.read() as session:
        chunks = list(await session.exec(select(Chunk)))
    assert len(chunks) == 3
    assert all(chunk.embedded == NEVER for chunk in chunks), "a document is as private as its most private passage"
    file = await stores.files.get(document, user=USER)
    assert file is not None
    assert file.level is Level.RESTRICTED


@pytest.mark.parametrize(
    ("name", "text", "level"),
    [
        ("letter.txt", "Dear Sir or Madam", Level.CONFIDENTIAL),
        ("keys.txt", "api_key = abcdef123456", Level.RESTRICTED),
        ("keys.bin", "api_key = abcdef123456", Level.CONFIDENTIAL),
    ],
)
async def test_an_upload_gets_its_level_by_what_is_in_its_text(
    stores: Stores, name: str, text: str, level: Level
) -> None:
    assert (await stores.files.put(text.encode(), name, user=USER)).level is level


async def test_the_newest_is_found_where_every_word_is_frequent(
    stores: Stores, recall: Recall, tell: Tell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("memory.recall.search.FREQUENT", 2)
    for number in range(6):
        await tell(f"The meter number {number} was read.")
    assert "The meter number 5 was read." in await texts(recall, "meter")


async def test_words_of_search_syntax_are_only_words(stores: Stores, recall: Recall) -> None:
    await keep_fact(stores, "I like C++ AND tea")
    assert await found(recall, 'tea" OR * NEAR(')
    assert await recall.search("  ?!", user=USER, scope=EVERYTHING) == []


async def test_who_is_shown_a_clients_text_is_noted(stores: Stores, recall: Recall) -> None:
    from memory.acting import acting

    acme = await stores.clients.save(USER, "Acme")
    await keep_note(stores, acme.id, "Parking is behind the building")
    await recall.index.catch_up()
    with acting("memory", "turn.s1") as read:
        await recall.search("parking", user=USER, scope=EVERYTHING)
    assert read.rows["chunks", acme.id] == 1
    with acting("memory", "turn.s1", {acme.id}):
        assert await recall.search("parking", user=USER, scope=EVERYTHING) == []

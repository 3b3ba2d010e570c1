"""Sealed columns: plain in the object, unreadable in the database, bound to their place and their key."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, insert, select, update

from config.settings import Settings
from memory.business.changes import Change, history
from memory.business.clients import Client
from memory.facts import Fact
from memory.preferences import Preference
from memory.sealed import Ciphertext, Unsealed, level_of, opened
from memory.stores import Stores, open_stores
from privacy.keys.ring import Shredded, Tampered
from privacy.levels import Level

CHANGES = Change.__table__  # type: ignore[attr-defined]
TODAY = date(2026, 11, 21)


def fact(words: str, **fields: Any) -> Fact:
    return Fact(user="ana", text=words, said_on=TODAY, **fields)


async def stored(stores: Stores, query: str) -> list[Any]:
    """What the database itself holds."""
    async with stores.database.read() as session:
        return list((await (await session.connection()).execute(text(query))).scalars())


async def test_the_database_never_sees_what_a_row_says(stores: Stores) -> None:
    kept = await stores.facts.add(fact("Acme pays late"))
    assert kept.text == "Acme pays late"
    (found,) = await stored(stores, "SELECT text FROM facts")
    assert isinstance(found, bytes) and b"Acme" not in found
    assert [row.text for row in await stores.facts.of("ana")] == ["Acme pays late"]


async def test_the_same_words_are_never_stored_the_same(stores: Stores) -> None:
    for user in ("ana", "ben"):
        await stores.preferences.keep(user, tone="warm")
    one, other = await stored(stores, "SELECT value FROM preferences")
    assert one != other


async def test_what_is_moved_to_another_row_does_not_open(stores: Stores) -> None:
    await stores.preferences.keep("ana", tone="warm", length="short")
    async with stores.database.write() as session:
        moved = "UPDATE preferences SET value = (SELECT value FROM preferences WHERE name = 'tone')"
        await (await session.connection()).execute(text(moved))
    with pytest.raises(Tampered):
        await stores.preferences.all("ana")


async def test_a_changed_bit_is_noticed(stores: Stores) -> None:
    await stores.preferences.keep("ana", tone="warm")
    (sealed,) = await stored(stores, "SELECT value FROM preferences")
    async with stores.database.write() as session:
        changed = sealed[:-1] + bytes([sealed[-1] ^ 1])
        await (await session.connection()).execute(text("UPDATE preferences SET value = :value"), {"value": changed})
    with pytest.raises(Tampered):
        await stores.preferences.all("ana")


async def test_statements_that_would_write_or_compare_in_plain_are_refused(stores: Stores) -> None:
    await stores.facts.add(fact("Acme pays late"))
    row = {"id": "f", "user": "ana", "text": "plain", "said_on": TODAY, "kind": "told", "confidence": 1.0, "thread": ""}
    for statement in (
        insert(Fact).values(**row, turn=""),
        update(Fact).values(text="plain"),
        select(Fact).where(col(Fact.text) == "Acme pays late"),
    ):
        with pytest.raises(Exception, match="takes no plain value") as raised:
            async with stores.database.write() as session:
                await (await session.connection()).execute(statement)
        assert isinstance(raised.value, Unsealed) or isinstance(raised.value.__cause__, Unsealed)
    assert [row.text for row in await stores.facts.of("ana")] == ["Acme pays late"]


async def test_a_column_read_by_itself_tells_nothing(stores: Stores) -> None:
    await stores.facts.add(fact("Acme pays late"))
    async with stores.database.read() as session:
        (found,) = list(await session.exec(select(Fact.text)))
    assert isinstance(found, Ciphertext) and "Acme" not in repr(found)


async def test_an_object_whose_writing_failed_still_says_what_it_said(stores: Stores) -> None:
    await stores.facts.add(fact("first", id="same"))
    second = fact("second", id="same")
    with pytest.raises(IntegrityError):
        async with stores.database.write() as session:
            session.add(second)
    assert second.text == "second"


async def test_a_change_seals_only_what_changed(stores: Stores) -> None:
    client = await stores.clients.save("ana", "Acme", email="a@acme.example")
    before = await stored(stores, "SELECT address FROM clients")
    await stores.clients.save("ana", "Acme", email="b@acme.example")
    assert await stored(stores, "SELECT address FROM clients") == before
    found = await stores.clients.get(client.id, user="ana")
    assert found is not None and found.email == "b@acme.example"


@pytest.mark.parametrize("value", [None, "", "Zoë", 0, False, [1, {"a": None}], {"deep": {"er": [1.5]}}])
async def test_any_json_comes_back_as_it_was(stores: Stores, value: Any) -> None:
    await stores.preferences.keep("ana", choice=value)
    assert await stores.preferences.all("ana") == {"choice": value}


async def test_rows_sealed_by_another_process_can_be_read(settings: Settings) -> None:
    first, second = await open_stores(settings), await open_stores(settings)
    try:
        client = await second.clients.save("new", "Acme")
        assert await first.clients.names("new") == ["Acme"]
        found = await first.clients.find("new", "ACME Ltd")
        assert found is not None and found.id == client.id
    finally:
        await first.close()
        await second.close()


async def test_with_a_clients_key_goes_what_was_known_of_them(stores: Stores) -> None:
    acme = await stores.clients.save("ana", "Acme", email="a@acme.example")
    other = await stores.clients.save("ana", "Other")
    await stores.database.change(lambda connection: stores.keys.shred(connection, "ana", acme.id))
    with pytest.raises(Shredded):
        await stores.clients.get(acme.id, user="ana")
    found = await stores.clients.get(other.id, user="ana")
    assert found is not None and found.name == "Other"
    (change,) = await history(stores.database, "ana", acme.id)
    assert (change.action, change.before, change.after) == ("made", {}, {})
    async with stores.database.read() as session:
        connection = await session.connection()
        (row,) = (await connection.execute(select(CHANGES).where(CHANGES.c.record == acme.id))).mappings()
        assert (await connection.run_sync(opened, CHANGES, row))["after"] == {}


def test_a_column_tells_its_level() -> None:
    columns = Client.__table__.columns  # type: ignore[attr-defined]
    assert [level_of(columns[name]) for name in ("id", "email", "tax_id")] == [
        Level.INTERNAL,
        Level.CONFIDENTIAL,
        Level.RESTRICTED,
    ]
    assert level_of(Preference.__table__.columns["value"]) == Level.CONFIDENTIAL  # type: ignore[attr-defined]

"""People, notes and follow-ups of a client."""

from __future__ import annotations

from datetime import date

from memory.stores import Stores

DAY = date(2026, 3, 2)


async def test_a_person_told_twice_is_one_and_keeps_what_is_not_told_again(stores: Stores) -> None:
    client = await stores.clients.save("ana", "ACME")
    await stores.contacts.person("ana", client.id, "Nora Berg", email="nora@acme.com")
    await stores.contacts.person("ana", client.id, "nora berg", phone="1")
    (row,) = await stores.contacts.people("ana", client.id)
    assert (row.name, row.email, row.phone) == ("Nora Berg", "nora@acme.com", "1")


async def test_follow_ups_come_by_day_until_they_are_done(stores: Stores) -> None:
    client = await stores.clients.save("ana", "ACME")
    late = await stores.contacts.follow_up("ana", client.id, date(2026, 3, 9))
    soon = await stores.contacts.follow_up("ana", client.id, DAY)
    assert [row.id for row in await stores.contacts.open("ana")] == [soon.id, late.id]
    await stores.contacts.done(soon.id, user="ben", on=DAY)
    await stores.contacts.done(late.id, user="ana", on=DAY)
    assert [row.id for row in await stores.contacts.open("ana", until=DAY)] == [soon.id]


async def test_the_newest_note_comes_first(stores: Stores) -> None:
    client = await stores.clients.save("ana", "ACME")
    await stores.contacts.note("ana", client.id, date(2026, 1, 1), "old")
    await stores.contacts.note("ana", client.id, DAY, "new")
    assert [row.text for row in await stores.contacts.notes("ana", client.id)] == ["new", "old"]
    assert await stores.contacts.notes("ben", client.id) == []

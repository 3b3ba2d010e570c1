"""Rows that are kept again and again, renamed, handed to another client and sealed by new keys meanwhile still open."""

from __future__ import annotations

import asyncio
import random
from decimal import Decimal

from config.settings import Settings
from memory.business.contacts import Contact
from memory.business.quotes import Quote
from memory.erasure import erase_client
from memory.once import in_step
from memory.portability import rows_of
from memory.rotation import rotate_data, rotate_master
from memory.stores import Stores, open_stores

ROUNDS, HANDS = 12, 4


async def test_what_one_step_keeps_twice_is_one_row_that_opens(stores: Stores) -> None:
    quote = Quote(user="ana", title="Logo", rate=Decimal("79.90"))
    with in_step("turn.s1"):
        await stores.quotes.save(quote)
        quote.title = "A logo"
        await stores.quotes.save(quote)
        other = await stores.quotes.save(Quote(user="ana", title="Another"))
    assert {row.id: row.title for row in await stores.quotes.all("ana")} == {quote.id: "A logo", other.id: "Another"}


async def test_a_row_under_another_key_of_its_table_opens(stores: Stores) -> None:
    quote = await stores.quotes.save(Quote(user="ana", title="Logo", words="in red"))
    async with stores.database.write() as session:
        quote.id, quote.user = "renamed", "ben"
        session.add(quote)
    assert [(row.title, row.words) for row in await stores.quotes.all("ben")] == [("Logo", "in red")]


async def test_a_person_who_went_to_another_client_stays_when_the_first_is_erased(
    stores: Stores, settings: Settings
) -> None:
    first, second = [await stores.clients.save("ana", name) for name in ("Acme", "Nova")]
    person = await stores.contacts.person("ana", first.id, "Odalys", email="o@acme.example")
    await move(stores, person.id, second.id)
    await erase_client(stores, settings, "ana", first.id)
    assert [(one.name, one.email) for one in await stores.contacts.people("ana", second.id)] == [
        ("Odalys", "o@acme.example")
    ]


async def test_many_hands_in_two_processes_and_new_keys_meanwhile_leave_every_row_as_it_was_last_kept(
    stores: Stores, settings: Settings
) -> None:
    other = await open_stores(settings)
    clients = [(await stores.clients.save("ana", name)).id for name in ("Acme", "Nova", "Orbit")]
    last: dict[str, str] = {}
    working = HANDS

    async def work(hand: int) -> None:
        nonlocal working
        chance, mine = random.Random(hand), (stores, other)[hand % 2]
        quote = await mine.quotes.save(Quote(user="ana", title="new"))
        person = await mine.contacts.person("ana", clients[0], f"Person {hand}")
        for number in range(ROUNDS):
            quote.title = last[quote.id] = f"{hand}.{number}"
            await mine.quotes.save(quote)
            await move(mine, person.id, chance.choice(clients), f"+49 {number}")
            await mine.clients.save("ana", "Acme", phone=f"+49 {hand}")
            assert [row.title for row in await mine.quotes.all("ana") if row.id == quote.id] == [last[quote.id]]
        last[person.id] = f"+49 {ROUNDS - 1}"
        working -= 1

    async def renew() -> None:
        while working:
            await rotate_data(stores)

    await asyncio.gather(*map(work, range(HANDS)), renew())
    await rotate_master(stores, settings)
    await other.close()
    again = await open_stores(settings)
    rows = await rows_of(again, "ana")  # opens every row there is
    assert {row["id"]: row["title"] for row in rows["quotes"]} | {
        row["id"]: row["phone"] for row in rows["contacts"]
    } == last
    await again.close()


async def move(stores: Stores, person: str, client: str, phone: str | None = None) -> None:
    async with stores.database.write() as session:
        row = await session.get(Contact, person)
        assert row is not None
        row.client, row.phone = client, phone or row.phone
        session.add(row)

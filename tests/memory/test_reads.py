"""Reads of client data: counted by client, few or many, and told per client."""

from __future__ import annotations

from memory.acting import acting
from memory.reads import MANY
from memory.stores import Stores


async def test_each_client_that_was_read_has_a_row(stores: Stores) -> None:
    acme, nova = await stores.clients.save("ana", "Acme"), await stores.clients.save("ana", "Nova")
    with acting("bookkeeping", "t1.s1") as read:
        await stores.clients.get(acme.id, user="ana")
        await stores.clients.all("ana")
    await stores.reads.keep("ana", read, "Bookkeeping: list")
    found = {row.client: (row.kind, row.count, row.purpose) for row in await stores.reads.of("ana")}
    assert found == {acme.id: ("clients", 2, "Bookkeeping: list"), nova.id: ("clients", 1, "Bookkeeping: list")}
    assert [row.client for row in await stores.reads.of("ana", nova.id)] == [nova.id]


async def test_a_read_of_very_many_is_one_row_that_counts_for_each(stores: Stores) -> None:
    clients = [await stores.clients.save("ana", f"Client {number}") for number in range(MANY + 1)]
    with acting("briefing", "t1.s1") as read:
        await stores.clients.all("ana")
    await stores.reads.keep("ana", read, "Briefing")
    [row] = await stores.reads.of("ana", clients[0].id)
    assert (row.client, row.count) == ("", MANY + 1)


async def test_nothing_is_counted_where_no_agent_is_at_work(stores: Stores) -> None:
    await stores.clients.save("ana", "Acme")
    await stores.clients.all("ana")
    assert await stores.reads.of("ana") == []

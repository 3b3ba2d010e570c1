"""What happens is told once it is durable, to its own user only, and a listener can go on where it was."""

from __future__ import annotations

import asyncio
from datetime import date
from decimal import Decimal
from itertools import count

import pytest

from memory.business.expenses import Expense
from memory.live import Happened, Live, TooSlow
from memory.stores import Stores

ME = "local"


def paper() -> Expense:
    return Expense(user=ME, day=date(2026, 11, 21), description="paper", amount=Decimal(4), currency="EUR")


async def heard(live: Live, user: str, after: int, how_many: int) -> list[Happened]:
    found: list[Happened] = []
    async with asyncio.timeout(30):
        async for one in live.after(user, after):
            found.append(one)
            if len(found) == how_many:
                return found
    return found


async def test_a_listener_hears_what_comes_after_it_began_in_order() -> None:
    live = Live()
    live.tell(ME, "early", 0)
    listening = asyncio.create_task(heard(live, ME, 1, 3))
    for number in range(1, 4):
        await asyncio.sleep(0)
        live.tell(ME, "late", number)
    assert [(one.number, one.data) for one in await listening] == [(2, 1), (3, 2), (4, 3)]


async def test_nobody_hears_what_another_user_is_told() -> None:
    live = Live()
    live.tell("ann", "secret", "of Ann")
    live.tell("bob", "own", "of Bob")
    assert [one.data for one in await heard(live, "bob", 0, 1)] == ["of Bob"]


async def test_who_comes_back_goes_on_behind_the_last_id() -> None:
    live = Live()
    for number in range(5):
        live.tell(ME, "some", number)
    place = live.place(ME, live.id_of(3))
    assert place == 3
    assert [one.number for one in await heard(live, ME, place, 2)] == [4, 5]


@pytest.mark.parametrize("id", ["", "nonsense", "0000-1", "x-y"])
async def test_an_id_of_another_run_of_the_server_has_no_place(id: str) -> None:
    assert Live().place(ME, id) is None


async def test_what_came_after_an_old_id_is_not_pretended_to_be_known() -> None:
    live = Live(kept=2)
    for number in range(5):
        live.tell(ME, "some", number)
    assert live.place(ME, live.id_of(2)) is None
    assert live.place(ME, live.id_of(3)) == 3


async def test_a_listener_slower_than_the_ring_is_told_so() -> None:
    live, seen = Live(kept=2), count()
    with pytest.raises(TooSlow):
        live.tell(ME, "some", 0)
        async for _one in live.after(ME, 0):
            next(seen)
            for number in range(5):
                live.tell(ME, "some", number)


async def test_a_record_is_told_once_it_is_committed(stores: Stores) -> None:
    live = stores.database.live
    made = paper()
    async with stores.database.write() as session:
        session.add(made)
        await session.flush()
        assert live.newest(ME) == 0
    assert [(one.kind, one.data) for one in await heard(live, ME, 0, 1)] == [
        ("record.made", {"kind": "expenses", "id": made.id})
    ]


async def test_what_is_taken_back_is_not_told(stores: Stores) -> None:
    with pytest.raises(RuntimeError):
        async with stores.database.write() as session:
            session.add(paper())
            await session.flush()
            raise RuntimeError
    assert stores.database.live.newest(ME) == 0


async def test_after_an_erasure_nothing_is_known_of_what_was_told() -> None:
    live = Live()
    live.tell(ME, "some", "private words")
    live.forget(ME)
    live.tell(ME, "later", 1)
    assert [one.data for one in await heard(live, ME, 1, 1)] == [1]
    assert live.place(ME, live.id_of(0)) is None

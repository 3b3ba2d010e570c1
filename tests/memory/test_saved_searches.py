"""A saved search comes with its schedule and goes with it, and no job is told twice."""

from __future__ import annotations

from datetime import UTC, datetime

from memory.once import in_step
from memory.recurrence import Recurrence
from memory.saved_searches import SavedSearch
from memory.stores import Stores

EVENING = datetime(2026, 11, 21, 19, 30, tzinfo=UTC)


async def save(stores: Stores, title: str = "python", hour: int = 7) -> SavedSearch:
    daily = Recurrence(f"FREQ=DAILY;BYHOUR={hour};BYMINUTE=0;BYSECOND=0", "Europe/Berlin", datetime(2026, 11, 21))
    row, _ = await stores.searches.save("ana", title, {"words": title}, ["jobicy"], daily, EVENING)
    return row


async def test_it_is_planned_with_its_rule(stores: Stores) -> None:
    row = await save(stores)
    (planned,) = await stores.schedules.list("ana")
    assert (planned.kind, planned.subject) == ("search", row.id)
    assert await stores.schedules.due(EVENING) == []
    (due,) = await stores.schedules.due(datetime(2026, 11, 22, 6, tzinfo=UTC))
    assert due.subject == row.id


async def test_one_with_the_same_title_is_replaced_and_one_can_be_removed_by_its_owner(stores: Stores) -> None:
    await save(stores)
    row = await save(stores, hour=9)
    (planned,) = await stores.schedules.list("ana")
    assert "BYHOUR=9" in planned.rule and [one.id for one in await stores.searches.of("ana")] == [row.id]
    assert not await stores.searches.remove(row.id, user="bo")
    assert len(await stores.schedules.list("ana")) == 1
    assert await stores.searches.remove(row.id, user="ana")
    assert await stores.searches.of("ana") == [] == await stores.schedules.list("ana")


async def test_a_job_is_told_once_to_each_user(stores: Stores) -> None:
    assert await stores.searches.untold("ana", ["a", "b"]) == {"a", "b"}
    await stores.searches.told("ana", ["a"])
    await stores.searches.told("ana", ["a"])
    assert await stores.searches.untold("ana", ["a", "b"]) == {"b"}
    assert await stores.searches.untold("bo", ["a"]) == {"a"}


async def test_one_saved_again_after_a_crash_is_the_same_with_one_schedule(stores: Stores) -> None:
    rows = []
    for _ in range(2):
        with in_step("turn.s1"):
            rows.append(await save(stores))
    assert rows[0].id == rows[1].id
    assert [one.id for one in await stores.searches.of("ana")] == [rows[0].id]
    (planned,) = await stores.schedules.list("ana")
    assert planned.subject == rows[0].id

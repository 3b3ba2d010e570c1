"""A saved search is due once a day or week at its hour, and no job is told twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from memory.saved_searches import AGAIN, SavedSearch
from memory.stores import Stores

BERLIN = timezone(timedelta(hours=1))
EVENING = datetime(2026, 11, 21, 20, 30, tzinfo=BERLIN)


def aware(at: datetime | None) -> datetime | None:
    return at.replace(tzinfo=UTC) if at and at.tzinfo is None else at


async def save(stores: Stores, title: str = "python", every: str = "day", hour: int = 7) -> SavedSearch:
    return await stores.searches.save("ana", title, {"words": title}, ["jobicy"], every=every, hour=hour, at=EVENING)


async def test_it_is_first_due_at_its_hour_of_the_users_clock(stores: Stores) -> None:
    row = await save(stores)
    assert aware(row.due) == datetime(2026, 11, 22, 7, tzinfo=BERLIN)
    assert await stores.searches.due(EVENING) == []
    (due,) = await stores.searches.due(datetime(2026, 11, 22, 7, tzinfo=BERLIN))
    assert due.id == row.id


@pytest.mark.parametrize(("every", "days"), [("day", 1), ("week", 7)])
async def test_after_a_run_it_waits_its_time_and_missed_runs_are_not_made_up_for(
    stores: Stores, every: str, days: int
) -> None:
    row = await save(stores, every=every)
    late = datetime(2026, 12, 1, 9, tzinfo=BERLIN)
    await stores.searches.ran(row.id, late)
    (kept,) = await stores.searches.of("ana")
    assert aware(kept.due) == datetime(2026, 12, 1 + days, 7, tzinfo=BERLIN)
    assert (aware(kept.ran_at), kept.problem) == (late, "")


async def test_one_that_found_nobody_to_ask_is_tried_again_soon(stores: Stores) -> None:
    row = await save(stores)
    await stores.searches.ran(row.id, EVENING, "offline")
    (kept,) = await stores.searches.of("ana")
    assert (aware(kept.due), kept.problem) == (EVENING + AGAIN, "offline")


async def test_one_with_the_same_title_is_replaced_and_one_can_be_removed_by_its_owner(stores: Stores) -> None:
    await save(stores)
    row = await save(stores, hour=9)
    assert [one.hour for one in await stores.searches.of("ana")] == [9]
    assert not await stores.searches.remove(row.id, user="bo")
    assert await stores.searches.remove(row.id, user="ana")
    assert await stores.searches.of("ana") == []


async def test_a_time_that_makes_no_sense_is_refused(stores: Stores) -> None:
    with pytest.raises(ValueError, match="hour at"):
        await save(stores, every="hour")


async def test_a_job_is_told_once_to_each_user(stores: Stores) -> None:
    assert await stores.searches.untold("ana", ["a", "b"]) == {"a", "b"}
    await stores.searches.told("ana", ["a"])
    await stores.searches.told("ana", ["a"])
    assert await stores.searches.untold("ana", ["a", "b"]) == {"b"}
    assert await stores.searches.untold("bo", ["a"]) == {"a"}

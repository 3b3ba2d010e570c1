"""Reminders: due on the user's own clock whatever it does, and told once."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from memory.schedules import Ran
from memory.stores import Stores


@pytest.mark.parametrize(
    ("day", "utc"),
    [(date(2026, 3, 28), 8), (date(2026, 3, 29), 7), (date(2026, 10, 24), 7), (date(2026, 10, 25), 8)],
)
async def test_nine_is_nine_before_and_after_the_clock_changes(stores: Stores, day: date, utc: int) -> None:
    row = await stores.reminders.add("ana", "call", day, None, "Europe/Berlin")
    assert row.due == datetime(day.year, day.month, day.day, utc, tzinfo=UTC)
    assert row.local().time() == time(9)


async def test_an_hour_that_the_clock_skips_still_comes(stores: Stores) -> None:
    await stores.reminders.add("ana", "call", date(2026, 3, 29), time(2, 30), "Europe/Berlin")
    assert await stores.schedules.due(datetime(2026, 3, 29, 0, 59, tzinfo=UTC)) == []
    assert len(await stores.schedules.due(datetime(2026, 3, 29, 1, 30, tzinfo=UTC))) == 1


async def test_what_is_due_is_told_once_and_again_when_it_was_moved(stores: Stores) -> None:
    row = await stores.reminders.add("ana", "call", date(2026, 3, 2), time(9), "UTC")
    later = datetime(2026, 3, 5, tzinfo=UTC)
    (planned,) = await stores.schedules.due(later)
    await stores.schedules.claim(planned, "one", later)
    await stores.schedules.finish(planned, "one", later, None, Ran())
    assert await stores.schedules.due(later) == []
    await stores.reminders.move(row.id, date(2026, 3, 4), time(9))
    assert [one.subject for one in await stores.schedules.due(later)] == [row.id]


async def test_what_is_done_is_neither_open_nor_told(stores: Stores) -> None:
    row = await stores.reminders.add("ana", "call", date(2026, 3, 2), None, "UTC")
    await stores.reminders.done(row.id, datetime(2026, 3, 1, tzinfo=UTC))
    assert await stores.reminders.open("ana") == []
    assert await stores.schedules.due(datetime(2026, 3, 2, tzinfo=UTC) + timedelta(days=9)) == []

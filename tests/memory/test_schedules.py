"""What is scheduled is due by its rule, in one hand at a time, and nobody else's to change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from memory.recurrence import Recurrence, WrongRule
from memory.schedules import LEASE, Ran, Schedule, State, utc
from memory.stores import Stores, open_stores

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
MORNING = "FREQ=DAILY;BYHOUR=8;BYMINUTE=0;BYSECOND=0"


async def daily(stores: Stores, words: str = "send me the briefing") -> Schedule:
    when = Recurrence(MORNING, "Europe/Berlin", datetime(2026, 11, 21))
    return await stores.schedules.add(Schedule.when("ana", "ask", when, words=words), NOW)


async def test_it_is_first_due_by_its_rule_on_the_clock_of_its_place(stores: Stores) -> None:
    row = await daily(stores)
    assert row.due == datetime(2026, 11, 22, 7, tzinfo=UTC)
    assert await stores.schedules.due(row.due - timedelta(seconds=1)) == []
    (due,) = await stores.schedules.due(row.due)
    assert (due.id, due.words) == (row.id, "send me the briefing")


async def test_what_is_due_is_in_one_hand_until_that_lets_go_or_dies(stores: Stores) -> None:
    row, at = await daily(stores), NOW + timedelta(days=1)
    assert await stores.schedules.claim(row, "one", at)
    assert not await stores.schedules.claim(row, "two", at)
    assert await stores.schedules.due(at) == []
    assert await stores.schedules.claim(row, "one", at + LEASE / 2)
    assert not await stores.schedules.claim(row, "two", at + LEASE)
    assert await stores.schedules.claim(row, "two", at + LEASE * 2)


async def test_two_installations_on_one_database_never_both_get_it(stores: Stores) -> None:
    row, at = await daily(stores), NOW + timedelta(days=1)
    first, second = Schedule(**row.model_dump()), Schedule(**row.model_dump())
    assert [await stores.schedules.claim(first, "a", at), await stores.schedules.claim(second, "b", at)] == [
        True,
        False,
    ]
    await stores.schedules.finish(first, "a", at, at + timedelta(days=1), Ran())
    assert not await stores.schedules.claim(second, "b", at + LEASE * 2)


async def test_after_a_run_it_says_when_it_ran_what_it_missed_and_when_it_comes_again(stores: Stores) -> None:
    row, at = await daily(stores), NOW + timedelta(days=3)
    await stores.schedules.claim(row, "one", at)
    await stores.schedules.finish(row, "one", at, row.recurrence.after(at), Ran(2, "the log has the details"))
    (kept,) = await stores.schedules.list("ana")
    assert kept.due and kept.last and kept.ran_at and row.due
    assert (utc(kept.due), utc(kept.last), utc(kept.ran_at)) == (datetime(2026, 11, 25, 7, tzinfo=UTC), row.due, at)
    assert (kept.missed, kept.problem) == (2, "the log has the details")


async def test_what_failed_waits_and_is_still_the_same_run(stores: Stores) -> None:
    row, at = await daily(stores), NOW + timedelta(days=1)
    await stores.schedules.claim(row, "one", at)
    await stores.schedules.later(row, "one", at + timedelta(minutes=5), "offline")
    assert await stores.schedules.due(at) == []
    (again,) = await stores.schedules.due(at + timedelta(minutes=5))
    assert again.due and row.due and utc(again.due) == row.due and again.failures == 1


async def test_what_comes_once_is_over_after_it(stores: Stores) -> None:
    once = Recurrence("", "UTC", datetime(2026, 11, 22, 8))
    row = await stores.schedules.add(Schedule.when("ana", "ask", once, words="say so"), NOW)
    await stores.schedules.claim(row, "one", NOW + timedelta(days=1))
    await stores.schedules.finish(row, "one", NOW + timedelta(days=1), None, Ran())
    assert await stores.schedules.list("ana") == []
    (over,) = await stores.schedules.list("ana", ended=True)
    assert over.state == State.ENDED
    assert await stores.schedules.due(NOW + timedelta(days=9)) == []


async def test_it_rests_while_it_is_paused_and_makes_up_for_nothing(stores: Stores) -> None:
    row = await daily(stores)
    assert not await stores.schedules.pause(row.id, user="bo")
    assert await stores.schedules.pause(row.id, user="ana")
    assert await stores.schedules.due(NOW + timedelta(days=5)) == []
    assert await stores.schedules.resume(row.id, NOW + timedelta(days=5), user="ana")
    (kept,) = await stores.schedules.list("ana")
    assert kept.due and utc(kept.due) == datetime(2026, 11, 27, 7, tzinfo=UTC)
    assert not await stores.schedules.remove(row.id, user="bo")
    assert await stores.schedules.remove(row.id, user="ana")


async def test_a_clock_that_was_a_year_ahead_stops_nothing(stores: Stores) -> None:
    row, wrong = await daily(stores), NOW + timedelta(days=365)
    await stores.schedules.claim(row, "one", wrong)
    await stores.schedules.finish(row, "one", wrong, row.recurrence.after(wrong), Ran(364))
    await stores.schedules.set_right(NOW)
    (kept,) = await stores.schedules.list("ana")
    assert kept.due and utc(kept.due) == datetime(2026, 11, 22, 7, tzinfo=UTC)


async def test_the_installation_does_exactly_what_it_has_rules_for(stores: Stores) -> None:
    await stores.schedules.keep_only({"clean": "FREQ=HOURLY", "backup": "FREQ=HOURLY"}, NOW)
    await stores.schedules.keep_only({"clean": "FREQ=HOURLY"}, NOW + timedelta(days=1))
    (row,) = await stores.schedules.due(NOW)
    assert (row.kind, row.user, row.words) == ("clean", "", None)


async def test_a_rule_that_is_none_is_refused(stores: Stores) -> None:
    with pytest.raises(WrongRule):
        await stores.schedules.add(Schedule.when("ana", "ask", Recurrence("daily", "UTC", datetime(2026, 1, 1))), NOW)
    assert await stores.schedules.list("ana") == []


async def test_it_outlives_a_restart(stores: Stores, settings: object) -> None:
    row = await daily(stores)
    await stores.close()
    opened = await open_stores(settings)  # type: ignore[arg-type]
    assert [one.id for one in await opened.schedules.list("ana")] == [row.id]
    await opened.close()

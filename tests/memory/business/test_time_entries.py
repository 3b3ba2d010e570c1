"""Hours: one timer at a time, nothing changed once billed, and all of it free again when the invoice is void."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from memory.business.invoice import Invoice, InvoiceError
from memory.business.time_entries import TimeEntry, TimeError
from memory.business.totals import Line
from memory.once import in_step
from memory.stores import Stores

DAY = date(2026, 3, 2)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


async def logged(stores: Stores, minutes: int = 60, user: str = "ana") -> TimeEntry:
    return await stores.time.log(TimeEntry(user=user, day=DAY, minutes=minutes))


async def billed(stores: Stores, *entries: TimeEntry, user: str = "ana") -> Invoice:
    line = Line("work", Decimal(1), "h", Decimal(80))
    return await stores.invoices.create(
        user, lines=[line], currency="EUR", issued_on=DAY, due_on=DAY, hours=[entry.id for entry in entries]
    )


async def test_stopping_counts_whole_minutes_to_the_nearest(stores: Stores) -> None:
    await stores.time.start(TimeEntry(user="ana", day=DAY, started_at=NOON))
    stopped = await stores.time.stop("ana", NOON + timedelta(minutes=89, seconds=40))
    assert stopped is not None and stopped.minutes == 90
    assert await stores.time.stop("ana", NOON) is None


async def test_each_user_has_a_timer_of_their_own(stores: Stores) -> None:
    await stores.time.start(TimeEntry(user="ana", day=DAY, started_at=NOON))
    assert await stores.time.start(TimeEntry(user="ben", day=DAY, started_at=NOON)) is None
    assert await stores.time.running("ana") and await stores.time.running("ben")


async def test_billed_hours_are_not_unbilled_until_the_invoice_is_void(stores: Stores) -> None:
    entry, other = await logged(stores), await logged(stores)
    invoice = await billed(stores, entry)
    assert [one.id for one in await stores.time.all("ana", unbilled=True)] == [other.id]
    await stores.invoices.move(invoice.id, "void", user="ana", on=DAY)
    assert len(await stores.time.all("ana", unbilled=True)) == 2


async def test_hours_cannot_be_on_two_invoices_and_then_no_invoice_is_made(stores: Stores) -> None:
    entry = await logged(stores)
    await billed(stores, entry)
    with pytest.raises(InvoiceError, match="on another invoice"):
        await billed(stores, entry)
    assert len(await stores.invoices.all("ana")) == 1


async def test_the_hours_of_another_user_cannot_be_billed(stores: Stores) -> None:
    entry = await logged(stores, user="ben")
    with pytest.raises(InvoiceError):
        await billed(stores, entry)
    assert len(await stores.time.all("ben", unbilled=True)) == 1


async def test_billed_hours_can_be_neither_changed_nor_removed(stores: Stores) -> None:
    entry = await logged(stores)
    await billed(stores, entry)
    with pytest.raises(TimeError, match="on an invoice already"):
        await stores.time.change(entry.id, user="ana", minutes=5)
    with pytest.raises(TimeError, match="on an invoice already"):
        await stores.time.remove(entry.id, user="ana")


@pytest.mark.parametrize("minutes", [0, -5, 24 * 60 + 1])
async def test_an_entry_holds_more_than_nothing_and_at_most_a_day(stores: Stores, minutes: int) -> None:
    with pytest.raises(TimeError, match="24 hours"):
        await logged(stores, minutes)


async def test_an_entry_of_another_user_is_not_there(stores: Stores) -> None:
    entry = await logged(stores)
    assert await stores.time.get(entry.id, user="ben") is None
    with pytest.raises(TimeError, match="no such entry"):
        await stores.time.remove(entry.id, user="ben")


async def test_a_start_done_again_after_a_crash_is_one_timer_and_it_runs(stores: Stores) -> None:
    before = TimeEntry(user="ana", day=DAY, started_at=NOON - timedelta(hours=1), note="the one before")
    await stores.time.start(before)
    for _ in range(2):
        with in_step("turn.s1"):
            await stores.time.start(TimeEntry(user="ana", day=DAY, started_at=NOON, note="API"))
    running, entries = await stores.time.running("ana"), await stores.time.all("ana")
    assert running is not None and running.note == "API"
    assert sorted((one.note, one.minutes) for one in entries) == [("API", None), ("the one before", 60)]

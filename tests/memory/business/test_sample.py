"""The sample business: filled in to look around, and removed without a trace."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from config.settings import Settings
from memory.business.book import Refused
from memory.business.insights import estimate_fit, win_rate
from memory.business.sample import OPEN_DAYS, fill, is_there, remove
from memory.business.totals import Line
from memory.portability import rows_of
from memory.stores import Stores, open_stores

TODAY = date(2026, 3, 2)
LINE = Line("Work", Decimal(1), "", Decimal(100))


@pytest.fixture
async def stores(tmp_path: Path) -> AsyncIterator[Stores]:
    opened = await open_stores(Settings(data_dir=tmp_path))
    yield opened
    await opened.close()


async def test_a_year_of_business_is_there_with_everything_that_dashboards_show(stores: Stores) -> None:
    counts = await fill(stores, "ana", TODAY)
    assert counts["clients"] == 6 and counts["leads"] == 26 and counts["invoices"] >= 8
    assert counts["time_entries"] > 100
    books = await stores.overview.books("ana")
    assert {bill.state for bill in books.bills} == {"sent", "paid"}
    waiting = [one.sent for one in books.offers if one.state == "sent" and one.sent]
    assert waiting and all((TODAY - sent.date()).days <= OPEN_DAYS for sent in waiting), "nobody waits for a year"
    assert all(one.due and one.due > TODAY for one in books.projects if one.state == "open")
    assert all(bill.issued <= TODAY for bill in books.bills) and all(one.day <= TODAY for one in books.work)
    fit = estimate_fit(books)
    assert fit and fit.projects >= 8 and 0 < win_rate(books).rate < 1
    assert await stores.leads.all("eve") == []


async def test_removed_it_leaves_no_trace_but_in_the_trail(stores: Stores) -> None:
    await stores.clients.save("ana", "Own Client")
    await stores.goals.all("ana")
    before = await rows_of(stores, "ana")
    counts = await fill(stores, "ana", TODAY)
    assert await is_there(stores, "ana")
    with pytest.raises(Refused, match="there already"):
        await fill(stores, "ana", TODAY)
    assert await remove(stores, "ana") == sum(counts.values())
    after = await rows_of(stores, "ana")
    assert {name: rows for name, rows in after.items() if name != "trail"} == {
        name: rows for name, rows in before.items() if name != "trail"
    }
    assert not await is_there(stores, "ana") and await remove(stores, "ana") == 0


async def test_it_takes_no_invoice_number_and_does_not_mix_with_own_invoices(stores: Stores) -> None:
    await fill(stores, "ana", TODAY)
    client = (await stores.clients.all("ana"))[0]
    own = await stores.invoices.create(
        "ana", lines=[LINE], currency="EUR", issued_on=TODAY, due_on=TODAY, client=client.name
    )
    await stores.contacts.note("ana", client.id, TODAY, "called")
    assert own.number == "2026-0001"
    await remove(stores, "ana")
    (kept,) = await stores.invoices.all("ana")
    assert kept.number == "2026-0001" and kept.client_id is None, "what was one's own stays, without the client"
    with pytest.raises(Refused, match="invoices of your own"):
        await fill(stores, "ana", TODAY)

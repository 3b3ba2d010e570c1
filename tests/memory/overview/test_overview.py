"""Views over real records: every way a record changes shows at once, and what may not be seen is not counted."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from memory.business.clients import key_of
from memory.business.totals import Line
from memory.demand import JobAsk
from memory.money import Money
from memory.overview.listing import UnknownList
from memory.overview.overview import Overview
from memory.stores import Stores
from memory.turns import Turn

USER = "local"
TODAY = date(2026, 11, 21)


async def invoice(stores: Stores, client: str, amount: str, due: date = TODAY) -> str:
    made = await stores.invoices.create(
        USER, lines=[Line("work", Decimal(2), "h", Decimal(amount) / 2, Decimal(19))], currency="EUR", client=client,
        issued_on=TODAY - timedelta(14), due_on=due,
    )  # fmt: skip
    await stores.invoices.move(made.id, "sent", user=USER, on=TODAY)
    return made.id


async def figure(stores: Stores, label: str, view: str = "money") -> str:
    found = await stores.overview.business(view, USER, TODAY)
    return next(tile.value for tile in found.tiles if tile.label == label)


async def test_an_invoice_is_due_then_paid_in_part_then_in_full(stores: Stores) -> None:
    made = await invoice(stores, "Acme", "100")
    assert await figure(stores, "Due") == "119.00 €"
    await stores.invoices.pay(made, Money(Decimal(19), "EUR"), user=USER, on=TODAY)
    assert (await figure(stores, "Due"), await figure(stores, "Received this month")) == ("100.00 €", "19.00 €")
    await stores.invoices.pay(made, None, user=USER, on=TODAY)
    assert (await figure(stores, "Due"), await figure(stores, "Received this month")) == ("0 €", "119.00 €")


async def test_figures_agree_with_the_invoices_themselves(stores: Stores) -> None:
    for number in range(5):
        await invoice(stores, f"Client {number}", f"{number + 1}0.01", TODAY - timedelta(number))
    books = await stores.overview.books(USER)
    known = {one.id: one for one in await stores.invoices.all(USER)}
    assert {one.id: (one.total, one.open, one.number) for one in books.bills} == {
        one.id: (one.totals.total.amount, one.open.amount, one.number) for one in known.values()
    }


async def test_hours_count_at_the_price_agreed_with_the_client(stores: Stores) -> None:
    from memory.business.time_entries import TimeEntry

    client = await stores.clients.save(USER, "Acme", rate="90 EUR/h")
    await stores.time.log(TimeEntry(user=USER, client=client.id, day=TODAY, minutes=90))
    assert await figure(stores, "Not billed yet", "time") == "135.00 €"


async def test_what_did_not_change_is_not_read_again(stores: Stores) -> None:
    await invoice(stores, "Acme", "100")
    assert await stores.overview.books(USER) is await stores.overview.books(USER)
    before = await stores.overview.books(USER)
    await invoice(stores, "Acme", "100")
    assert await stores.overview.books(USER) is not before


async def test_a_restricted_client_is_left_out_and_everything_restricted_leaves_nothing(stores: Stores) -> None:
    await invoice(stores, "Acme", "100")
    await invoice(stores, "Bolt", "300")
    acme = await stores.clients.find(USER, key_of("Acme"))
    assert acme is not None
    await stores.restrictions.restrict(USER, acme.id)
    assert await figure(stores, "Due") == "357.00 €"
    await stores.restrictions.restrict(USER)
    assert (await stores.overview.business("money", USER, TODAY)).empty


async def test_another_user_sees_nothing_of_it(stores: Stores) -> None:
    await invoice(stores, "Acme", "100")
    assert (await stores.overview.business("money", "somebody else", TODAY)).empty


async def test_a_client_whose_key_is_gone_counts_without_a_name(stores: Stores) -> None:
    await invoice(stores, "Acme", "100")
    acme = await stores.clients.find(USER, "Acme")
    assert acme is not None
    async with stores.database.write() as session:
        await (await session.connection()).run_sync(stores.keys.shred, USER, acme.id)
    books = await Overview(stores.database).books(USER)
    assert books.name(acme.id) == "No client" and books.bills[0].total == 119


async def test_another_process_finds_what_this_one_sealed(stores: Stores) -> None:
    other = Overview(stores.database)
    assert not (await other.books(USER)).bills
    await invoice(stores, "Acme", "100")
    assert (await other.books(USER)).bills[0].total == 119


async def test_jobs_are_counted_and_listed_with_their_titles(stores: Stores) -> None:
    rows = await stores.jobs.save(
        USER, [{"id": f"{n}", "board": "remotive", "title": f"Job {n}", "company": "North"} for n in range(3)]
    )
    await stores.jobs.mark(rows[0].id, user=USER, status="matched", fit=88)
    await stores.demand.note(
        [JobAsk(user=USER, job="1", day=TODAY, skills=["Python"], hourly=Decimal(80), currency="EUR")]
    )
    now = datetime.now(UTC)
    view = await stores.overview.jobs(USER, now)
    assert view.tables[0].rows[0].cells[0] == "Job 0" and view.tiles[0].value == "3"
    listed = await stores.overview.listing(USER, TODAY, "job", {"fit": "70"})
    assert [row.cells[:2] for row in listed.table.rows] == [("Job 0", "North")]
    with pytest.raises(UnknownList):
        await stores.overview.listing(USER, TODAY, "job", {"colour": "red"})


async def test_the_requests_of_a_session_are_those_of_one_conversation_since_it_began(stores: Stores) -> None:
    now = datetime.now(UTC)
    for name, thread, hours in (("first", "a", 30), ("other", "b", 9), ("second", "a", 1)):
        at = now - timedelta(hours=hours)
        turn = Turn(id=name, thread=thread, message=name, user=USER, text=f"{name} words", started_at=at)
        await stores.turns.save(turn)
    assert [one.text for one in await stores.overview.requests(USER)] == ["second words", "first words"]
    assert [one.text for one in await stores.overview.requests(USER, "b")] == ["other words"]
    assert await stores.overview.requests("eve", "b") == []


async def test_what_was_erased_is_in_no_view_any_more(stores: Stores) -> None:
    from config.settings import Settings
    from memory.erasure import erase

    await invoice(stores, "Acme", "100")
    await stores.overview.books(USER)
    await erase(stores, Settings(data_dir=stores.files.folder.parent), USER)
    assert (await stores.overview.business("money", USER, TODAY)).empty

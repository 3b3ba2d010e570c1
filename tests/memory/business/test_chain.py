"""Payments, credit notes, reminders and recurring invoices; what a state allows; and taking back what was done last."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from config.settings import Settings
from memory.business.book import Refused
from memory.business.changes import history
from memory.business.goals import Goal
from memory.business.invoice import Invoice, InvoiceError
from memory.business.leads import Lead, LeadState
from memory.business.payments import Payment
from memory.business.proposals import Proposal, ProposalState
from memory.business.recurring import RecurringInvoice, as_text, due_invoices, following
from memory.business.time_entries import TimeEntry
from memory.business.totals import Line
from memory.business.undo import undo
from memory.money import Money
from memory.once import in_step
from memory.stores import Stores, open_stores

DAY = date(2026, 3, 2)
LATER = date(2026, 4, 20)
WORK = Line("Work", Decimal(10), "h", Decimal(100), Decimal(19))


@pytest.fixture
async def stores(tmp_path: Path) -> AsyncIterator[Stores]:
    opened = await open_stores(Settings(data_dir=tmp_path))
    yield opened
    await opened.close()


def euro(amount: str) -> Money:
    return Money(Decimal(amount), "EUR")


async def sent(stores: Stores) -> Invoice:
    made = await stores.invoices.create(
        "ana", lines=[WORK], currency="EUR", issued_on=DAY, due_on=date(2026, 3, 16), client="Acme GmbH"
    )
    return await stores.invoices.move(made.id, "sent", user="ana", on=DAY)


async def test_a_lead_goes_only_where_its_state_allows_and_its_history_is_kept(stores: Stores) -> None:
    lead = await stores.leads.add(Lead(user="ana", title="Logo for Maria", source="referral"))
    won = await stores.leads.move(lead.id, LeadState.PROPOSED, LeadState.WON, user="ana")
    assert won.state == "won"
    with pytest.raises(Refused, match="lead is won, so it cannot become dropped"):
        await stores.leads.move(lead.id, LeadState.DROPPED, user="ana")
    with pytest.raises(Refused, match="no such lead"):
        await stores.leads.move(lead.id, LeadState.LOST, user="eve")
    assert [change.action for change in await history(stores.database, "ana", lead.id)] == ["made", "won"]


async def test_a_book_lists_by_day_state_and_user(stores: Stores) -> None:
    for day, state in ((1, "new"), (5, "won"), (9, "won")):
        came = datetime(2026, 3, day, 12, tzinfo=UTC)
        await stores.leads.add(Lead(user="ana", title=f"L{day}", state=state, came_at=came))
    await stores.leads.add(Lead(user="eve", title="hers"))
    assert [one.title for one in await stores.leads.all("ana")] == ["L9", "L5", "L1"]
    assert [one.title for one in await stores.leads.all("ana", state="won", until=date(2026, 3, 5))] == ["L5"]
    assert len(await stores.leads.all("ana", state=("new", "won"))) == 3


async def test_an_invoice_is_paid_in_parts_and_closes_with_the_last(stores: Stores) -> None:
    invoice = await sent(stores)
    part = await stores.invoices.pay(invoice.id, euro("500"), user="ana", on=DAY)
    assert (part.state, part.received, part.open) == ("sent", euro("500"), euro("690"))
    whole = await stores.invoices.pay(invoice.id, None, user="ana", on=LATER)
    assert (whole.state, whole.open, whole.paid_on) == ("paid", euro("0"), LATER)
    with pytest.raises(InvoiceError, match="is paid, so nothing is to be paid"):
        await stores.invoices.pay(invoice.id, euro("1"), user="ana", on=LATER)
    back = await stores.invoices.move(invoice.id, "sent", user="ana", on=LATER)
    assert back.open == euro("1190"), "an unpaid invoice is open in full again"
    assert {one.state for one in await stores.payments.all("ana")} == {"reversed"}


async def test_a_payment_in_another_currency_is_refused_and_a_rate_is_kept_with_its_day(stores: Stores) -> None:
    invoice = await sent(stores)
    with pytest.raises(InvoiceError, match="is in EUR"):
        await stores.invoices.pay(invoice.id, Money(Decimal(5), "USD"), user="ana", on=DAY)
    paid = Payment(user="ana", amount=Decimal(100), currency="USD", received_on=DAY)
    paid.rate, paid.booked, paid.rate_on = Decimal("0.91555"), "EUR", DAY
    kept = await stores.payments.add(paid)
    assert kept.worth == euro("91.56")


async def test_a_credit_note_has_the_next_number_and_lowers_what_is_open(stores: Stores) -> None:
    invoice = await sent(stores)
    some = await stores.invoices.credit(
        invoice.id, [Line("Discount", Decimal(1), "", Decimal(100), Decimal(19))], user="ana", on=DAY
    )
    assert (some.number, some.totals.total, some.corrects_number) == ("2026-0002", euro("-119"), "2026-0001")
    found = await stores.invoices.get(invoice.id, user="ana")
    assert found and found.open == euro("1071") and found.state == "sent"
    with pytest.raises(InvoiceError, match=r"More than 1,190\.00 € cannot be credited"):
        await stores.invoices.credit(invoice.id, None, user="ana", on=DAY)
    numbers = [one.number for one in await stores.invoices.all("ana")]
    assert numbers == ["2026-0002", "2026-0001"], "what was refused took no number"


async def test_an_invoice_credited_in_full_is_settled_and_every_sum_says_nothing_was_earned(stores: Stores) -> None:
    invoice = await sent(stores)
    credit = await stores.invoices.credit(invoice.id, None, user="ana", on=DAY)
    found = await stores.invoices.all("ana")
    assert [one.state for one in found] == ["paid", "paid"]
    assert sum((one.totals.total.amount for one in found), Decimal(0)) == 0
    assert {one.open for one in found} == {euro("0")} and credit.open == euro("0")


async def test_a_credit_note_on_what_was_paid_leaves_the_money_to_give_back(stores: Stores) -> None:
    invoice = await sent(stores)
    await stores.invoices.pay(invoice.id, euro("1000"), user="ana", on=DAY)
    credit = await stores.invoices.credit(invoice.id, None, user="ana", on=LATER)
    found = {one.number: (one.state, one.open) for one in await stores.invoices.all("ana")}
    assert found == {"2026-0001": ("paid", euro("0")), "2026-0002": ("sent", euro("-1000"))}
    back = await stores.invoices.pay(credit.id, euro("-1000"), user="ana", on=LATER)
    assert (back.state, back.open) == ("paid", euro("0"))
    kept = [one for one in await stores.payments.all("ana") if one.state == "received"]
    assert sum(one.amount for one in kept) == 0, "nothing was earned in the end"


async def test_reminders_count_up_only_while_it_is_overdue(stores: Stores) -> None:
    invoice = await sent(stores)
    with pytest.raises(InvoiceError, match="not overdue"):
        await stores.invoices.remind(invoice.id, user="ana", on=DAY)
    for level in (1, 2):
        assert (await stores.invoices.remind(invoice.id, user="ana", on=LATER)).reminder_level == level


async def test_a_recurring_invoice_writes_each_draft_once_and_keeps_the_end_of_the_month(stores: Stores) -> None:
    client = await stores.clients.save("ana", "Acme GmbH")
    lines = as_text([Line("Retainer", Decimal(1), "", Decimal(900), Decimal(19))])
    row = RecurringInvoice(
        user="ana", client=client.id, every="month", day=31, next_on=date(2026, 1, 31), currency="EUR"
    )
    row.lines, row.until = lines, date(2026, 4, 30)
    await stores.recurring.add(row)
    made = await due_invoices(stores, "ana", date(2026, 3, 1))
    assert [one.totals.total for one in made] == [euro("1071"), euro("1071")]
    assert await due_invoices(stores, "ana", date(2026, 3, 1)) == []
    kept = await stores.recurring.get(row.id, user="ana")
    assert kept and kept.next_on == date(2026, 3, 31), "February had no 31st, March has"
    assert len(await due_invoices(stores, "ana", date(2026, 6, 1))) == 2
    kept = await stores.recurring.get(row.id, user="ana")
    assert kept and kept.state == "ended"


def test_the_day_after_which_it_comes_again() -> None:
    assert following(date(2026, 1, 31), "month", 31) == date(2026, 2, 28)
    assert following(date(2026, 11, 30), "quarter", 30) == date(2027, 2, 28)
    assert following(date(2028, 2, 29), "year", 29) == date(2029, 2, 28)
    assert following(date(2026, 12, 28), "week", 28) == date(2027, 1, 4)


async def test_undo_takes_back_all_that_one_request_did_and_then_what_was_before(stores: Stores) -> None:
    invoice = await sent(stores)
    with in_step("s1"):
        await stores.invoices.move(invoice.id, "paid", user="ana", on=LATER)
    assert {one.kind for one in await undo(stores.database, "ana")} == {"invoice", "payment"}
    back = await stores.invoices.get(invoice.id, user="ana")
    assert back and (back.state, back.open, back.paid_on) == ("sent", euro("1190"), None)
    await undo(stores.database, "ana")
    back = await stores.invoices.get(invoice.id, user="ana")
    assert back and back.state == "draft"
    await undo(stores.database, "ana")
    back = await stores.invoices.get(invoice.id, user="ana")
    assert back and back.state == "void", "the number stays in the books"
    await undo(stores.database, "ana")
    assert [one.name for one in await stores.clients.all("ana")] == ["Acme GmbH"], "the invoice still names it"
    with pytest.raises(Refused, match="nothing to undo"):
        await undo(stores.database, "ana")


async def test_undo_brings_back_what_was_changed_or_removed_as_it_was(stores: Stores) -> None:
    entry = await stores.time.log(TimeEntry(user="ana", day=DAY, minutes=90, note="API"))
    await stores.time.change(entry.id, user="ana", minutes=30)
    await stores.time.remove(entry.id, user="ana")
    await undo(stores.database, "ana")
    found = await stores.time.get(entry.id, user="ana")
    assert found and (found.minutes, found.note, found.day) == (30, "API", DAY)
    await undo(stores.database, "ana")
    found = await stores.time.get(entry.id, user="ana")
    assert found and found.minutes == 90
    goal = await stores.goals.add(Goal(user="ana", measure="hours", target=Decimal("12.5"), since=DAY, until=LATER))
    await stores.goals.change(goal.id, user="ana", target=Decimal(20))
    await undo(stores.database, "ana")
    kept = await stores.goals.get(goal.id, user="ana")
    assert kept and kept.target == Decimal("12.5")
    await undo(stores.database, "ana")
    assert await stores.goals.all("ana") == []


async def test_undo_of_one_user_leaves_the_others_alone(stores: Stores) -> None:
    hers = await stores.proposals.add(Proposal(user="eve", title="Shop"))
    await stores.proposals.move(hers.id, ProposalState.SENT, user="eve")
    with pytest.raises(Refused):
        await undo(stores.database, "ana")
    kept = await stores.proposals.get(hers.id, user="eve")
    assert kept and kept.state == "sent"

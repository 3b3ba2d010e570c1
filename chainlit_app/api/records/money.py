"""Expenses, payments, goals and recurring invoices, by the rules that hold in the chat, too."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from chainlit_app.api.records.kinds import Kind
from chainlit_app.api.records.plain import Fields, add, set_, step, wrong
from memory.business.book import Refused
from memory.business.expenses import Expense
from memory.business.invoice import InvoiceRow
from memory.business.recurring import RecurringInvoice, as_text
from memory.business.totals import Line
from memory.money import Money

if TYPE_CHECKING:
    from chainlit_app.api.records.doing import Doing


async def make_expense(doing: Doing, kind: Kind, fields: Fields) -> Expense:
    """What was spent."""
    fields["day"] = fields["day"] or doing.today
    await _receipt(doing, fields)
    return await doing.stores.expenses.save(Expense(user=doing.user, **fields))


async def change_expense(doing: Doing, kind: Kind, row: Expense, fields: Fields) -> Expense:
    """Other fields of an expense that is on no invoice that stands."""
    if fields.get("day", 1) is None:
        raise wrong("#/day", "An expense needs a day.")
    await _receipt(doing, fields)
    billed = await doing.stores.invoices.get(row.invoice, user=doing.user) if row.invoice else None
    if billed and billed.state != "void":
        raise Refused(f"This expense is on invoice {billed.number}; void that invoice to change it.")
    changed: Expense = await set_(doing, kind, row, fields)
    return changed


async def make_payment(doing: Doing, kind: Kind, fields: Fields) -> Any:
    """Money that came for an invoice."""
    row = await doing.stores.database.own(InvoiceRow, fields["invoice"], user=doing.user)
    if row is None:
        raise wrong("#/invoice", "There is no such invoice.")
    before = await doing.stores.invoices.get(row.id, user=doing.user)
    known = {one.id for one in before.payments} if before else set()
    money = Money(fields["amount"], row.currency) if fields["amount"] is not None else None
    on, reference = fields["received_on"] or doing.today, fields["reference"]
    paid = await doing.stores.invoices.pay(row.id, money, user=doing.user, on=on, reference=reference)
    return next(one for one in paid.payments if one.id not in known)


async def reverse_payment(doing: Doing, kind: Kind, row: Any, state: str) -> Any:
    """Let a payment count no more. The invoice it paid in full is open again, with all its payments reversed."""
    invoice = await doing.stores.invoices.get(row.invoice, user=doing.user) if row.invoice else None
    if invoice is None or invoice.state != "paid":
        return await step(doing, kind, row, state)
    if row.state == state:
        raise Refused("That payment is reversed, so it cannot become reversed.")
    await doing.stores.invoices.move(invoice.id, "sent", user=doing.user, on=doing.today)
    return await doing.stores.payments.get(row.id, user=doing.user)


async def make_goal(doing: Doing, kind: Kind, fields: Fields) -> Any:
    """A goal that ends after it begins."""
    fields["measure"] = str(fields["measure"])
    if fields["until"] < fields["since"]:
        raise wrong("#/until", "A goal cannot end before it begins.")
    return await add(doing, kind, fields)


async def change_goal(doing: Doing, kind: Kind, row: Any, fields: Fields) -> Any:
    """Other fields of a goal."""
    if "measure" in fields:
        fields["measure"] = str(fields["measure"])
    if fields.get("until", row.until) < fields.get("since", row.since):
        raise wrong("#/until", "A goal cannot end before it begins.")
    return await set_(doing, kind, row, fields)


async def make_recurring(doing: Doing, kind: Kind, fields: Fields) -> RecurringInvoice:
    """What is billed again and again."""
    fields["lines"] = _lines(fields["lines"])
    row: RecurringInvoice = await add(doing, kind, {**fields, "day": fields["next_on"].day})
    return row


async def change_recurring(doing: Doing, kind: Kind, row: Any, fields: Fields) -> Any:
    """Other fields of it; what was billed stays."""
    if "lines" in fields:
        fields["lines"] = _lines(fields["lines"])
    if "next_on" in fields:
        fields["day"] = fields["next_on"].day
    return await set_(doing, kind, row, fields)


async def _receipt(doing: Doing, fields: Fields) -> None:
    if fields.get("receipt") and await doing.stores.files.get(fields["receipt"], user=doing.user) is None:
        raise wrong("#/receipt", "There is no such file: upload it first.")


def _lines(lines: list[Fields]) -> list[list[str]]:
    return as_text([Line(**{**line, "vat": Decimal(line["vat"])}) for line in lines])

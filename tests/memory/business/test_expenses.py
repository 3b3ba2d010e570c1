"""Expenses: exact in any currency, billed on once."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from memory.business.expenses import Expense
from memory.business.totals import Line
from memory.stores import Stores

DAY = date(2026, 3, 2)


def taxi(amount: str = "32.10", currency: str = "EUR") -> Expense:
    return Expense(user="ana", day=DAY, description="Taxi", amount=Decimal(amount), currency=currency, rebillable=True)


async def test_an_amount_is_kept_digit_for_digit(stores: Stores) -> None:
    for amount, currency in (("0.10", "EUR"), ("1200", "JPY"), ("1.005", "KWD")):
        await stores.expenses.save(taxi(amount, currency))
    assert {str(row.amount) for row in await stores.expenses.all("ana")} == {"0.1", "1200", "1.005"}


async def test_what_is_billed_on_is_neither_billed_again_nor_deleted(stores: Stores) -> None:
    row = await stores.expenses.save(taxi())
    line = Line("Taxi", Decimal(1), "", Decimal("32.10"))
    invoice = await stores.invoices.create(
        "ana", lines=[line], currency="EUR", issued_on=DAY, due_on=DAY, costs=[row.id]
    )
    assert await stores.expenses.all("ana", to_bill=True) == []
    assert not await stores.expenses.remove(row.id, user="ana")
    await stores.invoices.move(invoice.id, "void", user="ana", on=DAY)
    assert len(await stores.expenses.all("ana", to_bill=True)) == 1
    assert not await stores.expenses.remove(row.id, user="ben")
    assert await stores.expenses.remove(row.id, user="ana")

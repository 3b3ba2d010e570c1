"""Invoices: numbers without gaps, allowed changes only, nothing forgotten."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from config.settings import Settings
from memory.business.changes import history
from memory.business.invoice import Invoice, InvoiceError
from memory.business.totals import Line
from memory.stores import Stores, open_stores

WORK = Line("Website", Decimal("12.5"), "h", Decimal(80), Decimal(19))
DAY = date(2026, 3, 1)


@pytest.fixture
async def stores(tmp_path: Path) -> AsyncIterator[Stores]:
    opened = await open_stores(Settings(data_dir=tmp_path))
    yield opened
    await opened.close()


async def make(stores: Stores, user: str = "ana", **fields: Any) -> Invoice:
    given: dict[str, Any] = {"lines": [WORK], "currency": "EUR", "issued_on": DAY, "due_on": date(2026, 3, 15)}
    return await stores.invoices.create(user, **{**given, **fields})


async def test_an_invoice_comes_back_exactly_as_it_was_written(stores: Stores) -> None:
    odd = Line("Réglage de précision ß", Decimal("0.333"), "h", Decimal("0.1"), Decimal("5.5"))
    made = await make(stores, lines=[WORK, odd], client="Acme GmbH", note="Thank you")
    found = await stores.invoices.get(made.id, user="ana")
    assert found == made
    assert found.lines == (WORK, odd)
    assert (found.number, found.state, found.client_name, found.note) == (
        "2026-0001",
        "draft",
        "Acme GmbH",
        "Thank you",
    )


async def test_numbers_run_without_gaps_for_each_user_and_year(stores: Stores) -> None:
    assert [(await make(stores)).number for _ in range(3)] == ["2026-0001", "2026-0002", "2026-0003"]
    assert (await make(stores, user="ben")).number == "2026-0001"
    later = await make(stores, issued_on=date(2027, 1, 2), due_on=date(2027, 2, 2))
    assert later.number == "2027-0001"


async def test_numbers_stay_without_gaps_when_many_are_made_at_once_and_some_fail(stores: Stores) -> None:
    bad = replace(WORK, quantity=Decimal(0))
    results = await asyncio.gather(
        *(make(stores, lines=[bad if n % 3 == 0 else WORK], client=f"Client {n % 4}") for n in range(24)),
        return_exceptions=True,
    )
    assert sum(isinstance(result, InvoiceError) for result in results) == 8
    numbers = sorted(invoice.number for invoice in await stores.invoices.all("ana"))
    assert numbers == [f"2026-{n:04d}" for n in range(1, 17)]


async def test_a_voided_number_is_not_given_again(stores: Stores) -> None:
    first = await make(stores)
    await stores.invoices.move(first.id, "void", user="ana", on=DAY)
    assert (await make(stores)).number == "2026-0002"


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        (["sent", "paid"], True),
        (["paid"], True),
        (["sent", "void"], True),
        (["void"], True),
        (["paid", "sent"], True),
        (["paid", "void"], False),
        (["void", "sent"], False),
        (["void", "paid"], False),
        (["sent", "draft"], False),
        (["paid", "paid"], False),
    ],
)
async def test_states_move_only_as_allowed(stores: Stores, path: list[Any], allowed: bool) -> None:
    invoice = await make(stores)
    *before, last = path
    for state in before:
        await stores.invoices.move(invoice.id, state, user="ana", on=DAY)
    if allowed:
        assert (await stores.invoices.move(invoice.id, last, user="ana", on=DAY)).state == last
    else:
        with pytest.raises(InvoiceError, match=f"cannot become {last}"):
            await stores.invoices.move(invoice.id, last, user="ana", on=DAY)
        assert (await stores.invoices.get(invoice.id, user="ana")).state == before[-1]  # type: ignore[union-attr]


async def test_a_payment_date_goes_when_the_payment_is_taken_back(stores: Stores) -> None:
    invoice = await make(stores)
    paid = await stores.invoices.move(invoice.id, "paid", user="ana", on=date(2026, 3, 9))
    assert paid.paid_on == date(2026, 3, 9)
    assert (await stores.invoices.move(invoice.id, "sent", user="ana", on=DAY)).paid_on is None


async def test_a_draft_can_be_changed_and_a_sent_invoice_cannot(stores: Stores) -> None:
    invoice = await make(stores, client="Acme")
    cheaper = replace(WORK, price=Decimal(70))
    changed = await stores.invoices.revise(invoice.id, user="ana", lines=(cheaper,))
    assert changed.lines == (cheaper,) and changed.totals.net.amount == Decimal("875.00")
    await stores.invoices.move(invoice.id, "sent", user="ana", on=DAY)
    with pytest.raises(InvoiceError, match="is sent"):
        await stores.invoices.revise(invoice.id, user="ana", lines=(WORK,))
    with pytest.raises(InvoiceError, match="is sent"):
        await stores.invoices.revise(invoice.id, user="ana", client="Other Ltd")


async def test_an_open_client_can_be_named_later(stores: Stores) -> None:
    invoice = await make(stores)
    assert invoice.client == {}
    await stores.invoices.move(invoice.id, "sent", user="ana", on=DAY)
    assert (await stores.invoices.revise(invoice.id, user="ana", client="Acme GmbH")).client_name == "Acme GmbH"


async def test_what_was_sent_keeps_the_address_it_was_sent_with(stores: Stores) -> None:
    await stores.clients.save("ana", "Acme GmbH", address="Old Road 1")
    draft, sent = await make(stores, client="Acme"), await make(stores, client="Acme")
    await stores.invoices.move(sent.id, "sent", user="ana", on=DAY)
    await stores.clients.save("ana", "Acme", address="New Road 2")
    found = {invoice.id: invoice.client["address"] for invoice in await stores.invoices.all("ana")}
    assert found == {draft.id: "New Road 2", sent.id: "Old Road 1"}


async def test_an_invoice_stays_in_the_year_of_its_number(stores: Stores) -> None:
    invoice = await make(stores)
    with pytest.raises(InvoiceError, match="must stay in that year"):
        await stores.invoices.revise(invoice.id, user="ana", issued_on=date(2027, 1, 1), due_on=date(2027, 2, 1))


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"lines": []}, "at least one line"),
        ({"lines": [replace(WORK, quantity=Decimal(-1))]}, "quantity above 0"),
        ({"lines": [replace(WORK, vat=Decimal(101))]}, "no VAT rate"),
        ({"currency": "EURO"}, "no currency code"),
        ({"due_on": date(2026, 2, 1)}, "due before"),
    ],
)
async def test_what_is_no_invoice_is_refused_and_takes_no_number(
    stores: Stores, fields: dict[str, Any], reason: str
) -> None:
    with pytest.raises(InvoiceError, match=reason):
        await make(stores, **fields)
    assert (await make(stores)).number == "2026-0001"


async def test_invoices_are_found_by_number_state_client_and_date(stores: Stores) -> None:
    first = await make(stores, client="Acme")
    second = await make(stores, client="Bolt", issued_on=date(2026, 5, 1), due_on=date(2026, 5, 9))
    await stores.invoices.move(first.id, "sent", user="ana", on=DAY)
    assert await stores.invoices.find("2026-0002", user="ana") == second
    assert await stores.invoices.find("2", user="ana") == second
    assert await stores.invoices.find("2025-0002", user="ana") is None
    assert await stores.invoices.find("2026-0002", user="ben") is None
    assert [i.number for i in await stores.invoices.all("ana")] == ["2026-0002", "2026-0001"]
    assert [i.number for i in await stores.invoices.all("ana", states=["sent"])] == ["2026-0001"]
    assert [i.number for i in await stores.invoices.all("ana", client=second.client_id)] == ["2026-0002"]
    assert [i.number for i in await stores.invoices.all("ana", until=date(2026, 4, 1))] == ["2026-0001"]
    overdue = [i.number for i in await stores.invoices.all("ana") if i.overdue(date(2026, 3, 16))]
    assert overdue == ["2026-0001"]


async def test_another_user_can_neither_see_nor_change_it(stores: Stores) -> None:
    invoice = await make(stores)
    assert await stores.invoices.get(invoice.id, user="ben") is None
    with pytest.raises(InvoiceError, match="no such invoice"):
        await stores.invoices.move(invoice.id, "paid", user="ben", on=DAY)


async def test_every_change_is_kept(stores: Stores) -> None:
    invoice = await make(stores)
    await stores.invoices.revise(invoice.id, user="ana", client="Acme")
    await stores.invoices.move(invoice.id, "paid", user="ana", on=DAY)
    changes = await history(stores.database, "ana", invoice.id)
    assert [change.action for change in changes] == ["made", "changed", "paid"]
    assert changes[1].before == {"client": ""} and changes[1].after == {"client": "Acme"}
    assert changes[2].before["state"] == "draft" and changes[2].after["state"] == "paid"

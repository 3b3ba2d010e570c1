"""Expenses through the chat: kept by a sentence, summed, billed on once, and booked from a receipt when approved."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from agents.tools.billing.expense_words import about_expenses, category_of, read_expense
from graph.approvals import decide
from graph.events import ApprovalNeeded, Done
from graph.reply import Message, reply
from graph.runtime import Runtime
from memory.business.expenses import Expense
from memory.turns import Turn
from tests.graph.business.conftest import Ask

RECEIPT = {"vendor": "Blumen & Kaffee", "date": "2026-11-03", "total": "12.50", "tax": "0.82", "currency": "EUR",
           "lines": [{"description": "Lunch menu", "amount": "12.50"}]}  # fmt: skip


async def kept(runtime: Runtime) -> list[Expense]:
    return await runtime.stores.expenses.all("local")


async def test_an_expense_is_kept_from_one_sentence(runtime: Runtime, ask: Ask) -> None:
    answer = await ask("I spent 40 € on train tickets for ACME yesterday")
    assert "Kept: **Train tickets**, 40.00 €" in answer and "for **ACME**, to be billed on" in answer
    (row,) = await kept(runtime)
    assert (row.money.text(), row.category, row.rebillable) == ("40.00 €", "travel", True)
    assert row.day == date.today() - timedelta(days=1)


async def test_expenses_are_listed_and_summed_by_category_and_currency(ask: Ask) -> None:
    await ask("I spent 40 € on train tickets")
    await ask("paid 12.99 € for hosting")
    await ask("bought a keyboard for 99 USD")
    answer = await ask("my expenses this month")
    assert "3 expenses this month, **52.99 € and $99.00** in all" in answer
    assert "travel 40.00 €" in answer and "hardware $99.00" in answer
    assert "1 expense on travel" in await ask("show my travel expenses this year")


async def test_vat_that_is_named_is_taken_out_of_the_sum(runtime: Runtime, ask: Ask) -> None:
    assert "of which 55.72 € VAT" in await ask("bought a monitor for 349 €, incl 19% VAT")


async def test_what_a_client_pays_back_goes_on_one_invoice_with_the_hours(runtime: Runtime, ask: Ask) -> None:
    await runtime.stores.profiles.save("local", rate="80 EUR/h")
    await ask("log 2h for ACME")
    await ask("I spent 40 € on train tickets for ACME")
    await ask("invoice my unbilled hours with expenses for ACME")
    (invoice,) = await runtime.stores.invoices.all("local")
    assert invoice.totals.net.text() == "200.00 €"
    (row,) = await kept(runtime)
    assert row.invoice == invoice.id
    assert "on an invoice already" in await deleted(runtime)


async def test_an_expense_in_another_currency_keeps_what_it_came_to_with_rate_and_day(
    runtime: Runtime, ask: Ask
) -> None:
    await ask("my rate is 80 € an hour")
    assert "I have no rate" in await ask("I spent 10 $ on a domain")
    assert "as you said" in await ask("I spent 50 $ on hosting, charged as 45.30 €")
    assert "1 USD = 0.92 EUR" in await ask("paid 100 $ for a conference at 0.92")
    shelf = runtime.settings.paths.cache / "market" / "rates.json"
    shelf.parent.mkdir(parents=True, exist_ok=True)
    shelf.write_text('{"day": "2026-03-02", "fetched": "2026-03-02", "table": {"USD": "1.25"}}')
    assert "the reference rate of 2 March 2026" in await ask("I spent 20 $ on a plugin")
    rows = {row.description: row for row in await kept(runtime)}
    assert [(name, row.converted) for name, row in sorted(rows.items())] == [
        ("Conference", Decimal("92.00")), ("Domain", None), ("Hosting", Decimal("45.30")), ("Plugin", Decimal("16.00")),
    ]  # fmt: skip
    plugin = rows["Plugin"]
    assert (plugin.rate, plugin.rate_on, plugin.converted_to) == (Decimal("0.8"), date(2026, 3, 2), "EUR")
    costs = (await runtime.stores.overview.books("local")).costs
    assert sum(one.amount for one in costs if one.currency == "EUR") == Decimal("153.30")


async def test_the_part_that_goes_to_tax_is_asked_once_and_kept(runtime: Runtime, ask: Ask) -> None:
    assert "Which part of your profit goes to income tax?" in await ask("how much should I set aside for tax?")
    assert "I keep the 25 % for next time" in await ask("set aside 25 % for tax")
    again = await ask("how much should I set aside for tax?")
    assert "25 % of the profit" in again and "Which part" not in again
    assert (await runtime.stores.overview.books("local")).tax_percent == 25


async def test_the_last_expense_can_be_taken_back(runtime: Runtime, ask: Ask) -> None:
    await ask("I spent 40 € on train tickets")
    assert "Deleted: Train tickets" in await deleted(runtime)
    assert await kept(runtime) == []


async def deleted(runtime: Runtime) -> str:
    """What is said once it was asked whether the last expense may go, and the user agreed."""
    asked = [event async for event in reply(Message("delete the last expense", "t1"), runtime)][-1]
    assert isinstance(asked, ApprovalNeeded) and "Train tickets" in asked.preview
    assert len(await kept(runtime)) == 1
    done = [event async for event in decide(asked.turn, asked.step, "approve", runtime)][-1]
    assert isinstance(done, Done)
    return done.text


async def test_without_a_sum_it_asks_once(runtime: Runtime, ask: Ask) -> None:
    assert "How much was it" in await ask("add an expense for train tickets")
    await ask("40 €")
    (row,) = await kept(runtime)
    assert row.money.text() == "40.00 €"


async def test_with_no_expenses_it_says_what_to_do(ask: Ask) -> None:
    assert "I spent 40 € on train tickets" in await ask("my expenses this month")
    assert "I see no receipt" in await ask("book that receipt")


async def read_before(runtime: Runtime, receipt: dict[str, Any]) -> None:
    """Let a turn of this conversation have read a receipt."""
    finding = {
        "agent": "vision", "ok": True, "text": "A receipt.", "data": {"receipt": receipt},
        "records": [{"kind": "receipt", "id": "file1", "label": "receipt.jpg"}],
    }  # fmt: skip
    turn = Turn(id="seen", thread="t1", message="m", user="local", text="look", status="done")
    turn.findings = {"s1": finding}
    await runtime.stores.conversations.ensure("t1", user="local", name="t")
    await runtime.stores.turns.save(turn)


async def test_a_receipt_is_booked_once_and_only_when_approved(runtime: Runtime, ask: Ask) -> None:
    await read_before(runtime, {**RECEIPT, "doubts": ["Nothing else on it confirms the total."]})
    events = [event async for event in reply(Message("book this receipt", "t1"), runtime)]
    asked = events[-1]
    assert isinstance(asked, ApprovalNeeded)
    assert "**Blumen & Kaffee**, 3 November 2026: **12.50 €**, of which 0.82 € tax, under meals" in asked.preview
    assert "*Nothing else on it confirms the total.*" in asked.preview  # what to look at before one approves
    assert await kept(runtime) == []
    after = [event async for event in decide(asked.turn, asked.step, "approve", runtime)]
    assert isinstance(after[-1], Done)
    (row,) = await kept(runtime)
    assert (row.money.text(), row.vat, row.receipt) == ("12.50 €", Decimal("0.82"), "file1")
    assert "booked already" in await ask("book this receipt")


async def test_a_receipt_without_a_total_is_not_guessed(runtime: Runtime, ask: Ask) -> None:
    await read_before(runtime, {**RECEIPT, "total": None})
    assert "could not read the total" in await ask("book this receipt")


@pytest.mark.parametrize(
    ("message", "amount"),
    [("Ich habe 40 € für Zugtickets ausgegeben", "40.00 €"), ("gasté 25 € en un taxi", "25.00 €"),
     ("j'ai dépensé 30 € pour un train", "30.00 €")],
)  # fmt: skip
async def test_it_is_told_in_other_languages(runtime: Runtime, ask: Ask, message: str, amount: str) -> None:
    await ask(message)
    (row,) = await kept(runtime)
    assert row.money.text() == amount


@pytest.mark.parametrize(
    ("text", "is_one"),
    [("I spent 40 € on books", True), ("paid 12 $ for hosting", True), ("my expenses", True), ("Acme has paid", False),
     ("I spent 4 hours on it", False), ("I paid the invoice", False), ("invoice ACME 40 € for books", False)],
)  # fmt: skip
def test_money_spent_is_told_from_invoices_and_hours(text: str, is_one: bool) -> None:
    assert about_expenses(text) is is_one


@pytest.mark.parametrize(
    ("text", "what", "category"),
    [("expense: lunch with a client 23.50 €", "Lunch with a client", "meals"),
     ("add expense 99 USD Adobe subscription", "Adobe subscription", "software"),
     ("spent 15 € on stamps, not billable", "Stamps", "office")],
)  # fmt: skip
def test_what_was_bought_is_read_without_the_words_around_it(text: str, what: str, category: str) -> None:
    read = read_expense(text)
    assert (read["what"], read["category"]) == (what, category)
    assert category_of("a pony") == "other"

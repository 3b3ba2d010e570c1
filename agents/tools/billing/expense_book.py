"""The user's expenses: kept by a sentence, booked from a receipt once approved, listed by month and category."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from pydantic import BaseModel, Field, ValidationError

from agents.deps import Deps
from agents.spec import AgentError, Effect, Finding, Given, Record
from agents.tools.billing.expense_rates import in_own_currency
from agents.tools.billing.expense_words import category_of, spent_on
from agents.tools.billing.invoice_book import NAME, InvoiceTask, named_client
from agents.tools.billing.invoice_draft import currency_of, price_of
from agents.tools.billing.invoice_requests import days_of
from agents.tools.text.markdown import plain
from config.dates import day_text
from integrations.media.images.look import MEMORY_MB, SECONDS
from memory.business.clients import Client
from memory.business.expenses import Expense
from memory.files import FileRef
from memory.money import EXPONENTS, Money, total

SHOWN = 30
BOOK = "book_expense"
TURNS = 12
"""How many turns back a receipt may lie."""


class Booking(BaseModel):
    """What is booked from a receipt; exactly this is shown and approved."""

    description: str = Field(min_length=1, max_length=200)
    amount: Decimal = Field(gt=0)
    currency: str = Field(pattern="^[A-Z]{3}$")
    day: date
    category: str = "other"
    tax: Decimal | None = None
    client: str = ""
    receipt: str = ""


async def spend(task: InvoiceTask, given: Given, deps: Deps) -> Finding:
    """Keep what the user says they spent. Raises AgentError."""
    money = await _spent(task.amount, deps)
    if money is None or money.amount <= 0:
        raise AgentError("Say what it cost, such as “I spent 40 € on train tickets for Acme”.")
    client = await _client(task, given, deps)
    expense = Expense(
        user=deps.user,
        day=spent_on(task.when, deps.today),
        description=task.what or "Expense",
        category=category_of(task.category or ""),
        amount=money.amount,
        currency=money.currency,
        vat=Decimal(task.tax) if task.tax else None,
        client=client.id if client else None,
        rebillable=bool(client) if task.rebill is None else task.rebill,
    )
    came = await in_own_currency(expense, given.text, deps)
    await deps.stores.expenses.save(expense)
    return _kept(expense, client, came)


async def _spent(amount: str | None, deps: Deps) -> Money | None:
    """The sum said, in the profile's currency where none was. Raises AgentError when there is none either."""
    if price := price_of(amount):
        return price.money
    try:
        plain_sum = Decimal(amount or "")
    except InvalidOperation:
        return None
    return Money(plain_sum, currency_of([], None, await deps.stores.profiles.load(deps.user)))


async def listed(task: InvoiceTask, given: Given, deps: Deps) -> Finding:
    """The expenses of a period, a category or a client, with sums."""
    since, until = days_of(task.period, deps.today) if task.period else (None, None)
    client = await _client(task, given, deps, make=False)
    rows = await deps.stores.expenses.all(
        deps.user,
        since=since,
        until=until,
        client=client.id if client else None,
        category=task.category,
        to_bill=bool(task.rebill),
    )
    words = (f" on {task.category}" if task.category else "") + (f" for {plain(client.name)}" if client else "")
    words += f" {task.period}" if task.period else ""
    if not rows:
        text = f"No expenses{words} are kept. Say “I spent 40 € on train tickets for Acme”, or send a receipt."
        return Finding(NAME, True, text, data={"expenses": []})
    names = {one.id: one.name for one in await deps.stores.clients.all(deps.user)}
    open_ones = [row for row in rows if row.rebillable and row.invoice is None]
    lines = ["| Day | What | Category | Client | Amount |", "|---|---|---|---|---|"]
    for row in rows[:SHOWN]:
        whose = plain(names.get(row.client or "", ""))
        lines.append(
            f"| {day_text(row.day, '%-d %b %Y')} | {plain(row.description, 60)} | {row.category} | {whose} "
            f"| {row.money.text()} |"
        )
    sums = "; ".join(f"{name} {_sum(part)}" for name, part in _by_category(rows).items())
    count = f"{len(rows)} {'expense' if len(rows) == 1 else 'expenses'}"
    text = f"{count}{words}, **{_sum(rows)}** in all: {sums}.\n\n" + "\n".join(lines)
    if len(rows) > SHOWN:
        text += f"\n\nThese are the newest {SHOWN}; name a month to see others."
    if open_ones:
        text += f"\n\nA client is yet to pay back {_sum(open_ones)}: “invoice my unbilled hours with expenses for …”."
    data = {
        "expenses": [row.id for row in rows],
        "totals": [str(money) for money in _totals(rows)],
        "by_category": {name: [str(money) for money in _totals(part)] for name, part in _by_category(rows).items()},
    }
    return Finding(NAME, True, text, data=data, records=tuple(_record(row) for row in rows[:SHOWN]))


async def unspend(task: InvoiceTask, given: Given, deps: Deps) -> Finding:
    """Ask whether the expense kept last may go. Raises AgentError."""
    last = await deps.stores.expenses.last(deps.user)
    if last is None:
        raise AgentError("No expense is kept yet, so there is none to delete.")
    told = f"{plain(last.description)}, {last.money.text()}, {day_text(last.day)}"
    effect = Effect("unspend", {"expense": last.id, "told": told}, "Delete an expense", f"I would delete {told}.")
    return Finding(NAME, True, "Deleting an expense needs your word.", effect=effect)


async def unspent(arguments: dict[str, Any], deps: Deps) -> Finding:
    """Delete the expense that was approved. Raises AgentError when it is billed or gone."""
    if not await deps.stores.expenses.remove(arguments["expense"], user=deps.user):
        raise AgentError("That expense is on an invoice already, or gone; void the invoice first.")
    return Finding(NAME, True, f"Deleted: {arguments['told']}.")


async def propose(task: InvoiceTask, given: Given, deps: Deps) -> Finding:
    """Propose to book the receipt that was just read, or read in this conversation. Raises AgentError."""
    found = await _receipt(task.receipt, given, deps)
    if found is None:
        raise AgentError("I see no receipt: send a photo or a scan of it, or say “I spent 40 € on train tickets”.")
    data, file = found
    client = await _client(task, given, deps)
    booking = _booking(data, file, client.name if client else "", deps.today)
    if known := await deps.stores.expenses.with_receipt(deps.user, file) if file else None:
        text = f"This receipt is booked already: {plain(known.description)}, {known.money.text()}."
        return Finding(NAME, True, text, records=(_record(known),))
    money = Money(booking.amount, booking.currency)
    tax = f", of which {Money(booking.tax, booking.currency).text()} tax" if booking.tax else ""
    whose = f", to be billed on to **{plain(booking.client)}**" if booking.client else ""
    preview = (
        f"**{plain(booking.description)}**, {day_text(booking.day)}: **{money.text()}**{tax}, under "
        f"{booking.category}{whose}."
    )
    preview = "\n\n".join([preview, *(f"*{plain(str(doubt), 200)}*" for doubt in data.get("doubts") or ())])
    effect = Effect(BOOK, booking.model_dump(mode="json"), "Book an expense", preview)
    return Finding(NAME, True, "I can book this receipt.", data=booking.model_dump(mode="json"), effect=effect,
                   trust="outside")  # fmt: skip


async def book_expense(arguments: dict[str, Any], deps: Deps) -> Finding:
    """Keep the approved expense, once for each receipt. Raises AgentError."""
    try:
        booking = Booking.model_validate(arguments)
    except ValidationError as error:
        raise AgentError("That is no expense that can be booked; say what it cost and for what.") from error
    if booking.receipt and (known := await deps.stores.expenses.with_receipt(deps.user, booking.receipt)):
        return _kept(known, None)
    client = await deps.stores.clients.save(deps.user, booking.client) if booking.client else None
    expense = Expense(
        user=deps.user,
        day=booking.day,
        description=booking.description,
        category=category_of(booking.category),
        amount=booking.amount,
        currency=booking.currency,
        vat=booking.tax,
        client=client.id if client else None,
        rebillable=bool(client),
        receipt=booking.receipt or None,
    )
    came = await in_own_currency(expense, "", deps)
    await deps.stores.expenses.save(expense)
    return _kept(expense, client, came)


def _booking(data: Mapping[str, Any], file: str, client: str, today: date) -> Booking:
    """A booking from what was read off a receipt. Raises AgentError for a receipt without a total."""
    vendor = " ".join(str(data.get("vendor") or "").split()) or "Receipt"
    items = [str(line.get("description") or "") for line in data.get("lines") or [] if isinstance(line, Mapping)]
    try:
        amount = _decimal(data.get("total"))
        currency = str(data.get("currency") or "").upper()
        day = date.fromisoformat(str(data["date"])[:10]) if data.get("date") else today
        if amount is None or currency not in EXPONENTS:
            raise ValueError("no total")
        return Booking(
            description=vendor[:200],
            amount=amount,
            currency=currency,
            day=min(day, today),
            category=category_of(f"{vendor} {' '.join(items)}"),
            tax=_decimal(data.get("tax")),
            client=client,
            receipt=file,
        )
    except (ValueError, InvalidOperation) as error:
        raise AgentError(
            f"I could not read the total of this receipt; say it, such as “I spent 12.50 € at {plain(vendor)}”."
        ) from error


async def _receipt(named: str | None, given: Given, deps: Deps) -> tuple[Mapping[str, Any], str] | None:
    """What a receipt says, and its file: one sent now, read by a step before, or in a turn of this conversation."""
    for file in given.files if not given.findings else ():
        if file.kind == "image" and (read := await _read(file, deps)):
            return read, file.id
    findings = [(finding.data, finding.records) for finding in given.findings.values()]
    for turn in await deps.stores.turns.recent(deps.thread, TURNS):
        for kept in turn.findings.values():
            findings.append((kept.get("data", {}), tuple(Record(**record) for record in kept.get("records", ()))))
    for data, records in findings:
        receipt = data.get("receipt")
        files = [record.id for record in records if record.kind == "receipt"]
        if isinstance(receipt, Mapping) and (named is None or not files or named in files):
            return receipt, named or next(iter(files), "")
    return None


async def _read(file: FileRef, deps: Deps) -> Mapping[str, Any] | None:
    """What a receipt on a picture says; None where the picture shows none. Raises JobError."""
    deps.progress(f"Reading {file.name}", None)
    with tempfile.TemporaryDirectory() as folder:
        arguments = {
            "path": await deps.lay(file), "name": file.name, "parts": ["text"], "today": deps.today.isoformat(),
            "folder": folder, "detector": "",
        }  # fmt: skip
        seen: dict[str, Any] = await deps.jobs.run(
            "integrations.media.images.look:look", arguments, progress=deps.progress, seconds=SECONDS,
            memory_mb=MEMORY_MB,
        )  # fmt: skip
    return seen.get("receipt")


async def _client(task: InvoiceTask, given: Given, deps: Deps, *, make: bool = True) -> Client | None:
    name = await named_client(given.text, deps) or task.client
    if not name:
        return None
    known = await deps.stores.clients.find(deps.user, name)
    return known or (await deps.stores.clients.save(deps.user, name) if make else None)


def _kept(expense: Expense, client: Client | None, came: str = "") -> Finding:
    whose = ""
    if client:
        whose = f" for **{plain(client.name)}**, " + ("to be billed on" if expense.rebillable else "not billed on")
    name = "sales tax" if expense.currency == "USD" else "VAT"
    tax = f", of which {Money(expense.vat, expense.currency).text()} {name}" if expense.vat else ""
    text = (
        f"Kept: **{plain(expense.description)}**, {expense.money.text()}{tax}, {day_text(expense.day)}, under "
        f"{expense.category}{whose}."
    ) + (f" {came}" if came else "")
    data = {"expense": expense.id, "amount": str(expense.money), "category": expense.category}
    offers = ("My expenses this month", "Delete the last expense")
    return Finding(NAME, True, text, data=data, records=(_record(expense),), offers=offers)


def _record(expense: Expense) -> Record:
    return Record("expense", expense.id, expense.description[:80])


def _by_category(rows: Sequence[Expense]) -> dict[str, list[Expense]]:
    groups: dict[str, list[Expense]] = {}
    for row in rows:
        groups.setdefault(row.category, []).append(row)
    return dict(sorted(groups.items(), key=lambda pair: -len(pair[1])))


def _totals(rows: Sequence[Expense]) -> list[Money]:
    codes = sorted({row.currency for row in rows})
    return [total((row.money for row in rows if row.currency == code), code) for code in codes]


def _sum(rows: Sequence[Expense]) -> str:
    return " and ".join(money.text() for money in _totals(rows))


def _decimal(value: Any) -> Decimal | None:
    return None if value in (None, "") else Decimal(str(value))

"""Makes unbilled hours an invoice, with the expenses that are to be passed on.

unbilled entries ─▶ one client's ─▶ lines of one rate each ─▶ invoice draft       voiding it makes the hours unbilled
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from agents.deps import Deps
from agents.spec import AgentError, Choice, Finding, Given, Which
from agents.tools.billing.invoice_draft import default_vat, due_date
from agents.tools.billing.invoice_report import report
from agents.tools.billing.invoice_requests import days_of
from agents.tools.billing.invoice_xml import treatment_for
from agents.tools.business import time_book
from agents.tools.text.markdown import plain
from config.dates import day_text
from memory.business.expenses import Expense
from memory.business.totals import Line

NAME = "time"


async def bill(task: Any, given: Given, deps: Deps) -> Finding:
    """Draft the invoice; `task` is a `TimeTask`. Raises AgentError where it is unclear whose, or at what rate."""
    whose = await time_book.whose(task.name, None, given.text, deps, make=False)
    since, until = days_of(task.period, deps.today) if task.period else (None, None)
    found = await deps.stores.time.all(
        deps.user, since=since, until=until, client=whose.client.id if whose.client else None, unbilled=True
    )
    entries = [entry for entry in found if entry.client]
    book = await time_book.open_book(deps)
    owners = list(dict.fromkeys(entry.client for entry in entries))
    if len(owners) > 1:
        names = [book.clients[owner].name for owner in owners if owner in book.clients]
        raise Which("Whose hours shall I bill?", [Choice(plain(name), {"name": name}) for name in names])
    client = whose.client or (book.clients.get(owners[0] or "") if owners else None)
    costs: list[Expense] = []
    if client:
        costs = await deps.stores.expenses.all(deps.user, client=client.id, to_bill=True)
    waiting, costs = ([], costs) if task.expenses else (costs, [])
    if client is None or not (entries or costs):
        if nobodys := [entry for entry in found if not entry.client]:
            hours = time_book.text_of(sum(entry.minutes or 0 for entry in nobodys))
            raise AgentError(f"{hours} wait, but for no client; log them with a name, such as “3h for Acme yesterday”.")
        name = f" for {plain(client.name)}" if client else ""
        raise AgentError(f"There are no unbilled hours{name}; log some first, such as “3h for Acme yesterday”.")
    profile = await deps.stores.profiles.load(deps.user)
    vat = default_vat(profile)
    priced = await time_book.lines_of(entries, book, deps, task.rate, vat or Decimal(0))
    rates = {rate.currency for _, rate in priced if rate} | {cost.currency for cost in costs}
    if any(rate is None for _, rate in priced):
        raise AgentError("I need a rate: say “… at 80 € an hour”, or tell me “my rate is 80 € an hour”.")
    if len(rates) > 1:
        raise AgentError(f"One invoice has one currency, and these are in {' and '.join(sorted(rates))}.")
    lines = [line for line, _ in priced]
    lines += [
        Line(f"{cost.description}, {day_text(cost.day, '%-d %b %Y')}", Decimal(1), "", cost.amount)
        for cost in reversed(costs)
    ]
    invoice = await deps.stores.invoices.create(
        deps.user,
        lines=lines,
        currency=rates.pop(),
        issued_on=deps.today,
        due_on=due_date(deps.today, None, None),
        client=client.name,
        treatment=treatment_for(profile, client.details(), vat or Decimal(0)),
        served=(min(days), max(days)) if (days := [entry.day for entry in entries]) else None,
        project=billed.pop() if len(billed := {entry.project for entry in entries}) == 1 else None,
        hours=[entry.id for entry in entries],
        costs=[cost.id for cost in costs],
    )
    minutes = sum(entry.minutes or 0 for entry in entries)
    what = f"{time_book.text_of(minutes)} of unbilled time" + (f" and {len(costs)} expenses" if costs else "")
    hints = ["Each line's minutes are added and rounded once, to hours with two decimals."]
    if costs:
        hints.append("The expenses are passed on as paid, without VAT on top.")
    if waiting and client:
        count = f"{len(waiting)} {'expense' if len(waiting) == 1 else 'expenses'}"
        hints.append(f"Not on it: {count} to bill on. Void it and say “invoice my unbilled hours with expenses”.")
    if vat is None:
        hints.append("Your profile names no VAT rate, so none is added.")
    opening = f"Invoice **{invoice.number}** for **{plain(client.name)}** is ready as a draft, from {what}."
    return await report(invoice, opening, deps, hints, agent=NAME)

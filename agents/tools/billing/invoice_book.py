"""The user's book of invoices: what a task about them holds, which invoice it means, what lists and sums say."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from agents.deps import Deps
from agents.spec import AgentError, Choice, Claim, Finding, Given, Record, Slot, Which
from agents.tools.billing.invoice_requests import days_of
from agents.tools.billing.invoice_text import figures, joined, open_by_currency, summary, sums_by_currency
from agents.tools.billing.invoice_words import LineWords
from agents.tools.text.markdown import plain
from memory.business.clients import key_of
from memory.business.invoice import Invoice, State

NAME = "bookkeeping"
SHOWN = 50
MOST_CHOICES = 9
"""Invoices that are named where it is unclear which is meant."""


class InvoiceTask(BaseModel):
    """What to do with which invoice; the last fields are of expenses."""

    action: Literal[
        "create", "list", "billed", "show", "sent", "paid", "unpay", "void", "change",
        "spend", "expenses", "unspend", "receipt",
        "pay", "credit", "interest", "remind", "recur", "recur_list", "recur_stop", "xrechnung", "tax", "hours",
    ] = "create"  # fmt: skip
    lines: list[LineWords] = Field(default_factory=list)
    quantity: Annotated[Decimal | None, Slot("hours", "How many hours did you work, for example 12.5 hours?")] = None
    price: Annotated[str | None, Slot("rate", "At what price, for example 80 € an hour?")] = None
    client: Annotated[str | None, Slot("client", "Who is it for?")] = None
    vat: Decimal | None = None
    gross: bool = False
    note: str | None = None
    due_days: int | None = None
    due_on: str | None = None
    own_rate: bool = False
    adds: bool = False
    invoice: Annotated[str | None, Slot("record:invoice", "Which invoice, for example 2026-0001?")] = None
    number: str | None = None
    every: Literal["week", "month", "quarter", "year"] | None = None
    buyer: str | None = None
    state: Literal["unpaid", "overdue", "draft", "sent", "paid", "void"] | None = None
    period: str | None = None
    amount: Annotated[str | None, Slot("money", "How much was it, for example 40 €?")] = None
    tax: str | None = None
    what: str | None = None
    category: str | None = None
    when: str = ""
    rebill: bool | None = None
    receipt: Annotated[str | None, Slot("record:receipt", "Which receipt? Please send a photo or a scan of it.")] = None


async def list_invoices(task: InvoiceTask, given: Given, deps: Deps) -> Finding:
    """The invoices asked for, as a table."""
    invoices = await find_all(task, given, deps)
    what = f"{task.state} " if task.state else ""
    if not invoices:
        text = (
            f"You have no {what}invoices{period_words(task)}." if what or task.period else "You have no invoices yet."
        )
        return Finding(NAME, True, text, data={"invoices": []}, offers=("create an invoice for 12.5 hours at 80 €",))
    text = (
        f"{len(invoices)} {what}{'invoice' if len(invoices) == 1 else 'invoices'}{period_words(task)}, "
        f"{joined(sums_by_currency(invoices))} in all.\n\n"
    )
    text += summary(invoices[:SHOWN], deps.today)
    if len(invoices) > SHOWN:
        text += f"\n\nThese are the newest {SHOWN}; name a client or a month to see the others."
    if any(i.state == "sent" and i.open != i.totals.total for i in invoices):
        text += f"\n\nStill to come, after what was paid in part or credited: {joined(open_by_currency(invoices))}."
    late = [invoice for invoice in invoices if invoice.overdue(deps.today)]
    if late and task.state != "overdue":
        text += (
            f"\n\n{len(late)} of them {'is' if len(late) == 1 else 'are'} overdue: {joined(open_by_currency(late))}."
        )
    offers = tuple(f"mark invoice {i.number} paid" for i in invoices if i.state == "sent")[:2]
    data = {"invoices": [figures(invoice) for invoice in invoices]}
    claims = tuple(claim for invoice in invoices[:SHOWN] for claim in claims_of(invoice))
    return Finding(NAME, True, text, data=data, records=records_of(invoices[:SHOWN]), offers=offers, claims=claims)


async def sum_invoices(task: InvoiceTask, given: Given, deps: Deps) -> Finding:
    """What was billed in a period, and how much of it is paid."""
    period = task.period or "this year"
    task = task.model_copy(update={"period": period, "state": task.state if task.state == "paid" else None})
    invoices = [i for i in await find_all(task, given, deps) if i.state != "void"]
    if not invoices:
        return Finding(NAME, True, f"You billed nothing{period_words(task)}.", data={"invoices": []})
    paid = [i for i in invoices if i.state == "paid"]
    open_ones = [i for i in invoices if i.state != "paid"]
    count = f"{len(invoices)} {'invoice' if len(invoices) == 1 else 'invoices'}"
    text = (
        f"You billed **{joined(sums_by_currency(invoices))}**{period_words(task)} on {count}, which is "
        f"{joined(sums_by_currency(invoices, net=True))} before tax.\n\n"
    )
    text += f"Paid: {joined(sums_by_currency(paid))}. Not paid yet: {joined(open_by_currency(open_ones))}."
    if drafts := sum(i.state == "draft" for i in invoices):
        text += f" {drafts} of these {'is' if drafts == 1 else 'are'} still a draft."
    data = {
        "period": period,
        "billed": [str(m) for m in sums_by_currency(invoices)],
        "paid": [str(m) for m in sums_by_currency(paid)],
    }
    return Finding(NAME, True, text, data=data, records=records_of(invoices[:SHOWN]), offers=("list unpaid invoices",))


async def find_one(task: InvoiceTask, deps: Deps, states: Sequence[State] = ()) -> Invoice:
    """The invoice meant: the one named, the client's only one, the one referred to, or the only one it can be."""
    store = deps.stores.invoices
    if task.number:
        found = await store.find(task.number, user=deps.user)
        if found is None:
            raise AgentError(f'There is no invoice {task.number}; say "list my invoices" to see their numbers.')
        return found
    if task.client and task.action != "change":
        client = await deps.stores.clients.find(deps.user, task.client)
        candidates = await store.all(deps.user, states=states, client=client.id) if client else []
        if not candidates:
            raise AgentError(f'I found no such invoice for {task.client}; say "list my invoices" to see them.')
    else:
        if task.invoice and (found := await store.get(task.invoice, user=deps.user)):
            return found
        candidates = await store.all(deps.user, states=states)
        if task.action in ("change", "show") and candidates:
            return candidates[0]
    if len(candidates) == 1:
        return candidates[0]
    if not candidates:
        raise AgentError('There is no invoice for that; say "list my invoices" to see what there is.')
    raise Which("Which invoice do you mean?", [_choice(invoice) for invoice in candidates[:MOST_CHOICES]])


def _choice(invoice: Invoice) -> Choice:
    label = f"{invoice.number}, {plain(invoice.client_name)}, {invoice.totals.total.text()}"
    return Choice(label, {"number": invoice.number})


async def find_all(task: InvoiceTask, given: Given, deps: Deps) -> list[Invoice]:
    """The invoices of the state, client and period named. Raises AgentError for an unknown client."""
    states: tuple[State, ...] = ()
    match task.state:
        case "overdue":
            states = ("sent",)
        case "unpaid":
            states = ("sent", "draft")
        case "draft" | "sent" | "paid" | "void":
            states = (task.state,)
    name = task.client or await named_client(given.text, deps)
    client = await deps.stores.clients.find(deps.user, name) if name else None
    if name and client is None:
        raise AgentError(f'I know no client called {name}; say "list my invoices" to see all.')
    since, until = days_of(task.period, deps.today) if task.period else (None, None)
    invoices = await deps.stores.invoices.all(
        deps.user, states=states, client=client.id if client else None, since=since, until=until
    )
    return [i for i in invoices if i.overdue(deps.today)] if task.state == "overdue" else invoices


_COMMON = frozenset(
    "agency agentur bank berlin bureau center centre city club company deutsche digital east estudio europe european "
    "first general global green group grupo gruppe health hotel house international london madrid media milano museum "
    "national north office online paris praxis project restaurant royal school south studio team tech united "
    "university universität verlag west world".split()
)
"""First words of names that say nothing of whose they are."""


async def named_client(text: str, deps: Deps) -> str | None:
    """A known client whose name stands in the text, however it is written; "the same client" is the newest one.

    The first word of a longer name will do where it is one client's alone: Müller for Müller Druck GmbH.
    """
    if re.search(r"\bsame client\b", text, re.IGNORECASE):
        invoices = await deps.stores.invoices.all(deps.user)
        return next((invoice.client_name for invoice in invoices if invoice.client_name), None)
    words = f" {key_of(text)} "
    names = sorted(await deps.stores.clients.names(deps.user), key=len, reverse=True)
    if named := next((name for name in names if f" {key_of(name)} " in words), None):
        return named
    said = {key_of(word) for word in re.findall(r"(?<!\w)[A-ZÀ-ÖØ-Þ][\w&'’-]{3,}", text)}
    short = [name for name in names if " " in key_of(name) and key_of(name).split()[0] in said - _COMMON]
    return short[0] if len(short) == 1 else None


def records_of(invoices: Sequence[Invoice]) -> tuple[Record, ...]:
    """What later messages can refer to."""
    return tuple(Record("invoice", invoice.id, invoice.number) for invoice in invoices)


def claims_of(invoice: Invoice) -> tuple[Claim, ...]:
    """What an invoice states that another source could contradict: its total, and when it is due."""
    subject, source, day = f"invoice {invoice.number}", "your invoices", invoice.issued_on.isoformat()
    return (
        Claim(subject, "total", f"{invoice.totals.total.amount:f}", invoice.currency, day, source, "own"),
        Claim(subject, "due date", invoice.due_on.isoformat(), "", day, source, "own"),
    )


def client_words(invoice: Invoice) -> str:
    """`` for **Acme**``, or nothing while the client is open."""
    return f" for **{invoice.client_name}**" if invoice.client_name else ""


def period_words(task: InvoiceTask) -> str:
    """`` this year``, `` in March 2026``, or nothing."""
    if not task.period:
        return ""
    return f" {task.period}" if task.period.startswith(("this", "last", "today")) else f" in {task.period.capitalize()}"

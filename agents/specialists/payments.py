"""Payments: a link your client pays an invoice by, and invoices marked paid once the money came."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel

from agents.deps import Deps
from agents.spec import AgentError, AgentSpec, Effect, Finding, Given, Record, Slot
from agents.tools.invoice_book import InvoiceTask, find_one
from agents.tools.markdown import address, plain
from agents.tools.payment_words import read_payment
from integrations.http import Errand
from integrations.payments.stripe import ADDRESS, Stripe, restricted_key, units
from integrations.payments.stripe import NAME as STRIPE
from memory.business.invoice import Invoice, InvoiceError
from memory.money import Money

NAME = "payments"
READING, MAKING = "payments", "payment_links"
DAYS = 90


class PaymentTask(BaseModel):
    """A link for an invoice, or a look at what was paid."""

    action: Literal["link", "check"] = "check"
    invoice: Annotated[str | None, Slot("record:invoice", "Which invoice, for example 2026-0001?")] = None
    client: Annotated[str | None, Slot("client")] = None
    number: str | None = None


async def run(task: PaymentTask, given: Given, deps: Deps) -> Finding:
    """Propose to make a link, or to look. Raises Mendable."""
    key = restricted_key(deps.settings)
    mode = "in **test mode**, with no real money" if key.startswith("rk_test_") else "with **real money**"
    if task.action == "check":
        since = deps.today - timedelta(days=DAYS)
        preview = f"I would ask Stripe what was paid by your links since {since:%d %B %Y}, {mode}."
        effect = Effect("check", {"since": str(since)}, "See what was paid", preview, consent=READING)
        return Finding(NAME, ok=True, text="I can ask Stripe what was paid.", effect=effect)
    wanted = InvoiceTask(action="show", invoice=task.invoice, number=task.number, client=task.client)
    invoice = await find_one(wanted, deps, ("sent", "draft"))
    if invoice.state not in ("sent", "draft"):
        raise AgentError(f"Invoice {invoice.number} is {invoice.state}, so it needs no payment link.")
    total = invoice.totals.total
    units(total.amount, total.currency)  # what Stripe does not take is said now, not after the approval
    arguments = {"invoice": invoice.id, "number": invoice.number, "total": str(total)}
    arguments |= {"amount": str(total.amount), "currency": total.currency}
    preview = (
        f"I would make a payment link at Stripe, {mode}:\n\n"
        f"**Invoice {invoice.number}**, {plain(invoice.client_name)}, **{total.text()}**\n\n"
        "Stripe sees the invoice's number, the sum and the currency. Nothing is sent to your client."
    )
    return Finding(
        NAME,
        ok=True,
        text=f"I can make a payment link for invoice {invoice.number}.",
        effect=Effect("make_link", arguments, f"Make a payment link over {total.text()}", preview),
    )


async def make_link(arguments: dict[str, Any], deps: Deps) -> Finding:
    """Make the link that was approved, for the sum that was approved."""
    invoice = await deps.stores.invoices.get(arguments["invoice"], user=deps.user)
    if invoice is None or str(invoice.totals.total) != arguments["total"]:
        raise AgentError(f"Invoice {arguments['number']} has changed since; ask for its payment link again.")
    total = invoice.totals.total
    url = await _stripe(deps, MAKING).link(invoice.id, invoice.number, total.amount, total.currency)
    text = (
        f"Invoice {invoice.number}, {total.text()}, can be paid at [{plain(url)}]({address(url)}).\n\n"
        "Put the link into your mail or on the invoice; say “check payments” to see when the money came."
    )
    return Finding(NAME, ok=True, text=text, data={"url": url, **arguments}, records=(_record(invoice),))


async def check(arguments: dict[str, Any], deps: Deps) -> Finding:
    """Mark paid what was paid in full; say of the rest what does not fit."""
    paid, odd = [], []
    for payment in await _stripe(deps, READING).payments(date.fromisoformat(arguments["since"])):
        invoice = await deps.stores.invoices.get(payment.invoice, user=deps.user)
        if invoice is None or invoice.state not in ("sent", "draft"):
            continue
        came = Money(payment.amount, payment.currency)
        if came != invoice.totals.total:
            odd.append(f"For invoice {invoice.number} {came.text()} came instead of {invoice.totals.total.text()}.")
            continue
        try:
            paid.append(await deps.stores.invoices.move(invoice.id, "paid", user=deps.user, on=payment.paid_on))
        except InvoiceError as error:
            odd.append(str(error))
    lines = [f"- Invoice **{one.number}**, {plain(one.client_name)}, {one.totals.total.text()}" for one in paid]
    parts = ["These were paid and are marked so:\n\n" + "\n".join(lines) if lines else "Nothing new was paid."]
    parts += odd
    data = {"paid": [one.number for one in paid], "unclear": odd}
    return Finding(NAME, ok=True, text="\n\n".join(parts), data=data, records=tuple(map(_record, paid)))


def _stripe(deps: Deps, purpose: str) -> Stripe:
    errand = Errand(purpose, deps.user, agent=NAME, thread=deps.thread, approved=True)
    own = deps.settings.addresses.get(STRIPE, "")
    if own:
        deps.http.allow(urlsplit(own).netloc)
    return Stripe(deps.http, errand, restricted_key(deps.settings), own or ADDRESS)


def _record(invoice: Invoice) -> Record:
    return Record("invoice", invoice.id, f"invoice {invoice.number}")


AGENT = AgentSpec(
    name=NAME,
    title="Payments",
    description="Makes links by which clients pay your invoices, and marks invoices paid when the money came.",
    examples=(
        "Make a payment link for invoice 2026-0003",
        "Create a Stripe link for the last invoice",
        "Check payments",
        "Did any client pay by Stripe?",
        "Has the money for my payment links arrived?",
        "I need a link so Acme can pay invoice 2026-0001 by card",
        "Erstelle einen Zahlungslink für die Rechnung",
        "see what was paid through stripe",
    ),
    task=PaymentTask,
    run=run,
    read=read_payment,
    cues=(
        r"\bpayment links?\b|\bpay(?:ment)? by card\b|\blink\b.{0,40}\bpay\b|\bzahlungslink\b",
        r"\blinks? (?:to|for) pay",
        r"\bstripe\b",
        r"\bcheck (?:my |the |for )?payments\b|\bpayments? (?:arrived|received|come in|came in)\b",
    ),
    effects={"make_link": make_link, "check": check},
    consents=(READING,),
    takes=("invoice",),
)

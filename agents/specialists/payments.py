"""Payments: a link your client pays an invoice by, and invoices marked paid once the money came."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel

from agents.deps import Deps
from agents.spec import AgentError, AgentSpec, Effect, Finding, Given, Record, Slot
from agents.tools.billing import invoice_paid
from agents.tools.billing.invoice_book import InvoiceTask, find_one
from agents.tools.billing.payment_words import read_payment
from agents.tools.text.markdown import address, plain
from integrations.http import Errand
from integrations.payments.stripe import ADDRESS, Stripe, restricted_key, units
from integrations.payments.stripe import NAME as STRIPE
from memory.business.invoice import Invoice, InvoiceError
from memory.money import Money

NAME = "payments"
READING, MAKING = "payments", "payment_links"
DAYS = 90


class PaymentTask(BaseModel):
    """A link for an invoice, a look at what was paid, or the word that it was; `payer` is whose word that is about."""

    action: Literal["link", "check", "paid"] = "check"
    invoice: Annotated[str | None, Slot("record:invoice", "Which invoice, for example 2026-0001?")] = None
    client: Annotated[str | None, Slot("client")] = None
    number: str | None = None
    payer: str | None = None


async def run(task: PaymentTask, given: Given, deps: Deps) -> Finding:
    """Propose to make a link, or to look; mark an invoice paid where the user says that it is. Raises Mendable."""
    if task.action == "paid":
        named = InvoiceTask(action="paid", invoice=task.invoice, number=task.number, client=task.payer)
        return await invoice_paid.paid(named, deps)
    await deps.must("connections")
    key = restricted_key(deps.settings)
    if task.action == "check":
        since = deps.today - timedelta(days=DAYS)
        preview = f"I would ask Stripe what was paid by your links since {since:%d %B %Y}, {_mode(key)}."
        effect = Effect("check", {"since": str(since)}, "See what was paid", preview, consent=READING)
        return Finding(NAME, ok=True, text="I can ask Stripe what was paid.", effect=effect)
    wanted = InvoiceTask(action="show", invoice=task.invoice, number=task.number, client=task.client)
    invoice = await find_one(wanted, deps, ("sent", "draft"))
    if invoice.state not in ("sent", "draft"):
        raise AgentError(f"Invoice {invoice.number} is {invoice.state}, so it needs no payment link.")
    left = invoice.open
    arguments = {"invoice": invoice.id, "number": invoice.number, "total": str(left)}
    arguments |= {"amount": str(left.amount), "currency": left.currency}
    text = f"I can make a payment link for invoice {invoice.number}."
    return Finding(NAME, ok=True, text=text, effect=await linking(arguments, deps))


async def linking(arguments: dict[str, Any], deps: Deps) -> Effect:
    """The proposal to make a link. Raises Mendable now for a sum that could not be asked for after the yes."""
    invoice, sum_ = await _agreed(arguments, deps)
    whole = invoice.open
    part = "" if sum_ == whole else f", a part of {whole.text()}"
    preview = (
        f"I would make a payment link at Stripe, {_mode(restricted_key(deps.settings))}:\n\n"
        f"**Invoice {invoice.number}**, {plain(invoice.client_name)}, **{sum_.text()}**{part}\n\n"
        "Stripe sees the invoice's number, the sum and the currency. Nothing is sent to your client."
    )
    title = f"Make a payment link over {sum_.text()}"
    return Effect("make_link", arguments, title, preview, editable=("amount",), lasts_h=24)


async def make_link(arguments: dict[str, Any], deps: Deps) -> Finding:
    """Make the link that was approved, for the sum that was approved."""
    invoice, sum_ = await _agreed(arguments, deps)
    url = await _stripe(deps, MAKING).link(invoice.id, invoice.number, sum_.amount, sum_.currency)
    text = (
        f"Invoice {invoice.number}, {sum_.text()}, can be paid at [{plain(url)}]({address(url)}).\n\n"
        "Put the link into your mail or on the invoice; say “check payments” to see when the money came."
    )
    return Finding(NAME, ok=True, text=text, data={"url": url, **arguments}, records=(_record(invoice),))


async def check(arguments: dict[str, Any], deps: Deps) -> Finding:
    """Keep what came, each payment once; say of the rest what does not fit."""
    paid: list[Invoice] = []
    parts_paid: list[Invoice] = []
    odd: list[str] = []
    for payment in await _stripe(deps, READING).payments(date.fromisoformat(arguments["since"])):
        invoice = await deps.stores.invoices.get(payment.invoice, user=deps.user)
        if invoice is None or invoice.state not in ("sent", "draft"):
            continue
        came, reference = Money(payment.amount, payment.currency), f"Stripe {payment.id}"
        if any(kept.reference == reference for kept in invoice.payments):
            continue
        if came.currency != invoice.open.currency or came.amount > invoice.open.amount:
            odd.append(f"For invoice {invoice.number} {came.text()} came instead of {invoice.open.text()}.")
            continue
        try:
            after = await deps.stores.invoices.pay(
                invoice.id, came, user=deps.user, on=payment.paid_on, reference=reference
            )
        except InvoiceError as error:
            odd.append(str(error))
            continue
        (paid if after.state == "paid" else parts_paid).append(after)
    lines = [f"- Invoice **{one.number}**, {plain(one.client_name)}, {one.totals.total.text()}" for one in paid]
    parts = ["These were paid and are marked so:\n\n" + "\n".join(lines)] if lines else []
    if parts_paid:
        lines = [f"- Invoice **{one.number}**, {plain(one.client_name)}, {one.open.text()}" for one in parts_paid]
        parts.append("These were paid in part; so much is open still:\n\n" + "\n".join(lines))
    parts = (parts or ["Nothing new was paid."]) + odd
    data = {"paid": [one.number for one in paid], "in_part": [one.number for one in parts_paid], "unclear": odd}
    records = tuple(map(_record, [*paid, *parts_paid]))
    return Finding(NAME, ok=True, text="\n\n".join(parts), data=data, records=records)


async def _agreed(arguments: dict[str, Any], deps: Deps) -> tuple[Invoice, Money]:
    """The invoice as it was when the link was proposed, and the sum of it to ask for."""
    invoice = await deps.stores.invoices.get(arguments["invoice"], user=deps.user)
    if invoice is None or str(invoice.open) != arguments["total"]:
        raise AgentError(f"Invoice {arguments['number']} has changed since; ask for its payment link again.")
    left = invoice.open
    try:
        amount = Decimal(arguments["amount"].strip())
        units(amount, left.currency)
    except ArithmeticError as error:
        raise AgentError("Write the amount as a plain number, for example 250.00.") from error
    if amount > left.amount:
        raise AgentError(f"That is more than the {left.text()} open on the invoice; write a smaller amount.")
    return invoice, Money(amount, left.currency)


def _mode(key: str) -> str:
    return "in **test mode**, with no real money" if key.startswith("rk_test_") else "with **real money**"


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
    effects={"make_link": make_link, "check": check, invoice_paid.MARK: invoice_paid.mark_paid},
    resource="connections",
    own=(invoice_paid.MARK,),
    edits={"make_link": linking},
    consents=(READING,),
    takes=("invoice",),
)

"""Drafts an invoice from what was said, and changes a draft: lines, tax, day, note, client."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from agents.deps import Deps
from agents.spec import AgentError, Finding, Given
from agents.tools.billing.invoice_book import InvoiceTask, client_words, find_one, named_client
from agents.tools.billing.invoice_draft import currency_of, default_vat, due_date, lines_of, price_of, treatment_of
from agents.tools.billing.invoice_report import report
from agents.tools.billing.invoice_words import LineWords
from memory.business.totals import Line

WORK = "Professional services"
"""What a line is called when nobody said what was done."""
_PRINTED = (("name", "name"), ("address", "address"), ("tax_id", "tax number"), ("iban", "IBAN"))


async def create(task: InvoiceTask, given: Given, deps: Deps) -> Finding:
    """Draft a new invoice. Raises AgentError and InvoiceError."""
    profile = await deps.stores.profiles.load(deps.user)
    name = task.client or await named_client(given.text, deps)
    known = await deps.stores.clients.find(deps.user, name) if name else None
    vat = task.vat if task.vat is not None else default_vat(profile)
    agreed = known.rate if known else ""
    lines = _lines(task, profile, vat or Decimal(0), agreed)
    treatment = treatment_of(task.note, profile, known.details() if known else {}, lines)
    invoice = await deps.stores.invoices.create(
        deps.user,
        lines=lines,
        currency=currency_of(task.lines, _price(task, profile, agreed), profile, known.currency if known else ""),
        issued_on=deps.today,
        due_on=due_date(deps.today, task.due_days, task.due_on),
        client=name,
        note=task.note or "",
        treatment=treatment,
    )
    hints = []
    if not invoice.client_name:
        hints.append('The client is still open: say "for Acme GmbH" to set it.')
    if vat is None and all(line.vat is None for line in task.lines):
        hints.append('You named no VAT, so none is added: say "with 19 % VAT" to add it.')
    if lack := [word for field, word in _PRINTED if not profile.get(field)]:
        hints.append(f"The PDF still lacks your {_and(lack)}: tell me, and it will be printed on your invoices.")
    return await report(
        invoice, f"Invoice **{invoice.number}**{client_words(invoice)} is ready as a draft.", deps, hints
    )


def _lines(task: InvoiceTask, profile: dict[str, Any], vat: Decimal, agreed: str) -> list[Line]:
    return lines_of(
        task.lines,
        vat=vat,
        gross=task.gross,
        price=_price(task, profile, agreed),
        quantity=task.quantity,
        work=WORK,
    )


def _price(task: InvoiceTask, profile: dict[str, Any], agreed: str = "") -> str | None:
    """The price that was said; one's own rate is the one `agreed` with the client, else the profile's."""
    if not task.own_rate:
        return task.price
    if price_of(agreed) is not None:
        return agreed if "/" in agreed else f"{agreed}/h"
    if price_of(profile.get("rate")) is None:
        raise AgentError('I do not know your rate yet: say for example "my rate is 80 € an hour".')
    rate = str(profile["rate"])
    return rate if "/" in rate else f"{rate}/h"


def _and(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


async def change(task: InvoiceTask, given: Given, deps: Deps) -> Finding:
    """Change a draft's lines, tax, day, note or client. Raises AgentError and InvoiceError."""
    invoice = await find_one(task, deps, states=("draft",))
    fields: dict[str, Any] = {}
    said = [line for line in task.lines if line.price is not None or (line.quantity is not None and line.unit)]
    profile = await deps.stores.profiles.load(deps.user)
    vat = task.vat if task.vat is not None else invoice.lines[0].vat
    if task.adds and said:
        fields["lines"] = (
            *invoice.lines,
            *lines_of(said, vat=vat, gross=task.gross, price=_price(task, profile), quantity=task.quantity, work=WORK),
        )
        if any(line.currency not in ("", invoice.currency) for line in said):
            raise AgentError(f"Invoice {invoice.number} is in {invoice.currency}, so the new line must be too.")
    elif said or task.vat is not None:
        if said and len(invoice.lines) > 1:
            raise AgentError(
                f'Invoice {invoice.number} has several lines: make a new one and say "void {invoice.number}".'
            )
        fields["lines"] = tuple(_changed_line(line, said[0] if said else None, task.vat) for line in invoice.lines)
        if said and said[0].currency:
            fields["currency"] = said[0].currency
    if task.due_days is not None or task.due_on is not None:
        fields["due_on"] = due_date(invoice.issued_on, task.due_days, task.due_on)
    if task.note is not None:
        fields["note"] = task.note
    named = await deps.stores.clients.find(deps.user, task.client) if task.client else None
    if invoice.state == "draft" and (task.vat is not None or task.client):
        billed = named.details() if named else {} if task.client else invoice.client
        fields["treatment"] = treatment_of(task.note, profile, billed, fields.get("lines", invoice.lines))
    if not fields and not task.client:
        raise AgentError(f'Say what to change on {invoice.number}, for example "make it 85 €" or "for Acme GmbH".')
    changed = await deps.stores.invoices.revise(invoice.id, user=deps.user, client=task.client, **fields)
    return await report(changed, f"Invoice **{changed.number}**{client_words(changed)} is changed.", deps, [])


def _changed_line(line: Line, said: LineWords | None, vat: Decimal | None) -> Line:
    quantity, unit, price = line.quantity, line.unit, line.price
    if said and said.price is not None:
        price = said.price
    if said and said.quantity is not None and said.unit:
        quantity, unit = said.quantity, said.unit
    return Line(line.description, quantity, unit, price, line.vat if vat is None else vat)

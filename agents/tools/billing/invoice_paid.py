"""Marks invoices paid: at once where the user names the invoice, else after a look at the one that is meant."""

from __future__ import annotations

from typing import Any

from agents.deps import Deps
from agents.spec import AgentError, Effect, Finding
from agents.tools.billing.invoice_book import NAME, InvoiceTask, client_words, find_one, records_of
from agents.tools.billing.invoice_text import due_text, figures
from config.dates import day_text
from memory.business.invoice import Invoice, InvoiceError

MARK = "mark_paid"


async def paid(task: InvoiceTask, deps: Deps) -> Finding:
    """Mark the invoice that is named, or meant by "it"; ask first where only its client is named. Raises Mendable."""
    invoice = await find_one(task, deps, states=("sent", "draft"))
    if task.number or not task.client:
        return await _marked(invoice, deps)
    day = day_text(deps.today)
    preview = (
        f"Invoice **{invoice.number}**{client_words(invoice)} over **{invoice.open.text()}**, {due_text(invoice)}, "
        f"becomes paid on {day}."
    )
    arguments = {"invoice": invoice.id, "number": invoice.number, "open": str(invoice.open)}
    effect = Effect(MARK, arguments, f"Mark invoice {invoice.number} paid", preview)
    text = f"I take it that invoice **{invoice.number}** is meant."
    return Finding(NAME, True, text, data=figures(invoice), records=records_of([invoice]), effect=effect)


async def mark_paid(arguments: dict[str, Any], deps: Deps) -> Finding:
    """Mark the invoice that was approved. Raises AgentError when it has changed since."""
    invoice = await deps.stores.invoices.get(arguments["invoice"], user=deps.user)
    if invoice is None or str(invoice.open) != arguments["open"]:
        raise AgentError(f"Invoice {arguments['number']} has changed since; say again what was paid.")
    return await _marked(invoice, deps)


async def _marked(invoice: Invoice, deps: Deps) -> Finding:
    try:
        moved = await deps.stores.invoices.move(invoice.id, "paid", user=deps.user, on=deps.today)
    except InvoiceError as error:
        raise AgentError(str(error)) from error
    text = f"Invoice **{moved.number}**{client_words(moved)} over {moved.totals.total.text()} is now marked paid."
    if not moved.client_name:
        text += '\n\nThe client is still open: say "for Acme GmbH" to set it.'
    offers = ("how much did I bill this year", "undo that")
    return Finding(NAME, True, text, data=figures(moved), records=records_of([moved]), offers=offers)

"""Bookkeeping: invoices from one sentence, numbered, computed exactly, as a PDF that can be sent; and expenses."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any

from agents.deps import Deps
from agents.spec import AgentError, AgentSpec, Effect, Finding, Given
from agents.tools.billing import expense_book, invoice_paid, invoice_settling
from agents.tools.billing.expense_words import about_expenses, read_expense
from agents.tools.billing.invoice_book import (
    NAME,
    InvoiceTask,
    client_words,
    find_one,
    list_invoices,
    records_of,
    sum_invoices,
)
from agents.tools.billing.invoice_making import change, create
from agents.tools.billing.invoice_report import report
from agents.tools.billing.invoice_requests import read_period, read_request
from agents.tools.billing.invoice_text import due_text, figures
from agents.tools.billing.invoice_words import LineWords
from agents.tools.billing.settling_words import read_settling
from agents.tools.billing.tax_aside import tax_aside
from agents.tools.business.time_billing import bill
from memory.business.invoice import InvoiceError, State

_BOOK = re.compile(
    r"\W*(?:please |bitte )?(?:(?:book|file|verbuche?|buche?|registra|contabiliza|enregistre|comptabilise|lança)\W+"
    r"(?:this|these|it|them|both|diese[ns]?|das|es|est[eao]s?|ça|ce|quest[aoe]|iss?t?o)\b[^?]{0,30}"
    r"|(?:the |my |a )?(?:receipts?|beleg|quittung|recibo|ticket|reçu|scontrino))\W*$",
    re.IGNORECASE,
)
"""Words that book the receipt that comes with them."""
_TAX_OWED = re.compile(
    r"^(?!.*\d\s*%).*(?:\b(?:vat|tax(?:es)?|gst)\b.{0,30}\b(?:do|must|will|muss|have to)\b.{0,15}\b(?:i|we)\b"
    r"|\b(?:i|we) (?:owe|have to pay|must pay)\b.{0,20}\b(?:vat|tax(?:es)?|gst)\b)",
    re.IGNORECASE,
)
"""Words that ask what goes to the tax office."""
_TAX_ASIDE = re.compile(
    r"^(?!.*\d\s*%).*\b(?:how much|cuánto|quanto|combien|wie ?viel|what)\b.{0,40}"
    r"\b(?:tax(?:es)?|impuestos|steuern?|impôts?|tasse|imposte|impostos)\b",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"^\W*(?:how|what|which|when|why|who|cuánto|qué|combien|quanto|wie|was|welche)\b|\?\s*$", re.IGNORECASE
)
"""Words that ask for something known rather than for a new invoice."""
_OPEN_HOURS = re.compile(
    r"^(?!.*\bhow (?:many|much)\b).*\b(?:invoice|bill)\b.{0,40}\b(?:open|unbilled|logged|tracked) hours\b",
    re.IGNORECASE,
)
"""Words that bill what the timer holds."""
_REPEATS = re.compile(
    r"\b(?:every|each)\s+(?:week|month|quarter|year)\b|\b(?:weekly|monthly|quarterly|yearly|recurring)\b", re.IGNORECASE
)


def needs(filled: dict[str, Any]) -> list[str]:
    """What a new invoice, or an expense, cannot do without."""
    if filled.get("action") == "spend":
        return ["amount"]
    if filled.get("action") == "recur" and any(line.get("price") for line in filled.get("lines") or []):
        return []
    if filled.get("action", "create") not in ("create", "recur"):
        return []
    lines = [LineWords.model_validate(line) for line in filled.get("lines") or []] or [LineWords()]
    asked = ["quantity"] if any(line.quantity is None for line in lines) else []
    if any(line.price is None for line in lines) and not filled.get("own_rate"):
        asked.append("price")
    return asked


def read(clause: str) -> dict[str, Any]:
    """The fields of a task about a receipt, an expense or an invoice."""
    if _BOOK.match(clause):
        return {"action": "receipt"}
    if _TAX_OWED.search(clause) or _TAX_ASIDE.search(clause):
        return {"action": "tax", "period": read_period(clause)}
    if _OPEN_HOURS.search(clause):
        return {"action": "hours", "period": read_period(clause)}
    settled = read_settling(clause)
    if settled and settled["action"] == "recur":
        return read_request(_REPEATS.sub(" ", clause)) | settled
    if settled:
        return settled
    if about_expenses(clause):
        return read_expense(clause)
    said = read_request(clause)
    lines = said.get("lines") or []
    if said["action"] == "create" and _ASKS.search(clause) and not any(line["price"] for line in lines):
        return {"action": "list", "period": read_period(clause)}
    return said


async def run(task: InvoiceTask, given: Given, deps: Deps) -> Finding:
    """Do one thing with the user's invoices or expenses."""
    actions: dict[str, Callable[[InvoiceTask, Given, Deps], Awaitable[Finding]]] = {
        "create": create,
        "change": change,
        "list": list_invoices,
        "billed": sum_invoices,
        "tax": _tax,
        "hours": _hours,
        "show": _show,
        "paid": _paid,
        "void": _void,
        "spend": expense_book.spend,
        "expenses": expense_book.listed,
        "unspend": expense_book.unspend,
        "receipt": expense_book.propose,
        "pay": invoice_settling.pay,
        "credit": invoice_settling.credit,
        "interest": invoice_settling.interest,
        "remind": invoice_settling.remind,
        "recur": invoice_settling.recur,
        "recur_list": invoice_settling.recur_list,
        "recur_stop": invoice_settling.recur_stop,
        "xrechnung": invoice_settling.xrechnung,
    }
    try:
        return await actions.get(task.action, _move)(task, given, deps)
    except InvoiceError as error:
        raise AgentError(str(error)) from error


async def _tax(task: InvoiceTask, given: Given, deps: Deps) -> Finding:
    return await tax_aside(NAME, task.period, None, deps)


async def _hours(task: InvoiceTask, given: Given, deps: Deps) -> Finding:
    return await bill(SimpleNamespace(name=task.client, period=task.period, expenses=False, rate=None), given, deps)


async def _show(task: InvoiceTask, given: Given, deps: Deps) -> Finding:
    invoice = await find_one(task, deps)
    state = (
        f"paid on {invoice.paid_on:%Y-%m-%d}"
        if invoice.paid_on
        else "overdue"
        if invoice.overdue(deps.today)
        else invoice.state
    )
    return await report(invoice, f"Invoice **{invoice.number}**{client_words(invoice)} is {state}.", deps, [])


async def _paid(task: InvoiceTask, given: Given, deps: Deps) -> Finding:
    return await invoice_paid.paid(task, deps)


async def _move(task: InvoiceTask, given: Given, deps: Deps) -> Finding:
    """Mark an invoice sent, also one that was not paid after all."""
    wanted: tuple[State, ...] = ("paid",) if task.action == "unpay" else ("draft",)
    invoice = await find_one(task, deps, states=wanted)
    moved = await deps.stores.invoices.move(invoice.id, "sent", user=deps.user, on=deps.today)
    text = f"Invoice **{moved.number}**{client_words(moved)} over {moved.totals.total.text()} is now marked sent."
    text += f" It is {due_text(moved)}."
    if not moved.client_name:
        text += '\n\nThe client is still open: say "for Acme GmbH" to set it.'
    offers = (f"mark invoice {moved.number} paid",)
    return Finding(NAME, True, text, data=figures(moved), records=records_of([moved]), offers=offers)


async def _void(task: InvoiceTask, given: Given, deps: Deps) -> Finding:
    invoice = await find_one(task, deps, states=("draft", "sent"))
    if invoice.state not in ("draft", "sent"):
        raise AgentError(f"Invoice {invoice.number} is {invoice.state}, so it cannot be voided.")
    preview = (
        f"Invoice **{invoice.number}**{client_words(invoice)} over **{invoice.totals.total.text()}** becomes void. Its "
        f"number stays in your books and this cannot be undone."
    )
    effect = Effect("void", {"invoice": invoice.id}, f"Void invoice {invoice.number}", preview)
    text = f"Voiding invoice **{invoice.number}** needs your word."
    return Finding(NAME, True, text, data=figures(invoice), records=records_of([invoice]), effect=effect)


async def void(arguments: dict[str, Any], deps: Deps) -> Finding:
    """Make the approved invoice void."""
    try:
        invoice = await deps.stores.invoices.move(arguments["invoice"], "void", user=deps.user, on=deps.today)
    except InvoiceError as error:
        raise AgentError(str(error)) from error
    text = f"Invoice **{invoice.number}** is void. Its number stays in your books, so that none is missing."
    return Finding(NAME, True, text, data=figures(invoice), records=records_of([invoice]))


AGENT = AgentSpec(
    name=NAME,
    title="Bookkeeping",
    description="Writes, numbers, lists and tracks invoices with VAT and a PDF, and keeps your expenses.",
    examples=(
        "create an invoice for 12.5 hours at 80 € with 19 % VAT",
        "create an invoice for Acme GmbH for website work, 10 hours at 75 EUR",
        "invoice ACME 3 days at 640 EUR",
        "bill Bolt Ltd $1,200 for the landing page, reverse charge, net 30",
        "make an invoice: 10 h design at 70 € and 5 h development at 90 €",
        "write an invoice for Maria for a logo, 500 euros without VAT",
        "list my invoices",
        "which invoices are overdue?",
        "show unpaid invoices",
        "who owes me money?",
        "mark invoice 2026-0003 paid",
        "that invoice is paid",
        "Acme has paid",
        "mark the invoice as sent",
        "show me invoice 2026-0001 as PDF",
        "how much did I bill this year?",
        "how much have I invoiced last month",
        "void invoice 2026-0002",
        "change the price on the invoice to 85 €",
        "the invoice is for Acme GmbH",
        "make it 85 € an hour",
        "with 19 % VAT, due in 30 days",
        "the one for Bluebird got paid yesterday",
        "did Acme pay yet",
        "has that invoice been paid",
        "send me the pdf of 2025-0007 again",
        "bill acme 3 days at 640 eur",
        "charge Northwind 6 hours at 70 dollars",
        "new invoice for Jonas, logo design, 450 €",
        "invoice the same client again for 4 hours at 90 €",
        "cancel that invoice",
        "what's my turnover this quarter",
        "how much money came in this year",
        "total of open invoices",
        "write up 16 hours for Studio Nine at 65 €",
        "Rechnung an Müller GmbH, 8 Stunden à 85 Euro, 19 % MwSt",
        "fais une facture pour Studio Lumière, 2 jours à 450 €",
        "hazme una factura para Acme por 10 horas a 50 €",
        "I spent 40 € on train tickets for ACME",
        "my expenses this month",
        "book this receipt",
        "paid 12.99 € for hosting yesterday",
        "Acme paid 500 € of invoice 2026-0003",
        "write a credit note for invoice 2026-0002",
        "how much late interest does Acme owe me?",
        "invoice Acme 900 € for hosting every month",
        "my recurring invoices",
        "invoice 2026-0004 as XRechnung",
        "invoice 2026-0004 as XRechnung in UBL",
    ),
    cues=(
        r"\binvoices?\b(?!\s*\.(?:pdf|docx))",
        r"\b(?:bill|charge)\s+(?:[A-Z]\w+|my client|the client)\b",
        r"\bowes? me\b|\bunpaid\b|\boverdue\b",
        r"\bhow much (?:did|have) i (?:bill|invoice|earn)",
        r"\b\d{4}-\d{4}\b.*\b(?:paid|sent|void)\b",
        r"\b(?:has|have) paid\b",
        r"\bmark\s+(?:it|that|this|them)\s+(?:as\s+)?(?:paid|sent)\b",
        r"^\W*make (?:it|that)\s+[€$£]?\d[\d.,]*\s*(?:€|\$|£|[A-Z]{3}\b)",
        r"^\W*(?:with|without|plus|no)\s+(?:\d+(?:[.,]\d+)?\s*%\s*)?VAT\b",
        r"\bgot paid\b|\b(?:was|were|is|are|been|has|have|finally|already) paid\b|\bpaid (?:me|us|up|in full"
        r"|yesterday|today)\b",
        r"\b(?:pdf|copy) of (?:invoice\s*)?#?\d{4}-\d+|\b\d{4}-\d{3,}\b",
        r"\b(?:bill|charge|invoice)\s+(?!me\b|my\b)\w+[^?]*\b\d",
        r"\b(?:my|total|this (?:year|month|quarter)'?s?) (?:turnover|revenue|earnings|income)\b|\bhow much "
        r"(?:money )?(?:did|have|do) i (?:bill|invoice|earn|make|made|charge)",
        r"\b(?:my|an?|this|that|last|all|list|show|which|business|travel|new|add|log) (?:\w+ )?expenses?\b|"
        r"^\W*expenses? (?:this|last|in|by)\b"
        r"|\bexpense:|\b(?:book|add|file|log|record) (?:this|the|that|my) receipt\b|\bhow much did i spend\b",
        r"\bi(?:'ve| have)? (?:just )?(?:spent|paid|bought)\b[^.?!]{0,60}(?:[€$£]|\b(?:eur|usd|gbp|chf|"
        r"euros?|dollars?|pounds?)\b)"
        r"|^\W*(?:spent|paid|bought)\b[^.?!]{0,60}(?:[€$£]|\b(?:eur|usd|gbp|chf|euros?|dollars?|pounds?)\b)",
        r"\bx-?rechnung\b|\blate (?:payment )?(?:interest|fees?)\b|\brecurring invoices?\b",
        r"\bpartial(?:ly)? pa(?:id|yment)\b",
        r"\bcredit note\b|\breceivables?\b|\bpayment reminder\b|\boutstanding\b",
    ),
    task=InvoiceTask,
    read=read,
    needs=needs,
    run=run,
    makes=("invoice", "expense"),
    takes=("invoice", "receipt", "image"),
    effects={
        "void": void,
        invoice_paid.MARK: invoice_paid.mark_paid,
        "unspend": expense_book.unspent,
        expense_book.BOOK: expense_book.book_expense,
    },
    writes=True,
)

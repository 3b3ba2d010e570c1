"""Invoices as markdown, and as the JSON the PDF is drawn from."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from agents.tools.billing.invoice_pdf import long_date, price_text, quantity_text
from memory.business.invoice import Invoice, snapshot
from memory.money import Money, plain, total


def table(invoice: Invoice) -> str:
    """The lines and sums of one invoice; each line with its rate of VAT where there are several."""
    sums, rates = invoice.totals, len({line.vat for line in invoice.lines}) > 1
    heads = ["Description", "Quantity", "Unit price", *["VAT"] * rates, "Amount"]
    rows = [heads, ["---", *["--:"] * (len(heads) - 1)]]
    for line, amount in zip(invoice.lines, sums.amounts, strict=True):
        price, rate = price_text(line.price, invoice.currency), [f"{plain(line.vat)} %"] * rates
        rows.append([cell(line.description), quantity_text(line), price, *rate, amount.text()])
    between = [""] * (len(heads) - 2)
    rows.append(["Net", *between, sums.net.text()])
    rows += [[f"VAT {plain(group.vat)} %", *between, group.tax.text()] for group in sums.groups if group.vat]
    rows.append(["**Total**", *between, f"**{sums.total.text()}**"])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def summary(invoices: Sequence[Invoice], today: date) -> str:
    """Several invoices, one a row."""
    rows = ["| Invoice | Client | Date | Due | State | Total |", "|---|---|---|---|---|--:|"]
    for invoice in invoices:
        state = "overdue" if invoice.overdue(today) else invoice.state
        cells = [invoice.number, cell(invoice.client_name) or "open", short_date(invoice.issued_on)]
        cells += [short_date(invoice.due_on), state, invoice.totals.total.text()]
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows)


def sums_by_currency(invoices: Sequence[Invoice], *, net: bool = False) -> list[Money]:
    """What invoices come to, one sum a currency, the most used currency first."""
    currencies = sorted({i.currency for i in invoices}, key=lambda c: (-sum(i.currency == c for i in invoices), c))
    return [
        total((i.totals.net if net else i.totals.total for i in invoices if i.currency == currency), currency)
        for currency in currencies
    ]


def open_by_currency(invoices: Sequence[Invoice]) -> list[Money]:
    """What is still to come of invoices, one sum a currency."""
    return [
        total((i.open for i in invoices if i.currency == currency), currency)
        for currency in dict.fromkeys(i.currency for i in invoices)
    ]


def joined(amounts: Sequence[Money]) -> str:
    """``1,190.00 € and $200.00``."""
    return " and ".join(amount.text() for amount in amounts) or "nothing"


def short_date(day: date) -> str:
    """``1 Mar 2026``."""
    return f"{day.day} {day:%b %Y}"


def due_text(invoice: Invoice) -> str:
    """When it is due, in words."""
    return f"due on {long_date(invoice.due_on.isoformat())}"


def cell(text: str) -> str:
    """A text that cannot break out of its table cell, nor become a link, a picture or a tag in it."""
    return re.sub(r"([\\<\[\]|])", r"\\\1", text).replace("\n", " ")


def as_json(invoice: Invoice) -> dict[str, Any]:
    """The invoice as `invoice_pdf.draw` takes it."""
    prepaid = (invoice.totals.total - invoice.open).amount if invoice.state == "sent" else Decimal(0)
    return {
        **snapshot(invoice),
        "prepaid": plain(prepaid) if prepaid else "",
        "number": invoice.number,
        "client": invoice.client,
        "corrects_number": invoice.corrects_number,
    }


def figures(invoice: Invoice) -> dict[str, Any]:
    """What a program wants to know about an invoice: exact amounts as text, with the currency beside them."""
    sums = invoice.totals
    amounts = {"net": sums.net, "vat": sums.tax, "total": sums.total}
    return {
        "number": invoice.number,
        "state": invoice.state,
        "client": invoice.client_name or None,
        "issued_on": invoice.issued_on.isoformat(),
        "due_on": invoice.due_on.isoformat(),
        "currency": invoice.currency,
        **{name: f"{amount.rounded().amount:f}" for name, amount in amounts.items()},
        "vat_percent": [plain(group.vat) for group in sums.groups],
        "lines": as_json(invoice)["lines"],
    }


def net_of(gross: Decimal, vat: Decimal) -> Decimal:
    """The price without tax of one that includes it, to six decimals."""
    return (gross / (1 + vat / 100)).quantize(Decimal("0.000001")).normalize()

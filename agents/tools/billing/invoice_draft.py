"""From what was said about an invoice to exact lines, with the profile filling what was left unsaid."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from agents.spec import AgentError
from agents.tools.billing.invoice_text import net_of
from agents.tools.billing.invoice_words import REVERSE_NOTE, SMALL_NOTE, LineWords
from agents.tools.billing.invoice_xml import treatment_for
from memory.business.totals import Line
from memory.money import Price, find_prices, parse_number

PAYMENT_DAYS = 14


def lines_of(
    said: Sequence[LineWords], *, vat: Decimal, gross: bool, price: str | None, quantity: Decimal | None, work: str
) -> list[Line]:
    """The lines; `price` and `quantity` fill those without, `work` describes those not described. Raises AgentError."""
    filler = price_of(price)
    lines = []
    for words in said or [LineWords()]:
        amount = words.price if words.price is not None else filler.money.amount if filler else None
        count = words.quantity if words.quantity is not None else quantity
        if amount is None:
            raise AgentError('I need the price: say for example "at 80 € an hour".')
        if count is None:
            raise AgentError('I need the quantity: say for example "12.5 hours".')
        per = words.price_unit or (filler.unit if filler and words.price is None else "")
        unit = words.unit or per or ("h" if words.quantity is None else "")
        if per and words.unit and per != words.unit:
            raise AgentError(f"The price is per {per} and the quantity in {words.unit}: say both in the same unit.")
        rate = words.vat if words.vat is not None else vat
        lines.append(Line(words.description or work, count, unit, net_of(amount, rate) if gross else amount, rate))
    return lines


def treatment_of(note: str | None, profile: dict[str, Any], client: dict[str, Any], lines: Sequence[Line]) -> str:
    """The rule by which there is no VAT: as said, else as it follows from where both are."""
    said = {REVERSE_NOTE: "reverse_charge", SMALL_NOTE: "small_business"}.get(note or "")
    return said or treatment_for(profile, client, max(line.vat for line in lines))


def currency_of(said: Sequence[LineWords], price: str | None, profile: dict[str, Any], client: str = "") -> str:
    """The currency said, else the client's, else the profile's. Raises AgentError for two or none."""
    named = {words.currency for words in said if words.currency}
    filler = price_of(price)
    if not named and filler and filler.money.currency:
        named = {filler.money.currency}
    if len(named) > 1:
        raise AgentError(
            f"One invoice has one currency, and you named {' and '.join(sorted(named))}: make two invoices."
        )
    own = price_of(profile.get("rate"))
    found = next(iter(named), "") or client or str(profile.get("currency") or "") or (own.money.currency if own else "")
    if not found:
        raise AgentError('I need the currency: say for example "80 €" or "my currency is EUR".')
    return found


def price_of(text: str | None) -> Price | None:
    """A price as the planner delivers it: ``80 EUR``, ``80 EUR/h``; None when it is none."""
    found = find_prices(text) if text else []
    return found[0] if found else None


def due_date(issued: date, days: int | None, day: str | None) -> date:
    """When it is due: on a day, after so many days, or after the usual fourteen. Raises AgentError."""
    if day is None:
        return issued + timedelta(days=PAYMENT_DAYS if days is None else days)
    try:
        if len(day) == len("04-01"):
            this_year = date.fromisoformat(f"{issued.year}-{day}")
            return this_year if this_year >= issued else this_year.replace(year=issued.year + 1)
        return date.fromisoformat(day)
    except ValueError:
        raise AgentError(f"{day} is no date: say the due date as 2026-04-30 or in days.") from None


def default_vat(profile: dict[str, Any]) -> Decimal | None:
    """The VAT rate in the profile, or None."""
    try:
        return parse_number(str(profile["vat_percent"]).removesuffix("%").strip())
    except (KeyError, ValueError, InvalidOperation):
        return None

"""What an expense in another currency came to in one's own: as the user says, else by the banks' rates kept here.

"49 $ for hosting, charged as 45.30 €" ─▶ 45.30 €     "… at 0.92" ─▶ 45.08 €     else ─▶ the table fetched last
"""

from __future__ import annotations

import re
from decimal import Decimal

from agents.deps import Deps
from agents.tools.billing.invoice_draft import price_of
from config.dates import day_text
from integrations.market import currency
from memory.business.expenses import Expense
from memory.money import Money, find_prices, parse_number

_RATE = re.compile(
    r"\b(?:at|rate(?: of)?|kurs(?: von)?|zum kurs(?: von)?|al cambio(?: de)?|au taux de|al tasso di)\s+"
    r"(?P<n>\d{1,5}[.,]\d{1,8})(?![\d%]|\s*(?:%|h\b))",
    re.I,
)


async def in_own_currency(expense: Expense, said: str, deps: Deps) -> str:
    """Set what an expense came to in the currency of the profile, and say so; empty where it is in that already."""
    own = await _own(deps)
    if not own or own == expense.currency:
        return ""
    paid = expense.money
    stated = next((price.money for price in find_prices(said) if price.money.currency == own), None)
    rate, day = None, expense.day
    if stated:
        rate = (stated.amount / paid.amount).quantize(Decimal("0.000001"))
    elif told := _RATE.search(said):
        rate = parse_number(told["n"])
    elif kept := await currency.kept_rates(deps.settings.paths.cache / "market" / "rates.json"):
        try:
            rate, day = kept.cross(paid.currency, own).quantize(Decimal("0.000001")), kept.day
        except KeyError:
            rate = None
    if not rate:
        return (
            f"It is not in your {own} figures: I have no rate. Say “undo that”, then tell me what it came to, such as "
            f"“{paid.text()} for hosting, charged as 45 {own}”."
        )
    expense.rate, expense.rate_on, expense.converted_to = rate, day, own
    expense.converted = (stated or Money(paid.amount * rate, own)).rounded().amount
    came = Money(expense.converted, own).text()
    if stated:
        return f"In your figures it is {came}, as you said."
    of = "as you said" if day == expense.day else f"the reference rate of {day_text(day)}"
    return f"In your figures it is {came}: 1 {expense.currency} = {rate.normalize():f} {own}, {of}."


async def _own(deps: Deps) -> str:
    profile = await deps.stores.profiles.load(deps.user)
    rate = price_of(profile.get("rate"))
    return str(profile.get("currency") or (rate.money.currency if rate else ""))

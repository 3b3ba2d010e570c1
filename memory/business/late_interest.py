"""What a client owes beside an invoice that is late: interest by law, by the country of whoever wrote the invoice.

Directive 2011/7/EU: 8 points above the reference rate of the European Central Bank on the first day of the half-year,
and 40 € for the effort. Some countries ask for more: Germany 9 points above its own base rate (§ 288 BGB), France 10
points above the reference rate unless agreed otherwise (Code de commerce L441-10). In the United Kingdom it is 8 points
above the Bank of England's rate, and 40, 70 or 100 £ by the size of the debt. Elsewhere nothing is assumed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from config.countries import EU
from memory.money import Money, rounded

_ECB = {"2024-01-01": "4.50", "2024-07-01": "4.25", "2025-01-01": "3.15", "2025-07-01": "2.15"}
_GERMAN = {"2024-01-01": "3.62", "2024-07-01": "3.37", "2025-01-01": "2.27", "2025-07-01": "1.27"}
_BRITISH = {"2024-01-01": "5.25", "2024-07-01": "5.25", "2025-01-01": "4.75", "2025-07-01": "4.25"}
SOURCES = {"ECB": _ECB, "DE": _GERMAN, "GB": _BRITISH}


@dataclass(frozen=True)
class Rule:
    """So many `points` above the rate of a `source`, the flat `fee` in a currency, and where that is written."""

    source: str
    points: Decimal
    fee: Money | None
    law: str


@dataclass(frozen=True)
class Owed:
    """`interest` for `days` at `percent` a year, and the flat `fee`; `known_since` is how old the base rate is."""

    days: int
    percent: Decimal
    base: Decimal
    known_since: date
    interest: Money
    fee: Money | None
    law: str


def rule_for(country: str, owed: Money) -> Rule | None:
    """The rule of a country by its code, or None where none is known."""
    if country == "DE":
        return Rule("DE", Decimal(9), _forty(owed), "§ 288 BGB")
    if country == "FR":
        return Rule("ECB", Decimal(10), _forty(owed), "Code de commerce L441-10")
    if country in EU:
        return Rule("ECB", Decimal(8), _forty(owed), "Directive 2011/7/EU")
    if country == "GB":
        flat = 40 if owed.amount < 1_000 else 70 if owed.amount < 10_000 else 100
        fee = Money(Decimal(flat), "GBP") if owed.currency == "GBP" else None
        return Rule("GB", Decimal(8), fee, "Late Payment of Commercial Debts Act 1998")
    return None


def owed_on(
    owed: Money, due: date, today: date, country: str, told: dict[str, dict[str, str]] | None = None
) -> Owed | None:
    """What is owed beside `owed`, due on `due`, by `today`; None before that day or where no rule is known.

    `told` are base rates by source and the day they hold from, which take the place of those known here: the newest
    known holds until a newer one. Simple interest by the day, 365 to a year, rounded once.
    """
    rule = rule_for(country, owed)
    days = (today - due).days
    if rule is None or days <= 0:
        return None
    rates = {**SOURCES[rule.source], **(told or {}).get(rule.source, {})}
    known = sorted((date.fromisoformat(day), Decimal(rate)) for day, rate in rates.items())
    since, base = next(((day, rate) for day, rate in reversed(known) if day <= due), known[0])
    percent = base + rule.points
    exact = Fraction(owed.amount) * Fraction(percent) / 100 * days / 365
    interest = Money(rounded(exact, 6), owed.currency).rounded()
    return Owed(days, percent, base, since, interest, rule.fee, rule.law)


def _forty(owed: Money) -> Money | None:
    return Money(Decimal(40), "EUR") if owed.currency == "EUR" else None

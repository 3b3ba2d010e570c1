"""Money: an exact amount and an ISO 4217 code, read from words, rounded by a stated rule, written for people.

Rounding is half away from zero ("half up") to the currency's own smallest unit, and happens in three places only:
each line of an invoice, the tax of each rate, and nowhere else, so that totals are plain sums (see `business/totals`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction

from config.currencies import BEFORE as BEFORE
from config.currencies import CODES, NAMES, SIGNS, SYMBOLS, either_case
from config.currencies import CURRENCY as CURRENCY
from config.currencies import EXPONENTS as EXPONENTS
from config.currencies import NUMBER as NUMBER
from config.currencies import PREFIX as PREFIX
from config.currencies import SCALE as SCALE
from config.currencies import currency_of as currency_of
from config.currencies import parse_number as parse_number
from config.currencies import scale_of as scale_of

UNITS = {
    "h": "h", "hr": "h", "hrs": "h", "hour": "h", "hours": "h", "hourly": "h", "std": "h",
    "stunde": "h", "stunden": "h", "heure": "h", "heures": "h", "hora": "h", "horas": "h", "ora": "h", "ore": "h",
    "d": "day", "day": "day", "days": "day", "daily": "day", "tag": "day", "tage": "day",
    "jour": "day", "jours": "day", "día": "day", "días": "day", "dia": "day", "dias": "day",
    "week": "week", "weeks": "week", "month": "month", "months": "month", "monthly": "month",
    "item": "item", "items": "item", "piece": "item", "pieces": "item", "page": "page", "pages": "page",
    "word": "word", "words": "word", "year": "year",
}  # fmt: skip
"""What people write for a unit of work, and the one name kept for it."""


@dataclass(frozen=True)
class Money:
    """An exact amount of one currency. Adding two currencies raises ValueError."""

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        if self.currency not in EXPONENTS:
            raise ValueError(f"'{self.currency}' is no currency code known here")
        if not self.amount.is_finite():
            raise ValueError("an amount of money is a finite number")

    def __add__(self, other: Money) -> Money:
        self._same(other)
        return Money(_exact_sum((self.amount, other.amount)), self.currency)

    def __sub__(self, other: Money) -> Money:
        return self + -other

    def __neg__(self) -> Money:
        return Money(-self.amount, self.currency)

    def __mul__(self, factor: Decimal | int) -> Money:
        with localcontext() as context:
            context.prec = 60
            return Money(self.amount * factor, self.currency)

    def __lt__(self, other: Money) -> bool:
        self._same(other)
        return self.amount < other.amount

    def rounded(self) -> Money:
        """To the currency's smallest unit, half away from zero."""
        return Money(rounded(self.amount, EXPONENTS[self.currency]), self.currency)

    def percent(self, percent: Decimal) -> Money:
        """This many percent of it, rounded."""
        return (self * percent * Decimal("0.01")).rounded()

    def __str__(self) -> str:
        """Exact and short, as `parse_money` reads it: ``80 EUR``."""
        digits = plain(self.amount)
        if EXPONENTS[self.currency] != 3 and re.fullmatch(r"-?[1-9]\d{0,2}\.\d{3}", digits):
            digits += "0"  # 1.234 EUR would be read as a thousand
        return f"{digits} {self.currency}"

    def text(self, *, sign_behind: bool = False) -> str:
        """For people, rounded: ``1,190.00 €``, ``$1,190.00``, ``1,190.00 CHF``.

        With `sign_behind` every sign stands behind its figure, as units do in a calculation: ``1,190.00 $``.
        """
        value = self.rounded().amount
        digits = f"{value.copy_abs():,.{EXPONENTS[self.currency]}f}"
        sign = "-" if value < 0 else ""
        if self.currency in PREFIX and not sign_behind:
            return f"{sign}{PREFIX[self.currency]}{digits}"
        return f"{sign}{digits} {SIGNS.get(self.currency, self.currency)}"

    def _same(self, other: Money) -> None:
        if self.currency != other.currency:
            raise ValueError(f"{self.currency} and {other.currency} cannot be added without a rate")


@dataclass(frozen=True)
class Price:
    """Money as found in a text, at `start` to `end`; `unit` is "h" for an hourly rate, "" for a plain amount."""

    money: Money
    unit: str = ""
    start: int = 0
    end: int = 0

    def __str__(self) -> str:
        return f"{self.money}/{self.unit}" if self.unit else str(self.money)


def rounded(value: Decimal | Fraction, places: int) -> Decimal:
    """To so many places, half away from zero; exact however large the value is."""
    exact = Fraction(value) * 10**places
    units = (2 * abs(exact.numerator) + exact.denominator) // (2 * exact.denominator)
    return Decimal((int(exact < 0 < units), tuple(map(int, str(units))), -places))


def plain(value: Decimal) -> str:
    """A number without exponent and trailing zeros: ``12.50`` becomes ``12.5``."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def total(amounts: Iterable[Money], currency: str) -> Money:
    """The exact sum; zero of `currency` when there is nothing to add."""
    result = Money(Decimal(0), currency)
    for amount in amounts:
        result += amount
    return result


_BEFORE = rf"(?P<before>(?<![A-Za-z])(?:{SYMBOLS}|(?:{CODES})(?![A-Za-z])))\s?"
_AFTER = rf"\s?(?P<after>{SYMBOLS}|(?:{CODES})(?![A-Za-z])|{NAMES}(?![A-Za-z])|fr\.)"
_UNIT = rf"(?:\s*(?:/|\b(?i:per|an|a|each|pro|je|die|am|im|la|par|por)\b)\s*(?P<unit>{either_case(UNITS)})\b)?"
_NUMBER_AFTER_SYMBOL = NUMBER.replace(r"(?<![\w.,])", "")
_MONEY = re.compile(
    rf"(?:{_BEFORE}(?P<n1>{_NUMBER_AFTER_SYMBOL})(?P<k1>{SCALE})?"
    rf"|(?P<n2>{NUMBER})(?P<k2>\s?[kK]\b|{SCALE})?{_AFTER}){_UNIT}"
)


def find_prices(text: str) -> list[Price]:
    """Every amount of money in a text, in order, with its unit where it is a rate."""
    found = []
    for match in _MONEY.finditer(text):
        mark = match["before"] or match["after"]
        currency = currency_of(mark)
        amount = parse_number(match["n1"] or match["n2"], EXPONENTS[currency])
        amount *= scale_of(match["k1"] or match["k2"])
        unit = UNITS[match["unit"].lower()] if match["unit"] else ""
        found.append(Price(Money(amount, currency), unit, match.start(), match.end()))
    return found


def parse_price(text: str) -> Price:
    """The one amount or rate a text consists of: ``80 EUR/h``. Raises ValueError."""
    prices = find_prices(text)
    if len(prices) != 1 or text.strip() != text[prices[0].start : prices[0].end].strip():
        raise ValueError(f"'{text.strip()[:40]}' is no amount of money, such as 80 EUR")
    return prices[0]


def parse_money(text: str) -> Money:
    """The one amount a text consists of: ``80 EUR``, ``$1,200.50``, ``1.200,50 €``. Raises ValueError."""
    return parse_price(text).money


def _exact_sum(values: Iterable[Decimal]) -> Decimal:
    with localcontext() as context:
        context.prec = 60
        return sum(values, Decimal(0))

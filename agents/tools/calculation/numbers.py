"""Numbers in calculations: what `memory.money` reads, and what only a calculation has to tell apart.

One mark before exactly three digits is ambiguous: a comma parts thousands there, and a dot does so in money; in a plain
sum it is a decimal point. Results are fractions, so that nothing is rounded before it is shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from fractions import Fraction

from memory.money import (
    BEFORE,
    CURRENCY,
    EXPONENTS,
    SCALE,
    Money,
    currency_of,
    find_prices,
    parse_number,
    rounded,
    scale_of,
)

MAX_DIGITS = 60
_TO_NINETEEN = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen".split()
)
_TENS = dict(zip("twenty thirty forty fifty sixty seventy eighty ninety".split(), range(20, 100, 10), strict=True))
COUNTS = {word: number for number, word in enumerate(_TO_NINETEEN)} | _TENS
COUNTS |= {f"{ten}-{_TO_NINETEEN[one]}": tens + one for ten, tens in _TENS.items() for one in range(1, 10)}
"""Counts that people write as words: ``twelve``, ``twenty-five``."""
COUNT = f"(?ai:{'|'.join(sorted(COUNTS, key=len, reverse=True))})"

NUMBER = r"(?:\d{1,3}(?:[ \u00a0\u202f'’]\d{3})+(?!\d)(?:[.,]\d+)?|\d+(?:[.,]\d+)*|\.\d+)"
FIGURE = rf"(?:{BEFORE}\s?)?{NUMBER}{SCALE}?(?:\s?{CURRENCY})?"
"""A number with what may stand around it: a currency on either side, a word of size."""
_WRITTEN = re.compile(
    r"\d*[.,]?\d+|[1-9]\d{0,2}(?:,\d{3})+|[1-9]\d{0,2}(?:\.\d{3})+|\d+(?:,\d+)*\.\d+|\d+(?:\.\d+)*,\d+"
)


@dataclass(frozen=True)
class Amount:
    """A sum of money found at `start` to `end` of a text; `unit` is "h" for an hourly rate, "" for a plain sum."""

    value: Decimal
    currency: str
    unit: str = ""
    start: int = 0
    end: int = 0


@dataclass(frozen=True)
class Figure:
    """A number that may be a sum of money; `currency` is empty when it is none."""

    value: Fraction
    currency: str = ""

    def __str__(self) -> str:
        return money_text(self.value, self.currency) if self.currency else number_text(self.value)


def figure(text: str) -> Figure:
    """Read what `FIGURE` matches. Raises ValueError when it is no number."""
    word = re.search(CURRENCY, text)
    match = re.search(rf"(?P<number>{NUMBER})(?P<scale>{SCALE})?", text)
    if not match:
        raise ValueError(f"'{text[:40]}' is no number I can read.")
    code = currency_of(word[0]) if word else ""
    return Figure(Fraction(scaled(match["number"], match["scale"], money=EXPONENTS.get(code, 3) != 3)), code)


def number(text: str, *, money: bool = False) -> Decimal:
    """Read one number. Raises ValueError when it is none or has more than 60 digits."""
    digits = re.sub(r"[ \u00a0\u202f'’]", "", text)
    if len(digits) > MAX_DIGITS or not _WRITTEN.fullmatch(digits):
        raise ValueError(f"'{text[:40]}' is no number I can read.")
    if not money and re.fullmatch(r"[1-9]\d{0,2}\.\d{3}", digits):
        return Decimal(digits)
    return parse_number(f"0{digits}" if digits[0] in ".," else digits)


def scaled(text: str, scale: str | None, *, money: bool = False) -> Decimal:
    """A number with a word of size behind it: ``60`` and ``k`` are 60,000."""
    return number(text, money=money) * scale_of(scale)


def amounts(text: str) -> Iterator[Amount]:
    """Every sum of money in a text, in order."""
    for price in find_prices(text):
        if len(price.money.amount.as_tuple().digits) <= MAX_DIGITS:
            yield Amount(price.money.amount, price.money.currency, price.unit, price.start, price.end)


def cents(value: Decimal | Fraction, currency: str = "") -> Decimal:
    """Rounded as money is: half up, to the currency's own smallest unit, to two places without a currency."""
    return rounded(value, EXPONENTS.get(currency, 2))


def money_text(value: Decimal | Fraction, currency: str) -> str:
    """``1,000.00 €``, ``1,000.00 $``; with no currency only the figure."""
    amount = cents(value, currency)
    return Money(amount, currency).text(sign_behind=True) if currency else f"{amount:,}"


def number_text(value: Decimal | Fraction, places: int = 6) -> str:
    """A plain figure with thousands parted; exact where it ends within 30 places, else rounded to `places`."""
    fraction = Fraction(value)
    if fraction.denominator == 1:
        return f"{fraction.numerator:,}"
    with localcontext(Context(prec=len(str(abs(fraction.numerator))) + 60)) as context:
        exact = Decimal(fraction.numerator) / Decimal(fraction.denominator)
        if terminates(fraction) and -exact.normalize().as_tuple().exponent <= 30:  # type: ignore[operator]
            return f"{exact.normalize(context):,f}"
        small = max(0, -exact.adjusted())
        short = exact.quantize(Decimal(1).scaleb(-(places + small if small else places)), ROUND_HALF_UP)
        return f"{short.normalize(context):,f}"


def terminates(fraction: Fraction) -> bool:
    """Whether the decimal expansion ends: the denominator has no other prime factors than 2 and 5."""
    rest = fraction.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    return rest == 1


_COUNTED = (
    r"(?=\s+(?:[a-z]+\s+)?(?:payments?|parts?|people|persons|ways|decimals?|places|hours?|days?|weeks?|months?|"
    r"years?)\b)"
)


def with_digits(text: str) -> str:
    """Counts in words as digits where something is counted: ``three payments`` becomes ``3 payments``."""
    return re.sub(rf"\b{COUNT}\b{_COUNTED}", lambda word: str(COUNTS[word[0].lower()]), text, flags=re.I)

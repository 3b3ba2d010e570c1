"""Numbers and sums of money as people write them, and as this house writes them.

Understood are ``1,234.56``, ``1.234,56``, ``1 234,56``, ``1'234.56``, ``12,5``, ``60k``, ``6.4 million``, with a
currency before or behind. One mark before exactly three digits is ambiguous: a comma parts thousands
there, and a dot does so in money.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from fractions import Fraction

SIGNS = {"€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY", "₹": "INR"}
WORDS = {
    "euro": "EUR",
    "euros": "EUR",
    "dollar": "USD",
    "dollars": "USD",
    "pound": "GBP",
    "pounds": "GBP",
    "franc": "CHF",
    "francs": "CHF",
    "yen": "JPY",
    "rupee": "INR",
    "rupees": "INR",
}
CODES = frozenset(
    "EUR USD GBP CHF JPY CNY INR CAD AUD NZD SEK NOK DKK PLN CZK HUF RON BGN BRL MXN ZAR TRY AED SGD HKD THB PKR ILS "
    "KRW UAH".split()
)
WITHOUT_CENTS = frozenset({"JPY", "KRW", "HUF"})
SCALES = {"k": 1_000, "tsd": 1_000, "thousand": 1_000, "m": 1_000_000, "mio": 1_000_000, "million": 1_000_000}
SCALES |= {"bn": 1_000_000_000, "billion": 1_000_000_000}
MAX_DIGITS = 60

NUMBER = r"(?:\d{1,3}(?:[ \u00a0\u202f'’]\d{3})+(?!\d)(?:[.,]\d+)?|\d+(?:[.,]\d+)*|\.\d+)"
_SIGN = r"[€$£¥₹]"
_CODE = rf"(?:{'|'.join(sorted(CODES))})"
CURRENCY = rf"(?:{_SIGN}|\b(?i:{_CODE}|{'|'.join(sorted(WORDS, key=len, reverse=True))})\b)"
SCALE = r"(?:(?i:k|m|bn)\b|\s?(?i:tsd|thousand|mio|million|billion)\b\.?)"
FIGURE = rf"(?:(?:{_SIGN}|\b(?i:{_CODE})\b)\s?)?{NUMBER}{SCALE}?(?:\s?{CURRENCY})?"
"""A number with what may stand around it: a currency on either side, a word of size."""
MONEY = re.compile(
    rf"(?:(?P<before>{_SIGN}|\b{_CODE}(?=\s?\d))\s?(?P<a>{NUMBER})(?P<ka>{SCALE})?"
    rf"|(?<![\w.,])(?P<b>{NUMBER})(?P<kb>{SCALE})?\s?(?P<after>{CURRENCY}))"
)


@dataclass(frozen=True)
class Amount:
    """A sum of money found at `start` to `end` of a text."""

    value: Decimal
    currency: str
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
    value = scaled(match["number"], match["scale"], money=word is not None)
    return Figure(Fraction(value), currency_code(word[0]) if word else "")


def number(text: str, *, money: bool = False) -> Decimal:
    """Read one number. Raises ValueError when it is none or has more than 60 digits."""
    digits = re.sub(r"[ \u00a0\u202f'’]", "", text)
    if not re.fullmatch(r"\d*(?:[.,]\d+)*", digits) or not digits or len(digits) > MAX_DIGITS:
        raise ValueError(f"'{text[:40]}' is no number I can read.")
    comma, dot = digits.rfind(","), digits.rfind(".")
    if comma >= 0 and dot >= 0:
        digits = digits.replace("," if dot > comma else ".", "").replace(",", ".")
    elif comma >= 0:
        thousands = re.fullmatch(r"[1-9]\d{0,2}(,\d{3})+", digits)
        digits = digits.replace(",", "") if thousands else digits.replace(",", ".")
    elif re.fullmatch(r"[1-9]\d{0,2}(\.\d{3}){2,}" if not money else r"[1-9]\d{0,2}(\.\d{3})+", digits):
        digits = digits.replace(".", "")
    if digits.count(".") > 1:
        raise ValueError(f"'{text[:40]}' is no number I can read.")
    return Decimal(digits)


def scaled(text: str, scale: str | None, *, money: bool = False) -> Decimal:
    """A number with a word of size behind it: ``60`` and ``k`` are 60,000."""
    value = number(text, money=money)
    return value * SCALES[scale.strip(" .").lower()] if scale and scale.strip() else value


def currency_code(word: str) -> str:
    """The ISO code of a sign, code or word."""
    return SIGNS.get(word) or WORDS.get(word.lower()) or word.upper()


def amounts(text: str) -> Iterator[Amount]:
    """Every sum of money in a text, in order."""
    for match in MONEY.finditer(text):
        digits, scale = (match["a"], match["ka"]) if match["a"] else (match["b"], match["kb"])
        try:
            value = scaled(digits, scale, money=True)
        except ValueError:
            continue
        yield Amount(value, currency_code(match["before"] or match["after"]), match.start(), match.end())


def cents(value: Decimal | Fraction, currency: str = "") -> Decimal:
    """Rounded as money is, half up, to two places (none for yen and its like)."""
    unit = Decimal(1) if currency in WITHOUT_CENTS else Decimal("0.01")
    with localcontext(Context(prec=120)):
        exact = value if isinstance(value, Decimal) else Decimal(value.numerator) / Decimal(value.denominator)
        return exact.quantize(unit, ROUND_HALF_UP)


def money_text(value: Decimal | Fraction, currency: str) -> str:
    """``1,000.00 €``, ``1,000.00 PLN``; with no currency only the figure."""
    signs = {code: sign for sign, code in SIGNS.items()}
    return f"{cents(value, currency):,} {signs.get(currency, currency)}".strip()


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
        rounded = exact.quantize(Decimal(1).scaleb(-(places + small if small else places)), ROUND_HALF_UP)
        return f"{rounded.normalize(context):,f}"


def terminates(fraction: Fraction) -> bool:
    """Whether the decimal expansion ends: the denominator has no other prime factors than 2 and 5."""
    rest = fraction.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    return rest == 1


_COUNTS = "zero one two three four five six seven eight nine ten eleven twelve".split()
_COUNTED = (
    r"(?=\s+(?:[a-z]+\s+)?(?:payments?|parts?|people|persons|ways|decimals?|places|hours?|days?|weeks?|months?|"
    r"years?)\b)"
)


def with_digits(text: str) -> str:
    """Counts in words as digits where something is counted: ``three payments`` becomes ``3 payments``."""
    return re.sub(
        rf"\b({'|'.join(_COUNTS)})\b{_COUNTED}", lambda word: str(_COUNTS.index(word[0].lower())), text, flags=re.I
    )

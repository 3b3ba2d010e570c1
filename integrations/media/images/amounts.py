"""Sums of money as they stand on paper, read by a machine: lost spaces, letters for digits, a mark before or behind."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from config.currencies import EXPONENTS, currency_of, parse_number

_SIGN = r"(?:US\$|[€$£¥₹]|(?:EUR|USD|GBP|CHF|JPY|SEK|NOK|DKK|PLN|CZK|CAD|AUD)(?![A-Za-z]))"
_AMOUNT = re.compile(
    rf"(?P<mark>{_SIGN})?\s?(?<![\d.,/:-])(?P<minus>[-–]\s?)?"
    r"(?P<number>\d{1,3}(?:[.,' ]\d{3})+[.,]\s?\d{2}|\d+[.,]\s?[\dOo]{2}|\d{1,3}(?:[.,]\d{3})+|\d+)"
    rf"(?![\d:/%])(?!\s?%)(?!-\d)(?![.,]\d)\s?(?P<behind>{_SIGN})?(?P<class>\s?[A-Z*]{{1,2}}\b)?"
)
_EXACT = re.compile(r"[.,]\s?[\dOo]{2}$")
_MARKS = re.compile(rf"(?<![A-Za-z])(?:{_SIGN})")


@dataclass(frozen=True)
class Amount:
    """A sum on a line.

    `before` are the words up to it; `exact` says that it has two decimals, `ends` that it ends the line.
    """

    value: Decimal
    before: str
    exact: bool
    ends: bool


def amounts_of(text: str) -> tuple[Amount, ...]:
    """The sums of one line, from left to right. Whole numbers count only beside a currency or at the line's end."""
    found = []
    for match in _AMOUNT.finditer(text):
        number = re.sub(r"\s", "", match["number"]).replace("O", "0").replace("o", "0")
        marked, ends = bool(match["mark"] or match["behind"]), match.end() >= len(text.rstrip())
        exact = bool(_EXACT.search(match["number"]))
        if not (exact or marked or ends) or len(number) > 12:
            continue
        try:
            value = parse_number(number)
        except ValueError:
            continue
        found.append(Amount(-value if match["minus"] else value, text[: match.start()], exact, ends))
    return tuple(found)


def currency_among(texts: Iterable[str]) -> tuple[str | None, int]:
    """The currency named most often in these lines, and how many decimals it has."""
    seen = Counter(currency_of(mark) for text in texts for mark in _MARKS.findall(text))
    if not seen:
        return None, 2
    code = seen.most_common(1)[0][0]
    return code, EXPONENTS[code]

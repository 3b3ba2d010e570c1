"""Reads pay from words: "$60-80/hr", "€500 per day", "80k", "Budget: $3,000", "60 bis 80 € pro Stunde".

A text can hold several amounts. The one that is pay is told by the words around it: a period after it, a label before
it, and none of the words that mark other money ("total spent", "raised", "revenue").
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from integrations.job_boards.post import Pay, Period

_SIGNS = {
    "us$": "USD", "ca$": "CAD", "c$": "CAD", "au$": "AUD", "a$": "AUD", "nz$": "NZD", "s$": "SGD", "hk$": "HKD",
    "r$": "BRL", "$": "USD",
    "€": "EUR", "£": "GBP", "₹": "INR", "¥": "JPY", "zł": "PLN", "kč": "CZK", "₺": "TRY", "₴": "UAH",
    "euros": "EUR", "euro": "EUR", "dollars": "USD", "dollar": "USD", "pounds": "GBP", "rupees": "INR", "rs.": "INR",
}  # fmt: skip
_CODES = "USD EUR GBP CHF CAD AUD NZD INR JPY SEK NOK DKK PLN CZK HUF RON BRL MXN ZAR SGD HKD AED ILS TRY UAH PHP PKR"
_CURRENCY = "|".join(re.escape(sign) for sign in sorted(_SIGNS, key=len, reverse=True))
_CURRENCY += "|" + "|".join(rf"\b{code}\b" for code in _CODES.split())
_NUMBER = r"\d{1,3}(?:[,.' \u00a0\u202f]\d{3})+(?:[.,]\d{1,2})?(?!\d)|\d+(?:[.,]\d{1,2})?(?!\d)"
_AMOUNT = re.compile(
    rf"""(?<![\w.,])(?P<before>{_CURRENCY})?\s?(?P<low>{_NUMBER})\s?(?P<k>k\b|tsd\.?)?\+?\s?(?P<mid>{_CURRENCY})?
    (?:\s*(?:-|–|—|\bto\b|\bbis\b|\band\b)\s*(?P<before2>{_CURRENCY})?\s?(?P<high>{_NUMBER})\s?(?P<k2>k\b|tsd\.?)?\+?)?
    \s?(?P<after>{_CURRENCY})?(?![\w%])""",
    re.IGNORECASE | re.VERBOSE,
)
_PERIODS: tuple[tuple[Period, str], ...] = (
    ("h", r"hours?|hourly|hrs?|h|ph|std|stunden?|stündlich"),
    ("day", r"days?|daily|pd|tag|tage|tagessatz"),
    ("week", r"weeks?|weekly|wk|woche"),
    ("month", r"months?|monthly|mo|pcm|monat|monatlich"),
    ("year", r"years?|yearly|yr|annually|annual|annum|pa|p\.a\.|jahr|jährlich"),
    ("project", r"fixed(?:[- ]price)?|festpreis|flat|pauschal|(?:for the (?:whole )?)?project|in total"),
)
_UNIT = "|".join(f"(?P<{period}>{words})" for period, words in _PERIODS)
_AFTER = re.compile(rf"^[\s,(]*(?:/|per\b|an?\b|each\b|pro\b|je\b|-)?\s*(?:{_UNIT})(?![\w])", re.IGNORECASE)
_BEFORE: tuple[tuple[Period, str], ...] = (
    ("h", r"hourly(?: rate| range| budget)?|stundensatz|rate per hour|hour rate"),
    ("day", r"day ?rate|daily rate|tagessatz"),
    ("month", r"monthly(?: salary| budget| rate)?|monatsgehalt"),
    ("year", r"annual(?: salary)?|yearly salary|jahresgehalt|salary|gehalt|ote|base"),
    ("project", r"fixed(?:[- ]price)?(?: budget)?|project budget|budget|festpreis|total budget"),
)
_LABEL = re.compile(
    r"budget|rate|salary|pay|compensation|honorar|vergütung|gehalt|hourly|remuneration|offer", re.IGNORECASE
)
_OTHER_AFTER = re.compile(
    r"^[\s+]*(?:total\s+)?(?:spent|/?\s?hr avg|avg|paid|raised|in (?:funding|revenue|sales)|funding|revenue|"
    r"arr\b|mrr\b|"
    r"m\b|mm\b|million|mio|bn\b|billion|bonus|sign|customers|users|gift|stipend|per (?:user|seat|customer)|"
    r"deposit|fee\b)",
    re.IGNORECASE,
)
_OTHER_BEFORE = re.compile(
    r"(?:spent|raised|funding|revenue|bonus|average bid|avg\.? bid|arr|valuation|stipend|deposit|fee|paid)"
    r"\W*(?:of|is|:)?\W*$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class _Candidate:
    pay: Pay
    score: int


def find_pay(text: str) -> Pay | None:
    """The pay a free text names, or None. Amounts need a currency, or a rate's unit, to count."""
    candidates = [found for match in _AMOUNT.finditer(text[:20_000]) if (found := _candidate(text, match))]
    return max(candidates, key=lambda candidate: candidate.score).pay if candidates else None


def read_pay(text: str) -> Pay | None:
    """The pay a field or description names; a field that is nothing but "80k" or "80k - 100k" is a year's."""
    if found := find_pay(text):
        return found
    match = _AMOUNT.fullmatch(text.strip())
    if match and (match["k"] or match["k2"]):
        low, high = _numbers(match)
        return Pay(low=low, high=high, period="year")
    return None


def _candidate(text: str, match: re.Match[str]) -> _Candidate | None:
    after, before = text[match.end() : match.end() + 40], text[max(0, match.start() - 60) : match.start()]
    if _OTHER_AFTER.match(after) or _OTHER_BEFORE.search(before):
        return None
    sign = match["before"] or match["mid"] or match["before2"] or match["after"] or ""
    currency = _SIGNS.get(sign.lower(), sign.upper())
    period, near = _period(before, after)
    label = bool(_LABEL.search(before[-30:].rpartition("\n\n")[2]))
    if not currency and not (near and period in ("h", "day") and label):
        return None
    low, high = _numbers(match)
    if period == "" and (match["k"] or low >= 20_000):
        period = "year"
    if (period == "h" and high > 1000) or high <= 1:
        return None
    if not period and label and re.search(r"budget", before[-30:], re.IGNORECASE):
        period = "project"
    score = 4 * bool(period) + 3 * label + 2 * near + (low != high) + bool(currency)
    return _Candidate(Pay(low=low, high=high, currency=currency, period=period), score)


def _period(before: str, after: str) -> tuple[Period, bool]:
    """The period by the words after the amount, else by the label before it; and whether it stands after it."""
    if match := _AFTER.match(after):
        for period, _ in _PERIODS:
            if match[period]:
                return period, True
    line = before.rpartition("\n\n")[2][-45:]
    best: tuple[int, Period] = (-1, "")
    for period, words in _BEFORE:
        for match in re.finditer(rf"\b(?:{words})\b", line, re.IGNORECASE):
            best = max(best, (match.start(), period))
    return best[1], False


def _numbers(match: re.Match[str]) -> tuple[Decimal, Decimal]:
    low = _number(match["low"])
    high = _number(match["high"]) if match["high"] else low
    if match["k2"]:
        high *= 1000
    if match["k"] or (match["k2"] and low < 1000):
        low *= 1000
    if match["k"] and not match["high"]:
        high = low
    return min(low, high), max(low, high)


def _number(text: str) -> Decimal:
    digits = re.sub(r"[\s'\u00a0\u202f]", "", text)
    last = max(digits.rfind("."), digits.rfind(","))
    if last >= 0 and len(digits) - last - 1 != 3:
        return Decimal(re.sub(r"[.,]", "", digits[:last]) + "." + digits[last + 1 :])
    return Decimal(re.sub(r"[.,]", "", digits))

"""Reads pay from words: "$60-80/hr", "€500 per day", "80k", "Budget: $3,000", "60 bis 80 € pro Stunde".

A text can hold several amounts. The one that is pay is told by the words around it: a period after it, a label before
it, and none of the words that mark other money ("total spent", "raised", "revenue").
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from config.currencies import CURRENCY, currency_of, parse_number
from integrations.job_boards.post import Pay, Period

_MARK = rf"(?:{CURRENCY}|zł|kč|\brs\.)"
_NUMBER = r"\d{1,3}(?:[,.'’ \u00a0\u202f]\d{3})+(?:[.,]\d{1,2})?(?!\d)|\d+(?:[.,]\d{1,2})?(?!\d)"
_EACH = (
    r"\s?(?:/|\bper\b|\ban?\b|\bpro\b|\bje\b)\s?(?:hours?|hr?|days?|week|month|mo|year|yr|stunde|std|tag|monat|jahr)\b"
)
_AMOUNT = re.compile(
    rf"""(?<![\w.,])(?P<before>{_MARK})?\s?(?P<low>{_NUMBER})\s?(?P<k>k\b|tsd\b\.?)?(?P<more>\+)?\s?(?P<mid>{_MARK})?
    (?:(?:{_EACH})?\s*(?:-|–|—|\bto\b|\bbis\b|\band\b|\bà\b)
    \s*(?P<before2>{_MARK})?\s?(?P<high>{_NUMBER})\s?(?P<k2>k\b|tsd\b\.?)?\+?)?
    \s?(?P<after>{_MARK})?(?:(?![\w%])|(?=p[dhawm]\b))""",
    re.IGNORECASE | re.VERBOSE,
)
_MOST = re.compile(
    r"\b(?:up to|max(?:imum|\.)?(?: of)?|not (?:more|over)(?: than)?|bis(?: zu)?|jusqu'à|hasta)\s*$", re.I
)
_LEAST = re.compile(
    r"\b(?:from|starting (?:at|from)|at least|min(?:imum|\.)?(?: of)?|ab|à partir de|desde|over)\s*$", re.I
)
_PERIODS: tuple[tuple[Period, str], ...] = (
    ("h", r"hours?|hourly|hrs?|h|ph|std|stunden?|stündlich|heures?|horas?|ora"),
    ("day", r"days?|daily|pd|tag|tage|tagessatz|jours?|d[ií]as?"),
    ("week", r"weeks?|weekly|wk|pw|woche|semaine|semana"),
    ("month", r"months?|monthly|mo|pcm|pm|monat|monatlich|mois|mes"),
    ("year", r"years?|yearly|yr|annually|annual|annum|pa|p\.a\.|jahr|jährlich|année|año"),
    ("project", r"fixed(?:[- ]price)?|festpreis|flat|pauschal|(?:for the (?:whole )?)?project|in total"),
)
_UNIT = "|".join(f"(?P<{period}>{words})" for period, words in _PERIODS)
_AFTER = re.compile(
    rf"^[\s,(]*(?:/|per\b|an?\b|each\b|pro\b|je\b|par\b|por\b|al\b|-)?\s*(?:{_UNIT})(?![\w])", re.IGNORECASE
)
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
    currency = "INR" if sign.lower() == "rs." else currency_of(sign) if sign else ""
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
    least: Decimal | None = low
    most: Decimal | None = high
    if not match["high"]:
        least = None if _MOST.search(before) else low
        most = None if match["more"] or (least and _LEAST.search(before)) else high
    return _Candidate(Pay(low=least, high=most, currency=currency, period=period), score)


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
    low = parse_number(match["low"])
    high = parse_number(match["high"]) if match["high"] else low
    if match["k2"]:
        high *= 1000
    if match["k"] or (match["k2"] and low < 1000):
        low *= 1000
    if match["k"] and not match["high"]:
        high = low
    return min(low, high), max(low, high)

"""The typed things in a sentence: money, rates, hours, percentages, dates, addresses, names in quotes.

Each is found by its own small grammar; a number that belongs to one of them is not offered again as a bare number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from config.dates import MONTHS, WEEKDAYS, find_dates
from graph.planner.words import fold, lexicon
from memory.money import NUMBER as FIGURE
from memory.money import find_prices, parse_number

TIMES = frozenset({"h", "day", "week", "month", "year"})
PERCENT = re.compile(rf"(?P<n>{FIGURE})\s*(?:%|percent\b|per cent\b|prozent\b)", re.IGNORECASE)
HOURS = re.compile(
    rf"\b(?P<n>{FIGURE})\s*-?(?:hours?|hrs?|h|stunden?|std\.?|heures?|horas?|ore)(?:\s*(?P<m>\d{{1,2}})\s*(?:minutes?|mins?|m))?\b",
    re.IGNORECASE,
)
URL = re.compile(r"\bhttps?://[^\s<>\"')\]]+[^\s<>\"')\].,;:!?]", re.IGNORECASE)
EMAIL = re.compile(r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b")
_CALLED = (
    r"(?P<name>(?-i:[A-ZÀ-ÖØ-Þ])[\w&’'-]+"
    r"(?:\s+(?:(?-i:&|de|del|des|du|di|da|do|della|van|van der|von)\s+)?(?-i:[A-ZÀ-ÖØ-Þ])[\w&’'-]*){0,3})"
)
_POLITE = (
    r"(?:(?:the|den|dem|der|la|el|le|lo|il|o|os|ms|mrs|mr|madame|monsieur|mme|señora?|signora?|signor|dona|dom|frau|"
    r"herrn?|sig|sra?|client|cliente|kunden?|firma)\b\.?\s+)"
)
NAME = re.compile(
    r"\b(?P<before>for|to|from|by|with|has|did|tell|meant?|an|von|bei|frau|herrn?|familie|firma|para|pro|pra|de|"
    r"do|da|dalla|com|con|a|alla|al|ao|"
    r"à|au|chez|pour|di|dal?|per|lo|on|at|about|called|named|über|sobre|schicke?|frag|antworte?|relance|"
    r"send|mail|email|ask|remind|ping|answer|chase|text|pagato|pagado|pagó|pagou|payé|invoice|bill|mrs?|ms|madame|monsieur|mme|señora?|signora?|"
    r"client|customer|cliente?|kunden?)\.?\s+"
    rf"{_POLITE}*{_CALLED}",
    re.IGNORECASE,
)
"""A name behind a word that leads up to one. After "von", "de" and the like also things have capital letters."""
DOER = re.compile(
    r"\b(?:(?i:can|could|did|does|has|have|had|let|get|is|was|if|will|hat|kann|ha|a)\s+)?"
    r"(?P<name>[A-ZÀ-ÖØ-Þ][\w&’'-]+(?:\s+(?:&\s+)?[A-ZÀ-ÖØ-Þ][\w&’'-]*){0,3})\s+"
    r"(?i:(?:to|already|still|finally|just|now|been|not|has|have|hasn't|hat|ha|a|me|mir|m'a|por fin|finalmente|enfin|"
    r"endlich|schon|déjà|ya|già|já)\s+)*(?i:(?:die|la|el|il|le|the)\s+(?:[^\W\d]\w*\s+)?\d\S*\s+)?"
    r"(?i:pay|pays|paid|owes?|settled?|wired|transferred|bezahlt|gezahlt|überwiesen|beglichen|pagado|pagó|pagato|saldato|"
    r"pagou|transferiu|payé|réglé|viré|paye|paga)\b"
)
"""Who pays, or does not."""
TITLE = re.compile(r"^(?:frau|herrn?|mrs?|ms|mme|signor\w*|señora?)\s+", re.IGNORECASE)
NOBLE = re.compile(
    r"\b(?:for|to|with|from|by|ask|tell)\s+(?P<name>(?:van der|van den|van de|van|von|de)\s+(?-i:[A-ZÀ-ÖØ-Þ])[\w’'-]+)",
    re.IGNORECASE,
)
"""A name that begins with a small word. Behind words that are no English it is one that leads up to a name."""
OWNS = re.compile(r"['’]s$")
PLAIN_NAME = re.compile(
    r"\b(?:tell|ping|ask|remind|nudge|e?mail|text)\s+(?P<name>(?!the[my]\b|him\b|her\b|who|people\b|team\b|some|every)"
    r"[a-zà-ÿ]{3,20}(?<!s))(?=\s+(?:that|about|if|when|i|we|why|he|she|regarding|because|again)\b)"
)
"""A name that somebody who writes no capitals has put where a name stands."""
NO_NAMES = (
    frozenset(MONTHS)
    | frozenset(WEEKDAYS)
    | frozenset(
        "english german spanish french italian portuguese dutch polish englisch deutsch spanisch französisch "
        "italienisch word excel "
        "pdf linkedin upwork fiverr google stripe paypal euro euros eur usd mcp i ok hi hello web internet vat who "
        "nobody somebody someone everybody everyone anyone we they he she it you today "
        "yesterday invoice client customer".split()
    )
)
QUOTED = re.compile(r"[\"“”„«]([^\"“”„«»]{1,200})[\"“”»]|(?<!\w)'([^']{1,200})'(?!\w)")
NUMBER = re.compile(rf"(?<!-){FIGURE}(?![\w])")


@dataclass(frozen=True)
class Entities:
    """What a text holds, each list in order. `money` and `rates` are (amount, ISO code), a rate with its unit."""

    money: list[tuple[Decimal, str]] = field(default_factory=list)
    rates: list[tuple[Decimal, str, str]] = field(default_factory=list)
    hours: list[Decimal] = field(default_factory=list)
    percents: list[Decimal] = field(default_factory=list)
    numbers: list[Decimal] = field(default_factory=list)
    dates: list[date] = field(default_factory=list)
    urls: list[str] = field(default_factory=list)
    emails: list[str] = field(default_factory=list)
    quoted: list[str] = field(default_factory=list)


def names(text: str) -> list[str]:
    """The names of people and firms in a text, in order; names of months, weekdays, languages and files are none.

    >>> names("the payment from Halvorsen & Søn, please")
    ['Halvorsen & Søn']
    """
    patterns = (NAME, DOER, NOBLE, *([PLAIN_NAME] if text == text.lower() else []))
    hits = sorted((hit for pattern in patterns for hit in pattern.finditer(text)), key=lambda hit: hit.span("name"))
    found: dict[str, None] = {}
    end = 0
    for hit in hits:
        if hit.start("name") >= end:
            end = hit.end("name")
            found[TITLE.sub("", OWNS.sub("", hit["name"].strip(" '’-")))] = None
    return [
        name
        for name in found
        if not any(word.casefold() in NO_NAMES or fold(word) in lexicon() for word in name.split() if word[0].isupper())
        and fold(name) not in lexicon()
    ]


def extract(text: str, today: date) -> Entities:
    """Find everything typed in a text."""
    taken: list[tuple[int, int]] = []
    found = Entities()

    def free(start: int, end: int) -> bool:
        return not any(a < end and start < b for a, b in taken)

    def each(pattern: re.Pattern[str]) -> list[re.Match[str]]:
        hits = [hit for hit in pattern.finditer(text) if free(*hit.span())]
        taken.extend(hit.span() for hit in hits)
        return hits

    found.urls.extend(hit.group() for hit in each(URL))
    found.emails.extend(hit.group() for hit in each(EMAIL))
    days = [day for day in find_dates(text, today) if free(day.start, day.end)]
    taken.extend((day.start, day.end) for day in days)
    found.dates.extend(day.date for day in days if day.date)
    for price in find_prices(text):
        if free(price.start, price.end):
            taken.append((price.start, price.end))
            amount, code = price.money.amount, price.money.currency
            if price.unit in TIMES:
                found.rates.append((amount, code, price.unit))
            else:
                found.money.append((amount, code))
    found.percents.extend(parse_number(hit["n"]) for hit in each(PERCENT))
    found.hours.extend(parse_number(hit["n"]) + Decimal(hit["m"] or 0) / 60 for hit in each(HOURS))
    found.quoted.extend((hit[1] or hit[2]).strip() for hit in QUOTED.finditer(text))
    found.numbers.extend(parse_number(hit.group()) for hit in each(NUMBER))
    return found

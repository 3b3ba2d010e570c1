"""What a sentence says about an invoice: its lines, client, tax and due date. Pure functions from words to values.

"invoice Acme GmbH for 10 h design at 70 € and 5 h development at 90 €, 19 % VAT, due in 14 days"
  client  Acme GmbH            lines  10 h × 70 design, 5 h × 90 development
  vat     19                   due    14 days
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from pydantic import BaseModel

from agents.tools.calculation.numbers import COUNTS
from config.dates import ENGLISH_MONTHS, ENGLISH_WEEKDAYS, WRITTEN, day_parts
from memory.money import NUMBER, UNITS, Price, find_prices, parse_number

WORD_NUMBERS = {word: str(count) for word, count in COUNTS.items() if count}
WORD_NUMBERS |= {"a": "1", "an": "1", "half a": "0.5", "half an": "0.5"}
_UNITS = "|".join(sorted((word for word in UNITS if not word.endswith("ly")), key=len, reverse=True))
_AMOUNT = rf"{NUMBER}|(?<!\w)(?:{'|'.join(sorted(WORD_NUMBERS, key=len, reverse=True))})(?=[\s-])"
_CLOCK = re.compile(
    r"(?<!\w)(?P<h>\d+)\s*(?:h|hours?|hrs?)\s*(?:and\s+)?(?P<m>[0-5]?\d)\s*(?:m|mins?|minutes?)?\b(?!\s*[€$£%.,\d])",
    re.I,
)
_MINUTES = re.compile(rf"(?P<m>{NUMBER})\s*(?:mins?|minutes?)\b", re.I)
_QUANTITY = re.compile(rf"(?P<n>{_AMOUNT})[\s-]*(?P<unit>{_UNITS})\b(?!\s*(?:/|per\b))", re.I)
_TIMES = re.compile(rf"(?P<n>{NUMBER})\s*(?:x|×|pcs\.?)\s", re.I)
_COUNT = re.compile(rf"(?P<n>{NUMBER})\s+(?=[^\W\d])", re.I)
_BARE_PRICE = re.compile(
    rf"(?:\bat|@|\bà|\bx|×|\bfor)\s+(?P<n>{NUMBER})(?![\d.,]*\d)(?!\s*(?:%|percent|[^\W\d]))", re.I
)
_ALONE = re.compile(
    rf"(?<![\w.,-])(?P<n>{NUMBER})(?![.,]?\d)"
    r"(?=\s*(?:[.,;:!?|]|$|(?:please|pls|plz|thanks|asap|flat|fixed|total|in total|all in|for|on|each)\b))",
    re.I,
)
"""A sum that nothing says is one: "bill Acme for the brochure, 640"."""
_PER = re.compile(rf"\s*(?:/|\b(?:per|an|a|each)\b)\s*(?P<unit>{_UNITS})\b", re.I)

_TAX = r"(?:vat|tax|gst|hst|mwst\.?|ust\.?|iva|tva|btw|moms|dph|sales tax|value added tax)"
VAT = re.compile(
    rf"(?P<how>\b(?:incl(?:uding|uded|usive|\.)?(?:\s+of)?|plus|with|at|and|zzgl\.?|inkl\.?)\s+|\+\s*)?"
    rf"(?:(?P<n>{NUMBER})\s*(?:%|percent\b|per cent\b)\s*(?:{_TAX}\b)?(?P<after>\s+includ(?:ed|ing)\b)?"
    rf"|{_TAX}\s*(?:of|at|rate|is|:)?\s*(?P<n2>{NUMBER})\s*(?:%|percent\b))",
    re.I,
)
_NO_VAT = re.compile(
    rf"\b(?:no|without|zero|exempt from|free of|excluding|not? charging)\s+(?:any\s+)?{_TAX}\b|\b{_TAX}[\s-]+"
    rf"(?:free|exempt)\b",
    re.I,
)
_REVERSE = re.compile(r"(?:\b(?:with|under|as)\s+)?\breverse[\s-]charge\b", re.I)
_SMALL = re.compile(
    r"(?:\b(?:as|with|under|i am|i'm)\s+(?:an?\s+)?)?\b(?:small[\s-]business(?:\s+(?:exemption|owner|rule))?"
    r"|kleinunternehmer\w*)|§\s*19(?:\s*ustg)?",
    re.I,
)
REVERSE_NOTE = "Reverse charge: the recipient accounts for the VAT."
SMALL_NOTE = "No VAT is charged under the small-business exemption."

_DUE_DAYS = re.compile(
    r"\b(?:due|payable|pay(?:ment)?)\s*(?:is\s+|terms?\s*)?(?:in|within|after|:)?\s*(?P<n>\d{1,3})\s*"
    r"(?P<unit>days?|weeks?)(?:\s+net)?|\bnet\s+(?P<n2>\d{1,3})(?:\s+days)?\b|\bwithin\s+(?P<n3>\d{1,3})\s+"
    r"(?P<unit3>days?|weeks?)",
    re.I,
)
_DUE_NOW = re.compile(r"\b(?:due|payable)\s+(?:immediately|now|at once|on receipt|upon receipt)\b", re.I)
_DUE_DATE = re.compile(rf"\b(?:due|payable)\s*(?:is|on|by|until|date|:)*\s*(?:the\s+)?{WRITTEN}", re.I)

_NAME = (
    r"(?-i:[A-ZÀ-ÖØ-ÞŁŚŻŹČŘŠŽ][\w.&'’-]*(?:[ \t]+(?:&[ \t]+|und[ \t]+|and[ \t]+(?=[A-Z][\w]*\s+(?:GmbH|Ltd|Inc"
    r"|LLC|AG|KG)))?(?:[A-ZÀ-ÖØ-ÞŁŚŻŹČŘŠŽ][\w.&'’-]*|e\.K\.|s\.r\.o\.|z\s*o\.o\.|d\.o\.o\.|mbH|plc|oHG|de"
    r"|der|van|von))*)"
)
_END = (
    r"(?=\s*(?:$|[,;:.!?\n($€£¥]|[-–]\s|\d|\b(?:for|at|with|and|on|about|due|in|over|plus|to|please|is|has|no"
    r"|without|half|a|an|one|two|three|four|five|net|reverse|as|the|which|who|today|now|got|was|paid|owes?"
    r"|yesterday|again|por|pour|per|à)\b))"
)
_CLIENTS = (
    re.compile(rf"^\W*(?:new\s+)?(?:invoice|bill)\s*:\s*(?P<name>{_NAME}){_END}", re.I),
    re.compile(rf"(?P<name>{_NAME})['’]s\s+(?:\w+\s+)?(?:invoices?|bills?|payments?)\b", re.I),
    re.compile(
        rf"\b(?:does|did|do|has|have|hasn't|didn't|doesn't|if|what does|which)\s+(?P<name>{_NAME})\s+"
        r"(?:(?:still|already|finally|ever|now|even|actually|not|has|have)\s+)*(?:owes?|pay|paid|settle[d]?)\b",
        re.I,
    ),
    re.compile(rf"\b(?:the|open|unpaid|last|old|overdue)\s+(?P<name>{_NAME})\s+(?:invoices?|bills?)\b", re.I),
    re.compile(rf"\bclient(?:'s name)?(?:\s+(?:is|to|called|named))?\s*:?\s+(?P<name>{_NAME}){_END}", re.I),
    re.compile(rf"\b(?:invoice|bill|charge)\s+(?P<name>{_NAME})(?=\s|[,:]){_END}", re.I),
    re.compile(
        rf"\b(?:for|to|from|an|für|by|pour|para)\s+(?:my\s+client\s+|the\s+client\s+|client\s+)?"
        rf"(?P<name>{_NAME}){_END}",
        re.I,
    ),
    re.compile(
        rf"\b(?:invoice|bill|charge)\s+(?:for\s+(?=\S+\s+for\s))?(?P<name>[a-zà-ž][\w&.-]+)\s+(?:for\s+)?(?={_AMOUNT})",
        re.I,
    ),
)
_NO_CLIENT = set(
    "over about covering worth on by in like as draft details someone for to a an the my me them him her us it "
    "this that these all no number another new with of at and is was i invoice "
    "one two three four five six seven eight nine ten half hours hour days day work please out up mr mrs ms "
    "seo ux ui api ai ml it qa css html sql php python java javascript typescript react vue angular django wordpress "
    "figma excel power bi tableau vat tax eur usd gbp chf pln czk website design consulting development coaching "
    "today net gross tax".split()
) | {*ENGLISH_WEEKDAYS, *ENGLISH_MONTHS} | {name[:3] for name in ENGLISH_MONTHS}  # fmt: skip

_FILLER = re.compile(
    r"^(?:(?:no|nope|sorry|please|pls|kindly|can|could|would|you|i|want|need|would like|like|let'?s|also|then|now|to"
    r"|and|create|make|draft|write|prepare|issue|generate|raise|send|do|"
    r"add|put|an?|the|my|new|draft|another|one|me|us|invoice|invoices|bill|charge|it|line|item|them|him|her|"
    r"for|of|at|on|with|doing|in total|total|amount|amounting|worth|plus|at a rate|rate|price|each|@|à|x|×|is|was"
    r"|up|the same client(?: again)?|rechnung|facture|factura|fais|hazme|une|una|eine|erstelle|schreibe|para|por"
    r"|pour|über|mit|worked|spent|did|have|over|covering|over the amount)\b|[\s,;:.@×\-–]+)+",
    re.I,
)
_TRAILING = re.compile(
    r"(?:[\s,;:.@×\-–]+|\b(?:for|of|at|on|with|and|plus|to|a|an|the|my|rate|each|price|please|in total|total|it"
    r"|invoice|client|by|from|@|à)\b)+$",
    re.I,
)
_SPLIT = re.compile(r"\s*(?:;|\n|,(?!\d)|\b(?:and|plus|as well as)\b|(?<=\s)\+(?=\s))\s*", re.I)
_AT = re.compile(r"\s*(?:at|@|à|for)\s*[€$£¥\d]", re.I)
_SAME = re.compile(r"\b(?:for\s+)?(?:the\s+)?same client(?:\s+again)?\b", re.I)
_OWN_RATE = re.compile(
    r"\b(?:at|for|with)?\s*my (?:(?:usual|normal|standard|regular|hourly|daily|day)\s+)*rate\b", re.I
)
_QUOTED = re.compile(r"[\"“„«]([^\"“”„«»]{1,300})[\"”“»]")


class LineWords(BaseModel):
    """One line as said: what is None was not said."""

    description: str = ""
    quantity: Decimal | None = None
    unit: str = ""
    price: Decimal | None = None
    price_unit: str = ""
    currency: str = ""
    vat: Decimal | None = None


@dataclass(frozen=True)
class Tax:
    """The tax as said: `percent` None when nothing was; `gross` when prices include it; `note` for the invoice."""

    percent: Decimal | None = None
    gross: bool = False
    note: str = ""


def tidy(text: str) -> str:
    """The text without runs of white space and empty lines, over which patterns could take long."""
    return "\n".join(line for one in text.splitlines() if (line := " ".join(one.split())))


def says_own_rate(text: str) -> bool:
    """Whether the price is left to the rate in the profile."""
    return bool(_OWN_RATE.search(text))


def read_client(text: str) -> str | None:
    """The name of whom the invoice is for, or None."""
    span = _client_span(text)
    return text[span[0] : span[1]].strip(" .,'’") if span else None


def read_tax(text: str) -> Tax:
    """The tax stated for the whole invoice."""
    if _REVERSE.search(text):
        return Tax(Decimal(0), note=REVERSE_NOTE)
    if _SMALL.search(text):
        return Tax(Decimal(0), note=SMALL_NOTE)
    if _NO_VAT.search(text):
        return Tax(Decimal(0))
    found = VAT.search(text)
    return Tax(_percent(found), gross=_gross(found)) if found else Tax()


def read_due(text: str) -> tuple[int | None, str | None]:
    """When it is due: days from the invoice's date, or ``2026-04-01``, ``04-01`` without a year; None where unsaid."""
    if found := _DUE_DATE.search(text):
        year, month, day = day_parts(found)
        return None, f"{month:02d}-{day:02d}" if year is None else f"{year:04d}-{month:02d}-{day:02d}"
    if found := _DUE_DAYS.search(text):
        number = int(found["n"] or found["n2"] or found["n3"])
        weeks = (found["unit"] or found["unit3"] or "").lower().startswith("week")
        return number * (7 if weeks else 1), None
    return (0, None) if _DUE_NOW.search(text) else (None, None)


def read_lines(text: str) -> list[LineWords]:
    """The lines, in order. A quantity without a price takes the next price; a plain amount is a fixed price."""
    span = _client_span(text)
    if span:
        text = f"{text[: span[0]]} | {text[span[1] :]}"
    for pattern in (_OWN_RATE, _SAME, _DUE_DATE, _DUE_DAYS, _DUE_NOW, _REVERSE, _SMALL, _NO_VAT):
        text = pattern.sub(" | ", text)
    text = re.sub(r"\b\d{4}-\d{3,5}\b", " ", text)
    text = re.sub(rf"\b(?:not|instead of|rather than)\s+{NUMBER}(?![\w%])", " ", text, flags=re.I)
    several = len(VAT.findall(text)) > 1
    lines: list[LineWords] = []
    loose: list[str] = []
    for part in _parts(text):
        line = _line(part, own_tax=several)
        if line.price is None and line.quantity is None:
            if line.vat is not None and lines:
                lines[-1].vat = line.vat
            if line.description:
                loose.append(line.description)
        elif lines and lines[-1].price is None and line.quantity is None and (line.price_unit or _AT.match(part)):
            _take_price(lines[-1], line)
        else:
            lines.append(line)
    if not any(line.price or line.quantity for line in lines) and (alone := _ALONE.findall(text)) and len(alone) == 1:
        lines, loose = [LineWords(price=parse_number(alone[0]))], [_describe(_ALONE.sub(" | ", text))]
    if loose and not lines:
        lines.append(LineWords())
    _complete(lines, loose)
    return lines


def _complete(lines: list[LineWords], loose: list[str]) -> None:
    """Share a price said once, give descriptions that stood alone, and take a plain amount for a fixed price."""
    for line, later in zip(lines[-2::-1], lines[:0:-1], strict=True):
        if line.price is None and later.price is not None and line.unit in (later.unit, later.price_unit):
            line.price, line.price_unit, line.currency = later.price, later.price_unit, later.currency
    for line in lines:
        if not line.description and loose:
            line.description = loose.pop(0)
        if line.quantity is None and line.price is not None and not line.price_unit:
            line.quantity = Decimal(1)
        line.unit = line.unit or line.price_unit


def _take_price(last: LineWords, line: LineWords) -> None:
    last.price, last.price_unit, last.currency = line.price, line.price_unit, line.currency
    last.vat = last.vat if line.vat is None else line.vat
    last.description = last.description or line.description


def _parts(text: str) -> list[str]:
    """Split where a new line of the invoice may begin, never inside quotes."""
    quotes = [found.span() for found in _QUOTED.finditer(text)]
    parts, start = [], 0
    for found in _SPLIT.finditer(text):
        if not any(a < found.start() < b for a, b in quotes):
            parts.append(text[start : found.start()])
            start = found.end()
    return [part for part in [*parts, text[start:]] if part.strip(" |")]


def _line(part: str, own_tax: bool) -> LineWords:
    line = LineWords()
    if tax := VAT.search(part):
        line.vat = _percent(tax) if own_tax else None
        part = _cut(part, tax.span())
    quoted = _QUOTED.search(part)
    if quoted:
        part = _cut(part, quoted.span())
    if price := _price(part):
        line.price, line.currency, line.price_unit = price[0], price[1], price[2]
        part = _cut(part, price[3])
    part = _take_quantity(line, part)
    line.description = quoted[1].strip() if quoted else _describe(part)
    return line


def _price(part: str) -> tuple[Decimal, str, str, tuple[int, int]] | None:
    prices: list[Price] = find_prices(part)
    if prices:
        price = prices[-1] if len(prices) == 1 or prices[-1].unit else prices[0]
        return price.money.amount, price.money.currency, price.unit, (price.start, price.end)
    if bare := _BARE_PRICE.search(part):
        per = _PER.match(part, bare.end())
        return (
            parse_number(bare["n"]),
            "",
            UNITS[per["unit"].lower()] if per else "",
            (bare.start(), (per or bare).end()),
        )
    return None


def _take_quantity(line: LineWords, part: str) -> str:
    if clock := _CLOCK.search(part):
        line.quantity, line.unit = (Decimal(clock["h"]) + Decimal(clock["m"]) / 60).quantize(Decimal("0.01")), "h"
        return _cut(part, clock.span())
    if found := _QUANTITY.search(part):
        line.unit = UNITS[found["unit"].lower()]
    elif minutes := _MINUTES.search(part):
        line.quantity, line.unit = (parse_number(minutes["m"]) / 60).quantize(Decimal("0.01")), "h"
        return _cut(part, minutes.span())
    elif line.price is not None:
        found = _TIMES.search(part) or _COUNT.search(part)
        line.unit = "item" if found else ""
    if found is None:
        return part
    words = " ".join(found["n"].lower().split())
    line.quantity = Decimal(WORD_NUMBERS[words]) if words in WORD_NUMBERS else parse_number(found["n"], decimals=3)
    return _cut(part, found.span())


def _describe(part: str) -> str:
    pieces = []
    for piece in part.split("|"):
        rest = _TRAILING.sub("", _FILLER.sub("", piece.strip()))
        if re.search(r"[^\W\d]{2}", rest):
            pieces.append(" ".join(rest.split()))
    text = ", ".join(pieces)
    return text[:1].upper() + text[1:]


def _client_span(text: str) -> tuple[int, int] | None:
    for pattern in _CLIENTS:
        for found in pattern.finditer(text):
            words = re.findall(r"[\w&]+", found["name"].lower())
            if words and not all(word in _NO_CLIENT or word.isdigit() for word in words):
                start, end = found.span("name")
                return start, end - 2 * found["name"].endswith(("'s", "’s"))
    return None


def _percent(found: re.Match[str]) -> Decimal:
    return parse_number(found["n"] or found["n2"])


def _gross(found: re.Match[str]) -> bool:
    return bool(found["after"]) or bool(found["how"] and found["how"].lower().startswith(("inc", "ink")))


def _cut(text: str, span: tuple[int, int]) -> str:
    return f"{text[: span[0]]} | {text[span[1] :]}"

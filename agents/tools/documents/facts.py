"""Facts that stand in a document in a fixed form: dates, periods, sums of money, shares, parties, with their place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from agents.tools.calculation.numbers import COUNT, amounts, money_text
from config.dates import written_dates
from integrations.media.documents.passages import sentences

_PERIOD = re.compile(
    rf"\bnet\s+\d{{1,3}}(?:\s+days)?\b|\b(?:\d{{1,3}}|{COUNT})(?:\s+|-)(?:working |business |calendar )?"
    r"(?:days?|weeks?|months?|years?)\b['’]?(?:\s+(?:written\s+)?notice)?",
    re.IGNORECASE,
)
_SHARE = re.compile(r"(?<![\w.,])\d{1,3}(?:[.,]\d+)?\s?(?:%|percent\b|per cent\b|percentage points?\b)")
_UNITS = {"h": "hour"}
_ROLE = re.compile(
    r"\((?:hereinafter |hereafter )?(?:referred to as |called )?(?:the |der |die )?[\"“”'„]?"
    r"(?P<role>[A-ZÄÖÜ][\w-]+(?: [A-Z][\w-]+)?)[\"”“']?\)"
)
_LABEL = re.compile(
    r"^(?P<role>Client|Customer|Contractor|Freelancer|Consultant|Supplier|Provider|Company|Employer|Buyer|Seller|Vendor|"
    r"Agency|Prepared for|Prepared by|Auftraggeber|Auftragnehmer|From|To)\s*(?::|\|)\s*(?P<name>[^|]{3,120})",
    re.MULTILINE,
)
_COMPANY = re.compile(
    r"(?:[A-ZÄÖÜ][\w&'’-]*,? ){1,4}"
    r"(?:GmbH|AG|UG|KG|SE|Ltd|Limited|LLC|LLP|Inc|Corp|B\.?V|S\.A|SARL|S\.r\.l|AB|Oy|ApS|PLC)\b\.?"
)
_BY = re.compile(
    r"\brepresented by (?P<name>[A-ZÄÖÜ][\w.'-]+(?: [A-ZÄÖÜ][\w.'-]+){1,2})(?:, (?P<title>[^,.()]{2,40}))?"
)


@dataclass(frozen=True)
class Fact:
    """Something found: `value` in its normal form (ISO date, ``1,000.00 €``), `text` as written, and its sentence."""

    value: str
    text: str
    context: str
    place: str


def facts(passages: Iterable[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """All facts of a document's passages (``text``, ``place``), by kind, for a job; dates in order of time.

    Returns ``{"dates", "periods", "amounts", "shares", "parties"}``, each a list of facts.
    """
    found: dict[str, list[Fact]] = {"dates": [], "periods": [], "amounts": [], "shares": []}
    passages = list(passages)
    for passage in passages:
        for sentence in sentences(passage["text"]):
            for kind, value, text in _in_sentence(sentence):
                found[kind].append(Fact(value, text, around(sentence, text), passage["place"]))
    found["dates"].sort(key=lambda fact: fact.value)
    found["parties"] = list(parties(passages))
    return {kind: [asdict(fact) for fact in dict.fromkeys(items)] for kind, items in found.items()}


def _in_sentence(sentence: str) -> Iterator[tuple[str, str, str]]:
    for day, text in dates(sentence):
        yield "dates", day.isoformat(), text
    for match in _PERIOD.finditer(sentence):
        yield "periods", match[0], match[0]
    for amount in amounts(sentence):
        unit = f" / {_UNITS.get(amount.unit, amount.unit)}" if amount.unit else ""
        yield "amounts", money_text(amount.value, amount.currency) + unit, sentence[amount.start : amount.end]
    for match in _SHARE.finditer(sentence):
        yield "shares", match[0], match[0]


def dates(text: str) -> Iterator[tuple[date, str]]:
    """Every full date with the words it stands in. ``3/4/2026`` is the third of April unless that is no date."""
    for found in written_dates(text):
        if found.date:
            yield found.date, text[found.start : found.end]


def parties(passages: Iterable[dict[str, Any]]) -> Iterator[Fact]:
    """Who the document is between: names as `value` with their role as `text`, and who stands for them."""
    named = [(*entry, passage["place"]) for passage in passages for entry in _named(passage["text"])]
    named.sort(key=lambda entry: entry[0] == "named")  # a name with a role says more than the bare name
    seen: set[str] = set()
    for role, name, context, place in named:
        known = name.lower()
        if 2 < len(name) <= 80 and not any(known in other or other in known for other in seen):
            seen.add(known)
            yield Fact(name, role, context, place)


def _named(text: str) -> Iterator[tuple[str, str, str]]:
    for sentence in sentences(text):
        start = 0
        for role in _ROLE.finditer(sentence):
            if name := _before_role(sentence[start : role.start()]):
                yield role["role"], name, around(sentence, name)
            start = role.end()
        for by in _BY.finditer(sentence):
            title = f", {by['title']}" if by["title"] and not by["title"].startswith("and ") else ""
            yield f"represents{title}", by["name"], around(sentence, by["name"])
    for label in _LABEL.finditer(text):
        yield label["role"], label["name"].split(",")[0].strip(" ."), around(label[0], label["name"])
    for company in _COMPANY.finditer(text):
        yield "named", company[0].strip(), around(company[0], company[0])


def _before_role(text: str) -> str:
    text = re.split(r"\b(?:between|among|zwischen)\s", text)[-1].strip()
    if re.match(r"(?:,|and\b|und\b)", text):  # what follows the first party's role up to the second party's name
        text = re.split(r"(?:^|,\s*|\s)(?:and|und)\s+", text)[-1]
    return text.split(",")[0].split(" a company ")[0].strip(' ."“”')


def around(sentence: str, text: str, width: int = 150) -> str:
    """The sentence, or as much of it around the text as fits, cut at words."""
    if len(sentence) <= width:
        return sentence
    middle = max(sentence.find(text), 0) + len(text) // 2
    start = max(0, min(middle - width // 2, len(sentence) - width))
    piece = sentence[start : start + width]
    if start:
        piece = "…" + piece.partition(" ")[2]
    return piece if start + width >= len(sentence) else piece.rpartition(" ")[0] + "…"

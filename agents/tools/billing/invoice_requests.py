"""Which of the things one can do with invoices a sentence asks for, and what it says about it."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from agents.tools.billing.invoice_words import read_client, read_due, read_lines, read_tax, says_own_rate, tidy
from config.dates import ENGLISH_MONTHS, month_of

_ACTIONS: tuple[tuple[str, str], ...] = (
    (
        "void",
        r"\b(?:void|cancel|annul|delete|remove|storno|stornieren|withdraw|discard|scrap)\b(?=.*\b(?:invoices?|it"
        r"|that|this|one|draft|\d{4}-\d+)\b)",
    ),
    (
        "unpay",
        r"\b(?:not paid after all|payment (?:was )?(?:reversed|bounced|returned)|undo (?:the )?payment|mark "
        r".*\bunpaid\b)",
    ),
    (
        "list",
        r"\b(?:unpaid|overdue|outstanding|not (?:yet )?(?:been )?paid|has(?:n't| not) paid|owes?|owed|past due|late)\b"
        r"|\b(?:list|which|all|see|show(?: me)?|view|what|my|any|open|the)\b[^.?]*\binvoices\b(?!\s+(?:for"
        r"|to)\s+\d)|^\W*invoices\b",
    ),
    (
        "billed",
        r"\b(?:how much|what)\b[^.?!]*\b(?:did|has|have)\b[^.?!]*\b(?:pay|paid)\b(?: me| us)?|"
        r"\b(?:how much|what|total|sum)\b.*\b(?:bill(?:ed)?|invoiced?|earn(?:ed|ings)?|made?|turnover|revenue"
        r"|income|took in|came in)\b"
        r"|\b(?:my|total|yearly|monthly|show|this (?:year|month)'?s?)\b.*\b(?:turnover|revenue|earnings|income)\b",
    ),
    (
        "paid",
        r"\b(?:is|was|been|got|as|has|have|to)\b(?:\s+now|\s+been|\s+already|\s+finally)?\s+paid\b"
        r"|\bmark\b.*\bpaid\b|\bpaid\s+(?:invoice|me|it|that|in full|the|\d)"
        r"|\bpayment\b.*\b(?:received|arrived|came in|in)\b|\breceived\b.*\b(?:payment|money)\b"
        r"|\binvoice\b.*\bpaid\b|^\W*[\w&.\s]{2,40}\s+(?:has\s+)?paid\W*$"
        r"|\b(?:money|payment|transfer|cash)\b[^.?!]{0,40}\b(?:arrived|came|received|landed|is (?:in|here|there))\b"
        r"|^\W*[\w&.\s]{2,40}\s(?:hat (?:be|ge)zahlt|hat überwiesen|ha pagado|pagó|a payé|a réglé|ha pagato|pagou)\b",
    ),
    (
        "sent",
        r"\bmark\b.*\bsent\b|\bi(?:'ve| have)?\s+(?:just\s+|already\s+)?(?:sent|mailed|emailed|posted)\b|\b(?:is"
        r"|was|as|been)\s+sent\b",
    ),
    (
        "show",
        r"\b(?:show|open|display|view|download|print|see|get|give me|export|look at)\b(?=.*\b(?:invoice|pdf|it"
        r"|that|\d{4}-\d+)\b)|\bpdf\b",
    ),
    (
        "change",
        r"\b(?:change|correct|update|edit|adjust|amend|fix|set|make (?:it|that|the)|rather|instead|rename)\b"
        r"|\badd\b.*\bto\s+(?:it|that|this|the|my|invoice)\b"
        r"|^\W*(?:no|nope|sorry|wrong)\b\W+[€$£]?\s?\d"
        r"|^\W*(?:it'?s\s+|this is\s+|that is\s+)?(?:for|to)\s+(?!\d)|^\W*(?:the\s+)?client\s+(?:is|:)|^\W*(?:with"
        r"|without|no|plus)\b.*\b(?:vat|tax)\b|^\W*due\b|\b(?:invoice|it)\s+is\s+(?:for|to)\b",
    ),
)
_COMPILED = tuple((action, re.compile(pattern, re.I | re.S)) for action, pattern in _ACTIONS)
_CREATE = re.compile(
    r"\b(?:create|make|draft|write|prepare|issue|generate|raise|new|do|need|want|send|add)\b(?:\s+\w+){0,3}?\s+"
    r"(?:invoice|bill)\b|^\W*(?:please\s+)?(?:invoice|bill|charge)\s+(?!\d{4}-|\d+\s+(?:is|was|has)\b|number|no\b"
    r"|#|is\b|was\b|has\b)",
    re.I,
)
LONGEST = 5_000
"""Characters read of one request: about a hundred lines of an invoice."""
_QUESTION = re.compile(r"^\W*(?:is|was|has|have|did|are)\b.*\b(?:paid|pay|sent|due)\b", re.I)
_NUMBER = re.compile(r"\b(\d{4}-\d{3,6})\b")
_SHORT_NUMBER = re.compile(
    r"\b(?:invoice|no\.|nr\.|number|#)\s*(?:number\s+|no\.?\s*|nr\.?\s*|#\s*)?(\d{1,6})\b(?!\s*(?:[a-z€$£%.,/]*\d|h\b|hours?|days?|x\b))",
    re.I,
)
_STATES = (
    ("overdue", r"\boverdue\b|\bpast due\b|\blate\b"),
    ("unpaid", r"\bunpaid\b|\boutstanding\b|\bowe[sd]?\b|\bnot (?:yet )?(?:been )?paid\b|\bn[o']t paid\b|\bopen\b"),
    ("draft", r"\bdrafts?\b"),
    ("void", r"\bvoid(?:ed)?\b|\bcancel+ed\b"),
    ("paid", r"\bpaid\b"),
    ("sent", r"\bsent\b"),
)
_PERIOD = re.compile(
    rf"\b(?P<rel>this|last|previous|current|past)\s+(?P<unit>year|month|quarter|week)\b|\b(?P<day>today)\b"
    rf"|\b(?P<month>{'|'.join(ENGLISH_MONTHS)})\b(?:\s+(?P<year>20\d\d))?|\b(?:in|for|of|during)?\s*(?P<only>20\d\d)\b(?!-)",
    re.I,
)


def read_request(clause: str) -> dict[str, Any]:
    """The fields of an invoice task a sentence fills: its action, and for each action what it needs."""
    clause = tidy(clause[:LONGEST])
    action = read_action(clause)
    fields: dict[str, Any] = {"action": action, "number": read_number(clause, action)}
    if action in ("list", "billed"):
        fields["state"] = next((state for state, cue in _STATES if re.search(cue, clause, re.I)), None)
        fields["period"] = read_period(clause)
        fields["client"] = read_client(clause)
    elif action in ("create", "change"):
        tax = read_tax(clause)
        days, day = read_due(clause)
        lines = read_lines(_NUMBER.sub(" ", clause))
        fields |= {
            "lines": [line.model_dump(mode="json") for line in lines],
            "client": read_client(clause),
            "vat": tax.percent,
            "gross": tax.gross,
            "note": tax.note or None,
            "due_days": days,
            "due_on": day,
            "own_rate": says_own_rate(clause),
            "adds": bool(re.search(r"\badd\b", clause, re.I)),
        }
    elif action in ("paid", "void", "show", "sent"):
        fields["client"] = read_client(clause) or _payer(clause)
    return {name: value for name, value in fields.items() if value is not None}


def read_action(clause: str) -> str:
    """create, list, billed, show, sent, paid, unpay, void or change."""
    if _CREATE.search(clause) and not re.search(r"\b(?:unpaid|overdue)\b", clause, re.I):
        return "create"
    if _QUESTION.search(clause):
        return "show" if _NUMBER.search(clause) or re.search(r"\binvoice\b", clause, re.I) else "list"
    for action, pattern in _COMPILED:
        if pattern.search(clause):
            return action
    return "create"


def read_number(clause: str, action: str) -> str | None:
    """The invoice a sentence names: ``2026-0003``, or ``3`` in "invoice 3"."""
    if found := _NUMBER.search(clause):
        return found[1]
    short = _SHORT_NUMBER.search(clause) if action != "create" else None
    return short[1] if short and not re.fullmatch(r"20\d\d", short[1]) else None


def read_period(clause: str) -> str | None:
    """The time a question is about: ``this year``, ``last month``, ``today``, ``2025``, ``march`` or ``march 2025``."""
    found = _PERIOD.search(clause)
    if not found:
        return None
    if found["rel"]:
        rel = {"current": "this", "previous": "last", "past": "last"}.get(found["rel"].lower(), found["rel"].lower())
        return f"{rel} {found['unit'].lower()}"
    if found["month"]:
        return f"{found['month']} {found['year'] or ''}".strip().lower()
    return found["only"] or "today"


def days_of(period: str, today: date) -> tuple[date, date]:
    """The first and last day of a period as `read_period` names it."""
    first, _, unit = period.partition(" ")
    if period == "today":
        return today, today
    if first.isdigit():
        return date(int(first), 1, 1), date(int(first), 12, 31)
    if month := month_of(first):
        year = int(unit) if unit else today.year - (month > today.month)
        return date(year, month, 1), _month_end(year, month)
    back = int(first == "last")
    if unit == "week":
        monday = today - timedelta(days=today.weekday() + 7 * back)
        return monday, monday + timedelta(days=6)
    if unit == "year":
        return date(today.year - back, 1, 1), date(today.year - back, 12, 31)
    size = 3 if unit == "quarter" else 1
    start = (today.year * 12 + today.month - 1) // size * size - size * back
    end = start + size - 1
    return date(start // 12, start % 12 + 1, 1), _month_end(end // 12, end % 12 + 1)


def _month_end(year: int, month: int) -> date:
    return (date(year, month, 28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _payer(clause: str) -> str | None:
    found = re.match(
        r"\W*(?:(?:a|la|die|der) )?(?P<name>[\w&.' -]{2,60}?)\s+(?:(?:has|have|just|now|finally|ha|hat|at|a)\s+)*"
        r"(?:paid|pagado|pagó|payé|réglé|pagato|pagou|bezahlt|gezahlt|überwiesen)\b",
        clause,
    ) or re.search(
        r"\b(?:money|payment|transfer|cash)\s+(?:from|of|by)\s+(?P<name>[A-Z][\w&.'-]*(?: [A-Z][\w&.'-]*)*)", clause
    )
    if not found or re.search(r"\b(?:invoice|it|that|this|mark|was|is|i|they|been|got|the|one)\b", found["name"], re.I):
        return None
    return found["name"].strip()

"""What is said about settling an invoice: a part of it paid, credited, late, due again every month, or as XRechnung."""

from __future__ import annotations

import re
from typing import Any

from agents.tools.billing.invoice_requests import read_number
from agents.tools.billing.invoice_words import read_client
from memory.money import find_prices

_CREDIT = re.compile(
    r"\bcredit (?:note|memo)s?\b|\bcredit (?:the |my )?(?:invoice|\d{4}-\d)|\bgutschrift\b|\brechnungskorrektur\b"
    r"|\bnotas? de cr[eé]dito\b|\bnota di credito\b|\bfactura rectificativa\b|\bfacture d['’]avoir\b|\bun avoir\b"
    r"|\brefund\b[^.?!]{0,40}\binvoice\b",
    re.I,
)
_PAID = re.compile(
    r"\b(?:paid|pays|received|got|came in|transferred|wired|partial(?:ly)?|part|deposit|instal?ment|down payment"
    r"|gezahlt|überwiesen|anzahlung|pagado|pagó|acompte|payé|versé|acconto|pagato|pagou)\b",
    re.I,
)
_FOR_INVOICE = re.compile(
    r"\b(?:invoice|rechnung|factura|facture|fattura|fatura)\b|\b\d{4}-\d{3,6}\b|\b(?:of|on|towards?|off) (?:it|that)\b"
    r"|\bpartial(?:ly)?\b|\bpart(?: of)? (?:payment|it)\b|\bdeposit\b|\binstal?ment\b",
    re.I,
)
_PAYER = re.compile(
    r"^\W*(?!i\b|we\b|ich\b|yo\b|je\b|eu\b|io\b)[\w&.' -]{2,50}?\s+(?:has\s+|have\s+|just\s+)*paid\b", re.I
)
_MINE = re.compile(r"\b(?:i|we)(?:'ve| have)? (?:just )?(?:paid|spent|bought|transferred|wired)\b", re.I)
_INTEREST = re.compile(
    r"\blate (?:payment )?(?:interest|fees?|charges?)\b|\binterest\b[^.?!]{0,40}\b(?:overdue|late|invoice|owe\w*)\b"
    r"|\b(?:overdue|late)\b[^.?!]{0,30}\binterest\b|\bverzugszins\w*|\bmahngebühr\w*|\bintereses de demora\b"
    r"|\bintérêts? de retard\b|\binteressi di mora\b|\bjuros de mora\b",
    re.I,
)
_REMIND = re.compile(
    r"\b(?:first|second|third|final|next|another) (?:payment )?(?:reminder|notice)\b|\bdunning\b|\bdun\b"
    r"|\breminders? level\b|\bi(?:'ve| have)? reminded\b|\b(?:mahnung|zahlungserinnerung)\b|\bmahne?\b"
    r"|\b(?:payment )?reminder\b[^.?!]{0,30}\b(?:invoice\b|\d{4}-\d)|\bremind\b[^.?!]{0,40}\binvoice \d{4}-\d",
    re.I,
)
_EVERY = re.compile(
    r"\b(?:every|each|per|once an?|jede[ns]?|cada|chaque|ogni|tous les|toutes les|todos los|todas las)\s+"
    r"(?P<unit>week|month|quarter|year|woche|monat|quartal|jahr|mes|semana|año|trimestre|mois|semaine|an|année|mese"
    r"|settimana|anno|mês|ano)\b|\b(?P<ly>weekly|monthly|quarterly|yearly|annual(?:ly)?|monatlich|mensual\w*|mensuel\w*"
    r"|mensile|mensal\w*)\b",
    re.I,
)
_RECURRING = re.compile(r"\b(?:recurring|repeat(?:ing)?|subscription|retainer|wiederkehrende?\w*|récurrentes?)\b", re.I)
_BILLS = re.compile(r"\b(?:invoices?|bill|charge|rechnung\w*|factur\w+|fattur\w+|fatur\w+)\b", re.I)
_STOPS = re.compile(r"\b(?:stop|end|cancel|pause|no more|beende|stoppe?|detén|arrête|ferma|para)\b", re.I)
_LISTS = re.compile(r"\b(?:list|show|which|what|my|all|are there)\b", re.I)
_UNITS = {
    "week": ("week", "woche", "semana", "semaine", "settimana"),
    "month": ("month", "mon", "mes", "mois", "mens", "mês"),
    "quarter": ("quart", "trimestre"),
    "year": ("year", "annual", "jahr", "año", "an", "ann", "ano"),
}
_XRECHNUNG = re.compile(r"\bx-?rechnung\b", re.I)
_LEITWEG = re.compile(
    r"\b(?:leitweg(?:-?id)?|buyer(?:'s)? reference|reference)\b\s*(?:is|:|=)?\s*(?P<id>[\w][\w-]{2,45})", re.I
)


def read_settling(clause: str) -> dict[str, Any] | None:
    """The fields of a task that settles an invoice, or None when it is about something else."""
    number = {"number": found} if (found := read_number(clause, "show")) else {}
    named = number or ({"client": client} if (client := read_client(clause)) else {})
    if _XRECHNUNG.search(clause):
        buyer = _LEITWEG.search(clause)
        return {"action": "xrechnung", **named, **({"buyer": buyer["id"]} if buyer else {})}
    if _CREDIT.search(clause):
        return {"action": "credit", **named, **_amount(clause)}
    if _INTEREST.search(clause):
        return {"action": "interest", **named}
    if _BILLS.search(clause) and (every := _every(clause)):
        return {"action": "recur", "every": every}
    if _RECURRING.search(clause) and _BILLS.search(clause):
        if _STOPS.search(clause):
            return {"action": "recur_stop", **named}
        return {"action": "recur_list"} if _LISTS.search(clause) else {"action": "recur", "every": "month"}
    if _REMIND.search(clause):
        return {"action": "remind", **named}
    amount = _amount(clause)
    if amount and _PAID.search(clause) and not _MINE.search(clause):
        payer = _PAYER.match(clause)
        if payer or _FOR_INVOICE.search(clause):
            who = re.match(r"\W*(?P<name>[\w&.' -]{2,50}?)\s+(?:has\s+|have\s+|just\s+)*paid\b", clause, re.I)
            named = named if number else {"client": who["name"].strip()} if payer and who else named
            return {"action": "pay", **named, **amount}
    return None


def _amount(clause: str) -> dict[str, Any]:
    prices = [price for price in find_prices(clause) if not price.unit]
    return {"amount": str(prices[0].money)} if prices else {}


def _every(clause: str) -> str:
    found = _EVERY.search(clause)
    if not found:
        return ""
    word = (found["unit"] or found["ly"]).lower()
    return next((unit for unit, begins in _UNITS.items() if word.startswith(begins)), "month")

"""What is said about leads, proposals and goals; of projects see `project_words`."""

from __future__ import annotations

import re
from typing import Any

from agents.tools.billing.invoice_words import read_client
from agents.tools.business.project_words import about_projects, read_project
from memory.money import find_prices, parse_number, plain

SOURCES = {
    "referral": r"referral|recommended|recommendation|referred|empfehlung|recomendación|recommandation",
    "mail": r"e-?mail(?:ed)?|mailed|wrote (?:to )?me|newsletter",
    "linkedin": r"linkedin",
    "upwork": r"upwork",
    "website": r"(?:my|through|via|over|by) (?:my )?(?:web ?site|homepage|portfolio|web)|contact form",
    "phone": r"phone|called|rang",
    "event": r"event|conference|meetup|fair",
    "repeat": r"old client|again|repeat|existing client",
}
_GOAL = re.compile(r"\b(?:goals?|targets?|ziele?|objetivos?|objectifs?|obiettiv[oi]|metas?)\b", re.I)
_RUNS = re.compile(r"\bwhich jobs (?:are (?:running|active)|am i working on|laufen)\b", re.I)
_PROPOSAL = re.compile(r"\b(?:proposals?|bids?|offers?|angebote?|propuestas?|propositions?|proposte?)\b", re.I)
_NEW = re.compile(
    r"\b(?:new|neue[rn]?|add|another|got an?|have an?|note)\b[^.?!]{0,30}\b(?:lead|enquiry|inquiry|prospect|anfrage|"
    r"interessent(?:in)?)\b|^\W*(?:lead|prospect|interessent(?:in)?)\s*:|\b(?:put|stick|add|save|note|"
    r"enter)\b.{0,40}\bleads?\b",
    re.I,
)
_STATES = (
    ("withdrawn", r"\b(?:withdr[ae]wn?|take back|retract)\b"),
    ("declined", r"\b(?:declined|rejected|turned down|said no|refused)\b"),
    ("accepted", r"\b(?:accepted|said yes|agreed|signed)\b"),
    ("sent", r"\b(?:sent|submitted|mailed|handed in|sent off)\b"),
)
_LEAD_STATES = (
    ("lost", r"\b(?:lost|fell through|went (?:with|to|cold|quiet|nowhere)|no longer|is (?:dead|cold))\b"),
    ("won", r"\b(?:won|got it|closed|signed)\b"),
    ("dropped", r"\b(?:drop(?:ped)?|not (?:pursuing|interested)|forget|ignore|pass(?:ed)? on)\b"),
    ("proposed", r"\b(?:answered|replied|proposed|offered)\b"),
)
_TITLE = re.compile(
    r"\b(?:wants?|needs?|braucht|ask(?:s|ed)? (?:me )?(?:for|about)|looking for|interested in|about|for)\s+"
    r"(?:an?\s+|the\s+|some\s+)?(?P<title>[^,.;:!?\n]{3,80}?)(?=\s*(?:[,.;:!?]|$|\bfor\s+[€$£\d]|\bworth\b|\bvia\b"
    r"|\bthrough\b|\bfrom\b|\bbudget\b|\b(?:about|around)\s+[€$£\d]))",
    re.I,
)
_PERSON = re.compile(
    r"\b(?:lead|enquiry|inquiry|prospect|interessent(?:in)?)\b\s*(?:from|:|-|called|named|is)?\s+"
    r"(?:(?:somebody|someone|a (?:man|woman|guy|lady)|called|named|mrs?\.?|ms\.?|frau|herrn?|sra?\.?|"
    r"mme)\s+)*(?P<name>(?-i:[A-ZÀ-Ž][\w&.'-]+"
    r"(?:\s+[A-ZÀ-Ž][\w&.'-]+){0,3}))|^\W*(?P<first>(?-i:[A-ZÀ-Ž][\w&.'-]+(?:\s+[A-ZÀ-Ž][\w&.'-]+){0,2}))\s+(?:wants|"
    r"needs|asks|asked|called|wrote|rang|is looking)|(?P<owner>(?-i:[A-ZÀ-Ž][\w&.-]+))['’]s\s+lead\b"
    r"|\b(?:put|add|save|note|"
    r"enter)\s+(?P<put>(?-i:[A-ZÀ-Ž][\w&.'-]+(?:\s+[A-ZÀ-Ž][\w&.'-]+){0,2}))\s+(?:down )?(?:as|to|in)\b",
    re.I,
)
_WORTH = re.compile(
    r"(?<![\w.,:/-])(?P<n>\d{1,3}(?:[.,]\d{3})+|\d+(?:[.,]\d+)?)(?P<k>\s?k\b)?(?=\s*(?:-?ish|or so|tops|"
    r"max)?\s*(?:[,.;!?)]|$))",
    re.I,
)
"""What somebody may pay, without its currency: "maybe 800", "2.4k"."""
MOST_HOURS = 300
"""More than so many can hardly be hours or clients, where nothing says which."""
_MEASURES = (
    ("hours", r"\bhours?\b|\bstunden\b|\bhoras\b|\bheures\b"),
    ("proposals", r"\bproposals?\b|\bbids?\b|\bangebote?\b"),
    ("clients", r"\b(?:new )?(?:clients?|customers?)\b|\bkunden\b"),
)
_PERIODS = re.compile(r"\b(?P<unit>week|month|quarter|year|woche|monat|quartal|jahr|mes|año|mois|an|anno|mese)\b", re.I)
_UNITS = {"woche": "week", "monat": "month", "quartal": "quarter", "jahr": "year", "mes": "month", "año": "year"}
_UNITS |= {"mois": "month", "an": "year", "anno": "year", "mese": "month"}
_THOUSANDS = re.compile(r"(?<![\w.,])(?P<n>\d+(?:[.,]\d+)?)(?P<k>\s?k)\b", re.I)
_EARNS = re.compile(
    r"\b(?:make|earn|turn ?over|revenue|income|invoice|umsatz|verdienen|ganar|gagner|guadagnare|faturar)\b", re.I
)
_NUMBER = re.compile(r"(?<![\w.,])(?P<n>\d+(?:[.,]\d+)?)\b")


def read_pipeline(clause: str) -> dict[str, Any]:
    """The fields of a task about leads, proposals, projects or goals."""
    if _RUNS.search(clause):
        return {"action": "projects"}
    if _GOAL.search(clause):
        return _goal(clause)
    if _PROPOSAL.search(clause) and not re.search(r"\bleads?\b", clause, re.I):
        state = next((name for name, cue in _STATES if re.search(cue, clause, re.I)), None)
        if state and not re.search(r"^\W*(?:which|what|how many|list|show)\b", clause, re.I):
            return {"action": "proposal", "state": state}
        return {"action": "proposals", **({"state": state} if state else {})}
    state = next((name for name, cue in _LEAD_STATES if re.search(cue, clause, re.I)), None)
    if about_projects(clause) and not state and not re.search(r"\bleads?\b", clause, re.I):
        return read_project(clause)
    who = _PERSON.search(clause)
    name = next(filter(None, who.groups())) if who else read_client(clause)
    asks = re.search(r"^\W*(?:which|what|how many|list|show|my|how)\b", clause, re.I)
    if _NEW.search(clause) or (who and not state and not asks):
        return {"action": "lead", **_lead(clause, name)}
    if state and not asks:
        return {"action": "move", "state": state, **({"name": name} if name else {})}
    return {"action": "leads", **({"state": state} if state else {})}


def _lead(clause: str, name: str | None) -> dict[str, Any]:
    fields: dict[str, Any] = {"name": name} if name else {}
    if prices := [price for price in find_prices(clause) if not price.unit]:
        fields["amount"] = str(prices[0].money)
    elif bare := _WORTH.search(clause):
        fields["amount"] = _times(bare)
    if title := _TITLE.search(clause):
        fields["title"] = title["title"].strip()
    fields["source"] = next((key for key, cue in SOURCES.items() if re.search(rf"\b(?:{cue})\b", clause, re.I)), "")
    return fields


def _goal(clause: str) -> dict[str, Any]:
    if re.search(r"\b(?:drop|delete|remove|forget|cancel)\b", clause, re.I):
        return {"action": "goal_drop"}
    prices = find_prices(clause)
    number = _NUMBER.search(clause) or _THOUSANDS.search(clause)
    if not prices and not number:
        return {"action": "goals"}
    fields: dict[str, Any] = {"action": "goal"}
    period = _PERIODS.search(clause)
    unit = period["unit"].lower() if period else ""
    fields["period"] = _UNITS.get(unit, unit) or "year"
    if prices:
        return {**fields, "measure": "revenue", "amount": str(prices[0].money)}
    assert number
    measure = next((name for name, cue in _MEASURES if re.search(cue, clause, re.I)), "")
    if not measure and ((large := _THOUSANDS.search(clause)) or _EARNS.search(clause)):
        return {**fields, "measure": "revenue", "amount": _times(large or number)}
    if not measure and parse_number(number["n"]) > MOST_HOURS:
        return {**fields, "measure": "revenue", "amount": _times(number)}
    measure = measure or "hours"
    return {**fields, "measure": measure, "count": number["n"].replace(",", ".")}


def _times(hit: re.Match[str]) -> str:
    """A sum without its currency, in full: ``2.4k`` is 2400."""
    return plain(parse_number(hit["n"]) * (1000 if hit["n"] and "k" in hit.re.groupindex and hit["k"] else 1))

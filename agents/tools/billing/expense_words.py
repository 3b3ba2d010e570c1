"""Reads an expense from a sentence: what, how much, for whom, which category, on which day."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from agents.tools.billing.invoice_requests import read_period
from config.dates import find_dates
from memory.money import NUMBER, find_prices, parse_number

CATEGORIES = {
    "travel": r"train|flight|plane|taxi|uber|bus|ticket|hotel|airbnb|parking|fuel|petrol|gas station|"
    r"mileage|toll|travel|trip|bahn|zug|flug|tanken|benzin|rental car|car rental|ferry|metro|"
    r"subway",
    "software": r"software|licen[cs]e|subscription|saas|hosting|domain|server|cloud|adobe|figma|github|"
    r"jetbrains|plugin|theme|abo\b|app\b|api credits|aws|openai|chatgpt",
    "hardware": r"laptop|computer|monitor|screen|keyboard|mouse|phone|tablet|camera|printer|cable|"
    r"headphones|headset|webcam|hard drive|ssd|microphone|charger",
    "office": r"office|co-?working|rent\b|desk|chair|paper|stationery|postage|stamps?|post\b|books?|"
    r"electricity|heating|pens?",
    "meals": r"lunch|dinner|breakfast|coffee|meal|restaurant|catering|food|snack|essen",
    "education": r"course|training|workshop|conference|seminar|certificat|tutorial|class\b|webinar",
    "marketing": r"ads?\b|advert|marketing|business cards?|flyers?|promotion|portfolio site|"
    r"linkedin premium",
    "insurance": r"insurance|versicherung|liability cover",
    "communication": r"internet|mobile plan|phone bill|telephone|sim card|broadband",
    "fees": r"fees?\b|bank|commission|upwork|fiverr|paypal|stripe|tax advis|accountant|lawyer|notary|"
    r"membership|chamber",
    "subcontractors": r"subcontract|freelancer|contractor|assistant|translator|designer|developer|editor",
}
"""What an expense is put under, by words in it; "other" where none fits."""
_ABOUT = re.compile(
    r"\bexpens\w*|\breceipts?\b|\b(?:i|we)(?:'ve| have)? (?:just )?(?:spent|paid|bought|ordered|"
    r"purchased)\b|\bspent\b|\bspendings?\b"
    r"|^\W*(?:spent|paid|bought)\b|\bhow much did i spend\b|\bmy costs\b|\b(?:book|log|record|"
    r"add) \W?\d[^.?!]*\b(?:as|for)\b",
    re.I,
)
_BEGINS = re.compile(
    rf"\W*(?:(?:add|book|log|note|put|enter|just|the|a|an|my|had|with|client|business|\w+ing)\s+){{0,3}}(?:{CATEGORIES['travel']}|{CATEGORIES['meals']})\b"
    r"(?!.*\b(?:bill|charge)\b)",
    re.I,
)
"""What costs and is nobody's work stands first: "taxi 18 yesterday"."""
_COST = re.compile(rf"(?<![\w.,/-])(?P<n>{NUMBER})(?![\w%/:-]|[.,]\d|\s*(?:%|h\b|hours?|days?|weeks?|people|x\b))")
_INVOICE = re.compile(r"\binvoices?\b|\bhas paid\b|\bpaid (?:me|us|up)\b|\bgot paid\b", re.I)
_REMOVE = re.compile(r"\b(?:delete|remove|undo|cancel|drop|scrap)\b", re.I)
_LIST = re.compile(
    r"\b(?:list|show|what|which|how much|how many|sum|total|see|overview|report)\b|^\W*(?:my )?expenses\b|"
    r"\bexpenses\W*$"
    r"|\bexpenses (?:this|last|in|for|by)\b",
    re.I,
)
_RECEIPT = re.compile(r"\b(?:book|add|log|file|enter|save|record|keep)\b[^.?!]{0,20}\b(?:receipt|it|that|this)\b", re.I)
_REBILL = re.compile(
    r"\b(?:bill|charge|invoice) (?:it|that|this) (?:on|back)\b|"
    r"\b(?:re-?bill\w*|billable|charge (?:it )?(?:on|back)|pass(?:ed)? on|reimburs\w+|to bill)\b",
    re.I,
)
_OWN = re.compile(r"\b(?:not|non)[- ]?(?:re-?)?billable\b|\bmy own\b|\bdon'?t (?:re-?)?bill\b|\bat my own\b", re.I)
_CLIENT = re.compile(r"\b(?i:for) (?i:the |client )?(?P<name>[A-Z][\w&.+-]*(?:\s+[A-Z&][\w&.+-]*){0,3})")
_VAT = re.compile(r"\b(?:incl\w*|with|plus)?\W*(?P<n>\d{1,2}(?:[.,]\d)?)\s*%\s*(?:vat|mwst|tva|iva|ust|tax)?\b", re.I)
_WHAT = re.compile(
    r"^\W*(?:(?:please|i|we|i've|we've|have|just|today|also|and|add|log|book|record|enter|note|new|an?|the|"
    r"expense|expenses|"
    r"spent|paid|bought|ordered|purchased|cost|receipt|of|on|for|as|to|in|by|with)\b\W*)+",
    re.I,
)


def about_expenses(clause: str) -> bool:
    """Whether a sentence is about money spent rather than an invoice."""
    if _INVOICE.search(clause) or not (_ABOUT.search(clause) or _BEGINS.match(clause)):
        return False
    return bool(find_prices(clause) or _COST.search(clause)) or bool(
        re.search(r"\bexpens\w*|\breceipts?\b|\bspendings?\b|\bi spend\b|\bmy costs\b", clause, re.I)
    )


def read_expense(clause: str) -> dict[str, Any]:
    """`action` (spend, expenses, unspend, receipt), `amount`, `tax`, `what`, `category`, `client`, `rebill`, `when`."""
    text = " ".join(clause.split())
    prices, cost = find_prices(text), _COST.search(text)
    found: dict[str, Any] = {"when": f"{text} ·", "rebill": _rebill(text)}
    if hit := _CLIENT.search(text):
        found["client"] = hit["name"].rstrip(".,")
    if _REMOVE.search(text):
        found["action"] = "unspend"
    elif not prices and not cost and _RECEIPT.search(text) and not _LIST.search(text):
        found["action"] = "receipt"
    elif not prices and (not cost or "how much" in text.lower()) and _LIST.search(text):
        found |= {"action": "expenses", "period": read_period(text), "category": _named(text)}
    else:
        what = _what(text if prices or not cost else f"{text[: cost.start()]}·{text[cost.end() :]}")
        found |= {"action": "spend", "what": what, "category": category_of(what or text)}
        if cost and not prices:
            found["amount"] = str(parse_number(cost["n"]))
        if prices:
            found["amount"] = str(prices[0].money)
            if vat := _VAT.search(text):
                share = parse_number(vat["n"])
                amount = prices[0].money
                found["tax"] = str((amount * (share / (100 + share))).rounded().amount)
    return {name: value for name, value in found.items() if value is not None}


def category_of(text: str) -> str:
    """What an expense is put under: a category by its name, or by words in a text; never any other word."""
    if text in CATEGORIES:
        return text
    for name, words in CATEGORIES.items():
        if re.search(rf"\b(?:{words})", text, re.I):
            return name
    return "other"


def spent_on(when: str, today: date) -> date:
    """The day money was spent: never one to come."""
    day = next((one.date for one in find_dates(when, today) if one.date), None)
    if day is None:
        return today
    return min(
        today, day if day <= today else date.fromordinal(day.toordinal() - 7) if (day - today).days <= 7 else today
    )


def _rebill(text: str) -> bool | None:
    if _OWN.search(text):
        return False
    return True if _REBILL.search(text) else None


def _named(text: str) -> str | None:
    """A category that a question names."""
    return next((name for name in CATEGORIES if re.search(rf"\b{name.rstrip('s')}", text, re.I)), None)


def _what(text: str) -> str | None:
    """What was bought, without the sum, the day, the client and the request around it."""
    text = _VAT.sub(" ", text) if find_prices(text) else text
    for price in reversed(find_prices(text)):
        text = f"{text[: price.start]} · {text[price.end :]}"
    text = _CLIENT.sub(" ", text)
    for one in reversed(find_dates(text, date(2000, 1, 3))):
        text = re.sub(r"\bon\s*$", "", text[: one.start], flags=re.I) + " " + text[one.end :]
    text = re.sub(
        r"\b(?:and )?(?:re-?bill(?:able)?(?: it)?|"
        r"(?:please )?(?:re-?)?(?:bill|charge|invoice) (?:it|that|this)(?: on| back| to them)?|"
        r"not billable|(?:want to |will )?pass it on|charge it on|"
        r"vat|mwst|(?:which |that )?(?:was |were )?(?:charged|billed|booked) as|which (?:was|came to)|that (?:was|is)|"
        r"(?:at )?(?:a |the )?(?:exchange )?rate(?: of)?)\b|\bat \d+[.,]\d+\b(?!\s*[€$£%])",
        " ",
        text,
        flags=re.I,
    )
    parts = [" ".join(_WHAT.sub("", part).split()).strip(" .,;:!?-") for part in text.split("·")]
    best = max(parts, key=len, default="")
    best = re.sub(r"\s+([,;.])", r"\1", re.sub(r"(?:\s*[,;]|\s+(?:for|on|at|in|from))+$", "", best))
    return best[:1].upper() + best[1:120] if len(best) > 1 else None

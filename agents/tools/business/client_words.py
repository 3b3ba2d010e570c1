"""Reads what is said about a client: details to keep, a person, a note, whom to get back to by when."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from agents.tools.business.language_wish import language_wish
from agents.tools.business.reminder_words import in_figures
from config.dates import find_dates

_NAME = (
    r"(?:[A-ZÀ-ÖØ-Þ][\w&.'’+-]*|\d+[A-Z]\w*)(?:\s+(?:&\s+|und\s+|of\s+)?[A-ZÀ-ÖØ-Þ][\w&.'’+-]*){0,4}"
    r"(?:\s+(?:family|brothers|sisters)\b)?"
)
_FOLLOW = re.compile(
    r"\bfollow(?:ing)?[- ]?up\b|\b(?:get|come|write|report) back to\b|\bcheck (?:back|in) (?:with|on)\b|"
    r"\bping\b|\bchase\b"
    r"|\bcall .{2,40} back\b|\bnachfassen\b",
    re.I,
)
_WHOM = re.compile(
    r"\bwhom?\b.{0,40}\b(?:get back|follow|write back|call back|chase|waiting)\b|\b(?:which|"
    r"open|my|any|list|show|due)\b"
    r".{0,20}\bfollow[- ]?ups\b|\bwho(?:m)? (?:should|do|must) i (?:call|write|contact|chase|ping)\b",
    re.I,
)
_GOT_BACK = re.compile(
    r"\b(?:i|i've|i have|have|already|just) (?:already |just )?(?:got|gotten|came|wrote|written|"
    r"followed) (?:back|up)\b"
    r"|\bfollowed up with\b|\bdone with\b.*\bfollow[- ]?up\b|\bfollow[- ]?up\b.*\b(?:done|finished)\b|"
    r"^\W*got back to\b",
    re.I,
)
_NOTE = re.compile(
    r"^\W*(?:please\s+)?(?:add |make |take |write |save |keep )?(?:a |this )?(?:note|notiz|memo|jot down|"
    r"write down)\b"
    r"|\b(?:call|meeting|talk|chat|lunch) (?:note|with [^:]{2,40}:)|^\W*(?:i |just |we )?(?:called|met|"
    r"phoned|spoke|talked)\b",
    re.I,
)
_PERSON = re.compile(
    rf"\b(?P<a>{_NAME})(?:,? as| is) (?:a |an |my |our |"
    rf"the )?(?:new )?(?:(?P<ra>[\w ]{{3,30}}?) )?(?:contact|person)?"
    rf"\s*(?:at|for|of|from|with) (?P<ca>{_NAME})"
    rf"|\bcontact (?:person )?(?:at|for|of) (?P<cb>{_NAME}) is (?P<b>{_NAME})"
)
_LIST = re.compile(
    r"\b(?:list|show|see|which|who|all|how many)\b.{0,25}\b(?:clients|customers|contacts)\b"
    r"|^\W*(?:(?:show|list) (?:me )?)?(?:my )?(?:clients?|customers?)\W*$|\bwho are my\b|\bclient list\b",
    re.I,
)
_SAVE = re.compile(
    r"\b(?:add|new|create|save|store|register|set up|put|enter|change|update|set|correct|edit)\b|"
    r"['’]s? (?:new )?\w+(?: \w+)? "
    r"(?:is|are|has changed to)\b|\bmoved to\b|\bpays? (?:within|in|after)\b|\b(?:wants|speaks|prefers)\b",
    re.I,
)
_EMAIL = re.compile(r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b")
_PHONE = re.compile(
    r"(?<![\w@.])(?:\+|00)\d[\d ()/-]{6,18}\d\b|\b(?i:phone|tel\w*|mobile|number)\b[^\d+]{0,8}"
    r"(?P<n>\+?\d[\d ()/-]{5,18}\d)\b"
)
_VAT = re.compile(
    r"\b(?:AT ?U|BE ?0?|BG|CY|CZ|DE|DK|EE|EL|ES|FI|FR|GB|HR|HU|IE|IT|LT|LU|LV|MT|NL|PL|PT|RO|SE|SI|SK|CHE[- ]?)"
    r"[\dA-Z][\d .-]{5,14}[\dA-Z]{1,3}\b"
)
_ADDRESS = re.compile(
    r"(?<![Mm]ail )\b(?i:address|lives at|located at|moved to|based (?:in|at)|adresse)\b\W*"
    r"(?i:is |to |in |of .{2,60}? to )?(?P<v>[^;\n]{5,160})"
)
_TERMS = re.compile(
    r"\b(?:pays?|payment|terms?)\b[^,;]{0,30}?\b(?P<n>\d{1,3})[- ]?days?\b(?P<net> net)?|"
    r"\bnet[ -]?(?P<m>\d{1,3})\b",
    re.I,
)
_RATE = re.compile(
    r"\b(?:rate|pays? me|charge them|at)\W+(?:is\W+|of\W+|to\W+)?(?P<v>[€$£]?\d[\d.,]*\s?(?:€|\$|£|"
    r"[A-Z]{3})?(?:\s*(?:/|an|per)\s*\w+)?)",
    re.I,
)
THEIR_RATE = (
    rf"^\W*(?!My\b|Mein\w*\b|Mi\b|Our\b|The\b|This\b|That\b)(?P<client>{_NAME})['’]s? (?:hourly |new )?rate "
    r"(?:is|goes up to|changes to) (?:now )?(?P<v>[€$£]?\d[\d.,]*\s?(?:€|\$|£|[A-Z]{3})?(?:\s*(?:/|an|per)\s*\w+)?)"
)
"""What an hour costs one client: "Acme's rate is 52 now"."""
THEIR_MAIL = (
    r"(?i)^(?!.*\b(?:my|send|write|draft|forward|answer)\b).*(?:['’]s?\s+(?:new |right |correct )?e-?mail(?: address)?|"
    r"\be-?mail(?: address)? (?:of|for) [^,.?!@]{2,40}?)\s+(?:is|to|must be|should be)\s+(?:now |actually )?[\w.+-]+@\w"
)
"""Where a client reads mail: "the email of Acme is billing@acme.example"."""
_LANGUAGE = re.compile(
    r"\b(?:language|speaks?|writes? in|in)\b\W*(?:is )?(?P<v>German|English|French|Spanish|Italian|"
    r"Portuguese|Dutch|Polish|Turkish)\b",
    re.I,
)
_CURRENCY = re.compile(r"\bcurrency\W+(?:is )?(?P<v>[A-Z]{3})\b")
_CALLED = re.compile(
    rf"\b(?i:client|customer|company|kund\w*|client[ae]|contact)\b(?:\s+(?i:called|named|is))?\W+(?P<a>{_NAME})"
    rf"|\b(?i:with|for|to|at|about|of|on|from|show(?: me)?|add|chase|ping|called|met|phoned|open) (?i:the |"
    rf"my |client )*(?P<b>{_NAME})"
    rf"|^\W*(?P<c>{_NAME})(?:['’]s?\b| (?i:moved|pays|wants|speaks|prefers))|(?P<d>{_NAME})['’]s? "
)
_IS_CLIENT = re.compile(
    rf"^\W*(?P<name>{_NAME}),? (?i:is|are|became|will be|is now)(?i: now| also)? (?i:an?|my|our|the) "
    rf"(?i:(?:new|next|\w+) )?(?i:client|customer)\b"
)
_CONTACT = re.compile(
    rf"\b(?i:contact(?: person)?|ansprechpartner(?:in)?|mum|mom|mother|dad|father|owner|manager)\b"
    rf"(?: (?i:is))?\W+(?P<name>{_NAME})"
)
_STREET = re.compile(
    r"(?<![\w@.])(?P<v>\d{1,5}[a-z]?,? (?:[A-Z][\w'’.-]*\s){1,4}?(?i:street|st|road|rd|avenue|ave|lane|drive|way|"
    r"square|place|court|boulevard|blvd|gardens)\b[^;@\n]*"
    r"|[A-ZÄÖÜ][\wäöüß.-]*(?i:[ -]?(?:str\.|straße|strasse|weg|platz|allee|gasse))\s?\d+[^;@\n]*"
    r"|(?:Calle|Avenida|Plaza|Rue|Via|Viale|Piazza|Rua|Praça)\s[^;@\n]{4,100})"
)
_NOT_NAMES = frozenset(
    "i the a an my me note notes new please show who whom what which list add save follow get call called met remind "
    "can could monday tuesday wednesday thursday friday saturday sunday today tomorrow yesterday vat january february "
    "march april may june july august september october november december english german french spanish italian "
    "portuguese".split()
)


def read_client(clause: str) -> dict[str, Any]:
    """`action` (save, person, note, follow, whom, done, list, show), `name`, the details told, `note`, `when`."""
    text = in_figures(" ".join(clause.split()))
    if wish := language_wish(text):
        return {"when": f"{text} ·", "action": "save", "name": wish[0], "language": wish[1]}
    if theirs := re.search(THEIR_RATE, text):
        rate = re.sub(r"\s+now$", "", theirs["v"]).strip(" .,")
        return {"when": f"{text} ·", "action": "save", "name": theirs["client"], "rate": rate}
    found: dict[str, Any] = {"when": f"{text} ·", "action": _action(text)}
    if found["action"] == "person" and (hit := _PERSON.search(text)):
        person = re.sub(r"^(?:Add|Save|Put|New|Note)\s+", "", hit["a"] or hit["b"])
        role = "" if (hit["ra"] or "").strip() in ("contact", "person") else hit["ra"]
        found |= {"person": person, "name": hit["ca"] or hit["cb"], "role": role}
    elif name := _name(text):
        found["name"] = name
        contact = _CONTACT.search(text) if found["action"] == "save" else None
        found["person"] = contact["name"] if contact and contact["name"] != name else None
    if found["action"] in ("save", "person"):
        found |= _details(text)
    if found["action"] in ("note", "follow"):
        found["note"] = _said(text, found["action"], found.get("name", ""))
    return {name: value for name, value in found.items() if value}


def _action(text: str) -> str:
    if _GOT_BACK.search(text):
        return "done"
    if _WHOM.search(text):
        return "whom"
    if _LIST.search(text):
        return "list"
    if _NOTE.search(text):
        return "note"
    if _FOLLOW.search(text):
        return "follow"
    if _PERSON.search(text) and not re.search(r"\b(?:client|customer)\b", text, re.I):
        return "person"
    if re.search(r"\b(?:history|did i do|have i done|worked|what do i know|everything|file on|overview)\b", text, re.I):
        return "show"
    asks = re.match(r"\W*(?:what|where|which|who|show|give|tell|do i have|when|how)\b", text, re.I)
    return "save" if not asks and (_SAVE.search(text) or _details(text)) else "show"


def _name(text: str) -> str | None:
    if new := _IS_CLIENT.match(text):
        return new["name"]
    for hit in _CALLED.finditer(text):
        words = next(value for value in hit.groups() if value).split()
        while words and words[0].casefold().rstrip("'’s.") in _NOT_NAMES:
            words.pop(0)
        while words and words[-1].casefold().rstrip(".,") in _NOT_NAMES:
            words.pop()
        if words:
            return re.sub(r"['’]s?$", "", " ".join(words)).rstrip(".,")
    return None


def _details(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    if hit := _EMAIL.search(text):
        found["email"] = hit.group()
    if hit := _VAT.search(text):
        found["tax_id"] = hit.group().strip()
        text = text.replace(hit.group(), " ")
    if hit := _PHONE.search(text):
        found["phone"] = (hit["n"] or hit.group()).strip()
    if hit := _ADDRESS.search(text):
        found["address"] = re.split(
            r",?\s*\b(?:e-?mail|mail|phone|vat|tax|language|terms|rate|pays)\b|,?\s*\S+@", hit["v"]
        )[0].strip(" .,")
    elif hit := _STREET.search(text):
        found["address"] = re.split(r",?\s*\b(?:e-?mail|mail|phone|vat|tax|contact)\b", hit["v"])[0].strip(" .,")
    if hit := _TERMS.search(text):
        found["terms"] = f"{hit['n'] or hit['m']} days"
    if hit := _LANGUAGE.search(text):
        found["language"] = hit["v"].capitalize()
    if hit := _CURRENCY.search(text):
        found["currency"] = hit["v"]
    if (hit := _RATE.search(text)) and re.search(r"[€$£]|[A-Z]{3}", hit["v"]):
        found["rate"] = hit["v"].strip()
    return {name: value for name, value in found.items() if value}


def _said(text: str, action: str, name: str) -> str | None:
    """What a note says, or what a follow-up is about."""
    if action == "note":
        _, colon, rest = text.partition(":")
        if colon and rest.strip():
            return rest.strip()
        rest = re.sub(
            r"^\W*(?:(?:please|add|make|take|write|save|keep|a|the|note|down|that|memo|jot)\b\W*)+",
            "",
            text,
            flags=re.I,
        )
        rest = (
            re.sub(rf"^(?:for|on|about|to)\s+(?:client\s+)?{re.escape(name)}\W*(?:that\s+)?", "", rest, flags=re.I)
            if name
            else rest
        )
        return rest.strip(" .") or None
    hit = re.search(
        r"\b(?:about|regarding|because of|concerning|to ask|to see|to check|wegen|sobre)\b\s*(?P<v>.{2,160})",
        text,
        re.I,
    )
    if hit is None:
        return None
    about = hit["v"]
    for one in reversed(find_dates(about, date(2000, 1, 3))):
        about = re.sub(r"\bon\s*$", "", about[: one.start], flags=re.I) + about[one.end :]
    return re.sub(r"\bnext (?:week|month)\b", "", about, flags=re.I).strip(" .,!?") or None

"""What a person says about themselves, taken apart into the fields of their profile. Pure functions.

The text is cut into statements where a new fact begins ("…, skills Python, SQL, I speak English"), and each statement
speaks for one or two fields.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from agents.tools.billing.invoice_words import tidy
from agents.tools.calculation.numbers import COUNT
from agents.tools.jobs.skills import find_skills
from agents.tools.text.languages import NAMES
from memory.money import Money, find_prices

FIELDS = {
    "name": r"(?:full )?name",
    "title": r"(?:job )?title|profession|occupation|role",
    "company": r"company(?: name)?|business(?: name)?|firm|studio",
    "email": r"e-?mail(?: address)?",
    "phone": r"(?:tele)?phone(?: number)?|mobile(?: number)?|tel\.?",
    "address": r"(?:postal |business )?address",
    "tax_id": r"(?:vat|tax|ust|gst)[- ]?(?:id|identification|registration)?[- ]?(?:number|no\.?|nr\.?|idnr\.?)?"
    r"|steuernummer|nif|abn",
    "iban": r"iban|bank account(?: number)?",
    "vat_percent": r"vat rate|vat percent(?:age)?|usual vat|default vat",
    "day_rate": r"(?:day|daily) rate",
    "rate": r"(?:hourly |usual |standard )?(?:rate|price)",
    "currency": r"currency",
    "country": r"country",
    "location": r"location|city|home town",
    "bio": r"bio(?:graphy)?|about me|summary",
    "availability": r"availability|hours per week",
    "skills": r"skills?|skill ?set|tech stack|stack|tools",
    "languages": r"(?:spoken )?languages?",
    "experience": r"(?:work )?experience|past projects?|projects?",
    "portfolio": r"portfolio|website|web site|homepage|links?",
}
"""Each field and what people call it."""
LABELS = {
    "tax_id": "Tax number",
    "iban": "IBAN",
    "vat_percent": "VAT",
    "tax_percent": "Put aside for tax",
    "day_rate": "Day rate",
    "rate": "Hourly rate",
}
_ANY = "|".join(f"(?P<f{n}>{words})" for n, words in enumerate(FIELDS.values()))
_FIELD_NAMES = list(FIELDS)
_MONEY_AHEAD = r"[€$£]\s?\d|\d[\d.,]*\s?(?:€|\$|£|(?:EUR|USD|GBP|CHF|euros?|dollars?|pounds?)\b)"
_STARTS = (
    rf"(?:my|name|title|profession|address|currency|i|i'm|i’m|i've|this is|call me|skills?|languages?|vat|tax|iban"
    rf"|e-?mail|phone|rate|available|company"
    rf"|portfolio|bio|experience|based in)\b"
    rf"|{_MONEY_AHEAD}"
)
_CUT = re.compile(
    rf"(?:[,;]\s*(?:and\s+|but\s+)?|\s+and\s+(?=(?:my|i|i'm)\b)|(?<=[\w)])[.!]\s+)(?={_STARTS})|\n+|"
    rf"(?<=[a-zà-ž)])[.!]\s+(?=[A-Z])",
    re.I,
)
_FORGET = re.compile(rf"\b(?:forget|delete|remove|erase|clear)\s+(?:about\s+)?my\s+(?:{_ANY})\b", re.I)
_OUT_OF = re.compile(
    r"\b(?:remove|delete|drop|forget|take)\s+(?P<value>.+?)\s+(?:from|off|out of)\s+my\s+(?P<field>skills?"
    r"|languages?|experience|portfolio)\b",
    re.I,
)
_INTO = re.compile(
    r"\badd\s+(?P<value>.+?)\s+(?:to|as)\s+(?:my\s+|a\s+|an\s+)?(?P<field>skills?|languages?|experience"
    r"|portfolio)\b",
    re.I,
)
_SHOW = re.compile(
    r"\b(?:show|see|view|print|display|list|open)\b.*\bprofile\b|\bwhat\b.*\b(?:know|remember|have)\b.*\babout "
    r"me\b|\bwho am i\b|^\W*(?:my\s+)?profile\W*$|\bwhat(?:'s| is| are)\s+my\s+\w+|\bwhat\b.*\bhave for me\b",
    re.I,
)
_SET = re.compile(
    rf"^\W*(?:please\s+)?(?:(?:set|change|update|make|save|store|put|use|edit)\s+)?(?:my\s+|the\s+)?(?:new\s+)?"
    rf"(?:{_ANY})\s*(?:\b(?:is|are|to|as|of|in|include|includes)\b|[:=])?\s*(?P<value>\S.*)$",
    re.I | re.S,
)
_NAME = (
    r"(?-i:[A-ZÀ-ÖØ-ÞŁŚŻŹČŘŠŽ][\w'’.-]*(?:\s+(?:(?:de|da|dos|van|von|der|del|di|la|le|bin"
    r"|al)\s+)*[A-ZÀ-ÖØ-ÞŁŚŻŹČŘŠŽ][\w'’.-]*){0,3})"
)
_CALLED = re.compile(
    rf"\b(?:i'm|i’m|im|i am|my name is|this is|call me|name is)\s+(?P<name>{_NAME})(?=\s*(?:[,.;:!]|$|\band\b"
    rf"|\bfrom\b|\bin\b|\ba\b|\ban\b|\(|\bbased\b|\bwith\b|\b-))",
    re.I,
)
_TITLE = re.compile(
    r"(?:^|[,;]\s*|\b(?:i'm|i’m|im|i am|i've been|i have been|i work as|working as|and)\s+)(?:an?|the)\s+"
    r"(?P<title>(?:(?!\b"
    r"(?:in|from|based|with|for|and i|who|living|at)\b)[^,.;\d\n]){3,60})",
    re.I,
)
_ICH_BIN = re.compile(r"\b[Ii]ch bin (?P<word>[A-ZÄÖÜ][a-zäöüß]+)\b(?! [A-ZÄÖÜ])")
_BEHIND_THE_NAME = re.compile(
    r"\W*,\s*(?P<title>[a-z](?:(?!\b(?:in|from|based|at|living)\b)[\w /-]){3,60})"
    r"(?=$|,|\b(?:in|from|based|at|living)\b)"
)
_PLACE = re.compile(
    rf"\b(?:based in|live in|living in|located in|moved to|from|in)\s+(?P<place>{_NAME}(?:,\s*{_NAME})?)", re.I
)
_SPEAK = re.compile(r"\b(?:i\s+)?(?:also\s+)?speak\s+(?P<value>[^.;\n]+)", re.I)
_KNOW = re.compile(
    r"\b(?:i know|i use|i (?:mainly |mostly )?(?:speciali[sz]e|focus|am speciali[sz]ed) (?:in|on)|"
    r"i (?:now |also )+(?:do|know|use|offer|work with)|i learned|i work with|skilled in|expert "
    r"in|experienced (?:in|with)|good at|proficient in)\s+"
    r"(?P<value>[^.;\n]+)",
    re.I,
)
_CAN = re.compile(r"^\W*i can\s+(?P<value>[^.;?\n]+)$", re.I)
_DID = re.compile(
    r"^\W*(?:in (?:19|20)\d\d,?\s*)?i(?:'ve| have)?\s+(?:also\s+)?(?P<value>(?:built|led|developed|designed|made"
    r"|created|delivered|trained|wrote|launched|migrated|managed|ran|implemented|shipped|improved|automated"
    r"|analy[sz]ed|worked (?:as|at|for|on|with))\b.*)$",
    re.I | re.S,
)
_DROP = re.compile(
    r"\bi (?:no longer|don't|do not|stopped)\s+(?:do|doing|use|using|offer|offering|know)\s+(?P<value>[^.;\n]+?)"
    r"(?:\s+any ?more)?\W*$",
    re.I,
)
_REMOTE = re.compile(r"\bi (?:only |just )?work (?:only )?(?P<value>remotely|remote|on site|part[- ]time)\b", re.I)
_BARE_RATE = re.compile(
    r"\b(?:(?P<daily>day |daily )?(?:rate|fee|price)(?: (?:is|to|of|up|from now on|from today|now|goes|at|"
    r"jetzt|ab jetzt|ahora|maintenant|adesso|agora))*:? "
    r"|\bi (?:now )?(?:charge|take|ask(?: for)?|bill)(?: now)? )(?P<n>\d+(?:[.,]\d+)?)(?![\d.,]*\s?(?:%|percent|"
    r"words?\b|hours?\b))"
    r"(?: ?(?P<per>an?|per|the|/) ?(?:hour|h|(?P<day>day))\b)?(?= ?(?:[.;!?,]|$|now\b|from\b|starting\b|as of\b))",
    re.I,
)
_MOVED = re.compile(
    r"\b(?:i(?:'ve| have)?|we(?:'ve| have)?) (?:just )?moved(?: to)?\s*:\s*(?P<value>[^\n;!?]+?)\s*(?:[.!;]|$)", re.I
)
_YEARS = re.compile(rf"\b(?P<n>\d+|{COUNT})\s*\+?\s*(?:yrs?|years?)\b", re.I)
_PAIR = re.compile(
    rf"\b(?:from )?(?P<from>{'|'.join(NAMES.values())}) (?:in)?to (?P<to>{'|'.join(NAMES.values())})\b", re.I
)
"""What a translator works between."""
_AVAILABLE = re.compile(r"\b(?:i'm |i am )?available\s+(?P<value>.+)$", re.I | re.S)
_BIO = re.compile(r"\b(?:my\s+)?(?:bio(?:graphy)?|about me)\s*(?:\bis\b|:)\s*(?P<value>\S.*)$", re.I | re.S)
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?:\s?[A-Z0-9]{4}){2,7}(?:\s?[A-Z0-9]{1,4})?\b")
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
_URL = re.compile(r"https?://[^\s,;]+[^\s,;.!?)]")
_CHARGES_VAT = re.compile(
    r"\b(?:charge|add|with|is)\s+(?P<n>\d+(?:[.,]\d+)?)\s*%\s*(?:vat|tax|mwst|iva)|vat (?:rate )?(?:is |of "
    r"|to )(?P<n2>\d+(?:[.,]\d+)?)\s*%",
    re.I,
)
LONGEST = 10_000
"""Characters read of one message; more is pasted text, and kept as such."""
LISTS = ("skills", "languages", "experience", "portfolio")


def read_profile(text: str) -> dict[str, Any]:
    """An `action` (set, show or forget), `fields` to set, `add` to the lists, `remove` from them, and `forget`."""
    text = tidy(text[:LONGEST])
    if found := _FORGET.search(text):
        return {"action": "forget", "forget": [_field(found)]}
    if found := _OUT_OF.search(text):
        return {"action": "set", "remove": {_list_name(found["field"]): items(found["value"])}}
    if found := _INTO.search(text):
        name = _list_name(found["field"])
        value = [found["value"].strip()] if name == "experience" else items(found["value"])
        return {"action": "set", "add": {name: value}}
    if found := _DROP.search(text):
        return {"action": "set", "remove": {"skills": items(found["value"])}}
    fields = read_facts(text)
    if _SHOW.search(text) and not fields:
        return {"action": "show"}
    add = {name: fields.pop(name) for name in LISTS if name in fields}
    return (
        {"action": "set", "fields": fields, "add": add}
        if fields or add
        else {"action": "show" if _SHOW.search(text) else "set"}
    )


def read_facts(text: str) -> dict[str, Any]:
    """The fields a text states; lists for the list fields."""
    facts: dict[str, Any] = {}
    text = re.sub(r"^.{0,60}\bprofile\s*[:.-]\s*", "", text, flags=re.I)
    if bio := _BIO.search(text):
        facts["bio"], text = bio["value"].strip(" \"'"), text[: bio.start()]
    for statement in (part.strip() for part in _CUT.split(text)):
        if statement:
            for name, value in _statement(statement).items():
                if name in LISTS:
                    facts[name] = [*facts.get(name, []), *(item for item in value if item not in facts.get(name, []))]
                elif name not in facts:
                    facts[name] = value
    return facts


def items(text: str) -> list[str]:
    """The parts of a list in words: ``Python, SQL and dashboards``."""
    parts = re.split(r"\s*(?:,|;|\n|\band\b|&|\bund\b|•)\s*", text)
    return [cleaned for part in parts if (cleaned := part.strip(" .:-")) and len(cleaned) <= 80]


def name_or_work(said: str, changes: Mapping[str, Any]) -> str | None:
    """The one word behind “ich bin” that was read as a name: German writes nouns like names, so it may be either."""
    found = _ICH_BIN.search(said)
    return found["word"] if found and changes.get("name") == found["word"] else None


def valid_iban(iban: str) -> bool:
    """Whether the check digits of an IBAN are right (ISO 13616: the number modulo 97 is 1)."""
    bare = "".join(iban.split()).upper()
    if not re.fullmatch(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}", bare):
        return False
    return int("".join(str(int(char, 36)) for char in bare[4:] + bare[:4])) % 97 == 1


def label(name: str) -> str:
    """A field as people read it."""
    return LABELS.get(name) or name.replace("_", " ").capitalize()


def _statement(text: str) -> dict[str, Any]:
    facts = _plain_sight(text)
    if (found := _SET.match(text)) and _field(found) not in facts:
        return {**facts, **_named(_field(found), found["value"].strip().rstrip("."))}
    if found := _DID.match(text):
        return {**facts, "experience": [_sentence(found["value"])]}
    if found := _SPEAK.search(text):
        return {**facts, "languages": items(found["value"])}
    if found := _KNOW.search(text):
        return {**facts, **_skilled(found["value"])}
    if (found := _CAN.match(text)) and (known := find_skills(found["value"])):
        return {**facts, "skills": known}
    if found := _REMOTE.search(text):
        return {**facts, "availability": _sentence(found["value"])}
    if found := _AVAILABLE.search(text):
        return {**facts, "availability": found["value"].strip(" .")}
    return {**_person(text), **facts}


def _skilled(text: str) -> dict[str, Any]:
    """What somebody knows, and for how many years they did it."""
    years = _YEARS.search(text)
    skills = [item for item in items(text) if not _YEARS.search(item)]
    return {"skills": skills, **({"experience": [f"{years['n']} years of {_and(skills)}"]} if years and skills else {})}


def _and(items_: Sequence[str]) -> str:
    return items_[0] if len(items_) == 1 else f"{', '.join(items_[:-1])} and {items_[-1]}"


def _person(text: str) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    if called := _CALLED.search(text):
        facts["name"] = called["name"].strip(" .")
        text = text[: called.start()] + text[called.end() :]
    if title := _TITLE.search(text):
        facts["title"] = _sentence(
            re.sub(r"^(?:freelance|independent|self-employed)\s+(?=\w)", "", title["title"].strip())
        )
    elif "name" in facts and (title := _BEHIND_THE_NAME.match(text)):
        facts["title"] = _sentence(title["title"])
    if "title" in facts and (years := _YEARS.search(text)):
        facts["experience"] = [f"{years['n']} years as {facts['title'].lower()}"]
    if pair := _PAIR.search(text):
        facts["languages"] = [pair["from"], pair["to"]]
        text = text[: pair.start()] + text[pair.end() :]
    if place := _PLACE.search(text):
        facts["location"] = place["place"].strip(" .")
    return facts


def _plain_sight(text: str) -> dict[str, Any]:
    """What has an unmistakable form: e-mail, IBAN, links, rates and VAT."""
    facts: dict[str, Any] = {}
    if found := _EMAIL.search(text):
        facts["email"] = found.group()
    if (iban := _IBAN.search(text)) and (valid_iban(iban.group()) or re.search(r"\biban\b", text, re.I)):
        facts["iban"] = "".join(iban.group().split())
    if links := _URL.findall(text):
        facts["portfolio"] = links
    if vat := _CHARGES_VAT.search(text):
        facts["vat_percent"] = (vat["n"] or vat["n2"]).replace(",", ".")
    prices = find_prices(text)
    if not prices and (bare := _BARE_RATE.search(text)):
        facts["day_rate" if bare["daily"] or bare["day"] else "rate"] = bare["n"].replace(",", ".")
    if moved := _MOVED.search(text):
        facts["address"] = moved["value"]
    if prices and (prices[0].unit in ("h", "day") or re.search(r"\b(?:rate|charge|cost|price)\b", text, re.I)):
        daily = prices[0].unit == "day" or re.search(r"\b(?:day|daily) rate\b", text, re.I)
        facts["day_rate" if daily else "rate"] = str(prices[0].money)
        facts["currency"] = prices[0].money.currency
    return facts


def _named(name: str, value: str) -> dict[str, Any]:
    """A field that was named, with its value brought into the form it is kept in; nothing when it has none."""
    if name in ("rate", "day_rate", "email", "iban", "vat_percent"):
        number = re.search(r"\d+(?:[.,]\d+)?", value)
        if name == "vat_percent" and number:
            return {name: number.group().replace(",", ".")}
        return {name: "".join(value.split()).upper()} if name == "iban" else {}
    if name == "currency":
        prices = find_prices(f"1 {value.strip()}")
        return {name: prices[0].money.currency} if prices else {}
    if name == "experience":
        return {name: [_sentence(value)]}
    if name == "tax_id":
        found = re.match(
            r"(?:id|number|no\.?|nr\.?|is|:|\s)*(?P<id>(?=[\w./ -]*\d)[A-Z0-9][\w./ -]{3,24})", value, re.I
        )
        return {name: found["id"].strip(" .")} if found else {}
    if name in LISTS:
        return {name: items(value)}
    if name == "name" and (found := re.match(_NAME, value)):
        return {name: found.group().strip(" .")}
    value = value.strip(" .\"'")
    return {name: _sentence(value) if name == "title" else value}


def rate_text(exact: str) -> str:
    """``75 EUR`` as ``75.00 €``; what is no amount is left as it is."""
    prices = find_prices(exact)
    money: Money | None = prices[0].money if prices else None
    return money.text() if money else exact


def _field(found: re.Match[str]) -> str:
    return next(name for n, name in enumerate(_FIELD_NAMES) if found[f"f{n}"])


def _list_name(word: str) -> str:
    return {"skill": "skills", "language": "languages"}.get(word.lower(), word.lower())


def _sentence(text: str) -> str:
    text = " ".join(text.split()).strip(" .,;")
    return text[:1].upper() + text[1:]

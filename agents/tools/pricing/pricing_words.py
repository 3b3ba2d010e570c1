"""Reads what is to be priced from a sentence: the work in a few words, a price to judge, a rate, how a project went."""

from __future__ import annotations

import re
from typing import Any

from agents.tools.pricing.estimate import GENERAL, kind_of
from memory.money import NUMBER, find_prices, parse_number, plain

_CHECK = re.compile(
    r"\b(?:too (?:little|low|much|high|cheap|expensive)|enough|fair|worth it|reasonable|realistic|"
    r"ok(?:ay)? (?:price|for)|under-?(?:priced|charg\w+)|over-?(?:priced|charg\w+)|good price|"
    r"zu (?:wenig|viel|billig|teuer)|genug|"
    r"demasiado|muy poco|trop (?:peu|cher)|pas assez|pouco|troppo)\b",
    re.I,
)
_TOOK = re.compile(
    rf"\b(?:took|needed|cost me|dauerte|brauchte|hat)\b\D{{0,30}}?(?P<n>{NUMBER})\s*(?:hours?|hrs?|h|stunden)\b", re.I
)
_THOUGHT = re.compile(
    r"\b(?:estimat\w+|instead of|planned|quoted|thought|guess\w*|expected|geschätzt|statt|geplant)\b"
    rf"\D{{0,40}}?(?P<n>{NUMBER})",
    re.I,
)
_ACCEPT = re.compile(
    r"\b(?:accept(?:ed|s)?|took|agreed to|went for|signed|approved|chose|angenommen|aceptó|accepté)\b.{0,60}"
    r"\b(?:quote|offer|estimate|tier|package|option|price|angebot|"
    r"(?:essential|basic|smallest|recommended|standard|middle|extended|premium|largest|full) one)\b"
    r"|\b(?:quote|offer|estimate|price)\b.{0,30}\b(?:(?:was|is|got) )?(?:accepted|approved|signed)\b",
    re.I,
)
_EACH = re.compile(
    rf"\b(?:hours?|hrs?|h|stunden|horas|heures|ore)\b.{{0,40}}?(?:\b(?:at|a|for|zu|à)|@|à)\s*(?P<n>{NUMBER})(?!\s*(?:%|[^\W\d]))",
    re.I,
)
"""What an hour costs, without its currency: "20 hours of editing at 55"."""
_IN_THE_END = re.compile(
    r"\b(?:in the end|in total|altogether|all in all|overall|finally|am ende|insgesamt|al final|au final|alla fine)\b",
    re.I,
)
_DISCOUNT = re.compile(
    rf"(?P<n>{NUMBER})\s*(?:%|percent)\s*(?:of )?(?:discount|off|less|cheaper|rebate|rabatt|nachlass|de descuento|"
    rf"de remise|di sconto|de desconto)|\b(?:discount|rebate|rabatt|nachlass|descuento|remise|sconto|desconto)\b"
    rf"\D{{0,12}}(?P<m>{NUMBER})\s*(?:%|percent)",
    re.I,
)
_RATE_WORD = r"\b(?:(?:hourly )?rate|stundensatz|satz|tarifa?|taux|tariffa)\b"
_AT_RATE = re.compile(
    rf"^\W*(?:(?:and|so|but|und|y|et|e)\b\W*)?(?:what if|how about if|suppose|was|wenn|si|y si|et si|e se|se)\b"
    rf"[^.?!\d]{{0,40}}{_RATE_WORD}[^.?!\d]{{0,15}}(?P<n>{NUMBER})(?!\s*%)",
    re.I,
)
"""What asks for the quote at another rate: "what if I drop the rate to 60"."""
WHAT_IF = (
    r"(?i)^\W*can i go (?:any )?(?:lower|down)\b[^.?!]{0,20}\W*$",
    r"(?i)^(?!.*\d[\d.,]*\s?[€$£])\W*(?:and |so |but )?(?:what if|how about if|if|should|shall|can|could|may)\b"
    r"[^.?!]{0,40}\d+\s*(?:%|percent)\s*(?:of )?(?:discount|off|less|rebate)\b",
    r"(?i)^\W*(?:und )?(?:was(?: ist)?,? )?(?:wenn|falls|soll|kann) (?:ich|wir)\b[^.?!]{0,40}\d+\s*%\s*"
    r"(?:rabatt|nachlass)\b",
    r"(?i)^\W*(?:¿)?(?:y si|qu[eé] (?:pasa )?si|et si|e se|o que acontece se)\b[^.?!]{0,40}\d+\s*%\s*"
    r"(?:de|di) (?:descuento|remise|rabais|r[eé]duction|sconto|desconto)\b",
    rf"(?i)^\W*(?:(?:and|so|but|und|y|et|e) )?(?:what if|how about if|suppose|was(?:,? wenn| ist,? wenn)|wenn|¿?y si|"
    rf"qu[eé] (?:pasa )?si|et si|e se)\b[^.?!\d]{{0,40}}{_RATE_WORD}[^.?!\d]{{0,15}}{NUMBER}(?!\s*%)",
)
"""What asks how much lower a quote could go, or what a discount or another rate would do to it."""
_WHY = re.compile(
    r"^\W*(?:but |and |ok(?:ay)?,? |aber |y |mais |ma |mas )?(?:why|how come|warum|wieso|weshalb|por ?qu[eé]|pourquoi|"
    r"perch[eé])\b(?=.{0,40}$)|\bhow did you (?:get|come) (?:to|at|up with)\b|\bhow do you (?:get|arrive)\b|"
    r"^\W*(?:please )?(?:explain|justify|break down|erkl[äa]r\w*|explica|explique|spiega)\b.{0,30}\b(?:price|quote|sum|"
    r"figures?|total|estimate|hours|it|that|this|preis|angebot|precio|prix|prezzo|preço)\b|"
    r"^\W*(?:that(?:['’]s| is)|it(?:['’]s| is)|das ist|es|c['’]est|è|é)?\W*(?:too|zu|demasiado|trop|troppo|muito) "
    r"(?:much|expensive|high|viel|teuer|hoch|caro|cher|alto)\W*$|^\W*can i go (?:lower|down)\W*$",
    re.I,
)
"""What asks how a quote came about, or calls it too high."""
_TIER = re.compile(
    r"\b(?P<tier>essential|basic|smallest|recommended|standard|middle|extended|premium|largest|full)\b", re.I
)
_RUSH = re.compile(
    r"\b(?:urgent\w*|asap|a\.s\.a\.p\.|rush|as soon as possible|by tomorrow|immediately|over the weekend|in a hurry|"
    r"dringend|eilig|eilt|sofort|urgente|urgent|pressé|subito)\b",
    re.I,
)
_NO_RUSH = re.compile(
    r"\b(?:no|not|isn't|nicht|kein\w*|sin|pas)\b\W+(?:\w+\W+)?(?:urgent|rush|hurry|eilig|dringend)", re.I
)
_LEAD = re.compile(
    r"^\W*(?:what (?=costs?\b))?"
    r"(?:(?:please|pls|hey|hi|ok|so|now|and|then|can you|could you|would you|kannst du|bitte|me|us)\W+)*"
    r"(?:(?:how much|what) (?:should|does|do|can|would|could|to|shall)?\s*(?:i|we)?\s*"
    r"(?:charge|quote|ask|cost|price|bid|offer|take|bill)?|"
    r"(?:how many hours|how long)\b.{0,30}?(?:\bfor\b|\bneed\b|\btake\b|\bis\b)|"
    r"(?:price|quote|estimate|costs?|was kostet|was kosten|cu[áa]nto cuestan?|combien co[ûu]te(?:nt)?|"
    r"quanto costa(?:no)?|"
    r"quanto custam?|calculate|work out|prepare|make|give|create|write|do|need|i need|"
    r"was (?:soll|kann) ich|wie ?viel|kalkulier\w*|cuánto (?:cobro|cobrar|pido)|combien (?:facturer|demander)|"
    r"quanto (?:chiedo|cobrar|cobro))\b)?"
    r"\W*(?:(?:me|us|an?|the|some|three-tier|3-tier|rough|quick|my|für|eine?n?|un[ea]?|pour|para|por|per|d'|"
    r"quote|quotation|estimate|offer|price|pricing|angebot|kostenvoranschlag|presupuesto|devis|preventivo|orçamento|"
    r"for|on|to|of|verlangen|nehmen|charge|ask|job|gig|project|client who (?:wants|needs)|who wants|wants)\b\W*)*",
    re.I,
)
_REFERS = re.compile(
    r"\b(?:this|that|it|these|those|the (?:job|post|project|gig|one|best|first|second|third|last)|first|second|third|"
    r"one|das|dies\w*|est[ea]|eso|ça|ce|cette|quest[oa]|isso)\b",
    re.I,
)


def read_pricing(clause: str) -> dict[str, Any]:
    """`action`, the `work` in words, a `price` to judge, `rate`, `rush`, `tier`, the `discount` in percent."""
    text = re.split(r"[:\n]\s*(?=\S.{60,})", clause, maxsplit=1, flags=re.DOTALL)[0]
    found: dict[str, Any] = {"action": "quote", "rush": bool(_RUSH.search(text) and not _NO_RUSH.search(text)) or None}
    took, thought = _TOOK.search(text), _THOUGHT.search(text)
    if took and thought:
        figures = {"actual": parse_number(took["n"]), "estimated": parse_number(thought["n"])}
        return {"action": "actual", **figures, "work": _project(text[: took.start()])}
    if took and _IN_THE_END.search(text):
        return {"action": "actual", "actual": parse_number(took["n"]), "work": _project(text[: took.start()])}
    if asked := _of_quote(text):
        return asked
    if _ACCEPT.search(text):
        found["action"] = "accept"
        tier = _TIER.search(text)
        found["tier"] = tier["tier"].lower() if tier else None
    prices = find_prices(text)
    if rates := [price for price in prices if price.unit]:
        found["rate"] = str(rates[0])
    elif not prices and (each := _EACH.search(text)):
        found["rate"] = plain(parse_number(each["n"]))
    sums = [price for price in prices if not price.unit]
    if sums and (budget := re.search(r"\bbudget\b|\bcan (?:only )?(?:pay|spend)\b|\bhas (?:only )?\W?\d", text, re.I)):
        found["budget"] = str(sums[0]) if budget else None
    elif not sums and (bare := re.search(r"\bbudget\b", text, re.I) and _bare(text)):
        return {"action": "check", "price": bare, "refers": True}
    elif sums or _CHECK.search(text):
        found["price"] = str(sums[0]) if sums else _bare(text)
        if found["price"] and (_CHECK.search(text) or re.match(r"\W*(?:is|are|would|ist|sind|es|est)\b", text, re.I)):
            found["action"] = "check"
    found["work"] = _work(text)
    found["refers"] = bool(_REFERS.search(text)) or None
    return found


def _of_quote(text: str) -> dict[str, Any]:
    """What is asked of a quote that was made: why it is so, and what it comes to otherwise."""
    if other := _AT_RATE.search(text):
        return {"action": "discount", "each": plain(parse_number(other["n"]))}
    if find_prices(text):
        return {}
    if _WHY.search(text):
        return {"action": "why"}
    less = _DISCOUNT.search(text)
    return {"action": "discount", "discount": parse_number(less["n"] or less["m"])} if less else {}


def _bare(text: str) -> str | None:
    """A sum without its currency: ``is 2,000 too little``; the user's own currency is meant."""
    hit = re.search(rf"(?P<n>{NUMBER})\s?(?P<k>k\b)?(?!\s*(?:h\b|hours?|days?|pages?|products?|words?|%))", text, re.I)
    return plain(parse_number(hit["n"]) * (1000 if hit["k"] else 1)) if hit else None


def _work(text: str) -> str | None:
    """What is to be done, without the request around it; None when the words only point at something."""
    judged = list(_CHECK.finditer(text))
    rest = re.sub(r"^\W*(?:for|für|para|por|pour|per)\b", "", text[judged[-1].end() :], flags=re.I) if judged else text
    for price in reversed(find_prices(rest)):
        rest = _AT.sub("", rest[: price.start]) + rest[price.end :]
    rest = _LEAD.sub("", rest, count=1)
    rest = re.sub(
        r"\b(?:please|pls|bitte|asap|urgent(?:ly)?|it'?s|it is|\d+ hours of|verlangen|nehmen|berechnen)\b",
        " ",
        rest,
        flags=re.I,
    )
    rest = re.sub(r"(?<=\w)\s+costs?$", "", " ".join(rest.split()).strip(" ?.!,;"))
    if kind_of(rest) != GENERAL:
        return rest[:1].upper() + rest[1:200]
    content = [word for word in re.findall(r"[^\W\d_]{3,}", rest) if not _IDLE.fullmatch(word)]
    return rest[:1].upper() + rest[1:200] if len(content) >= 2 and not _REFERS.search(rest) else None


_AT = re.compile(r"(?:\b(?:at|for|a|zu|von)|à)?\s*$", re.I)
_IDLE = re.compile(
    r"price|quote|estimate|offer|job|post|project|gig|charge|ask|cost|hours?|take|need|much|many|what|should|would|could|"
    r"for|the|and|too|little|low|high|enough|fair|client|this|that|per|rate|tier|three|tiers|make|give|euros?|dollars?|"
    r"angebot|preis|best|take|rush|remind|you|work|accepted|took|went|recommended|essential|extended|option|package",
    re.I,
)


def _project(text: str) -> str | None:
    rest = re.sub(r"^\W*(?:(?:the|my|our|das|die|der|note(?: that)?|fyi|in the end)\b\W*)*", "", text, flags=re.I)
    return " ".join(rest.split()).strip(" ,.;:") or None

"""Reads what is asked of the outside world's figures: an exchange of currencies, a place's weather, a share's price."""

from __future__ import annotations

import re
from typing import Any

from memory.money import CURRENCY, NUMBER, currency_of, find_prices, parse_number

_WEATHER = re.compile(
    r"\b(?:wh?eather|wheater|forecast|temperature|rain(?:s|ing|y)?|snow(?:s|ing)?|sunny|windy|stormy|umbrella|"
    r"degrees|(?:how )?(?:cold|hot|warm) (?:is it|will it be)|wetter\w*|regen|regnet|"
    r"clima|previsão|chuva|pioggia|piove|"
    r"météo|meteo|lluvia|pluie|tiempo hace|tiempo hará|temps fait-il|tempo (?:fa|em|no|na)|(?:quel )?temps (?=à|a|en|"
    r"at)|time (?:makes|does) (?=in|at))\b",
    re.I,
)
_STOCK = re.compile(r"\b(?:stocks?|shares?|ticker|aktien?|kurs von)\b|\bshare price\b|\bacciones\b", re.I)
_EXCHANGE = re.compile(
    rf"\b(?:exchange|conversion)\s+rates?\b|\bwechselkurs\b|\bconvert\b|\b(?:tipo|tasa) de cambio\b|"
    rf"\b(?:to|in|into|nach)\s+{CURRENCY}",
    re.I,
)
_PLACE = re.compile(
    r"\b(?:in|for|at|near|around|für|am|en|à|a|em|no|na|para|"
    r"pour)\s+(?P<place>[^\W\d_][\w.'’-]*(?:[ -][A-ZÀ-Ý][\w.'’-]*){0,3})",
    re.I,
)
_WHEN = re.compile(
    r"\b(?:today|tomorrow|tonight|now|right now|this|next|the|week|weekend|morgen|heute|mañana|demain|hoy|days?|"
    r"next few days|my|here|for|in|on|at|be|like|um|am|please|bitte)\b",
    re.I,
)
_NOT_STOCK = re.compile(r"\b(?:of|for|von|price|stocks?|shares?|what|is|the|how|much|does|trade|at|a|an|in|today|now|"
                        r"show|me|get|current|are|worth|ticker|doing|aktien?|kurs|der|die)\b", re.I)  # fmt: skip
LONGEST = 7


_COUNTED = re.compile(rf"(?<![\w.,])(?P<n>{NUMBER})\s+(?:[a-z]+\s+)?(?P<currency>{CURRENCY})(?!\w)")


def read_market(clause: str) -> dict[str, Any]:
    """`kind` (weather, stock or currency) with `place` and `days`, `topic`, or `amount`, `base` and `quote`."""
    if _WEATHER.search(clause):
        return {"kind": "weather", **_weather(clause)}
    exchange = _exchange(clause)
    if exchange and _EXCHANGE.search(clause):
        return {"kind": "currency", **exchange}
    if _STOCK.search(clause):
        topic = " ".join(_NOT_STOCK.sub(" ", clause).split()).strip(" ?.!,")
        return {"kind": "stock", "topic": topic[:60]}
    return {"kind": "currency", **exchange} if exchange else {}


def _weather(clause: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    rest = _WEATHER.sub(" ", clause)
    for match in _PLACE.finditer(rest):
        if not _WHEN.fullmatch(match["place"]):
            place = re.split(rf"\s+(?={_WHEN.pattern})", match["place"], maxsplit=1, flags=re.I)[0]
            found["place"] = place.strip(" .,'’-")
            break
    counted = re.search(r"\b(\d)\s+days\b", clause)
    if counted:
        found["days"] = min(LONGEST, max(1, int(counted[1])))
    elif re.search(r"\b(?:week|woche|semana|semaine)\b", clause, re.I):
        found["days"] = LONGEST
    return found


def _exchange(clause: str) -> dict[str, Any]:
    """The sum and the two currencies: of several named, the one with a sum is what is exchanged."""
    prices = find_prices(clause)
    named = [currency_of(match[0]) for match in re.finditer(rf"(?<!\w){CURRENCY}(?!\w)", clause)]
    order = list(dict.fromkeys(named + [price.money.currency for price in prices]))
    if len(order) < 2:
        return {}
    base = prices[0].money.currency if prices else order[0]
    quote = next(code for code in order if code != base)
    amount = str(prices[0].money) if prices else None
    if amount is None and (counted := _COUNTED.search(clause)):  # 740 swiss francs
        base = currency_of(counted["currency"])
        quote = next(code for code in order if code != base)
        amount = f"{parse_number(counted['n'])} {base}"
    return {"amount": amount, "base": base, "quote": quote}

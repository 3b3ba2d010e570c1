"""Reads what jobs are wanted from a sentence: the kind of work, remote or a place, how new, which boards."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from agents.tools.jobs.skills import find_skills
from agents.tools.text.counts import COUNT, value

_SAVED = re.compile(
    r"\b(?:saved|found|earlier|previous|my)\s+(?:jobs?|leads?|posts?|postings)\b|\b(?:list|show)\b.*\bleads\b", re.I
)
_NEW = re.compile(r"\b(?:find|search|look|hunt|get|browse|check)\b|\bnew (?:jobs?|projects?|gigs?)\b|\bany\b", re.I)
_REMOTE = re.compile(r"\b(?:remote(?:ly)?|home ?office|work from (?:home|anywhere)|anywhere)\b", re.I)
_DAYS = (
    (1, r"\b(?:today|heute|last 24 hours|past day)\b"),
    (7, r"\b(?:this|last|past|diese[rn]?|letzte[rn]?) (?:week|woche)\b|\b(?:newest|latest|recent|fresh)\b"),
    (31, r"\b(?:this|last|past|diese[nms]?|letzte[nm]?) (?:month|monat)\b"),
)
_SINCE = re.compile(r"\b(?:last|past)\s+(\d{1,3})\s+days\b", re.I)
_PLACE = re.compile(
    r"\b(?:in|near|around|based in)\s+(?P<place>[A-ZÄÖÜ][\w.-]+(?:[ -][A-ZÄÖÜ][\w.-]+){0,2})(?=[\s,.?!]|$)"
)
_COUNT = re.compile(
    r"\b(?:top|best|first|(?:show|find|give|get|fetch|list|search|need|want)(?: me)?)\s+(?:the\s+)?"
    rf"(?:(?:top|best|first|next)\s+)?({COUNT})\b(?!\s*(?:[€$£%/+.,-]?\d|[€$£%]|hours?\b|h\b|k\b|days?\b|weeks?\b|eur|usd))",
    re.I,
)
_MONEY = re.compile(
    r"(?:\b(?:over|above|at least|min(?:imum)?|more than|from|for|paying|starting at|under|below|über|ab|mindestens|"
    r"mehr als|por|más de|plus de|à partir de)\s+)*"
    r"(?:[€$£]\s?\d[\d.,]*k?|\d[\d.,]*\s?k?\s?(?:€|\$|£|(?:eur|usd|gbp|chf|euros?|dollars?|pounds?|bucks)\b))"
    r"\s*\+?(?:\s*(?:/|\b(?:per|an?|each|pro|je|die|am|im|la|par|por)\b)\s*\w+)?",
    re.I,
)
_LEAST = re.compile(
    r"\b(?:over|above|at least|min(?:imum)?\.?|more than|from|paying|pays)\s+(?:over |above |at least )?"
    r"(?P<amount>\d{1,6}(?:[.,]\d{1,2})?)\s*(?:/|per|an?|each)?\s*(?P<unit>h|hr|hour|d|day)\b",
    re.I,
)
_STOP = frozenset(
    "a an the and or for of to in on at with by from me my i you your we us our it is are be can could would will "
    "please find search look looking searching hunt get give show list see check browse fetch need want wants any "
    "some all new newest latest recent fresh good great best top suitable matching fitting interesting open "
    "available current work works working job jobs gig gigs project projects position positions role roles "
    "opening openings vacancy vacancies lead leads posting postings posts post listing listings contract "
    "contracts freelance freelancer freelancing remote remotely home office online anywhere over above least more "
    "than under below per hour hourly hr day daily week month year paying paid pay pays rate minimum min salary "
    "today now this last past days boards board that fit fits match matches suit suits skills profile out there "
    "something what which do does have has hi hello hey who hiring requiring using based near around posted "
    "published not no also then about help got free people part-time full-time max trouve missions busca trabajos "
    "suche finde projekte one like anything what's who's needs saved kept right clients monday tuesday wednesday "
    "thursday friday saturday sunday für de des la el remotos remotes read keep found five three ten ll ve re don "
    "let id only just one ones those these them was were there others zeig zeige zeigt mir nur und die der das den "
    "dem diese dieser dieses von bei mit ein eine einen gibt es woche monat heute neue neuen neuer aufträge auftrag "
    "stellen stelle stellenangebote remote-projekte remote-jobs remote-stellen les des du sur los las".split()
)


def read_search(clause: str, board_titles: Iterable[str] = ()) -> dict[str, Any]:
    """`words` for the kind of work, `remote`, `days`, `location`, `limit`, `boards`; `saved` for jobs kept.

    `least` is a lowest rate without a currency: ``"70 h"``, ``"500 d"``.
    """
    lowered = clause.casefold()
    boards = [
        title for title in board_titles if title.casefold() in lowered or title.casefold().replace(" ", "") in lowered
    ]
    for title in boards:
        clause = re.sub(re.escape(title), " ", clause, flags=re.IGNORECASE)
    place = _PLACE.search(clause)
    location = (
        place["place"] if place and place["place"].casefold() not in _STOP and not find_skills(place["place"]) else ""
    )
    return {
        "words": _kind_of_work(clause, location),
        "remote": True if _REMOTE.search(clause) else None,
        "days": _days(clause),
        "location": location or None,
        "limit": value(count[1]) or None if (count := _COUNT.search(clause)) else None,
        "boards": boards or None,
        "least": f"{least['amount']} {least['unit'][0].lower()}" if (least := _LEAST.search(clause)) else None,
        "saved": bool(_SAVED.search(clause)) and not _NEW.search(clause),
    }


def _days(clause: str) -> int | None:
    if since := _SINCE.search(clause):
        return int(since[1])
    return next((days for days, pattern in _DAYS if re.search(pattern, clause, re.I)), None)


def _kind_of_work(clause: str, location: str) -> str:
    text = _LEAST.sub(" ", _MONEY.sub(" ", clause))
    if location:
        text = text.replace(location, " ")
    words = re.findall(r"(?<![\w'’])[^\W\d_][\w+#.-]*", text)
    kept = [word.strip(".-") for word in words if word.casefold().strip(".-") not in _STOP]
    kept = [word for word in kept if len(word) > 1 or word in "CR"]
    return " ".join(dict.fromkeys(word for word in kept if word))[:120]

"""Reads what is to be looked up from a sentence: the words, how new, where, and addresses given."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

_URL = re.compile(r"https?://[^\s<>\"'()]+[^\s<>\"'().,;:!?]", re.I)
_AHEAD = frozenset(
    "please can could would you i i'd like want need to me us hey hi hello do does did is are was there any some few "
    "a an the my our your it what what's which who how's that this of in on at about for into from with over around "
    "and or out up through say says saying said know known think write wrote tell give get show list find look search "
    "google research check browse dig read new newest latest recent current good best information info something "
    "anything facts news headlines people everyone web internet net online wikipedia arxiv crossref openalex semantic "
    "scholar scholarly academic scientific peer reviewed peer-reviewed paper papers preprint preprints study studies "
    "article articles publication publications literature review source sources hacker "
    "bitte such suche recherchiere recherchieren finde im ins internet netz nach über zu was gibt es neue aktuelle "
    "wissenschaftliche studien artikel busca buscar en la el los las internet sobre qué que hay artículos científicos "
    "cherche trouve sur le les des études cerca trova su gli studi pesquise procure estudos".split()
)
"""Words at the head of a request that say what to do and where, not what about."""
_BEHIND = frozenset(
    "please online on in the a web internet net news wikipedia arxiv hacker crossref openalex with sources source cite "
    "cited citing give list name and your my me for us today since from of last past this week month year days weeks "
    "months years im netz bitte".split()
)
"""Words at its end that say where, how new, and how to answer."""
_SPANS = ((1, r"\btoday\b"), (7, r"\b(?:this|last|past) week\b"), (31, r"\b(?:this|last|past) month\b"),
          (366, r"\b(?:this|last|past) year\b"))  # fmt: skip
_COUNTED = re.compile(r"\b(?:last|past) (?P<count>\d{1,3}) (?P<unit>day|week|month|year)s?\b", re.I)
_SINCE = re.compile(r"\bsince (?P<year>(?:19|20)\d{2})\b", re.I)
_DAYS = {"day": 1, "week": 7, "month": 31, "year": 366}
_NAMED = (
    ("wikipedia", r"\bwikipedia\b"),
    ("hacker_news", r"\bhacker ?news\b"),
    ("arxiv", r"\barxiv\b"),
    ("crossref", r"\bcrossref\b"),
    ("openalex", r"\bopenalex\b"),
    ("semantic_scholar", r"\bsemantic scholar\b"),
    ("gdelt", r"(?<!hacker )\bnews\b|\bheadlines\b"),
)


PASTED = 120
"""From this many characters on, what stands below the first line was pasted with the question."""


def read_lookup(clause: str) -> dict[str, Any]:
    """`words` to look up, `days` back at most or the year `since`, `sources` named, `urls` given.

    What was pasted with the question is told nobody, and no address in it is opened.
    """
    found: dict[str, Any] = {}
    line, _, below = clause.strip().partition("\n")
    clause = line if len(below) >= PASTED else clause
    if urls := _URL.findall(clause):
        found["urls"] = urls[:5]
    text = _URL.sub(" ", clause)
    if days := _days(text):
        found["days"] = days
    if since := _SINCE.search(text):
        found["since"] = f"{since['year']}-01-01"
    if named := [name for name, pattern in _NAMED if re.search(pattern, text, re.I)]:
        found["sources"] = named
    if words := _words(text):
        found["words"] = words
    return found


def oldest(days: int | None, since: str | None, today: date) -> date | None:
    """The oldest day wanted; None when any will do."""
    if since:
        return date.fromisoformat(since)
    return today - timedelta(days=days) if days else None


def _words(text: str) -> str:
    """What remains between the words that only ask; empty when nothing does."""
    tokens = text.split()
    plain = [re.sub(r"^\W+|\W+$", "", token).casefold() for token in tokens]
    start, end = 0, len(tokens)
    while start < end and (not plain[start] or plain[start] in _AHEAD):
        start += 1
    while end > start and (not plain[end - 1] or plain[end - 1] in _BEHIND or plain[end - 1].isdigit()):
        end -= 1
    return " ".join(tokens[start:end]).strip(" \t?.!,:;\"'“”„")[:300]


def _days(text: str) -> int | None:
    if counted := _COUNTED.search(text):
        return int(counted["count"]) * _DAYS[counted["unit"].lower()]
    return next((days for days, pattern in _SPANS if re.search(pattern, text, re.I)), None)

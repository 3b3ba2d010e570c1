"""What a request about assistants says: what to do, the name, the manner, and which documents."""

from __future__ import annotations

import re
from typing import Any

_NAMED = re.compile(
    r"\b(?:called|named|name(?:d)? it|genannt|namens|llamad[oa]|appelée?|nommée?|chiamat[oa]|chamad[oa])"
    r"\s+(?:[\"“„«']\s*(?P<quoted>[^\"”“»']{1,60}?)\s*[\"”“»']|(?P<bare>[\w&.'-]+(?:[ ][\w&.'-]+){0,4}?))"
    r"(?=\s*(?:$|[.,;:!?]|\b(?:that|which|who|with|to|for|from|and|by|der|die|das|mit|que|qui|che)\b))",
    re.IGNORECASE,
)
_OF = re.compile(r"\b(?:assistant|assistenten?|asistente|assistente)\s+[\"“„«']?([\w&.' -]{1,60}?)[\"”“»']?\W*$", re.I)
_BEFORE = re.compile(
    r"\b(?:the|my|our)\s+[\"“„«']?([\w&.'-]+(?:[ ][\w&.'-]+){0,4}?)[\"”“»']?\s+assistant\b", re.IGNORECASE
)
_MANNER = re.compile(
    r"\b(?:that|which|who)\s+(?!(?:only )?(?:answers?|knows?|reads?|quotes?|uses?|looks?)\b)(?P<manner>.+)|"
    r"\binstructions?:\s*(?P<told>.+)",
    re.IGNORECASE | re.DOTALL,
)
_HOW = re.compile(r"\band\s+((?:always|never|only|answers?|writes?|speaks?|says?|keeps?|is|stays)\b.+)", re.I | re.S)
_TOPIC = re.compile(
    r"\b(?:from|in|with|on|over|reads?|knows?|uses?|using)\s+(?:all\s+)?(?:of\s+)?(?:my|the|our|these|those|meine[nmr]?)?"
    r"\s*(?P<topic>[^.;:]{0,60}?)\s*\b(?P<kind>documents?|docs?|files?|papers?|pdfs?|notes|dokumenten?|unterlagen"
    r"|contracts?|invoices?|handbooks?|guides?|policies|verträgen?)\b",
    re.IGNORECASE,
)
_MAY = re.compile(
    r"\b(?:may|can|could|allowed to)\s+(?:also\s+)?(?:use|ask|call|hand on to|pass on to)\s+(?P<who>[^.;]+)",
    re.IGNORECASE,
)
_MAY_AFTER = re.compile(
    r"[.;,]?\s*(?:\b(?:it|and it|and)\s+)?(?:may|can|could)\s+(?:also\s+)?(?:use|ask|call|hand on to)\b", re.I
)
_ACTIONS = {
    "unshare": r"\b(?:unshare|stop sharing|no longer share|make .{0,60}\bprivate)\b",
    "share": r"\b(?:share|teilen?|compart\w+|partag\w+|condivid\w+)\b",
    "delete": r"\b(?:delete|remove|erase|get rid of|lösche?|elimina|borra|supprime|apaga)\b",
    "list": r"\b(?:list|show|which|what|zeig\w*)\b.{0,30}\b(?:assistants|assistenten|asistentes|assistent[ei]s?)\b"
    r"|^\W*(?:my )?assistants\W*$",
    "change": r"\b(?:change|update|edit|add|rename|teach|give)\b",
}
_MAKE = re.compile(r"\b(?:make|create|build|set up|new|mach|erstell\w*|crea\w*|crée\w*|cria\w*)\b", re.IGNORECASE)
_ANY_KIND = re.compile(r"documents?|docs?|files?|papers?|pdfs?|notes|dokumenten?|unterlagen", re.IGNORECASE)
_IN_TURN = ("unshare", "share", "delete", "list", "change")
_FILLING = frozenset("my the our all of these this those own some any".split())


def read(clause: str) -> dict[str, Any]:
    """The fields of a task that a clause fills. Pure; what it does not say is left out."""
    action = next((one for one in _IN_TURN if re.search(_ACTIONS[one], clause, re.IGNORECASE)), "make")
    if action in ("change", "list") and _MAKE.search(clause):
        action = "make"
    found: dict[str, Any] = {"action": action}
    if name := _name(clause):
        found["name"] = name
    if topic := _TOPIC.search(clause):
        words = [word for word in re.findall(r"[\w-]+", topic["topic"]) if word.casefold() not in _FILLING]
        if not _ANY_KIND.fullmatch(topic["kind"]):
            words.append(topic["kind"].removesuffix("s"))
        found["topic"] = " ".join(words)
        found["reads"] = True
    if manner := _manner(clause):
        found["manner"] = manner
    if may := _MAY.search(clause):
        found["helpers"] = may["who"].strip()
    return found


def _name(clause: str) -> str:
    if named := _NAMED.search(clause):
        return (named["quoted"] or named["bare"]).strip(" '")
    found = _BEFORE.search(clause) or _OF.search(clause.split(" with ")[0])
    name = found[1].strip(" '") if found else ""
    return "" if name.casefold() in {"", "new", "own", "a", "an", "custom", "that", "this", "it"} else name


def _manner(clause: str) -> str:
    found = _MANNER.search(clause)
    text = (found["manner"] or found["told"]) if found else ""
    if not text and (how := _HOW.search(clause)):
        text = how[1]
    text = _MAY_AFTER.split(text)[0]
    return "" if not text or _MAY.match(text) else text.strip(" .")

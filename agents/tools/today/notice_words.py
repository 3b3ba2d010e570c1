"""Reads what a sentence wants of notifications and alerts."""

from __future__ import annotations

import re
from typing import Any

_OFF = re.compile(
    r"\b(?:stop|off|no longer|disable|mute|without|never|not|don'?t|do not|no more|keine|mehr nicht)\b", re.I
)
_QUIET = re.compile(r"\bquiet\b|\bdisturb\b|\bruhe\w*|\bsilence\b", re.I)
_ALERTS = re.compile(r"\balerts?\b|\balarm\w*", re.I)
_SEEN = re.compile(r"\b(?:acknowledge|confirm|dismiss|noted|quittier\w*|i know about)\b", re.I)
_WAYS = {
    "mail": r"\be?-?mail\w*\b",
    "desktop": r"\bdesktop\b|\bscreen\b|\bpop-?ups?\b",
    "page": r"\b(?:browser|chat|page)\b",
}
_KINDS = {
    "search": r"\b(?:saved )?search(?:es)?\b|\bjobs?\b",
    "reminder": r"\breminders?\b",
    "schedule": r"\b(?:scheduled|requests|briefings?)\b",
    "alert": r"\balerts?\b",
    "invoices": r"\binvoices?\b",
    "answer": r"\banswers?\b|\breplies\b",
    "backup": r"\bbackups?\b",
}
_SPAN = re.compile(
    r"(?P<a>\d{1,2})(?:[:.](?P<am>\d{2}))?\s*(?P<ah>am|pm)?\s*(?:h|uhr|o'?clock)?\s*"
    r"(?:to|until|till|and|bis|[-–])\s*(?P<b>\d{1,2})(?:[:.](?P<bm>\d{2}))?\s*(?P<bh>am|pm)?",
    re.I,
)


def read_notices(clause: str) -> dict[str, Any]:
    """The fields of the task that a sentence fills."""
    if _ALERTS.search(clause) and not re.search(r"\bnotif", clause, re.I):
        return {"action": "acknowledge", "named": clause} if _SEEN.search(clause) else {"action": "alerts"}
    if _QUIET.search(clause):
        if span := _SPAN.search(clause):
            start, end = _time(span["a"], span["am"], span["ah"]), _time(span["b"], span["bm"], span["bh"])
            return {"action": "quiet", "start": start, "end": end} if start and end else {"action": "quiet"}
        if re.search(r"\bat night\b|\bovernight\b|\bnachts\b", clause, re.I):
            return {"action": "quiet", "start": "22:00", "end": "07:00"}
        off = re.search(r"\b(?:no|without|end|remove|cancel|delete|turn off|keine)\b", clause, re.I)
        return {"action": "loud" if off else "quiet"}
    if re.search(r"\bmark\b|\b(?:all|as) read\b|\bclear\b", clause, re.I):
        return {"action": "read"}
    way = next((name for name, cue in _WAYS.items() if re.search(cue, clause, re.I)), "")
    if way:
        return {"action": "way", "about": way, "on": not _OFF.search(clause)}
    asked = re.search(r"\b(?:what|which|show|list|did)\b", clause, re.I)
    kind = next((name for name, cue in _KINDS.items() if re.search(cue, clause, re.I)), "")
    if kind and not asked:
        return {"action": "mute", "about": kind, "on": bool(_OFF.search(clause))}
    if re.search(r"\bhow (?:do|will|can) you notify\b", clause, re.I):
        return {"action": "choices"}
    return {"action": "list", "unread": bool(re.search(r"\bunread\b|\bnew\b", clause, re.I))}


def _time(hour: str, minute: str | None, half: str | None) -> str:
    """``22:00``; empty for what no clock shows."""
    number = int(hour) % 12 + 12 * (half.lower() == "pm") if half else int(hour)
    number = 0 if number == 24 else number
    return f"{number:02}:{int(minute or 0):02}" if number <= 23 and int(minute or 0) <= 59 else ""

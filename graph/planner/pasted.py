"""Sets pasted text apart from the user's own words.

A message may carry a job post, a mail or a contract between a line of instruction and another. What is pasted is data:
it fills a slot, and no word in it can add a step. So the instruction is looked for in one paragraph only: the first, or
the last where the first gives none.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from graph.planner import clauses
from graph.planner.clauses import begins_with_verb
from graph.planner.words import fold

LONG = 280
"""From this many characters on, a block reads as pasted rather than said."""
BLOCK = 60
"""From this many characters on, what follows a line that points to it ("this job:") is pasted."""
_RULE = r"(?:-{3,}|={3,}|_{3,})[^\S\n]*"
MARKED = (
    re.compile(r"(```|~~~|\"\"\")[^\n]*\n.*\1", re.DOTALL),
    re.compile(rf"^{_RULE}\n(?:.+\n{_RULE}$|.+)", re.DOTALL | re.MULTILINE),
    re.compile(r"^>[^\n]*(?:.*\n>[^\n]*)?", re.DOTALL | re.MULTILINE),
)
"""What marks show, each from its first mark to its last: what is pasted may hold such marks, and nothing in between is
said."""
OPENER = re.compile(
    r"\b(?:here(?:'s| is| are)|below|following|pasted?|job (?:post|ad|description)|posting|text)\b[^\n]*:\s*$",
    re.IGNORECASE,
)
POINTS = re.compile(r"\b(?:this|these|following|below|here(?:'s| is)?|it|the (?:job|post|ad|brief|mail))\b", re.I)
LEADS = re.compile(
    rf"{POINTS.pattern}|\b(?:dies\w*|folgend\w*|unten|hier|dazu|darauf|est[eoa]s?|siguientes?|aquí|ce(?:ci|t|tte|s)|ça|"
    r"voici|suivante?s?|ci-dessous|quest[oaie]|seguent[ei]|ecco|ist?o|isso|ess[ea]|seguinte|abaixo|"
    r"bio|text[eo]?|testo|paragra\w+|absatz|sentence|satz|letter|message|nachricht|messag\w+|mensa\w+|"
    r"clause|klausel|cl[aá]usula|clausola|ad|anzeige|annonce|anuncio|anúncio|annuncio|"
    r"into|translate|übersetz\w*|tradu\w+|rewrite|reword|shorten|proofread|polish|rephrase)\b",
    re.IGNORECASE,
)
"""Words of a request that lead up to a text, in whichever language, before a colon or above a block."""
ASKS = re.compile(
    r"\?\s*$|^\W*(?:what|how|is|are|am|can|could|should|would|do|does|did|which|why|who|when|where|i|we|i'd|i'm)\b",
    re.I,
)
POLITE = re.compile(r"\b(?:please|pls|plz|bitte|por favor|porfa|s'il te pla[iî]t|stp|svp|per favore|prego)\b", re.I)
LINES = 3
"""From so many lines on, what stands in a paragraph of its own below an instruction is pasted."""
LISTED = re.compile(r"^\s*(?:[-*•·]|\d+[.)])\s", re.MULTILINE)
FIRST_PERSON = re.compile(r"^\s*(?:i'm|i am|my name|my |me:|ich bin|je suis|soy|sono|sou)\b", re.IGNORECASE)
INLINE = re.compile(r"(.{8,200}?[:?])\s+(.{60,})", re.DOTALL)


@dataclass(frozen=True)
class Said:
    """A message taken apart: what the user asks, and what was pasted with it."""

    words: str
    pasted: str = ""


def separate(message: str, speaks: Callable[[str], bool]) -> Said:
    """Take a message apart. `speaks` tells whether a short text is for an agent."""
    text = message.replace("\r\n", "\n").strip()
    for pattern in MARKED:
        hit = pattern.search(text)
        if hit is None or len(shown := hit.group().strip('`~"-=_> \n')) <= 40:
            continue
        before = text[: hit.start()].strip()
        several = bool(re.search(r"\n\s*\n", before))
        if _ends_open(hit.group()) and (several or not speaks(before)):
            continue  # a line across what is pasted, rather than one above it
        rest = f"{before}\n\n{text[hit.end() :].strip()}".strip()
        around = separate(rest, speaks) if several or len(rest) >= LONG else Said(rest)
        shown = re.sub(r"^> ?", "", shown, flags=re.MULTILINE)
        return Said(around.words, "\n\n".join(filter(None, (around.pasted, shown))))
    parts = _parts(text)
    if len(parts) == 1:
        return Said("", text) if len(text) >= LONG and not _said(text, speaks) else Said(text)
    if FIRST_PERSON.match(text) and not any(OPENER.search(part) for part in parts):
        return Said(text)
    if all(begins_with_verb(part) and speaks(part) for part in parts):
        return Said(text)
    head, last = parts[0], parts[-1]
    told = _addressed(head) and speaks(head)
    leads = bool(OPENER.search(head)) or (head.endswith(":") and begins_with_verb(head))
    opened = told or (leads and len(head) < LONG)
    tail = not told and len(parts) > 1 + opened and POINTS.search(last) and _addressed(last) and speaks(last)
    own = [head] * opened + [last] * bool(tail)
    rest = "\n\n".join(parts[opened : len(parts) - bool(tail)])
    several = not own and text.count("\n") > 2 and not _said(text, speaks)
    below = bool(own) and (
        _announces(head)
        or (len(parts) == 1 + len(own) and (rest.count("\n") >= LINES - 1 or _stands_apart(text, rest)))
    )
    if several or len(rest) >= LONG or (below and len(rest) >= BLOCK):
        return Said("\n".join(own), rest)
    return Said(text)


def _ends_open(block: str) -> bool:
    """Whether a block begins with a line across and ends without one."""
    return block[0] in "-=_" and not re.search(rf"\n{_RULE}\Z", block)


def _parts(text: str) -> list[str]:
    """Its paragraphs; of a single one the first line and the others; of a single line what stands around a colon."""
    parts = [part.strip() for part in re.split(r"\n\s*\n", text) if part.strip()] or [""]
    if len(parts) == 1 or re.match(r"[^\n]+:\s*\n", text):
        parts = [part.strip() for part in parts[0].split("\n", 1)] + parts[1:]
    *before, last = parts[-1].split("\n")
    if before and len(parts) + len(before) > 2 and POINTS.search(last) and _addressed(last):
        parts[-1:] = ["\n".join(before).strip(), last.strip()]
    inline = INLINE.fullmatch(text) if len(parts) == 1 else None
    shown = inline and inline[1].endswith(":") and POINTS.search(inline[1])
    if inline and (shown or (LEADS.search(inline[1]) and not begins_with_verb(inline[2]))):
        parts = [inline[1], inline[2]]
    return parts


def _announces(head: str) -> bool:
    """Whether a line leads up to something that is shown below it."""
    return bool(LEADS.search(head)) or head.rstrip().endswith((":", "?"))


def _stands_apart(text: str, rest: str) -> bool:
    """Whether what is below an instruction is a paragraph of its own that asks nothing and tells of nobody here."""
    return f"\n\n{rest}" in text and not (_addressed(rest) or FIRST_PERSON.match(rest))


def _addressed(part: str) -> bool:
    """Whether a short text is said to someone, as an order or a question, rather than being a title or a notice."""
    short = len(part) < LONG and part.count("\n") < 3 and not LISTED.search(part)
    asked = ASKS.search(part) or POLITE.search(part) or clauses.ASKS.match(fold(part))
    return short and (part.endswith(":") or bool(asked) or begins_with_verb(part))


def _said(text: str, speaks: Callable[[str], bool]) -> bool:
    return bool(FIRST_PERSON.match(text)) or (
        speaks(text[:LONG]) and (bool(ASKS.search(text)) or begins_with_verb(text))
    )

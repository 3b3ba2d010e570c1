"""Sets pasted text apart from the user's own words.

A message may carry a job post, a mail or a contract between a line of instruction and another. What is pasted is data:
it fills a slot, and no word in it can add a step. So the instruction is looked for in one paragraph only: the first, or
the last where the first gives none.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from graph.planner.clauses import begins_with_verb

LONG = 280
"""From this many characters on, a block reads as pasted rather than said."""
BLOCK = 60
"""From this many characters on, what follows a line that points to it ("this job:") is pasted."""
FENCED = re.compile(
    r"(```|~~~|\"\"\")[^\n]*\n(.*?)\n?\1|^(-{3,}|={3,}|_{3,})\s*\n(.+?)(?:\n\3\s*$|\Z)", re.DOTALL | re.MULTILINE
)
QUOTED = re.compile(r"(?:^>.*(?:\n|\Z))+", re.MULTILINE)
OPENER = re.compile(
    r"\b(?:here(?:'s| is| are)|below|following|pasted?|job (?:post|ad|description)|posting|text)\b[^\n]*:\s*$",
    re.IGNORECASE,
)
POINTS = re.compile(r"\b(?:this|these|following|below|here(?:'s| is)?|it|the (?:job|post|ad|brief|mail))\b", re.I)
ASKS = re.compile(
    r"\?\s*$|^\W*(?:what|how|is|are|am|can|could|should|would|do|does|did|which|why|who|when|where|i|we|i'd|i'm)\b",
    re.I,
)
LISTED = re.compile(r"^\s*(?:[-*•·]|\d+[.)])\s", re.MULTILINE)
FIRST_PERSON = re.compile(r"^\s*(?:i'm|i am|my name|my |me:|ich bin|je suis|soy)\b", re.IGNORECASE)
INLINE = re.compile(r"(.{8,200}?[:?])\s+(.{60,})", re.DOTALL)


@dataclass(frozen=True)
class Said:
    """A message taken apart: what the user asks, and what was pasted with it."""

    words: str
    pasted: str = ""


def separate(message: str, speaks: Callable[[str], bool]) -> Said:
    """Take a message apart. `speaks` tells whether a short text is for an agent."""
    text = message.replace("\r\n", "\n").strip()
    for pattern in (FENCED, QUOTED):
        blocks = [hit.group().strip('`~"-=_ \n') for hit in pattern.finditer(text)]
        if blocks and sum(map(len, blocks)) > 40:
            rest = pattern.sub("\n\n", text).strip()
            return Said(rest, "\n\n".join(re.sub(r"^> ?", "", block, flags=re.MULTILINE) for block in blocks))
    parts = _parts(text)
    if len(parts) == 1:
        return Said("", text) if len(text) >= LONG and not _said(text, speaks) else Said(text)
    if FIRST_PERSON.match(text) and not any(OPENER.search(part) for part in parts):
        return Said(text)
    if all(begins_with_verb(part) and speaks(part) for part in parts):
        return Said(text)
    head, last = parts[0], parts[-1]
    told = _addressed(head) and speaks(head)
    opened = told or (bool(OPENER.search(head)) and len(head) < LONG)
    tail = not told and len(parts) > 1 + opened and POINTS.search(last) and _addressed(last) and speaks(last)
    own = [head] * opened + [last] * bool(tail)
    rest = "\n\n".join(parts[opened : len(parts) - bool(tail)])
    several = not own and text.count("\n") > 2 and not _said(text, speaks)
    if several or len(rest) >= LONG or (own and _announces(head) and len(rest) >= BLOCK):
        return Said("\n".join(own), rest)
    return Said(text)


def _parts(text: str) -> list[str]:
    """Its paragraphs; of a single one the first line and the others; of a single line what stands around a colon."""
    parts = [part.strip() for part in re.split(r"\n\s*\n", text) if part.strip()] or [""]
    if len(parts) == 1 or re.match(r"[^\n]+:\s*\n", text):
        parts = [part.strip() for part in parts[0].split("\n", 1)] + parts[1:]
    *before, last = parts[-1].split("\n")
    if before and len(parts) + len(before) > 2 and POINTS.search(last) and _addressed(last):
        parts[-1:] = ["\n".join(before).strip(), last.strip()]
    if len(parts) == 1 and (inline := INLINE.fullmatch(text)) and POINTS.search(inline[1]):
        parts = [inline[1], inline[2]]
    return parts


def _announces(head: str) -> bool:
    """Whether a line leads up to something that is shown below it."""
    return bool(POINTS.search(head)) or head.rstrip().endswith((":", "?"))


def _addressed(part: str) -> bool:
    """Whether a short text is said to someone, as an order or a question, rather than being a title or a notice."""
    short = len(part) < LONG and part.count("\n") < 3 and not LISTED.search(part)
    return short and (part.endswith(":") or bool(ASKS.search(part)) or begins_with_verb(part))


def _said(text: str, speaks: Callable[[str], bool]) -> bool:
    return bool(FIRST_PERSON.match(text)) or (
        speaks(text[:LONG]) and (bool(ASKS.search(text)) or begins_with_verb(text))
    )

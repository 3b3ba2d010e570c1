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
FENCED = re.compile(
    r"(```|~~~|\"\"\")[^\n]*\n(.*?)\n?\1|^(-{3,}|={3,}|_{3,})\s*\n(.+?)(?:\n\3\s*$|\Z)", re.DOTALL | re.MULTILINE
)
QUOTED = re.compile(r"(?:^>.*(?:\n|\Z))+", re.MULTILINE)
OPENER = re.compile(
    r"\b(?:here(?:'s| is| are)|below|following|pasted?|job (?:post|ad|description)|posting|text)\b[^\n]*:\s*$",
    re.IGNORECASE,
)
LISTED = re.compile(r"^\s*(?:[-*•·]|\d+[.)])\s", re.MULTILINE)
FIRST_PERSON = re.compile(r"^\s*(?:i'm|i am|my name|my |me:|ich bin|je suis|soy)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Said:
    """A message taken apart: what the user asks, and what was pasted with it."""

    words: str
    pasted: str = ""


def separate(message: str, speaks: Callable[[str], bool]) -> Said:
    """Take a message apart. `speaks` tells whether a short text is an instruction."""
    text = message.replace("\r\n", "\n").strip()
    for pattern in (FENCED, QUOTED):
        blocks = [hit.group().strip('`~"-=_ \n') for hit in pattern.finditer(text)]
        if blocks and sum(map(len, blocks)) > 40:
            rest = pattern.sub("\n\n", text).strip()
            return Said(rest, "\n\n".join(re.sub(r"^> ?", "", block, flags=re.MULTILINE) for block in blocks))
    if len(text) < LONG and text.count("\n") < 4:
        return Said(text)
    paragraphs = [part.strip() for part in re.split(r"\n\s*\n", text) if part.strip()]
    if len(paragraphs) == 1:
        return _single(text, speaks)
    if FIRST_PERSON.match(paragraphs[0]) and not any(OPENER.search(part) for part in paragraphs):
        return Said(text)
    if all(_instruction(part, speaks) and begins_with_verb(part) for part in paragraphs):
        return Said(text)
    head = paragraphs[:1] if _instruction(paragraphs[0], speaks) else []
    told = bool(head) and speaks(head[0]) and not head[0].endswith(":")
    asks_last = len(paragraphs[-1]) < LONG and speaks(paragraphs[-1]) and not LISTED.search(paragraphs[-1])
    tail = paragraphs[-1:] if asks_last and not told and len(paragraphs) > len(head) + 1 else []
    pasted = "\n\n".join(paragraphs[len(head) : len(paragraphs) - len(tail)])
    if len(pasted) < LONG // 2 and "\n" not in pasted:
        return Said(text)
    return Said("\n".join(head + tail), pasted)


def _instruction(paragraph: str, speaks: Callable[[str], bool]) -> bool:
    short = len(paragraph) < LONG and not LISTED.search(paragraph) and paragraph.count("\n") < 3
    return short and (bool(OPENER.search(paragraph)) or paragraph.endswith(":") or speaks(paragraph))


def _single(text: str, speaks: Callable[[str], bool]) -> Said:
    head, newline, rest = text.partition("\n")
    if newline and len(head) < LONG and (OPENER.search(head) or head.rstrip().endswith(":") or speaks(head)):
        return Said(head, rest.strip()) if len(rest) >= LONG // 2 else Said(text)
    opening = re.match(r"(.{10,200}?:)\s+(.{200,})", text, re.DOTALL)
    if opening and speaks(opening[1]):
        return Said(opening[1], opening[2])
    if speaks(text[:LONG]) or FIRST_PERSON.match(text):
        return Said(text)
    return Said("", text)

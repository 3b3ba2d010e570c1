"""Cuts the user's words into clauses, one request each.

Sentences and "; " always end a clause. A comma or an "and" ends one only where both sides ask for something: the right
side begins with a verb people give orders with, or it speaks for another agent than the left one.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from graph.planner.words import fold

SENTENCE = re.compile(r"(?<=[.!?…])[\"”')]*\s+(?=[^\s\d])|\n+|;\s+")
ABBREVIATION = re.compile(
    r"\b(?:e\.g|i\.e|etc|approx|incl|excl|no|nr|vs|mr|mrs|ms|dr|st|inc|ltd|co|ca|z\.b|std|\b[a-z])\.$", re.I
)
THEN = re.compile(r",?\s+(?:and then|then|afterwards|after that|followed by|und dann|puis|luego)\s+", re.IGNORECASE)
JOINT = re.compile(r",?\s+(?:and also|and|as well as|plus|but|und|et|y|e|&)\s+|,\s+(?!\d)", re.IGNORECASE)
TELLING = re.compile(
    r"\W*(?:(?:hi|hello|hey)\W+)?(?:i|i'm|im|i've|my|and i|we)\b"
    r"(?!.*\?|.*\b(?:need|want|would like|looking for|search)\b)",
    re.IGNORECASE | re.DOTALL,
)
"""A sentence in the first person that tells rather than asks."""
ADDRESS = re.compile(r"\s*(?:https?://|www\.)\S+\s*", re.IGNORECASE)
"""An address by itself is what the sentence before it is about."""
QUANTITIES = re.compile(r"[-*•\s€$£]*\d[^?]*$")
"""What begins with a number and asks nothing only states something for the request that follows."""
VERBS = frozenset(
    "add analyse analyze answer ask build calculate check clean compare compute convert create delete describe "
    "draft draw erase estimate explain export extract fetch find fit forecast generate get give help invoice "
    "list look make mark match model open paste plot predict prepare price propose pull put rank read remind "
    "remove reply run save score search send set show solve start stop store suggest sum summarise summarize "
    "tell train translate update use visualise visualize work write bill fais crée erstelle schreibe zeige "
    "suche finde crea escribe muestra busca encuentra".split()
)
SOFTENERS = re.compile(
    r"^(?:(?:please|pls|kindly|also|just|now|next|finally|first|so|ok|okay|could you|can you|would you|will you|"
    r"i want you to|i need you to|i'd like you to|help me(?: to)?|let's|let us|you can|and|then|to)\s+)+",
    re.IGNORECASE,
)


def split(text: str, agent: Callable[[str], str | None]) -> list[tuple[str, bool]]:
    """The clauses of a text in order, each with whether it follows the one before it in time ("then").

    `agent` names the agent a piece speaks for strongly on its own, or None.
    """
    clauses: list[tuple[str, bool]] = []
    for sentence in _sentences(text):
        for number, part in enumerate(THEN.split(sentence)):
            for place, clause in enumerate(_joined(part, agent)):
                clauses.append((clause, number > 0 and place == 0))
    return clauses


def _sentences(text: str) -> list[str]:
    parts: list[str] = []
    for part in SENTENCE.split(text):
        if parts and (ABBREVIATION.search(parts[-1]) or ADDRESS.fullmatch(part)):
            parts[-1] += " " + part
        elif part.strip():
            parts.append(part.strip())
    return parts


def _joined(part: str, agent: Callable[[str], str | None]) -> list[str]:
    pieces: list[str] = []
    start = 0
    for joint in JOINT.finditer(part):
        left, right = part[start : joint.start()].strip(), part[joint.end() :].strip()
        if left and right and _separate(left, right, agent, listed=joint.group().strip() == ","):
            pieces.append(left)
            start = joint.end()
    pieces.append(part[start:].strip())
    return [piece for piece in pieces if piece]


def _separate(left: str, right: str, agent: Callable[[str], str | None], *, listed: bool) -> bool:
    """Whether a joint stands between two requests; `listed` says it is a bare comma, as between the items of a list."""
    mine = agent(left)
    if mine is None or QUANTITIES.match(left):
        return False
    if begins_with_verb(right):
        return True
    if listed or TELLING.match(left):
        return False
    theirs = agent(JOINT.split(right, maxsplit=1)[0])
    return theirs is not None and theirs != mine


def begins_with_verb(text: str) -> bool:
    """Whether a text starts like an order, after words of politeness."""
    plain = SOFTENERS.sub("", fold(text).strip())
    first = re.match(r"[^\W\d_]+", plain)
    return first is not None and first.group() in VERBS

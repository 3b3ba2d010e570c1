"""The smallest pieces into which the user's words may be cut: at the ends of sentences, "then", "and", commas."""

from __future__ import annotations

import re
from dataclasses import dataclass

from graph.planner import clauses
from graph.planner.words import fold

MOST_PIECES = 10
"""Pieces of a message that are weighed, the rest being one."""
ITEM = 2
"""Words of a thing in a list, at most."""
CALLS = re.compile(
    r"\W*(?:(?:no|nope|yes|yep|ok|okay|wait|sorry|hmm|hey|hi|hello|so|well|right|please|quick one|listen|nein|nee|ja|"
    r"doch|"
    r"hallo|si|vale|oye|hola|oui|non|bon|alors|ciao|allora|senti|nao|sim|entao|ola|pero|perdon|pardon|scusa|"
    r"desculpa)\W*)+"
)
"""Words that call somebody, or say yes or no, folded; they ask for nothing by themselves."""
QUOTATION = re.compile(r"[\"“„«][^\"“”„«»]{2,600}[\"“”»]")


@dataclass(frozen=True)
class Piece:
    """A piece at `start` to `end` of a text; with `then`, it follows the one before it in time."""

    start: int
    end: int
    then: bool = False


def pieces(text: str) -> list[Piece]:
    """The smallest pieces a text could be cut into."""
    found: list[Piece] = []
    quoted = [hit.span() for hit in QUOTATION.finditer(text)]
    at = 0
    for sentence in clauses.sentences(text):
        begin = max(text.find(sentence, at), at)
        at = begin + len(sentence)
        joints = [(hit.start(), hit.end(), True) for hit in clauses.THEN.finditer(sentence)]
        joints += [(hit.start(), hit.end(), False) for hit in clauses.JOINT.finditer(sentence)]
        start, after = 0, False
        for left, right, then in [
            *sorted(joints, key=lambda one: (one[0], -one[1])),
            (len(sentence), len(sentence), False),
        ]:
            if left < start:
                continue
            if sentence[start:left].strip():
                piece = Piece(begin + start, begin + left, after)
                inside = any(first < piece.start < last for first, last in quoted)
                if found and (inside or _called(text, found[-1]) or (start and _goes_on(text, piece))):
                    first = found.pop()
                    piece = Piece(first.start, piece.end, first.then)
                found.append(piece)
            start, after = right, then
    if len(found) > MOST_PIECES:
        found[MOST_PIECES - 1 :] = [Piece(found[MOST_PIECES - 1].start, found[-1].end)]
    return found


def _called(text: str, piece: Piece) -> bool:
    """Whether a piece only calls or says yes or no, and so belongs to what follows."""
    return CALLS.fullmatch(fold(text[piece.start : piece.end])) is not None


def _goes_on(text: str, piece: Piece) -> bool:
    """Whether a piece is one more thing of a list: a word or two behind a bare comma that order and ask nothing."""
    said = text[piece.start : piece.end]
    listed = text[: piece.start].rstrip().endswith(",") and len(said.split()) <= ITEM
    return listed and not clauses.begins_with_verb(said) and not clauses.ASKS.match(fold(said))

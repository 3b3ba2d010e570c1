"""Cuts the user's words into requests by what was learned: where cut pieces speak more clearly than they do together.

    sentences, "then", "and", commas ─▶ pieces ─▶ the cut with the best sum of log shares (dynamic programming)

A message with two requests speaks for two agents at once, and so for neither clearly; each half alone does. A piece
that says little by itself, such as a greeting or the end of a list, speaks clearer together with its neighbour.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from graph.planner import clauses
from graph.planner.intents import NOTHING
from graph.planner.words import fold

MOST_PIECES, LONGEST = 10, 4
"""Pieces of a message that are weighed, the rest being one; and pieces of one request."""
ORDER, THEN = 0.3, 0.8
ASKS, OTHER = -0.6, 0.8
ELSE, BOTH, PLAIN = 0.5, 0.5, 0.9
"""What speaks for a cut, in log shares: an order behind it, and `ELSE` where it is clearly for another agent; a "then"
in it; a question does where it is for another agent and both sides are clear, else against it; `BOTH` where both sides
are for different agents as plainly as `PLAIN`, unless a bare comma joins them. Chosen on messages whose requests are
known."""
LEAST = 1e-4
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


def cut(text: str, shares: Callable[[str], Mapping[str, float]]) -> list[Piece]:
    """The requests of a text, each as a piece; `shares` says how much words speak for each label."""
    parts = pieces(text)
    best: list[dict[_Clear, _Cut]] = [{_Clear(): _Cut(0.0, [])}, *({} for _ in parts)]
    for start in range(len(parts)):
        for end in range(start + 1, min(len(parts), start + LONGEST) + 1):
            piece = Piece(parts[start].start, parts[end - 1].end, parts[start].then)
            said = text[piece.start : piece.end]
            listed = text[: piece.start].rstrip().endswith(",")
            heard = shares(said)
            clear = _Clear(*max(heard.items(), key=lambda one: one[1]))
            own = math.log(max(clear.share, LEAST))
            for before, so_far in best[start].items():
                worth = so_far.worth + own + (_joint(said, piece, before, clear, listed=listed) if start else 0.0)
                if clear not in best[end] or worth > best[end][clear].worth:
                    best[end][clear] = _Cut(worth, [*so_far.pieces, piece])
    return max(best[-1].values(), key=lambda one: one.worth).pieces


class _Clear(NamedTuple):
    """What the last piece of a cut is most clearly for."""

    label: str = ""
    share: float = 0.0


class _Cut(NamedTuple):
    worth: float
    pieces: list[Piece]


def _joint(said: str, piece: Piece, before: _Clear, clear: _Clear, *, listed: bool) -> float:
    """What speaks for a cut before a piece; `listed` says that a bare comma stands there."""
    then = THEN * piece.then
    differ = before.label != clear.label and NOTHING not in (before.label, clear.label)
    if clauses.begins_with_verb(said):
        return then + ORDER + ELSE * differ * before.share * clear.share
    low = min(before.share, clear.share)
    plain = BOTH * (differ and not listed and low > PLAIN)
    if clauses.ASKS.match(fold(said)):
        return then + ASKS + OTHER * (before.label != clear.label) * low + plain
    return then + plain

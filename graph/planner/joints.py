"""What can be seen at a joint between two pieces of a message: the request so far, the piece behind it, the one after.

Numbers only, by name: what the words of each side, and of both together, speak for; how the joint is written; how each
side begins, how long it is, whether it orders, asks or tells. Whether a request begins there is learned from these; see
graph.planner.cutting.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping

from graph.planner import clauses
from graph.planner.features import reading
from graph.planner.intents import NOTHING
from graph.planner.segments import Piece
from graph.planner.words import fold

Shares = Callable[[str], Mapping[str, float]]
"""How much words speak for each label, together 1."""
Marks = dict[str, float]
LEAST = 1e-3
WORD = re.compile(r"\w+")
AND = frozenset("and und y e et i n".split())
ARTICLES = frozenset("the a an my our his her their your this these those some all both".split())
SUBJECTS = frozenset("i we he she they it you im ive id".split())
OBJECTS = frozenset("it them that this him her those these one".split())


def look(text: str, last: Piece, piece: Piece, after: Piece | None, shares: Shares) -> Marks:
    """What is seen between `last`, the request so far, and `piece`, behind which stands `after`."""
    left, right = text[last.start : last.end], text[piece.start : piece.end]
    onward = text[piece.start : after.end] if after else right
    return (
        _speaking(shares(left), shares(right), shares(text[last.start : piece.end]), shares(onward))
        | _joint(text[last.end : piece.start], left)
        | _side("left", left)
        | _side("right", right)
        | _beside(left, right)
        | _after(text, piece, after)
    )


def _speaking(
    left: Mapping[str, float], right: Mapping[str, float], both: Mapping[str, float], onward: Mapping[str, float]
) -> Marks:
    mine, theirs, goal = (max(one, key=one.__getitem__) for one in (left, right, onward))
    clear = {"left": left[mine], "right": right[theirs], "both": max(both.values()), "onward": onward[goal]}
    logs = {name: math.log(max(share, LEAST)) for name, share in clear.items()}
    return {
        **{f"clear {name}": worth for name, worth in logs.items()},
        "gain": logs["left"] + logs["right"] - logs["both"],
        "gain onward": logs["left"] + logs["onward"] - logs["both"],
        "differ": float(mine != theirs),
        "low": min(clear["left"], clear["right"]),
        **{
            f"nothing {name}": one.get(NOTHING, 0.0)
            for name, one in zip(clear, (left, right, both, onward), strict=True)
        },
        "alike": sum(min(left[label], right[label]) for label in left),
        "alike onward": sum(min(left[label], onward[label]) for label in left),
        "right for left": right[mine],
        "left for right": left[theirs],
        "both for left": both[mine],
        "both for right": both[theirs],
        "onward for left": onward[mine],
        "left for onward": left[goal],
        "lost": left[mine] - both[mine],
    }


def _joint(between: str, left: str) -> Marks:
    words = WORD.findall(fold(between))
    return {
        "sentence": float(clauses.ENDED.search(left) is not None),
        "comma": float(between.strip().startswith(",")),
        "bare comma": float(between.strip() == ","),
        "dash": float(re.search(r"[-–—/→]", between) is not None),
        "and": float(" ".join(words) in AND or "&" in between),
        "then": float(clauses.THEN.search(f"{between} ") is not None),
        "joining words": float(len(words)),
    }


def _side(name: str, text: str) -> Marks:
    said, read = fold(text).strip(), fold(reading(text))
    words = WORD.findall(read)
    first = words[0] if words else ""
    return {
        f"{name} orders": float(clauses.begins_with_verb(text) or clauses.begins_with_verb(read)),
        f"{name} asks": float(any(clauses.ASKS.match(one) for one in (said, read))),
        f"{name} ends asking": float(text.rstrip().endswith("?")),
        f"{name} tells": float(clauses.TELLING.match(text) is not None),
        f"{name} words": float(len(words)),
        f"{name} letters": float(len(text)),
        f"{name} article": float(first in ARTICLES),
        f"{name} subject": float(first in SUBJECTS),
        f"{name} object": float(any(word in OBJECTS for word in words[1:])),
        f"{name} verbs": float(sum(word in clauses.VERBS for word in words)),
        f"{name} number": float(re.search(r"\d", text) is not None),
        f"{name} name": float(re.match(r"\W*[A-Z][a-z]", text) is not None),
    }


def _beside(left: str, right: str) -> Marks:
    mine, theirs = (set(WORD.findall(fold(reading(one)))) for one in (left, right))
    return {"length": len(right) / max(1, len(left)), "words shared": len(mine & theirs) / max(1, len(theirs))}


def _after(text: str, piece: Piece, after: Piece | None) -> Marks:
    said = text[after.start : after.end] if after else ""
    return {
        "after orders": float(clauses.begins_with_verb(said)),
        "after words": float(len(WORD.findall(said))),
        "after comma": float(after is not None and text[piece.end : after.start].strip().startswith(",")),
    }

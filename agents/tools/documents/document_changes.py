"""What changed from one version of a document to the next, paragraph by paragraph and word by word.

old, new ──▶ paragraphs alike ─ same │ alike enough ─ changed, word by word │ alike elsewhere ─ moved │ removed │ added

Paragraphs are aligned by the longest common subsequence, as in any diff; between two that agree, pairs are made in
order by the share of words they have in common.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any, Literal

from integrations.media.documents.format import Block
from integrations.media.documents.scanned import scanned

ALIKE, MOVED = 0.5, 0.85
"""The share of common words from which one paragraph is another one changed, or the same one moved."""
MOST = 4_000
"""Paragraphs of each version that are compared."""
Kind = Literal["same", "changed", "moved", "added", "removed"]
Piece = tuple[Literal["same", "old", "new"], str]


@dataclass(frozen=True)
class Change:
    """One paragraph in both versions; `pieces` are its words, marked where only one version has them."""

    kind: Kind
    pieces: list[Piece]
    place: str
    heading: str = ""


@dataclass(frozen=True)
class Paragraph:
    """A paragraph and where it stands."""

    text: str
    place: str
    heading: str = ""

    @property
    def key(self) -> str:
        """The words alone, so that spacing and quotes are no change."""
        return " ".join(re.findall(r"\w+|[€$£%]", self.text.casefold()))


def compare(old: dict[str, str], new: dict[str, str]) -> dict[str, Any]:
    """Compare two files, each ``{"path", "name", "password"}``, for a job. Raises UnreadableDocument.

    Returns ``{"changes": [{"kind", "pieces", "place", "heading"}], "same": count}`` in the order of the new version.
    """
    before, after = (
        paragraphs(scanned(Path(one["path"]), one["name"], one["password"])[1].blocks) for one in (old, new)
    )
    found = changes(before[:MOST], after[:MOST])
    told = [vars(one) for one in found if one.kind != "same"]
    return {"changes": told, "same": len(found) - len(told), "cut": max(len(before), len(after)) > MOST}


def paragraphs(blocks: list[Block]) -> list[Paragraph]:
    """What is compared of a document: not its comments and tracked changes."""
    found = []
    heading = ""
    for block in blocks:
        if block.kind == "heading":
            heading = block.text
        if block.kind not in ("comment", "change"):
            place = f"page {block.page}" if block.page else f"line {block.line}" if block.line else ""
            found.append(Paragraph(block.text, place, heading))
    return found


def changes(old: list[Paragraph], new: list[Paragraph]) -> list[Change]:
    """Every paragraph of both versions, in the order of the new one; what was removed stands at the end."""
    pairs: list[tuple[Paragraph, Paragraph | None]] = []
    matcher = SequenceMatcher(None, [one.key for one in old], [one.key for one in new], autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        pairs += zip(new[c:d], old[a:b], strict=True) if tag == "equal" else _pairs(old[a:b], new[c:d])
    partners = {id(before) for _, before in pairs}
    gone = [one for one in old if id(one) not in partners]
    found = [_settled(now, before, gone) for now, before in pairs]
    return [*found, *(Change("removed", [("old", one.text)], one.place, one.heading) for one in gone)]


def _settled(now: Paragraph, before: Paragraph | None, gone: list[Paragraph]) -> Change:
    """What became of one paragraph; a new one that stood elsewhere before is moved, and leaves `gone`."""
    kind: Kind = "changed"
    if before is None and (before := _best(now, gone, MOVED)):
        gone.remove(before)
        kind = "moved"
    elif before is not None and before.key == now.key:
        return Change("same", [("same", now.text)], now.place, now.heading)
    if before is None:
        return Change("added", [("new", now.text)], now.place, now.heading)
    return Change(kind, words(before.text, now.text), now.place, now.heading)


def _pairs(old: list[Paragraph], new: list[Paragraph]) -> list[tuple[Paragraph, Paragraph | None]]:
    """Each new paragraph with the old one it was made from, in order; None where there is none."""
    pairs: list[tuple[Paragraph, Paragraph | None]] = []
    left = list(old)
    for now in new:
        before = _best(now, left[:30], ALIKE)
        if before is not None:
            left = left[left.index(before) + 1 :]
        pairs.append((now, before))
    return pairs


def _best(now: Paragraph, among: list[Paragraph], least: float) -> Paragraph | None:
    best = max(among, key=lambda one: alike(now.key, one.key), default=None)
    return best if best is not None and alike(now.key, best.key) >= least else None


def alike(one: str, other: str) -> float:
    """The share of words two texts have in common, 0 to 1 (Dice)."""
    first, second = Counter(one.split()), Counter(other.split())
    return 2 * (first & second).total() / ((first.total() + second.total()) or 1)


def words(old: str, new: str) -> list[Piece]:
    """The words of both texts in order: what both have, what only the old has, what only the new has."""
    before, after = (re.findall(r"\s+|\w+(?:[.,]\d+)*|[^\w\s]", text) for text in (old, new))
    pieces: list[Piece] = []
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(("same", "".join(before[a:b])))
            continue
        if a < b:
            pieces.append(("old", "".join(before[a:b])))
        if c < d:
            pieces.append(("new", "".join(after[c:d])))
    return _joined(pieces)


def _joined(pieces: list[Piece]) -> list[Piece]:
    """Put changes together that only a space parts: "14 days" to "30 weeks" is one change of two words."""
    found: list[Piece] = []
    old = new = ""

    def close() -> None:
        nonlocal old, new
        if old:
            found.append(("old", old))
        if new:
            found.append(("new", new))
        old = new = ""

    for place, (kind, text) in enumerate(pieces):
        if kind == "same" and (text.strip() or not (old or new) or place == len(pieces) - 1):
            close()
            found.append((kind, text))
            continue
        old += text if kind != "new" else ""
        new += text if kind != "old" else ""
    close()
    return found

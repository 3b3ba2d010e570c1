"""Who wrote a receipt: the tall words near the top, or those with a legal form, that are no address and no title.

pieces of the first lines ──▶ no number, title or contact ──▶ names
    for a name:      it is tall, near the top, has a legal form or a trade, stands again elsewhere, an address follows
    against a name:  it stands under a word for the buyer, or reads like a sentence
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from integrations.media.images.amounts import amounts_of
from integrations.media.images.reading import Piece, Reading
from integrations.media.images.receipt_words import (
    BUYER,
    LEGAL,
    NO_VENDOR,
    SALUTATION,
    SELLER,
    SENTENCE,
    STREET,
    STREET_ENDING,
    TAX_NUMBER,
    TRADE,
)

LINES_LOOKED_AT = 14
BUYER_LINES = 4
TALL = 1.25
"""How much taller than usual letters are that make one name of two lines."""
_CONTACT = re.compile(
    r"@|www\.|https?:|\.com\b|\+\d\d|\(\d{3}\)|\d{4,}|\d[.,]\d\d\b|\d{1,2}[./-]\d{1,2}[./-]\d|\b\d{1,2}:\d\d\b"
)
_POSTCODE = re.compile(r"\b\d{4,5}\b\s+[A-ZÀ-Ý]|\b[A-Z]{1,2}\d{1,2}[A-Z]?\s?\d[A-Z]{2}\b")
_PARTED = re.compile(r"\s?[·•]\s?|\s\|\s")


@dataclass(frozen=True)
class _Place:
    """A word for buyer or seller: the line it stands on and from where to where it goes across."""

    line: int
    left: float
    right: float

    def over(self, line: int, piece: Piece) -> bool:
        """Whether a piece stands under it, or beside it on its line."""
        if line == self.line:
            return piece.box[0] >= self.left
        wide = self.right - self.left
        near = min(piece.box[2], self.right + wide) - max(piece.box[0], self.left - wide)
        return self.line < line <= self.line + BUYER_LINES and near > 0


def vendor_of(reading: Reading) -> str | None:
    """The vendor's name as written, or None. A line that names several things gives its parts one by one."""
    usual = median([piece.height for line in reading.lines for piece in line] or [1.0])
    head = [_names(line) for line in reading.lines[:LINES_LOOKED_AT]]
    buyers = [_Place(n, p.box[0], p.box[2]) for n, line in enumerate(head) for p in line if _speaks_of_buyer(p.text)]
    sellers = [_Place(n, p.box[0], p.box[2]) for n, line in enumerate(head) for p in line if SELLER.fullmatch(p.text)]
    whole = _bare(reading.text)
    best: tuple[float, str] | None = None
    for place, piece in _candidates(head, reading.texts, usual):
        name = _name(piece.text)
        if name is None:
            continue
        score = 3 * min(piece.height / usual, 2.5) - 0.35 * place
        score += 2.5 if LEGAL.search(name) else 1.2 if TRADE.search(name) else 0
        score += 1.5 if len(_bare(name)) > 5 and whole.count(_bare(name)) > 1 else 0
        score += 4 if _sends(piece.text) else 0
        score += 3 if any(one.over(place, piece) for one in sellers) else 0
        score -= 4 if any(one.over(place, piece) for one in buyers) else 0
        score -= 2.5 if SENTENCE.search(name) or name[0].islower() else 0
        if best is None or score > best[0]:
            best = (score, name)
    return best[1] if best else None


def _candidates(head: Sequence[Sequence[Piece]], texts: Sequence[str], usual: float) -> Iterator[tuple[int, Piece]]:
    """What may be a name, with its line; two tall lines right above each other are also one."""
    for place, line in enumerate(head):
        if any(amount.exact and amount.ends for amount in amounts_of(texts[place])):
            continue  # something that was bought
        for piece in line:
            yield place, piece
        below = head[place + 1] if place + 1 < len(head) else ()
        if len(line) == len(below) == 1 and (both := _one_name(line[0], below[0], usual)):
            yield place, both


def _one_name(piece: Piece, below: Piece, usual: float) -> Piece | None:
    """Two lines as one name, where they are equally tall, right above each other and centred alike."""
    high, low = max(piece.height, below.height), min(piece.height, below.height)
    middles = (piece.box[0] + piece.box[2]) / 2 - (below.box[0] + below.box[2]) / 2
    if low < TALL * usual or high > 1.2 * low or below.box[1] - piece.box[3] > 0.5 * low or abs(middles) > 1.5 * high:
        return None
    if not (_name(piece.text) and _name(below.text)):
        return None
    left, right = min(piece.box[0], below.box[0]), max(piece.box[2], below.box[2])
    # as tall as the two, a little more so that the whole name is preferred to its half
    return Piece(f"{piece.text} {below.text}", (left, piece.box[1], right, piece.box[1] + high * 1.1), piece.confidence)


def _names(line: tuple[Piece, ...]) -> list[Piece]:
    """The pieces of a line, close ones of the same height joined: words of one name."""
    joined: list[Piece] = []
    for piece in line:
        last = joined[-1] if joined else None
        if last and piece.box[0] - last.box[2] < 0.9 * max(last.height, piece.height):
            box = (last.box[0], min(last.box[1], piece.box[1]), piece.box[2], max(last.box[3], piece.box[3]))
            joined[-1] = Piece(f"{last.text} {piece.text}", box, min(last.confidence, piece.confidence))
        else:
            joined.append(piece)
    return joined


def _speaks_of_buyer(text: str) -> bool:
    return bool(BUYER.search(text) or SALUTATION.match(text))


def _sends(text: str) -> bool:
    """Whether a piece is a sender's line: a name, then the rest of an address in the same line."""
    first, *rest = _PARTED.split(text)
    return len(rest) > 1 and bool(_POSTCODE.search(" ".join(rest))) and not re.search(r"\d", first)


def _name(text: str) -> str | None:
    """The name in a piece of text, or None when it is an address, a number or a title."""
    name = _PARTED.split(text)[0].strip(" *-–=_.:;#·")
    letters = sum(letter.isalpha() for letter in name)
    if letters < 3 or letters < 0.6 * len(name.replace(" ", "")):
        return None
    if _CONTACT.search(name) or TAX_NUMBER.search(name) or STREET_ENDING.search(name) or _POSTCODE.search(name):
        return None
    if SELLER.fullmatch(name) or SALUTATION.match(name) or ((hit := BUYER.match(name)) and hit.end() == len(name)):
        return None
    if (match := NO_VENDOR.match(name)) and (len(name) - match.end() < 4 or match.end() == len(name)):
        return None
    if re.search(r"\d", name) and (STREET.search(name) or "," in name):
        return None
    return name


def _bare(text: str) -> str:
    return re.sub(r"\W", "", text.casefold())

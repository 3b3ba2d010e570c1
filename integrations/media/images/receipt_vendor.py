"""Who wrote a receipt: the tall words near the top, or those with a legal form, that are no address and no title."""

from __future__ import annotations

import re
from statistics import median

from integrations.media.images.amounts import amounts_of
from integrations.media.images.reading import Piece, Reading
from integrations.media.images.receipt_words import BUYER, LEGAL, NO_VENDOR, STREET, STREET_ENDING, TAX_NUMBER

LINES_LOOKED_AT = 14
BUYER_LINES = 4
_CONTACT = re.compile(
    r"@|www\.|https?:|\.com\b|\+\d\d|\(\d{3}\)|\d{4,}|\d[.,]\d\d\b|\d{1,2}[./-]\d{1,2}[./-]\d|\b\d{1,2}:\d\d\b"
)


def vendor_of(reading: Reading) -> str | None:
    """The vendor's name as written, or None. A line that names several things gives its parts one by one."""
    usual = median([piece.height for line in reading.lines for piece in line] or [1.0])
    best: tuple[float, str] | None = None
    buyer_until = -1
    for place, line in enumerate(reading.lines[:LINES_LOOKED_AT]):
        if BUYER.search(reading.texts[place]):
            buyer_until = place + BUYER_LINES
        if any(amount.exact and amount.ends for amount in amounts_of(reading.texts[place])):
            continue  # something that was bought
        for piece in _names(line):
            name = _name(piece.text)
            if name is None:
                continue
            score = 3 * min(piece.height / usual, 2.5) - 0.35 * place
            score += 2.5 if LEGAL.search(name) else 0
            score -= 4 if place <= buyer_until else 0
            if best is None or score > best[0]:
                best = (score, name)
    return best[1] if best else None


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


def _name(text: str) -> str | None:
    """The name in a piece of text, or None when it is an address, a number or a title."""
    name = re.split(r"\s[·•|]\s", text)[0].strip(" *-–=_.:;#")
    letters = sum(letter.isalpha() for letter in name)
    if letters < 3 or letters < 0.6 * len(name.replace(" ", "")):
        return None
    if _CONTACT.search(name) or TAX_NUMBER.search(name) or STREET_ENDING.search(name):
        return None
    if (match := NO_VENDOR.match(name)) and (len(name) - match.end() < 4 or match.end() == len(name)):
        return None
    if re.search(r"\d", name) and (STREET.search(name) or "," in name):
        return None
    return name

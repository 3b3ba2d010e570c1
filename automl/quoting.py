"""How delimited text is delimited and quoted, told from its letters alone."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt

Letters = npt.NDArray[np.uint8]

DELIMITERS = (",", ";", "\t", "|")
SNIFFED = 65_536
RARE_SPACES = (b"\t", b"\v", b"\f", b"\x1c", b"\x1d", b"\x1e", b"\x1f")
PIECE = 256 * 1024


def sniff(text: str) -> str:
    """The delimiter under which most lines, the first among them, have the same number of fields."""
    sample = text[:SNIFFED]
    if len(text) > SNIFFED:
        sample = sample[: sample.rfind("\n") + 1] or sample
    best, best_score = ",", (0.0, 0)
    for delimiter in DELIMITERS:
        try:
            rows = [row for row in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter) if row]
        except csv.Error:
            continue
        if not rows:
            continue
        fields, count = Counter(len(row) for row in rows).most_common(1)[0]
        if fields < 2:
            continue
        score = (count / len(rows) - 0.5 * (len(rows[0]) != fields), fields)
        if score > best_score:
            best, best_score = delimiter, score
    return best


def quoted_whole(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes cut at line ends outside quotes, as far as the number of quotes tells."""
    rest = b""
    for block in blocks:
        block = rest + block
        cut, quotes = len(block), block.count(b'"') % 2 if b'"' in block else 0
        while quotes and cut > 0:
            before = block.rfind(b"\n", 0, cut - 1) + 1
            quotes ^= block.count(b'"', before, cut) % 2
            cut = before
        cut = cut or len(block)
        rest = block[cut:]
        yield block[:cut]
    if rest:
        yield rest


def regular(block: bytes, delimiter: str) -> bool | None:
    """None where readers may differ; else whether a cell may begin or end with a space.

    Quotes are regular when each one in turn opens a cell or follows its twin, and closes a cell or precedes its twin.
    """
    if (b"\r" in block and block.count(b"\r") != block.count(b"\r\n")) or b"\0" in block:
        return None
    letters = np.frombuffer(block, np.uint8)
    edge = np.zeros(256, dtype=bool)
    edge[[ord(delimiter), 10, 13]] = True
    if b'"' in block:
        quotes = _all(letters, 34)
        if len(quotes) % 2:
            return None
        twins = np.concatenate([[False], np.diff(quotes) == 1, [False]])
        before, after = _beside(quotes, letters, edge)
        if not ((before | twins[:-1])[0::2].all() and (after | twins[1:])[1::2].all()):
            return None
        ends = np.zeros(256, dtype=bool)
        ends[[10, 13]] = True
        before, after = _beside(quotes, letters, ends)
        if after[0:-1:2].any() or before[1::2].any():  # a line end that begins or ends a cell is a space, too
            return True
    if not block.isascii() or any(sign in block for sign in RARE_SPACES if sign != delimiter.encode()):
        return True
    return b" " in block and _spaced(letters, delimiter)


def _spaced(letters: Letters, delimiter: str) -> bool:
    """Whether a space stands beside a cell's edge: told in pieces, by comparisons alone, which is quick."""
    if 32 in (letters[0], letters[-1]):
        return True
    for at in range(0, len(letters), PIECE):
        own = letters[max(0, at - 1) : at + PIECE]
        spaces = own == 32
        edges = (own == ord(delimiter)) | (own == 10) | (own == 13) | (own == 34)
        if (spaces[:-1] & edges[1:]).any() or (spaces[1:] & edges[:-1]).any():
            return True
    return False


def _all(letters: Letters, letter: int) -> npt.NDArray[np.int64]:
    """The places of a letter, looked for in pieces that stay in the processor's cache."""
    found = [np.flatnonzero(letters[at : at + PIECE] == letter) + at for at in range(0, len(letters), PIECE)]
    return np.concatenate(found)


def _beside(
    places: npt.NDArray[np.int64], letters: Letters, edge: npt.NDArray[np.bool_]
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Whether a cell's edge comes right before, and right after, each place; the block's ends are such."""
    before, after = edge[letters[places - 1]], edge[letters[np.minimum(places + 1, len(letters) - 1)]]
    before[0] |= places[0] == 0
    after[-1] |= places[-1] == len(letters) - 1
    return before, after


def places(line: bytes, block: bytes) -> Iterator[int]:
    """Where a line stands in a block, alone on its line."""
    place = block.find(line)
    while place >= 0:
        end = place + len(line)
        if (not place or block[place - 1] == 10) and (end == len(block) or block[end] in b"\r\n"):
            yield place
        place = block.find(line, place + 1)

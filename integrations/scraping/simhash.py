"""Near-duplicate texts by SimHash (Charikar 2002; for the web: Manku, Jain and Das Sarma 2007)."""

from __future__ import annotations

import re
from hashlib import blake2b

WORDS = 3
"""Words in a shingle."""
LEAST = 30
"""Texts with fewer words say too little to be compared."""
MOST = 1_500
NEAR = 6
"""Bits in which two fingerprints of nearly the same text may differ; texts that share a half differ in some sixteen."""
BANDS = NEAR + 1


def fingerprint(text: str) -> int:
    """64 bits that differ little for texts that differ little; 0 for a text too short to tell."""
    import numpy as np

    words = re.findall(r"\w+", text.lower())[:MOST]
    if len(words) < LEAST:
        return 0
    shingles = {" ".join(words[start : start + WORDS]) for start in range(len(words) - WORDS + 1)}
    digests = b"".join(blake2b(one.encode(), digest_size=8).digest() for one in shingles)
    bits = np.unpackbits(np.frombuffer(digests, dtype=np.uint8).reshape(-1, 8), axis=1)
    majority = bits.sum(axis=0) * 2 > len(shingles)
    return int.from_bytes(np.packbits(majority).tobytes(), "big")


class Seen:
    """The fingerprints seen so far. Two that differ in few bits agree in one of the bands whole, which finds them."""

    def __init__(self) -> None:
        self._bands: dict[tuple[int, int], list[int]] = {}

    def near(self, mark: int) -> bool:
        """Whether one like it was seen."""
        return mark != 0 and any(
            (mark ^ other).bit_count() <= NEAR for band in _bands(mark) for other in self._bands.get(band, ())
        )

    def add(self, mark: int) -> None:
        """Remember one."""
        if mark:
            for band in _bands(mark):
                self._bands.setdefault(band, []).append(mark)


def _bands(mark: int) -> list[tuple[int, int]]:
    width = 64 // BANDS
    return [(place, mark >> (place * width) & ((1 << width) - 1)) for place in range(BANDS)]

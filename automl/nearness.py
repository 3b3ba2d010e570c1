"""Texts that say almost the same, found by SimHash (Charikar, 2002): texts with few differing bits share most words."""

from __future__ import annotations

import hashlib
import itertools
import re
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

BITS = 64
NEAR = 3
"""Bits in which near texts may differ (Manku, Jain and Das Sarma, Detecting Near-Duplicates, 2007)."""
FEWEST_WORDS = 6
"""Words below which one word more or less is another text."""
MOST_TEXTS = 20_000
WORD = re.compile(r"\w+")


def near_repeats(values: pd.Series[Any]) -> list[tuple[int, int]]:
    """Pairs of rows (earlier, later) of which the later says almost what the earlier does; each later row once.

    Exact repeats count too. Only the first `MOST_TEXTS` texts are compared.
    """
    known = [(row, text) for row, text in enumerate(values) if isinstance(text, str)][:MOST_TEXTS]
    words = [(row, WORD.findall(text.casefold())) for row, text in known]
    long = [(row, own) for row, own in words if len(own) >= FEWEST_WORDS]
    if len(long) < 2:
        return []
    prints = simhashes([own for _, own in long])
    found: dict[int, int] = {}
    for band in range(NEAR + 1):  # of four bands at least one is the same where three bits differ
        own = (prints >> np.uint64(16 * band)) & np.uint64(0xFFFF)
        order = np.argsort(own, kind="stable")
        for group in np.split(order, np.flatnonzero(np.diff(own[order])) + 1):
            for place, later in enumerate(group[1:], start=1):
                near = group[max(0, place - 50) : place]
                differing = np.bitwise_count(prints[near] ^ prints[later])
                if (differing <= NEAR).any():
                    found.setdefault(int(later), int(near[differing <= NEAR][0]))
    return sorted((long[earlier][0], long[later][0]) for later, earlier in found.items())


def simhashes(texts: list[list[str]]) -> npt.NDArray[np.uint64]:
    """The 64 bits of each text (a list of words): for each, whether most of its pairs of neighbouring words set it.

    Pairs of words rather than words tell texts apart that say the same words in another order.
    """
    known: dict[str, npt.NDArray[np.int8]] = {}
    prints = np.zeros(len(texts), dtype=np.uint64)
    weights = np.uint64(1) << np.arange(BITS, dtype=np.uint64)
    for row, words in enumerate(texts):
        pairs = {f"{a} {b}" for a, b in itertools.pairwise(words)}
        votes = np.sum(
            [known[pair] if pair in known else _signs(pair, known) for pair in pairs], axis=0, dtype=np.int32
        )
        prints[row] = weights[votes > 0].sum(dtype=np.uint64)
    return prints


def _signs(pair: str, known: dict[str, npt.NDArray[np.int8]]) -> npt.NDArray[np.int8]:
    digest = hashlib.blake2b(pair.encode(), digest_size=8).digest()
    bits = np.unpackbits(np.frombuffer(digest, np.uint8)).astype(np.int8)
    known[pair] = bits * 2 - 1
    return known[pair]

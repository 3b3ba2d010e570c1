"""Beginnings of prompts that were read once: each agent's system prompt, kept as the state that reading it left."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import Generic, Protocol, TypeVar

SHORTEST = 32
"""Tokens below which a beginning is read again faster than it is worth its memory."""


class State(Protocol):
    """Bytes of llama.cpp's."""

    @property
    def nbytes(self) -> int: ...


S = TypeVar("S", bound=State)


class Prefixes(Generic[S]):
    """States by the tokens they hold, at most `limit` bytes of them; the one used longest ago goes first."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.bytes = 0
        self._kept: OrderedDict[tuple[int, ...], S] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def longest(self, tokens: Sequence[int]) -> tuple[tuple[int, ...], S] | None:
        """The longest kept beginning of these tokens that is not all of them."""
        fitting = [kept for kept in self._kept if len(kept) < len(tokens) and tuple(tokens[: len(kept)]) == kept]
        if not fitting:
            return None
        best = max(fitting, key=len)
        self._kept.move_to_end(best)
        return best, self._kept[best]

    def fits(self, size: int) -> bool:
        """Whether a state of so many bytes may be kept at all: half of the limit, so that a switch finds its own."""
        return size * 2 <= self.limit

    def keep(self, tokens: Sequence[int], state: S) -> None:
        """Keep a state, and let others go until all fit."""
        if not self.fits(state.nbytes):
            return
        self.bytes += state.nbytes
        if replaced := self._kept.pop(key := tuple(tokens), None):
            self.bytes -= replaced.nbytes
        self._kept[key] = state
        while self.bytes > self.limit:
            _, gone = self._kept.popitem(last=False)
            self.bytes -= gone.nbytes


def shared(one: Sequence[int], other: Sequence[int]) -> int:
    """How many tokens two prompts begin with alike."""
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count

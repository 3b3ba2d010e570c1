"""Which questions were refused because too many waited: for a program, that is a reason to ask again later.

Whoever asks a model for somebody goes on without it and says so, which is what a person wants to read.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from integrations.models.backend import Busy

_refused: ContextVar[list[Busy] | None] = ContextVar("refused", default=None)


@contextmanager
def refusals() -> Iterator[list[Busy]]:
    """What models refuse inside the block, in this task and those it starts."""
    found: list[Busy] = []
    token = _refused.set(found)
    try:
        yield found
    finally:
        _refused.reset(token)


def note(error: Busy) -> None:
    """Note that a question was refused, where somebody wants to know."""
    if (found := _refused.get()) is not None:
        found.append(error)

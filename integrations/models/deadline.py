"""The deadline of a call, and what is left of it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from integrations.models.backend import TooSlow

T = TypeVar("T")


class Deadline:
    """When the model of this name must have answered.

    Each wait is held against it, rather than the whole stream: what a reader does between two pieces takes no time.
    """

    def __init__(self, seconds: float, name: str) -> None:
        self._at = asyncio.get_running_loop().time() + seconds
        self._name = name

    @property
    def left(self) -> float:
        """Seconds, at least 0."""
        return max(0.0, self._at - asyncio.get_running_loop().time())

    def passed(self) -> TooSlow:
        """What is raised when it has passed."""
        return TooSlow(f"{self._name} took longer than it may; ask for less, or choose a smaller model.")

    async def hold(self, what: Awaitable[T]) -> T:
        """Wait for it. Raises TooSlow."""
        try:
            async with asyncio.timeout_at(self._at):
                return await what
        except TimeoutError:
            raise self.passed() from None

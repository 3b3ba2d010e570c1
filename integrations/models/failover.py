"""One tier's model as everybody sees it: the one that was chosen, and where that cannot answer, the next.

chat ──▶ first in line ──Gone or ModelError before the first piece──▶ next in line ──▶ … ──▶ raises the first error
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import replace

from integrations.models.backend import (
    USUAL,
    Blind,
    Busy,
    ChatMessage,
    Gone,
    ModelError,
    Note,
    TooLong,
    TooSlow,
    Wanted,
    silent,
)
from integrations.models.deadline import Deadline
from integrations.models.served import Served

Ready = Callable[[Served, Note], Awaitable[None]]
"""Makes room for a model that is about to load."""


class Failover:
    """A `ModelBackend` over the models that can serve a tier."""

    def __init__(
        self, line: Sequence[Served], ready: Ready, done: Callable[[], Awaitable[None]], user: str = ""
    ) -> None:
        """`line` are the models to ask in their order, at least one; `done` is awaited after each answer.

        `user` is who asks: users have their turns one after another.
        """
        self._line = line
        self._user = user
        self._ready = ready
        self._done = done

    @property
    def name(self) -> str:
        return self._line[0].title

    @property
    def context(self) -> int:
        return self._line[0].context

    async def chat(
        self, messages: Sequence[ChatMessage], wanted: Wanted = USUAL, note: Note = silent
    ) -> AsyncGenerator[str, None]:
        """See `ModelBackend.chat`. What fails after the first piece is raised, for it cannot be taken back."""
        deadline = Deadline(wanted.seconds, self.name)
        first: ModelError | None = None
        try:
            for served in self._line:
                began = False
                if served.rests:
                    first = first or Gone(f"{served.title} rests for a moment after several failures: {served.error}")
                    continue
                if first is not None and not isinstance(first, Blind):
                    note(f"{self.name} cannot answer now, so {served.title} does")
                try:
                    await self._ready(served, note)
                    left = replace(wanted, seconds=deadline.left)
                    async with aclosing(served.chat(messages, left, note, self._user)) as pieces:
                        async for piece in pieces:
                            began = True
                            yield piece
                    return
                except (Busy, TooLong, TooSlow):
                    raise
                except ModelError as error:
                    if began:
                        raise Gone(str(error)) from error
                    first = first or error
            assert first is not None
            raise first
        finally:
            await self._done()

    async def close(self) -> None:
        """Nothing here: the models belong to `Models`, which closes them."""

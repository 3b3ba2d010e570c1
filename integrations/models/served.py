"""One model that was chosen: opened when it is first needed, counted, and left alone while it keeps failing."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from time import monotonic as now

from integrations.models import refused
from integrations.models.backend import (
    Blind,
    Busy,
    ChatMessage,
    Gone,
    ModelBackend,
    ModelError,
    Note,
    TooLong,
    TooSlow,
    Wanted,
)
from integrations.models.deadline import Deadline
from integrations.models.fair import Fair
from integrations.models.placed import NOWHERE, Placed, placed, together, weighs
from integrations.models.redacted import Withheld

FAILURES = 3
"""So many in a row, and the model is left alone for a while: trying costs the user time."""
REST_S = 20.0
LEAST_CONTEXT = 2048
WAITING = 16


@dataclass
class Served:
    """A model under the name it was chosen by. `backend` is None until it is needed, and again once it is put away.

    `pieces` counts what it wrote, as it was streamed: a token each, or a little more. `waiting` questions of each user
    may wait for it.
    """

    name: str
    open: Callable[[str], ModelBackend]
    backend: ModelBackend | None = None
    waiting: int = WAITING
    running: int = 0
    requests: int = 0
    pieces: int = 0
    used: float = 0.0
    error: str = ""
    _failed: int = field(default=0, repr=False)
    _rests_until: float = field(default=0.0, repr=False)
    _line: Fair | None = field(default=None, repr=False)

    @property
    def title(self) -> str:
        """What the user calls it."""
        try:
            return self.opened().name
        except ModelError:
            return self.name

    @property
    def context(self) -> int:
        """Tokens it reads and writes at once."""
        try:
            return self.opened().context
        except ModelError:  # asking it will say so
            return LEAST_CONTEXT

    @property
    def placed(self) -> Placed:
        """Where the model lies now."""
        return placed(self.backend) if self.backend else NOWHERE

    @property
    def idle(self) -> bool:
        """Whether it takes memory while nobody asks it."""
        return not self.running and self.placed.loaded

    @property
    def rests(self) -> float:
        """Seconds for which it is left alone yet."""
        return max(0.0, self._rests_until - now())

    def opened(self) -> ModelBackend:
        """The backend, which loads when it is asked. Raises ModelError when the name makes no sense."""
        if self.backend is None:
            self.backend = self.open(self.name)
        return self.backend

    def _queue(self) -> Fair:
        if self._line is None:
            self._line = Fair(together(self.opened()), self.waiting)
        return self._line

    def weighs(self) -> int:
        """What loading it takes at least, in bytes; 0 where that is unknown. Reads the disk."""
        try:
            return weighs(self.opened())
        except ModelError:  # asking it will say so
            return 0

    async def chat(
        self, messages: Sequence[ChatMessage], wanted: Wanted, note: Note, user: str = ""
    ) -> AsyncGenerator[str, None]:
        """Ask it for a user, in turn with others, and remember how that went. Raises ModelError."""
        self.running += 1
        self.requests += 1
        self.used = now()
        try:
            deadline = Deadline(wanted.seconds, self.title)
            async with self._queue().turn(user, deadline, self.title):
                left = replace(wanted, seconds=deadline.left)
                async with aclosing(self.opened().chat(messages, left, note)) as pieces:
                    async for piece in pieces:
                        self.pieces += 1
                        yield piece
            self._failed, self.error = 0, ""
        except Busy as error:
            refused.note(error)
            raise
        except (Blind, TooLong, TooSlow, Withheld):  # the question's fault or the moment's, not the model's
            raise
        except ModelError as error:
            self.error = str(error)
            # A form it cannot fill, time and again, is no reason to keep it from writing.
            if wanted.schema is None or isinstance(error, Gone):
                self._fail()
            raise
        finally:
            self.running -= 1
            self.used = now()

    def _fail(self) -> None:
        self._failed += 1
        if self._failed >= FAILURES:
            self._rests_until = now() + REST_S

    async def close(self) -> None:
        """Free what it takes. The next question opens it again."""
        backend, self.backend = self.backend, None
        if backend is not None:
            await backend.close()

"""A model that says what a test tells it to say, in the protocol of every backend."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence

from integrations.models.backend import USUAL, ChatMessage, Note, Wanted, silent


class Scripted:
    """Gives its answers one after the other, the last one for ever, a few letters at a time.

    An answer is words, an exception, or both: words after which it breaks off. `asked` and `wanted` are what it got.
    """

    name = "scripted"

    def __init__(self, *answers: str | Exception | tuple[str, Exception], context: int = 8192, note: str = "") -> None:
        self.context = context
        self.asked: list[list[ChatMessage]] = []
        self.wanted: list[Wanted] = []
        self.closed = 0
        self._answers = answers
        self._note = note

    async def chat(
        self, messages: Sequence[ChatMessage], wanted: Wanted = USUAL, note: Note = silent
    ) -> AsyncGenerator[str, None]:
        answer = self._answers[min(len(self.asked), len(self._answers) - 1)]
        self.asked.append(list(messages))
        self.wanted.append(wanted)
        if self._note:
            note(self._note)
        words, error = answer if isinstance(answer, tuple) else (answer, None)
        try:
            if isinstance(words, Exception):
                raise words
            for start in range(0, len(words), 7):
                yield words[start : start + 7]
            if error is not None:
                raise error
        finally:
            self.closed += 1

    async def close(self) -> None:
        return None

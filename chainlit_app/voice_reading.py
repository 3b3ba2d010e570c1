"""Reads an answer aloud while it is written: each whole sentence becomes sound that the page plays in order."""

from __future__ import annotations

import asyncio
import base64
from uuid import uuid4

from chainlit_app.opened import runtime
from chainlit_app.page import Page
from chainlit_app.voice_wishes import wishes
from integrations.media.speech.aloud import Sentences
from integrations.media.speech.engine import SpeechError
from integrations.media.speech.language import language_of
from integrations.media.speech.speaker import say


class ReadingAloud:
    """One answer being read; made anew for each, so that an interrupted one stays silent."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._track = uuid4().hex
        self._sentences = Sentences()
        self._said = ""
        self._queue: asyncio.Queue[str | None] = asyncio.Queue()
        self._task = asyncio.create_task(self._speak())

    def token(self, text: str) -> None:
        """More of the answer was written."""
        self._said += text
        for sentence in self._sentences.add(text):
            self._queue.put_nowait(sentence)

    def end(self, answer: str) -> None:
        """The answer is complete; what was not streamed is read now."""
        if not self._said:
            self.token(answer)
        for sentence in self._sentences.rest():
            self._queue.put_nowait(sentence)
        self._queue.put_nowait(None)

    def stop(self) -> None:
        """Say no more."""
        self._task.cancel()

    async def _speak(self) -> None:
        while (sentence := await self._queue.get()) is not None:
            language = language_of(self._said)
            try:
                speech = await asyncio.to_thread(say, sentence, language, runtime().settings)
            except SpeechError as error:
                await self._page.toast(str(error), "error")
                return
            sound = base64.b64encode(speech.wav()).decode()
            await self._page.tell({"freelancex": "say", "track": self._track, "text": sentence, "wav": sound})


async def reading(page: Page, user: str) -> ReadingAloud | None:
    """What reads an answer aloud, where the user wishes that."""
    return ReadingAloud(page) if (await wishes(user)).aloud else None

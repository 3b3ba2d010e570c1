"""An answer is read aloud while it is written: sentence by sentence, on one track, and no more once it is stopped."""

from __future__ import annotations

import asyncio
import base64
from types import SimpleNamespace
from typing import Any

import pytest

from chainlit_app import voice_reading
from chainlit_app.voice_reading import ReadingAloud
from config.settings import Settings
from tests.speech import needs_espeak

pytestmark = needs_espeak


class Page:
    """Stands for the page: keeps what it is to play."""

    def __init__(self) -> None:
        self.played: list[dict[str, Any]] = []
        self.came = asyncio.Event()

    async def tell(self, message: dict[str, Any]) -> None:
        self.played.append(message)
        self.came.set()

    async def next(self) -> dict[str, Any]:
        await asyncio.wait_for(self.came.wait(), 60)
        self.came.clear()
        return self.played[-1]


@pytest.fixture
def page(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(voice_reading, "runtime", lambda: SimpleNamespace(settings=settings))
    return Page()


async def test_each_sentence_is_heard_before_the_next_is_written(page: Any) -> None:
    reading = ReadingAloud(page)
    reading.token("Your invoice is re")
    reading.token("ady. It comes to ")
    first = await page.next()
    assert first["text"] == "Your invoice is ready."
    assert base64.b64decode(first["wav"]).startswith(b"RIFF")
    reading.token("240 euros")
    reading.end("Your invoice is ready. It comes to 240 euros")
    second = await page.next()
    assert second["text"].startswith("It comes to") and second["track"] == first["track"]


async def test_an_answer_that_came_whole_is_read_too(page: Any) -> None:
    reading = ReadingAloud(page)
    reading.end("Nobody owes you money.")
    assert (await page.next())["text"] == "Nobody owes you money."


async def test_once_stopped_it_says_no_more(page: Any) -> None:
    reading = ReadingAloud(page)
    reading.token("One sentence is said. ")
    await page.next()
    reading.stop()
    reading.token("Another is not. ")
    reading.end("")
    with pytest.raises(asyncio.CancelledError):
        await reading._task
    assert [one["text"] for one in page.played] == ["One sentence is said."]

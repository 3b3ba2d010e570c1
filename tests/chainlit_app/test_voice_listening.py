"""Hands-free, a pause ends a message, also when recognising lagged behind; nothing is written twice."""

from __future__ import annotations

import asyncio
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from chainlit_app import chat, voice_listening
from chainlit_app.voice_listening import BYTES_A_SECOND, Listening
from chainlit_app.voice_wishes import Wishes
from integrations.media.speech import voiced
from integrations.media.speech.transcript import Segment, Transcript


class Told:
    """Stands for the page: keeps what it is told."""

    user = "local"

    def __init__(self) -> None:
        self.heard: list[tuple[str, bool]] = []
        self.toasts: list[str] = []

    async def tell(self, message: dict[str, Any]) -> None:
        self.heard.append((message["text"], message["final"]))

    async def toast(self, text: str, kind: str = "info") -> None:
        self.toasts.append(text)


def sound(seconds: float, *, loud: bool) -> bytes:
    return bytes([0, 64 if loud else 0]) * int(seconds * BYTES_A_SECOND / 2)


def loud(samples: NDArray[np.float32]) -> list[bool]:
    """For each frame, whether there is any sound at all."""
    return [bool(np.abs(samples[at : at + voiced.FRAME]).max() > 0.1) for at in range(0, len(samples), voiced.FRAME)]


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was sent as a message; every phrase is recognised as "hola"."""
    said: list[str] = []

    async def recognise(pcm: bytes, language: str, user: str) -> Transcript:
        return Transcript((Segment(0, 1, "hola", 0.9),) if any(pcm) else (), "es", "embedded", 1.0)

    async def say(page: Any, text: str) -> None:
        said.append(text)

    monkeypatch.setattr(voice_listening, "recognise", recognise)
    monkeypatch.setattr(chat, "say", say)
    monkeypatch.setattr(voice_listening, "voiced", loud)
    monkeypatch.setattr(voiced, "voiced", loud)
    return said


def listening(*, at_once: bool) -> tuple[Listening, Told]:
    page: Any = Told()
    return Listening(page, page, Wishes("hands_free", "es", at_once)), page


async def hears(one: Listening, *parts: bytes) -> None:
    for part in parts:
        one.take(part)
        await asyncio.gather(*one.tasks)


PHRASE = sound(1, loud=True) + sound(0.7, loud=False)


async def test_a_pause_ends_a_message_even_when_more_was_said_meanwhile(sent: list[str]) -> None:
    one, _ = listening(at_once=True)
    await hears(one, PHRASE, sound(2, loud=False) + PHRASE)  # the second came while the first was recognised
    assert sent == ["hola"]
    await one.finish()
    assert sent == ["hola", "hola"]


async def test_two_messages_that_wait_together_stay_two(sent: list[str]) -> None:
    one, _ = listening(at_once=True)
    await hears(one, PHRASE + sound(2, loud=False) + PHRASE + sound(2, loud=False), *[sound(0.5, loud=False)] * 4)
    assert sent == ["hola", "hola"]


async def test_what_is_not_sent_at_once_is_written_once(sent: list[str]) -> None:
    one, page = listening(at_once=False)
    await hears(one, PHRASE, *[sound(1, loud=False)] * 4)
    await one.finish()
    assert (sent, page.toasts) == ([], [])
    assert [text for text, final in page.heard if final and text] == ["hola"]


async def test_silence_alone_is_told_when_the_microphone_is_turned_off(sent: list[str]) -> None:
    one, page = listening(at_once=True)
    await hears(one, sound(2, loud=False))
    await one.finish()
    assert sent == [] and page.toasts == [voice_listening.NO_WORDS]


async def test_words_are_shown_while_one_still_speaks(sent: list[str]) -> None:
    one, page = listening(at_once=True)
    one.guesses = True
    await hears(one, sound(1.2, loud=True))
    assert page.heard == [("hola", False)]
    await hears(one, sound(0.5, loud=True), sound(0.8, loud=False))  # too little for another guess, then a pause
    assert page.heard[1:] == [("hola", False)]
    await hears(one, *[sound(1, loud=False)] * 2)
    assert sent == ["hola"] and page.heard[-1] == ("", True)


async def test_silence_and_a_slow_recogniser_are_not_guessed_at(sent: list[str]) -> None:
    one, page = listening(at_once=True)
    one.guesses = True
    await hears(one, sound(1.2, loud=False))
    one.pace = 2.0
    await hears(one, sound(1.2, loud=True))
    assert page.heard == []

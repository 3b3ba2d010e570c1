"""The microphone: what is said appears in the message box while it is said, to be checked and sent.

    page ── sound ──▶ Listening ── a pause ──▶ recognised in another process ──▶ draft in the message box
                          │                                               └── sent, where that is wished
                          ├── no pause yet ──▶ a first guess, where the engine is quick enough
                          └── the user speaks, so reading aloud stops

FreelanceX's own answers to three of Chainlit's events, which would otherwise make a message of every recording.
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from chainlit.server import sio
from chainlit.session import WebsocketSession

from agents.tools.media.heard_words import as_typed
from chainlit_app import chat
from chainlit_app.opened import runtime
from chainlit_app.page import Page, page_of
from chainlit_app.voice_wishes import Wishes, wishes
from config.errors import Mendable
from integrations.http import Errand
from integrations.media.speech import remote
from integrations.media.speech.engine import SpeechError, chosen
from integrations.media.speech.listening import MICROPHONE_RATE, resampled
from integrations.media.speech.speaker import Speech
from integrations.media.speech.transcript import Transcript, transcript_of
from integrations.media.speech.voiced import first_pause, voiced

Dict = dict[str, Any]
BYTES_A_SECOND = MICROPHONE_RATE * 2
LOOKS_EVERY = BYTES_A_SECOND // 2
PAUSE_S = 0.7
"""A pause after which a phrase is recognised while the user goes on."""
DONE_S = 1.6
"""A pause after which a message is complete, hands-free."""
GUESS_EVERY = BYTES_A_SECOND
GUESS_S = 0.8
"""What a guess at an unfinished phrase may take: while it is made, a pause goes unnoticed."""
USUAL_PACE = 0.25
"""Seconds that recognising a second of sound takes, until it was measured."""
LONGEST_PHRASE = 20 * BYTES_A_SECOND
LONGEST = 600 * BYTES_A_SECOND
RECOGNISING_S = 120
OFF = "The microphone is off; the settings turn it on."
NO_WORDS = "I heard no words; speak closer to the microphone, or type."
TOO_LONG = "That was ten minutes of speech, so I stopped listening; attach longer recordings as a file."


@dataclass
class Listening:
    """One page that listens: the sound of the phrase so far, and the phrases that were recognised."""

    page: Page
    here: Page
    wishes: Wishes
    sound: bytearray = field(default_factory=bytearray)
    phrases: list[str] = field(default_factory=list)
    heard: int = 0
    looked: int = 0
    guesses: bool = False
    """Whether words are shown before a pause: once the recogniser is loaded, and by none that is elsewhere."""
    guessed: int = 0
    pace: float = USUAL_PACE
    ended: bool = False
    told: bool = False
    """Whether a message came of it already."""
    busy: asyncio.Lock = field(default_factory=asyncio.Lock)
    tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def take(self, chunk: bytes) -> None:
        """Append what came, and look for a pause now and then. Never waits, so that chunks stay in order."""
        self.sound += chunk
        self.heard += len(chunk)
        if self.heard - self.looked >= LOOKS_EVERY and not self.busy.locked():
            self.looked = self.heard
            self.run(self._look())

    def run(self, work: Coroutine[Any, Any, None]) -> None:
        """Let something run beside."""
        task = asyncio.create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def warm(self) -> None:
        """Have the recogniser loaded; what keeps it from that is said when there is something to recognise."""
        with suppress(Mendable):
            await recognise(bytes(BYTES_A_SECOND // 4), self.wishes.language, self.page.user)
            self.guesses = True

    async def finish(self) -> None:
        """Recognise the rest and leave all of it in the message box."""
        self.ended = True
        async with self.busy:
            await self._recognise(len(self.sound))
            if not self.phrases and not self.told:
                await self.here.toast(NO_WORDS)
            await self._complete()

    async def _look(self) -> None:
        async with self.busy:
            size = len(self.sound)
            sound = bytes(self.sound)
            pause = await asyncio.to_thread(lambda: first_pause(resampled(sound), PAUSE_S))
            if self.ended:
                return
            if self.phrases and self.wishes.microphone == "hands_free" and await self._silent(sound):
                await self._complete()
            elif pause or size >= LONGEST_PHRASE:  # what was said after the pause is a phrase of its own
                await self._recognise(int(pause * MICROPHONE_RATE) * 2 if pause else size)
            elif self.guesses and size >= self.guessed + GUESS_EVERY and size / BYTES_A_SECOND * self.pace <= GUESS_S:
                self.guessed = size
                if await asyncio.to_thread(lambda: any(voiced(resampled(sound)))):
                    await self._guess(sound)

    async def _silent(self, sound: bytes) -> bool:
        """Whether nothing was said after the last phrase for long enough; that silence is then dropped.

        More may have been said since, when recognising took long.
        """
        silence = sound[: int((DONE_S - PAUSE_S) * MICROPHONE_RATE) * 2]
        if len(silence) == len(sound) or await asyncio.to_thread(lambda: any(voiced(resampled(silence)))):
            return False
        del self.sound[: len(silence)]
        return True

    async def _recognise(self, size: int) -> None:
        """Recognise the first `size` bytes of the sound, and keep what comes after for the next phrase."""
        sound = bytes(self.sound[:size])
        del self.sound[:size]
        if len(sound) < BYTES_A_SECOND // 4:
            return
        self.guessed = 0
        try:
            words = await self._words(sound)
        except Mendable as error:
            await self.here.toast(str(error), "error")
            return
        if words:
            self.phrases.append(words)
            await self.here.tell({"freelancex": "heard", "text": self._text(), "final": False})

    async def _guess(self, sound: bytes) -> None:
        """Show what the phrase may be so far; the pause at its end decides."""
        with suppress(Mendable):  # which is told when the phrase is recognised
            if words := await self._words(sound):
                await self.here.tell({"freelancex": "heard", "text": self._text(words), "final": False})

    async def _words(self, sound: bytes) -> str:
        """The words in some sound, as one would type them. Raises Mendable."""
        began = monotonic()
        heard = await recognise(sound, self.wishes.language, self.page.user)
        self.pace = (monotonic() - began) / (len(sound) / BYTES_A_SECOND)
        words = heard.text.strip()
        if words and heard.language in ("", "en"):
            words = as_typed(words, await runtime().stores.clients.names(self.page.user))
        return words

    async def _complete(self) -> None:
        """What was said is a message: it is sent where that is wished, else it stays in the message box."""
        text = self._text()
        sent = bool(self.phrases) and self.wishes.at_once
        self.told = self.told or bool(self.phrases)
        self.phrases.clear()
        await self.here.tell({"freelancex": "heard", "text": "" if sent else text, "final": True})
        if sent:
            await chat.say(self.page, text)

    def _text(self, guess: str = "") -> str:
        first, *rest = [*self.phrases, guess] if guess else self.phrases or [""]
        return " ".join([first, *(one[:1].lower() + one[1:] if one[:2] != "I " else one for one in rest)])


async def recognise(pcm: bytes, language: str, user: str) -> Transcript:
    """The words in 16-bit mono sound at 24 kHz. Raises Mendable."""
    settings = runtime().settings
    if remote.standing(settings).ready and remote.PURPOSE in await runtime().stores.consents.granted(user):
        errand = Errand(remote.PURPOSE, user, agent="voice")
        wav = Speech(pcm, MICROPHONE_RATE).wav()
        return await remote.transcribe(wav, "speech.wav", language, settings, runtime().http, errand)
    engine = await asyncio.to_thread(chosen, settings, language)
    arguments = {
        "pcm": base64.b64encode(pcm).decode(),
        "engine": engine.name,
        "models": str(settings.paths.models),
        "language": language,
    }
    job = "integrations.media.speech.listening:transcribe_live"
    return transcript_of(await runtime().jobs.run(job, arguments, seconds=RECOGNISING_S))


_listening: dict[str, Listening] = {}
"""What listens, by socket."""


@sio.on("audio_start")  # type: ignore[untyped-decorator]
async def start(socket: str) -> None:
    """The user turned the microphone on."""
    session = WebsocketSession.require(socket)
    page = page_of(session)
    here = page_of(session, only=socket)
    for gone in [known for known in _listening if not sio.manager.is_connected(known, "/")]:
        del _listening[gone]
    await here.tell({"freelancex": "hush"})
    wished = await wishes(page.user)
    try:
        if wished.microphone == "off":
            raise SpeechError(OFF)
        if not remote.standing(runtime().settings).ready:
            await asyncio.to_thread(chosen, runtime().settings, wished.language)
    except SpeechError as error:
        await here.toast(str(error))
        await sio.emit("audio_connection", "off", to=socket)
        return
    listening = _listening[socket] = Listening(page, here, wished)
    if not remote.standing(runtime().settings).ready:
        listening.run(listening.warm())  # while the user draws breath
    await sio.emit("audio_connection", "on", to=socket)


@sio.on("audio_chunk")  # type: ignore[untyped-decorator]
async def chunk(socket: str, payload: Dict) -> None:
    """Some sound came."""
    listening = _listening.get(socket)
    data = payload.get("data")
    if listening is None or not isinstance(data, bytes) or listening.ended:
        return
    listening.take(data)
    if listening.heard > LONGEST:
        await sio.emit("audio_connection", "off", to=socket)
        await listening.here.toast(TOO_LONG)
        await end(socket)


@sio.on("audio_end")  # type: ignore[untyped-decorator]
async def end(socket: str) -> None:
    """The user turned the microphone off, or it failed."""
    if (listening := _listening.pop(socket, None)) is not None:
        await listening.finish()

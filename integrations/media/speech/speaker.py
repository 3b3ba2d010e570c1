"""What speaks: programs on this computer, declared one a file, that take a text and give sound.

espeak.py   espeak-ng, small and robotic, every language here       piper.py   natural, once a voice is installed
mac.py      the voices of macOS
"""

from __future__ import annotations

import io
import subprocess
import wave
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from config.settings import Settings
from integrations.declared import declared
from integrations.media.speech.engine import SpeechError, Standing

SECONDS = 60
"""What saying one piece of text may take."""
MOST_CHARACTERS = 5000
NO_VOICE = (
    "Nothing that can speak is installed; `sudo apt-get install espeak-ng` (or `brew install espeak-ng`) adds a small "
    "voice."
)


@dataclass(frozen=True)
class Speech:
    """Spoken words: 16-bit mono samples, `rate` a second."""

    pcm: bytes
    rate: int

    @property
    def seconds(self) -> float:
        return len(self.pcm) / 2 / self.rate

    def wav(self) -> bytes:
        """The same as a WAV file."""
        file = io.BytesIO()
        with wave.open(file, "wb") as written:
            written.setnchannels(1)
            written.setsampwidth(2)
            written.setframerate(self.rate)
            written.writeframes(self.pcm)
        return file.getvalue()


@dataclass(frozen=True)
class Speaker:
    """A program that speaks; the higher `rank` is the better voice.

    `command` is the program with its arguments for a language (ISO 639-1), None where it has no voice for that;
    `heard` makes speech of what it wrote to its standard output.
    """

    name: str
    title: str
    rank: int
    standing: Callable[[Settings], Standing]
    command: Callable[[Settings, str], list[str] | None]
    heard: Callable[[bytes, Settings, str], Speech]


@cache
def speakers() -> dict[str, Speaker]:
    """Every speaker of this folder by name, the best first. Raises BrokenDeclaration."""
    found = declared(Path(__file__).parent, "integrations.media.speech", "SPEAKER", Speaker)
    return dict(sorted(found.items(), key=lambda item: -item[1].rank))


def speaker_for(settings: Settings, language: str) -> Speaker | None:
    """The best speaker that is ready and has a voice for the language; None when nothing can speak."""
    ready = [one for one in speakers().values() if one.standing(settings).ready]
    return next((one for one in ready if one.command(settings, language)), None)


def say(text: str, language: str, settings: Settings) -> Speech:
    """Speak a text. Blocking: about 10 ms a sentence with the small voice. Raises SpeechError."""
    speaker = speaker_for(settings, language)
    command = speaker.command(settings, language) if speaker else None
    if speaker is None or command is None:
        raise SpeechError(NO_VOICE)
    clean = "".join(letter if letter.isprintable() else " " for letter in text)[:MOST_CHARACTERS]
    try:
        done = subprocess.run(command, input=clean.encode(), capture_output=True, timeout=SECONDS, check=True)
    except (subprocess.SubprocessError, OSError) as error:
        raise SpeechError(
            f"{speaker.title} could not speak this; `python -m chainlit_app doctor` may tell why."
        ) from error
    return speaker.heard(done.stdout, settings, language)


def in_pieces(wav: bytes) -> Speech:
    """Speech from a WAV file whose header may state a wrong length, as that of a pipe does."""
    at = wav.find(b"data", 12)
    if not wav.startswith(b"RIFF") or at < 0:
        raise SpeechError("What should have spoken gave no sound; `python -m chainlit_app doctor` may tell why.")
    rate = int.from_bytes(wav[24:28], "little")
    pcm = wav[at + 8 :]
    return Speech(pcm[: len(pcm) // 2 * 2], rate)

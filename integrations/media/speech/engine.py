"""What a recogniser is: declared one a file, found by a scan, run in a job's process.

sphinx.py    the embedded one: English, always there
whisper.py   faster-whisper, when its package and a model are installed: the fourteen languages and more
remote.py    a server of the user's own choice, by setting (not run in a job: it needs the network)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from config.errors import Mendable
from config.settings import Settings
from integrations.declared import declared

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from integrations.media.speech.transcript import Transcript

LANGUAGES: dict[str, str] = {
    "en": "English", "es": "Spanish", "fr": "French", "de": "German", "it": "Italian", "pt": "Portuguese",
    "ru": "Russian", "ja": "Japanese", "ko": "Korean", "zh": "Chinese", "ar": "Arabic", "hi": "Hindi", "ur": "Urdu",
    "th": "Thai",
}  # fmt: skip
"""The languages that can be chosen, by ISO 639-1."""
Progress = Callable[[str, float | None], None]


class SpeechError(Mendable):
    """Speech cannot be recognised, or words not be spoken; the message says what to do."""


class Recogniser(Protocol):
    """Turns sound into words."""

    def transcribe(self, samples: NDArray[np.float32], language: str, progress: Progress) -> Transcript:
        """Recognise mono float32 at 16 kHz; `language` is ISO 639-1, or empty to detect it where that can be done.

        Raises SpeechError.
        """
        ...


@dataclass(frozen=True)
class Standing:
    """Whether an engine can be used here, what is to be known of it, and the command that brings it."""

    ready: bool
    detail: str
    command: str = ""


@dataclass(frozen=True)
class SpeechEngine:
    """A recogniser that may be here. `languages` empty means any; the higher `rank` is the better engine.

    `standing` looks for packages and files and loads nothing; `open` loads, from the folder of models, and is to be
    called in a job's process.
    """

    name: str
    title: str
    rank: int
    languages: tuple[str, ...]
    standing: Callable[[Settings], Standing]
    open: Callable[[Path], Recogniser]

    def knows(self, language: str) -> bool:
        return not language or not self.languages or language in self.languages


@cache
def engines() -> dict[str, SpeechEngine]:
    """Every engine of this folder by name, the best first. Raises BrokenDeclaration."""
    found = declared(Path(__file__).parent, "integrations.media.speech", "ENGINE", SpeechEngine)
    return dict(sorted(found.items(), key=lambda item: -item[1].rank))


def chosen(settings: Settings, language: str = "") -> SpeechEngine:
    """The best engine that is ready here and knows the language. Raises SpeechError with what would bring one."""
    ready = [engine for engine in engines().values() if engine.standing(settings).ready]
    for engine in ready:
        if engine.knows(language):
            return engine
    if not ready:
        raise SpeechError("No speech recogniser is installed; `python -m chainlit_app doctor` says how to get one.")
    raise SpeechError(
        f"The recogniser that comes with FreelanceX knows English only; for {LANGUAGES.get(language, language)}, "
        "`python -m chainlit_app doctor` says how to install Whisper, or set FREELANCEX_SPEECH_SERVER."
    )

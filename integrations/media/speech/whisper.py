"""Whisper through faster-whisper: many languages, and far better, once its package and a model are on this computer."""

from __future__ import annotations

import importlib.util
import math
import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from config.settings import Settings
from integrations.media.speech.engine import Progress, SpeechEngine, SpeechError, Standing
from integrations.media.speech.sound import RATE
from integrations.media.speech.transcript import Segment, Transcript

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

NAME = "whisper"
PACKAGE = ".venv/bin/python -m pip install faster-whisper"
MODEL = ".venv/bin/python -m chainlit_app models install whisper-base"
NEEDED = ("model.bin", "config.json", "tokenizer.json")
"""Without one of these the package would ask the internet for it, for half a minute."""
THREADS = 2


class Whisper:
    """One model, loaded once in a process."""

    def __init__(self, folder: Path) -> None:
        os.environ["HF_HUB_OFFLINE"] = "1"
        from faster_whisper import WhisperModel

        try:
            self._model: Any = WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=THREADS)
        except (RuntimeError, ValueError) as error:
            raise SpeechError(
                f"The Whisper model in {folder.name} is damaged; remove it and install it again."
            ) from error
        self.name = folder.name

    def transcribe(self, samples: NDArray[np.float32], language: str, progress: Progress) -> Transcript:
        """Recognise any language of Whisper's. See `engine.Recogniser`."""
        seconds = len(samples) / RATE
        found, about = self._model.transcribe(
            samples, language=language or None, vad_filter=True, vad_parameters={"min_silence_duration_ms": 300}
        )
        segments = []
        for one in found:
            segments.append(
                Segment(round(one.start, 2), round(one.end, 2), one.text.strip(), round(math.exp(one.avg_logprob), 2))
            )
            progress("Listening", min(one.end / seconds, 1.0))
        return Transcript(tuple(segments), str(about.language), self.name, seconds)


def folders(models: Path) -> list[Path]:
    """The complete models, the largest first: the better one."""
    whole = [
        folder
        for folder in models.glob("whisper-*")
        if all((folder / name).is_file() for name in NEEDED) and any(folder.glob("vocabulary.*"))
    ]
    return sorted(whole, key=lambda folder: -(folder / "model.bin").stat().st_size)


def standing(settings: Settings) -> Standing:
    """Whether the package and a model are here; neither is loaded."""
    found = folders(settings.paths.models)
    package = importlib.util.find_spec("faster_whisper") is not None
    if found and package:
        return Standing(True, f"{found[0].name}, fourteen languages and more, detected")
    if found:
        return Standing(False, f"{found[0].name} is here, the package is not", PACKAGE)
    if package:
        return Standing(False, "the package is here, a model is not", MODEL)
    return Standing(
        False, "possible: fourteen languages, about 420 MB and a model of 75 to 490 MB", f"{PACKAGE}; then {MODEL}"
    )


@cache
def _loaded(folder: Path) -> Whisper:
    return Whisper(folder)


def _open(models: Path) -> Whisper:
    found = folders(models)
    if not found:
        raise SpeechError(f"No Whisper model is installed; to install one: {MODEL}")
    return _loaded(found[0])


ENGINE = SpeechEngine(NAME, "Whisper (faster-whisper)", 2, (), standing, _open)

"""The embedded recogniser: PocketSphinx with a general English model, and one of what freelancers say to FreelanceX.

    utterance ─┬▶ general words (the model that comes with it) ─┐
               └▶ requests (3-grams of `phrases`)   ────────────┴▶ the likelier reading

It mishears every third word or more of free speech, so what it writes is a draft to check, and is shown as one.
"""

from __future__ import annotations

import importlib.util
import math
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from config.settings import Settings
from integrations.media.speech.engine import Progress, SpeechEngine, Standing
from integrations.media.speech.grammar import arpa
from integrations.media.speech.phrases import sentences
from integrations.media.speech.sound import RATE
from integrations.media.speech.transcript import Segment, Transcript
from integrations.media.speech.voiced import utterances

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

NAME = "embedded"
GENERAL, REQUESTS = "general", "requests"
LONGEST_REQUEST_S = 12.0
LIKELIER = 0.97
"""A request must be likelier than the general reading: their log-likelihoods in ratio, smaller being likelier.

Of 13 requests and 10 other sentences in two synthetic voices, the ratio was below this for 24 of 26 requests and for
none of the 20 others (those began at 1.01).
"""
MOST_SURE = 0.9
DRAFT = "This was recognised on this computer without a large model, so please check it: it mishears words."


class Sphinx:
    """One decoder with two language models, loaded once in a process."""

    def __init__(self) -> None:
        from pocketsphinx import Decoder, NGramModel, get_model_path

        self._decoder = Decoder(samprate=RATE, loglevel="FATAL", fwdflat=False, maxhmmpf=3000, lm=None)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "requests.lm"
            known = _dictionary(Path(get_model_path("en-us/cmudict-en-us.dict")))
            path.write_text(arpa(sentences(), known), encoding="ascii")
            logmath = self._decoder.get_logmath()
            self._decoder.add_lm(REQUESTS, NGramModel(self._decoder.get_config(), logmath, str(path)))
        general = NGramModel(self._decoder.get_config(), logmath, get_model_path("en-us/en-us.lm.bin"))
        self._decoder.add_lm(GENERAL, general)

    def transcribe(self, samples: NDArray[np.float32], language: str, progress: Progress) -> Transcript:
        """Recognise English. See `engine.Recogniser`."""
        import numpy as np

        data = (np.clip(samples, -1, 1) * 32767).astype("<i2")
        spans = utterances(samples)
        total = sum(end - start for start, end in spans) or 1.0
        segments, done = [], 0.0
        for start, end in spans:
            text, confidence = self._words(data[int(start * RATE) : int(end * RATE)].tobytes(), end - start)
            if text:
                segments.append(Segment(round(start, 2), round(end, 2), text, round(confidence, 2)))
            done += end - start
            progress("Listening", done / total)
        return Transcript(tuple(segments), "en", NAME, len(samples) / RATE, (DRAFT,) if segments else ())

    def _words(self, data: bytes, seconds: float) -> tuple[str, float]:
        general = self._read(GENERAL, data)
        if seconds > LONGEST_REQUEST_S:
            return _sure(general)
        request = self._read(REQUESTS, data)
        if not (request and general):
            return _sure(request or general)
        return _sure(request if request[1] > LIKELIER * general[1] else general)

    def _read(self, model: str, data: bytes) -> tuple[str, float, float] | None:
        """The words heard with one model, their log-likelihood, and the log of their share among all readings."""
        self._decoder.activate_search(model)
        self._decoder.start_utt()
        self._decoder.process_raw(data, full_utt=True)
        self._decoder.end_utt()
        found: Any = self._decoder.hyp()
        if found is None or not found.hypstr:
            return None
        return found.hypstr, math.log(max(found.best_score, 1e-300)), math.log(max(found.prob, 1e-300))


def _sure(read: tuple[str, float, float] | None) -> tuple[str, float]:
    """The words and how sure they are: the share of this reading among all, as a mean over its words."""
    if read is None:
        return "", 0.0
    words, _, share = read
    return words, min(math.exp(share / len(words.split())), MOST_SURE)


def _dictionary(path: Path) -> set[str]:
    return {line.split(maxsplit=1)[0].partition("(")[0] for line in path.read_text("utf-8").splitlines() if line}


@cache
def _loaded() -> Sphinx:
    return Sphinx()


def standing(settings: Settings) -> Standing:
    """Always there, unless its package could not be installed on this platform."""
    if importlib.util.find_spec("pocketsphinx") is None:
        return Standing(False, "PocketSphinx is missing", "make setup")
    return Standing(True, "English, as a draft to check; requests well, free speech poorly")


ENGINE = SpeechEngine(NAME, "Embedded recogniser", 1, ("en",), standing, lambda _models: _loaded())

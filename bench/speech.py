"""How well and how fast speech is recognised without a large model, beside PocketSphinx used plainly.

Synthetic speech (espeak-ng), so the figures compare two ways of listening and say little of any person. The requests
are worded otherwise than the templates of the grammar, by somebody who knew them: `requests` is the optimistic row.
"""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Callable
from typing import Any

REQUESTS = (
    "invoice acme three hours at eighty euros",
    "please log two and a half hours for zeta yesterday",
    "remind me on friday at ten to call the bank",
    "who owes me money",
    "bill globex four days at five hundred euros",
    "create an invoice for miller fifteen hours at seventy dollars",
)
OTHERS = (
    "the cat sat on the warm window sill all day",
    "my grandmother used to bake bread every sunday morning",
    "the train to the mountains was late because of the snow",
    "please open the window it is very hot in here",
)
VOICES = ("en-us", "en-us+f3")
NOISE_DB = (40, 15)
"""How far the speech stands above white noise."""
WANTED = 0.3
"""The latency that is wanted, as a share of the length of what was said; one thread, so its processor time is it."""


def run() -> dict[str, Any]:
    """Word error rates by kind, and the latency from the end of speech to its text."""
    if not shutil.which("espeak-ng"):
        return {}
    from pocketsphinx import Decoder

    from integrations.media.speech.listening import understood
    from integrations.media.speech.sound import RATE, Sound

    plain = Decoder(samprate=RATE, loglevel="FATAL")

    def plainly(samples: Any) -> str:
        plain.start_utt()
        plain.process_raw((samples * 32767).astype("<i2").tobytes(), full_utt=True)
        plain.end_utt()
        return plain.hyp().hypstr if plain.hyp() else ""

    def here(samples: Any) -> str:
        return understood(Sound(samples), "embedded", "", "en", lambda _text, _part: None).text

    here(_spoken("warm up", "en-us", 40))
    plainly(_spoken("warm up", "en-us", 40))
    rows = []
    for kind, sentences in (("requests", REQUESTS), ("other sentences", OTHERS)):
        for noise in NOISE_DB:
            rows.append({"kind": kind, "noise": noise, **_measured(sentences, noise, plainly, here, RATE)})
    return {"rows": rows}


def show(result: dict[str, Any]) -> None:
    """Print the table."""
    if not result:
        print("no espeak-ng here, so there is nothing to listen to: sudo apt-get install espeak-ng")
        return
    print(f"{'':16} {'noise':>7}  {'words wrong':>22}  {'latency / length':>24}")
    print(f"{'':16} {'dB':>7}  {'here':>10} {'plain':>11}  {'mean':>7} {'worst':>7} {'plain':>8}")
    for row in result["rows"]:
        print(
            f"{row['kind']:16} {row['noise']:7}  {row['here']:10.2f} {row['plain']:11.2f}  "
            f"{row['mean']:7.2f} {row['worst']:7.2f} {row['plain_mean']:8.2f}"
        )
    print(f"wanted: latency at most {WANTED} of the length")


def _measured(
    sentences: tuple[str, ...], noise: int, plainly: Callable[[Any], str], here: Callable[[Any], str], rate: int
) -> dict[str, float]:
    wrong, wrong_plain, late, late_plain = [], [], [], []
    for voice in VOICES:
        for sentence in sentences:
            samples = _spoken(sentence, voice, noise)
            for listen, errors, times in ((here, wrong, late), (plainly, wrong_plain, late_plain)):
                began = time.process_time()
                heard = listen(samples)
                times.append((time.process_time() - began) / (len(samples) / rate))
                errors.append(word_errors(sentence, heard))
    return {
        "here": sum(wrong) / len(wrong),
        "plain": sum(wrong_plain) / len(wrong_plain),
        "mean": sum(late) / len(late),
        "worst": max(late),
        "plain_mean": sum(late_plain) / len(late_plain),
    }


def _spoken(words: str, voice: str, noise: int) -> Any:
    import numpy as np

    command = ["espeak-ng", "-v", voice, "--stdin", "--stdout"]
    wav = subprocess.run(command, input=words.encode(), capture_output=True, check=True).stdout
    sound = np.frombuffer(wav[44:], "<i2").astype(np.float32) / 32768
    many = len(sound) * 16_000 // 22_050
    sound = np.interp(np.arange(many) * 22_050 / 16_000, np.arange(len(sound)), sound)
    sound = np.concatenate([np.zeros(6400), sound, np.zeros(6400)])
    power = float(np.sqrt((sound**2).mean())) * 10 ** (-noise / 20)
    return np.clip(sound + np.random.default_rng(0).normal(0, power, len(sound)), -1, 1).astype(np.float32)


def word_errors(said: str, heard: str) -> float:
    """Words to change, add or drop, as a share of those that were said (Levenshtein's distance over words)."""
    before = list(range(len(heard.split()) + 1))
    for number, word in enumerate(said.split(), 1):
        row = [number]
        for place, other in enumerate(heard.split(), 1):
            row.append(min(before[place] + 1, row[place - 1] + 1, before[place - 1] + (word != other)))
        before = row
    return before[-1] / len(said.split())

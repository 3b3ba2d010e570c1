"""The better engines: Whisper when it is installed, a server when one is set. Neither can be here, so both are played.

`FakeWhisper` speaks the interface of faster_whisper 1.2; the server speaks OpenAI's transcription protocol.
"""

from __future__ import annotations

import importlib.machinery
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest
from pytest_httpserver import HTTPServer

from config.settings import Settings
from integrations.http import Errand, HttpClient
from integrations.http_errors import NoConsent, Unreadable
from integrations.media.speech import remote, whisper
from integrations.media.speech.engine import SpeechError, chosen
from integrations.media.speech.sound import RATE

ERRAND = Errand(remote.PURPOSE, "mara", approved=True)
NEEDED = ("model.bin", "config.json", "tokenizer.json", "vocabulary.txt")


class FakeWhisper:
    def __init__(self, folder: str, **options: Any) -> None:
        assert options == {"device": "cpu", "compute_type": "int8", "cpu_threads": 2}
        if (Path(folder) / "model.bin").read_bytes() == b"damaged":
            raise RuntimeError("unsupported model binary version")

    def transcribe(self, samples: Any, language: str | None, **options: Any) -> tuple[Any, Any]:
        assert samples.dtype == np.float32 and options["vad_filter"]
        said = SimpleNamespace(start=0.5, end=1.5, text=" Guten Morgen.", avg_logprob=-0.1)
        return iter([said]), SimpleNamespace(language=language or "de")


@pytest.fixture
def package(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("faster_whisper")
    module.__spec__ = importlib.machinery.ModuleSpec("faster_whisper", None)
    module.WhisperModel = FakeWhisper  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "faster_whisper", module)


def model(settings: Settings, name: str = "whisper-base", weights: bytes = b"weights") -> Path:
    folder = settings.paths.models / name
    folder.mkdir(parents=True)
    for file in NEEDED:
        (folder / file).write_bytes(weights if file == "model.bin" else b"{}")
    return folder


@pytest.mark.usefixtures("package")
def test_whisper_takes_over_once_its_package_and_a_model_are_here(settings: Settings) -> None:
    assert chosen(settings).name == "embedded"
    model(settings)
    assert chosen(settings, "de").name == "whisper"
    heard = whisper.ENGINE.open(settings.paths.models).transcribe(
        np.zeros(2 * RATE, dtype=np.float32), "", lambda _text, _part: None
    )
    assert (heard.text, heard.language, heard.engine) == ("Guten Morgen.", "de", "whisper-base")


@pytest.mark.parametrize("missing", NEEDED)
def test_a_model_without_one_of_its_files_is_not_used(missing: str, settings: Settings) -> None:
    (model(settings) / missing).unlink()
    assert whisper.folders(settings.paths.models) == []


@pytest.mark.usefixtures("package")
def test_a_damaged_model_is_said_in_one_sentence(settings: Settings) -> None:
    model(settings, "whisper-small", b"damaged")
    with pytest.raises(SpeechError, match="whisper-small is damaged"):
        whisper.ENGINE.open(settings.paths.models)


def server(settings: Settings, httpserver: HTTPServer) -> Settings:
    return settings.model_copy(update={"speech_server": httpserver.url_for("/v1"), "speech_key": "secret"})


async def test_a_server_recognises_a_recording_by_openais_protocol(
    settings: Settings, httpserver: HTTPServer, client: HttpClient
) -> None:
    answer = {"text": "Hello there.", "language": "english", "duration": 2.0}
    answer |= {"segments": [{"start": 0.0, "end": 1.9, "text": " Hello there.", "avg_logprob": -0.2}]}  # type: ignore[dict-item]
    httpserver.expect_oneshot_request("/v1/audio/transcriptions", method="POST").respond_with_json(answer)
    heard = await remote.transcribe(b"sound", 'a "b".wav', "en", server(settings, httpserver), client, ERRAND)
    request = httpserver.log[0][0]
    assert request.headers["authorization"] == "Bearer secret"
    assert request.form.to_dict() == {"model": "whisper-1", "response_format": "verbose_json", "language": "en"}
    assert request.files["file"].read() == b"sound"
    assert (heard.text, heard.seconds, heard.segments[0].end) == ("Hello there.", 2.0, 1.9)


async def test_nothing_is_sent_to_the_server_without_consent(
    settings: Settings, httpserver: HTTPServer, client: HttpClient
) -> None:
    unasked = Errand(remote.PURPOSE, "mara")
    with pytest.raises(NoConsent):
        await remote.transcribe(b"sound", "a.wav", "", server(settings, httpserver), client, unasked)
    assert httpserver.log == []


async def test_an_answer_that_is_no_transcript_is_refused(
    settings: Settings, httpserver: HTTPServer, client: HttpClient
) -> None:
    httpserver.expect_oneshot_request("/v1/audio/transcriptions").respond_with_json({"words": 1})
    with pytest.raises(Unreadable, match="FREELANCEX_SPEECH_SERVER"):
        await remote.transcribe(b"sound", "a.wav", "", server(settings, httpserver), client, ERRAND)


def test_offline_no_other_machine_is_a_recogniser(settings: Settings) -> None:
    far = settings.model_copy(update={"speech_server": "https://speech.example", "offline": True})
    near = settings.model_copy(update={"speech_server": "http://127.0.0.1:9000", "offline": True})
    assert not remote.standing(far).ready and remote.standing(near).ready

"""Models that listen and voices are brought from a hub on loopback, go on where they broke off, and are taken away."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from config.settings import Settings
from config.speech_models import speech_models
from integrations.http import HttpClient
from integrations.media.speech import piper, whisper
from integrations.media.speech.install import install, is_installed, needs, remove
from integrations.models.backend import ModelError
from privacy.audit import AuditLog
from tests.e2e.model_hub import Hub

WEIGHTS = b'"' + b"w" * 90_000 + b'"'
"""Good as weights, and as JSON."""


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    (tmp_path / "file").write_bytes(WEIGHTS)
    made = Hub(tmp_path / "file")
    yield made
    made.close()


@pytest.fixture
def here(settings: Settings, hub: Hub) -> Settings:
    return settings.model_copy(update={"addresses": {"models": hub.address}})


@pytest.fixture
async def http(here: Settings) -> AsyncIterator[HttpClient]:
    async def nothing(_user: str) -> frozenset[str]:
        return frozenset()

    client = HttpClient(here, AuditLog.open(here), nothing, retry_wait=0.001)
    yield client
    await client.close()


def silent(_got: int, _whole: int) -> None: ...


@pytest.mark.parametrize("name", list(speech_models()))
async def test_every_model_arrives_whole_where_its_engine_looks(name: str, here: Settings, http: HttpClient) -> None:
    model = speech_models()[name]
    told: list[tuple[int, int]] = []
    await install(model, here, http, lambda got, whole: told.append((got, whole)))
    assert is_installed(model, here)
    if model.engine == "whisper":
        assert [folder.name for folder in whisper.folders(here.paths.models)] == [name]
    else:
        assert list(piper.voices(here)) == [name.removeprefix("voice-")]
    assert told[-1] == (len(WEIGHTS) * len(model.files), len(WEIGHTS) * len(model.files))


async def test_what_broke_off_goes_on_and_what_is_here_is_not_asked_for_again(
    here: Settings, http: HttpClient, hub: Hub
) -> None:
    model = speech_models()["whisper-base"]
    hub.broken = True
    with pytest.raises(ModelError, match="is kept"):
        await install(model, here, http, silent, wait=0.001)
    hub.broken = False
    await install(model, here, http, silent)
    assert any(began.startswith("bytes=") for _, began in hub.asked)
    hub.asked.clear()
    await install(model, here, http, silent)
    assert hub.asked == []


async def test_a_page_instead_of_weights_is_not_installed(here: Settings, http: HttpClient, hub: Hub) -> None:
    hub.data = b"<html>Sign in</html>"
    hub.sha256 = ""
    model = speech_models()["voice-de"]
    with pytest.raises(ModelError, match="something else"):
        await install(model, here, http, silent)
    assert not is_installed(model, here) and piper.voices(here) == {}


async def test_taking_it_away_frees_its_bytes(here: Settings, http: HttpClient) -> None:
    model = speech_models()["whisper-tiny"]
    await install(model, here, http, silent)
    assert remove(model, here) == len(WEIGHTS) * 4
    assert whisper.folders(here.paths.models) == [] and remove(model, here) == 0


def test_the_program_that_is_missing_is_named_with_its_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert needs(speech_models()["voice-en"]) == "pipx install piper-tts"
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert needs(speech_models()["whisper-base"]).endswith("pip install faster-whisper")


def test_doctor_says_how_to_get_each(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert "models install whisper-base" in whisper.standing(settings).command
    assert "models install voice-en" in piper.standing(settings).command

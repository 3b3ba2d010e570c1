"""`models` on the command line: what there is, what fits, and bringing, choosing and removing it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Response

from chainlit_app import models_command
from chainlit_app.command_line import main
from config.ladder import Rung, ladder
from integrations.models import generated, installed
from tests.e2e.model_hub import Hub

Say = Callable[..., str]


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FREELANCEX_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("FREELANCEX_ADDRESSES", '{"ollama": "http://127.0.0.1:9"}')


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Say:
    """Run a verb of `models`; returns what it printed, or when it failed the one line on standard error."""

    def run(*words: str, fails: bool = False) -> str:
        assert main(["models", *words]) == (1 if fails else 0)
        printed = capsys.readouterr()
        return printed.err if fails else printed.out

    return run


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, httpserver: HTTPServer) -> bytes:
    """A ladder of one tiny model, which a server on this machine gives out."""
    content = generated.write(tmp_path / "tiny.gguf").read_bytes()
    rung = Rung(
        name="small", title="Small", about="for tests", repository="own/model", file="small.gguf", size=len(content),
        licence="MIT", serves=("fast", "balanced", "powerful"),
    )  # fmt: skip
    for module in (installed, models_command):
        monkeypatch.setattr(module, "ladder", lambda: {"small": rung})
    httpserver.expect_request("/own/model/resolve/main/small.gguf").respond_with_handler(lambda _: Response(content))
    monkeypatch.setenv("FREELANCEX_ADDRESSES", json.dumps({"models": httpserver.url_for("")}))
    return content


def test_list_shows_every_model_and_what_is_in_use(say: Say, tmp_path: Path) -> None:
    assert all(name in say("list") for name in ladder())
    say("use", str(generated.write(tmp_path / "mine.gguf")))
    data = json.loads(say("list", "--json"))
    assert data["used"] == {str(tmp_path / "mine.gguf"): ["fast", "balanced", "powerful", "vision"]}
    assert [one["installed"] for one in data["models"]] == [False] * len(ladder())


def test_fit_says_what_this_machine_can_run(say: Say, tmp_path: Path) -> None:
    mine = generated.write(tmp_path / "mine.gguf")
    say("use", str(mine))
    words, data = say("fit"), json.loads(say("fit", "--json"))
    assert words.startswith(data["line"])
    assert {"fast", "balanced", "powerful", "vision", str(mine)} == data["fit"].keys()
    assert data["fit"]["balanced"]["ram_bytes"] > 0 and data["hardware"]["cores"] >= 1
    assert data["fit"][str(mine)]["why"] in words


def test_nothing_is_downloaded_without_a_yes(say: Say, small: bytes, httpserver: HTTPServer) -> None:
    assert "add --yes" in say("install", "small", fails=True)
    assert httpserver.log == []


def test_a_model_is_installed_used_and_removed(say: Say, small: bytes, tmp_path: Path) -> None:
    assert "Small is installed and checked.\nIt answers from now on." in say("install", "small", "--yes")
    assert (tmp_path / "data" / "models" / "small.gguf").read_bytes() == small
    assert "in use" in say("list")
    assert "No model answers" in say("use", "none")
    assert "installed" in say("list")
    assert "small answers from now on, for fast requests." in say("use", "small", "--tier", "fast")
    assert "which frees" in say("remove", "small")
    assert "was not installed" in say("remove", "small")


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("install", "gigantic"), "gigantic is not on the ladder; it has embedded, fast"),
        (("install", "embeddings"), "MiniLM is nothing to install"),
        (("remove", "gigantic"), "is not on the ladder"),
        (("use", "embeddings"), "MiniLM is nothing to choose"),
        (("use", "balanced"), "Qwen3 4B is not installed; to install it"),
        (("use", "/nowhere/model.gguf"), "no model file at /nowhere/model.gguf"),
        (("use", "whatever"), "A model is named by"),
        (("bench", "/nowhere/model.gguf"), "no model file at /nowhere/model.gguf"),
    ],
)
def test_what_cannot_be_done_is_one_line(say: Say, words: tuple[str, ...], reason: str) -> None:
    line = say(*words, fails=True)
    assert reason in line and line.count("\n") == 1


def test_a_kind_of_request_without_a_model_of_its_own_is_answered_by_another(say: Say, tmp_path: Path) -> None:
    mine = str(generated.write(tmp_path / "my:own.gguf"))
    say("use", mine)
    assert f"fast requests have no model of their own from now on; {mine} still" in say("use", "none", "--tier", "fast")


def test_a_damaged_file_is_not_used(say: Say, tmp_path: Path) -> None:
    (tmp_path / "broken.gguf").write_bytes(generated.write(tmp_path / "whole.gguf").read_bytes()[:5000])
    assert "perhaps because its download broke off" in say("use", str(tmp_path / "broken.gguf"), fails=True)
    assert "No model is in use" in say("list")


def test_a_model_named_by_the_environment_is_not_changed(say: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FREELANCEX_MODEL", "ollama:qwen3")
    assert "FREELANCEX_MODEL names the model" in say("use", "none", fails=True)


def test_bench_prints_one_object(say: Say, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    measure = pytest.importorskip("integrations.models.measure")
    asked: list[Any] = []
    monkeypatch.setattr(measure, "bench", lambda path: asked.append(path) or {"load_s": 0.1})
    path = generated.write(tmp_path / "mine.gguf")
    assert json.loads(say("bench", str(path), "--json")) == {"load_s": 0.1}
    assert asked == [path]


def test_doctor_tells_how_models_stand(capsys: pytest.CaptureFixture[str]) -> None:
    main(["doctor", "--json"])
    checks = {check["name"]: check for check in json.loads(capsys.readouterr().out)["checks"]}
    assert {"llama.cpp", "GPU", "Model", "Ollama"} <= checks.keys()
    assert checks["Ollama"]["detail"].startswith("not running")


def test_a_voice_is_installed_with_what_it_still_needs(
    say: Say, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "voice").write_bytes(b'"a voice"')
    hub = Hub(tmp_path / "voice")
    monkeypatch.setenv("FREELANCEX_ADDRESSES", json.dumps({"models": hub.address}))
    monkeypatch.setenv("PATH", "")
    try:
        said = say("install", "voice-de", "--yes")
    finally:
        hub.close()
    assert "63 MB from rhasspy/piper-voices" in said and "pipx install piper-tts" in said
    assert "installed" in next(line for line in say("list").splitlines() if line.startswith("voice-de"))
    assert "is removed" in say("remove", "voice-de")

"""From a name to what runs it, and the choice that is kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.settings import Settings
from integrations.http import HttpClient
from integrations.models import generated
from integrations.models.backend import ModelError
from integrations.models.choose import check, open_model, source
from integrations.models.llama.backend import LlamaCpp
from integrations.models.llama_server import LlamaServer
from integrations.models.models import Models
from integrations.models.ollama import Ollama
from integrations.models.openai_compatible import OpenAICompatible


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return generated.write(tmp_path_factory.mktemp("models") / "tiny.gguf")


@pytest.mark.parametrize(
    ("name", "kind", "called"),
    [
        ("ollama:qwen3:4b", Ollama, "ollama:qwen3:4b"),
        ("http://127.0.0.1:8080/v1#qwen3", OpenAICompatible, "qwen3 at 127.0.0.1"),
        ("~/models/qwen3.gguf", LlamaCpp, "qwen3"),
        ("server:~/models/qwen3.gguf", LlamaServer, "qwen3"),
    ],
)
def test_the_name_decides_what_runs_it(
    settings: Settings, client: HttpClient, name: str, kind: type, called: str
) -> None:
    model = open_model(name, settings, client)
    assert isinstance(model, kind) and model.name == called


def test_a_name_that_makes_no_sense_says_what_would(settings: Settings, client: HttpClient) -> None:
    with pytest.raises(ModelError, match=r"named by .*\.gguf"):
        open_model("gpt", settings, client)


def test_a_model_of_the_ladder_that_is_not_installed_says_how_to_get_it(settings: Settings, client: HttpClient) -> None:
    with pytest.raises(ModelError, match="models install balanced"):
        open_model("balanced", settings, client)


@pytest.mark.parametrize("prefix", ["", "server:"])
def test_a_file_is_looked_into_before_it_is_chosen(
    settings: Settings, client: HttpClient, tiny: Path, tmp_path: Path, prefix: str
) -> None:
    check(f"{prefix}{tiny}", settings, client)
    with pytest.raises(ModelError, match=r"nowhere\.gguf"):
        check(f"{prefix}{tmp_path / 'nowhere.gguf'}", settings, client)
    (tmp_path / "cut.gguf").write_bytes(tiny.read_bytes()[:2000])
    with pytest.raises(ModelError, match=r"cut\.gguf"):
        check(f"{prefix}{tmp_path / 'cut.gguf'}", settings, client)


async def test_the_choice_outlives_the_app(settings: Settings, client: HttpClient, tiny: Path) -> None:
    models = Models(source(settings, client))
    assert models.backend() is None
    await models.use(str(tiny))
    await models.use("ollama:qwen3:4b", "powerful")
    again = Models(source(settings, client))
    assert [(state.title, state.tiers) for state in again.state()] == [
        ("tiny", ("fast", "balanced", "vision")),
        ("ollama:qwen3:4b", ("powerful",)),
    ]
    await again.use(None)
    assert Models(source(settings, client)).backend() is None


async def test_the_setting_decides_before_any_choice(settings: Settings, client: HttpClient, tiny: Path) -> None:
    fixed = settings.model_copy(update={"model": "ollama:qwen3:4b", "model_spare": str(tiny)})
    models = Models(source(fixed, client))
    assert [state.title for state in models.state()] == ["ollama:qwen3:4b", "tiny"]
    with pytest.raises(ModelError, match="FREELANCEX_MODEL"):
        await models.use(str(tiny))

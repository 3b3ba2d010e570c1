"""From the name of a model to what runs it. None is chosen by default, and everything works without one.

PATH.gguf          llama.cpp in a process of its own
server:PATH.gguf   llama-server, llama.cpp's own program
ollama:NAME        Ollama
http(s)://…#NAME   an OpenAI-compatible server
balanced           a model of the ladder that is installed
"""

from __future__ import annotations

from pathlib import Path

from config.settings import Settings
from integrations.http import HttpClient
from integrations.models.backend import ModelBackend, ModelError
from integrations.models.installed import choose, chosen, located
from integrations.models.models import Source

HOW = (
    "A model is named by its name on the ladder, the path of a .gguf file, server:PATH.gguf, ollama:NAME, or an "
    "OpenAI-compatible address with a model's name behind it, such as http://127.0.0.1:8080/v1#qwen3."
)


def open_model(name: str, settings: Settings, http: HttpClient) -> ModelBackend:
    """The model of this name, not loaded yet. Raises ModelError when the name makes no sense."""
    name = located(settings, name)
    if name.startswith("ollama:"):
        from integrations.models.ollama import ADDRESS, Ollama

        return Ollama(http, name.removeprefix("ollama:"), settings.addresses.get("ollama", ADDRESS))
    if name.startswith(("http://", "https://")):
        from integrations.models.openai_compatible import OpenAICompatible

        address, _, model = name.partition("#")
        return OpenAICompatible(http, address, model, settings.model_key)
    if name.startswith("server:") and name.endswith(".gguf"):
        from integrations.models.llama_server import LlamaServer

        return LlamaServer(http, _path(name), program=settings.llama_server)
    if name.endswith(".gguf"):
        from integrations.models.llama.backend import LlamaCpp

        return LlamaCpp(_path(name), waiting=settings.model_waiting)
    raise ModelError(HOW)


def check(name: str, settings: Settings, http: HttpClient) -> None:
    """Whether a model of this name can be used: a file is looked into. Raises ModelError."""
    from integrations.models.gguf import read_header

    open_model(name, settings, http)
    name = located(settings, name)
    if name.endswith(".gguf") and read_header(_path(name)).kind != "language":
        raise ModelError(f"{Path(name).name} is no language model; choose another file.")


def source(settings: Settings, http: HttpClient) -> Source:
    """Where the models of this installation come from: the setting, or else what the user chose."""
    return Source(
        open=lambda name: open_model(name, settings, http),
        check=lambda name: check(name, settings, http),
        chosen=lambda: chosen(settings),
        keep=lambda name, tier: choose(settings, name, tier),
        spare=settings.model_spare,
    )


def _path(name: str) -> Path:
    return Path(name.removeprefix("server:")).expanduser()

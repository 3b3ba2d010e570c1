"""From the name of a model to what runs it. None is chosen by default, and everything works without one.

PATH.gguf          llama.cpp in a process of its own
server:PATH.gguf   llama-server, llama.cpp's own program
ollama:NAME        Ollama
http(s)://…#NAME   an OpenAI-compatible server
balanced           a model of the ladder that is installed
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from config.settings import Settings
from integrations.http import HttpClient
from integrations.models.backend import ModelBackend, ModelError
from integrations.models.installed import choose, chosen, located
from integrations.models.models import Source
from integrations.models.redacted import Names, Redacted, nobody
from privacy.egress import Target

HOW = (
    "A model is named by its name on the ladder, the path of a .gguf file, server:PATH.gguf, ollama:NAME, or an "
    "OpenAI-compatible address with a model's name behind it, such as http://127.0.0.1:8080/v1#qwen3."
)


def open_model(name: str, settings: Settings, http: HttpClient, names: Names = nobody) -> ModelBackend:
    """The model of this name, not loaded yet. Raises ModelError when the name makes no sense.

    A server on another machine gets no personal data to see; `names` are those to be replaced, too.
    """
    name = located(settings, name)
    if name.startswith("ollama:"):
        from integrations.models.ollama import ADDRESS, Ollama

        address = settings.addresses.get("ollama", ADDRESS)
        return _seen_from(address, Ollama(http, name.removeprefix("ollama:"), address), names)
    if name.startswith(("http://", "https://")):
        from integrations.models.openai_compatible import OpenAICompatible

        address, _, model = name.partition("#")
        return _seen_from(address, OpenAICompatible(http, address, model, settings.model_key), names)
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


def source(settings: Settings, http: HttpClient, names: Names = nobody) -> Source:
    """Where the models of this installation come from: the setting, or else what the user chose.

    `names` are the people and companies that no server elsewhere gets to see.
    """
    return Source(
        open=lambda name: open_model(name, settings, http, names),
        check=lambda name: check(name, settings, http),
        chosen=lambda: chosen(settings),
        keep=lambda name, tier: choose(settings, name, tier),
        spare=settings.model_spare,
    )


def _seen_from(address: str, model: ModelBackend, names: Names) -> ModelBackend:
    """The model as it is on this machine, redacted elsewhere."""
    here = Target("", urlsplit(address).hostname or "", 0).local
    return model if here else Redacted(model, names)


def _path(name: str) -> Path:
    return Path(name.removeprefix("server:")).expanduser()

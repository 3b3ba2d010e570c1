"""Opens the model the settings name. None is named by default, and everything works without one."""

from __future__ import annotations

from pathlib import Path

from config.settings import Settings
from integrations.models.backend import ModelBackend, ModelError

HOW = (
    "FREELANCEX_MODEL must be the path of a .gguf file, ollama:NAME, or an OpenAI-compatible address with a model's "
    "name behind it, such as http://127.0.0.1:8080/v1#qwen3."
)


def open_model(settings: Settings) -> ModelBackend | None:
    """The model, not loaded yet; None when none is named. Raises ModelError when the name makes no sense."""
    name = settings.model
    if not name:
        return None
    if name.startswith("ollama:"):
        from integrations.models.ollama import Ollama

        return Ollama(name.removeprefix("ollama:"))
    if name.startswith(("http://", "https://")):
        from integrations.models.openai_compatible import OpenAICompatible

        address, _, model = name.partition("#")
        return OpenAICompatible(address, model)
    if name.endswith(".gguf"):
        from integrations.models.llama.backend import LlamaCpp

        return LlamaCpp(Path(name).expanduser())
    raise ModelError(HOW)

"""What a sentence wants with language models."""

import pytest

from agents.tools.models.language_models import read_model


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("install the balanced model", "balanced"),
        ("please download the fast language model", "fast"),
        ("download Qwen3 4B", "balanced"),
        ("install qwen3-1.7b", "fast"),
        ("install a language model", "recommended"),
        ("download the best model", "recommended"),
    ],
)
def test_a_model_is_installed_by_its_name_or_its_title(text: str, name: str) -> None:
    assert read_model(text) == {"action": "install", "model": name}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("use ollama:qwen3", "ollama:qwen3"),
        ("Use ollama:qwen3:4b.", "ollama:qwen3:4b"),
        ("switch to the fast model", "fast"),
        ("use the model ~/models/x.gguf", "~/models/x.gguf"),
        ("use http://127.0.0.1:8080/v1#qwen3", "http://127.0.0.1:8080/v1#qwen3"),
        ("work without a model", ""),
        ("use no language model", ""),
    ],
)
def test_another_model_is_used_or_none(text: str, name: str) -> None:
    assert read_model(text) == {"action": "use", "model": name}


@pytest.mark.parametrize(
    "text", ["which models can I run", "which language model fits this computer", "list the models that are installed"]
)
def test_what_runs_here_is_asked(text: str) -> None:
    assert read_model(text) == {"action": "models"}


@pytest.mark.parametrize(
    "text",
    [
        "train a model for the price",
        "which model do you use",
        "do you use a language model",
        "how do I install a local model",
        "what works without a model",
        "is ollama connected",
        "explain the model",
    ],
)
def test_other_sentences_about_models_want_something_else(text: str) -> None:
    assert read_model(text) is None

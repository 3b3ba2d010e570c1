"""Models behind servers on this machine: the true protocols, streamed, broken and absent."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from config.settings import Settings
from integrations.models.backend import ChatMessage, ModelBackend, ModelError, Wanted
from integrations.models.choose import open_model
from integrations.models.llama.backend import LlamaCpp
from integrations.models.ollama import Ollama
from integrations.models.openai_compatible import OpenAICompatible

ASKED = [ChatMessage("system", "Be brief."), ChatMessage("user", "Hello")]


async def said(model: ModelBackend) -> list[str]:
    try:
        return [piece async for piece in model.chat(ASKED, Wanted(max_tokens=20))]
    finally:
        await model.close()


def event(text: str) -> str:
    return f"data: {json.dumps({'choices': [{'delta': {'content': text}}]})}\n\n"


async def test_an_openai_server_streams_its_answer(httpserver: HTTPServer) -> None:
    asked: list[dict[str, object]] = []

    def answer(request: Request) -> Response:
        asked.append(request.get_json())
        role = f"data: {json.dumps({'choices': [{'delta': {'role': 'assistant'}}]})}\n\n"
        body = [": warming up\n\n", role, event("Good "), event("morning"), "data: [DONE]\n\n", event("never")]
        return Response(iter(body), mimetype="text/event-stream")

    httpserver.expect_request("/v1/chat/completions", method="POST").respond_with_handler(answer)
    assert await said(OpenAICompatible(httpserver.url_for("/v1"), "small")) == ["Good ", "morning"]
    assert asked[0]["model"] == "small"
    assert asked[0]["messages"] == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Hello"},
    ]


@pytest.mark.parametrize(
    ("response", "words"),
    [
        (Response("no such model", status=404), "answered 404"),
        (Response("data: <html>\n\n", mimetype="text/event-stream"), "not its protocol"),
    ],
)
async def test_an_openai_server_that_errs_is_told_in_words(
    httpserver: HTTPServer, response: Response, words: str
) -> None:
    httpserver.expect_request("/v1/chat/completions").respond_with_response(response)
    with pytest.raises(ModelError, match=words):
        await said(OpenAICompatible(httpserver.url_for("/v1"), "small"))


async def test_a_server_that_is_not_there_is_told_in_words() -> None:
    with pytest.raises(ModelError, match="does not answer"):
        await said(OpenAICompatible("http://127.0.0.1:9/v1", "small"))
    with pytest.raises(ModelError, match="ollama serve"):
        await said(Ollama("qwen3:4b", "http://127.0.0.1:9"))


async def test_ollama_streams_its_answer(httpserver: HTTPServer) -> None:
    def line(text: str, done: bool = False) -> str:
        message = {"role": "assistant", "content": text}
        return (
            json.dumps({"model": "qwen3:4b", "message": message, "done": done, "done_reason": "stop" if done else None})
            + "\n"
        )

    body = line("Good ") + line("morning") + line("", done=True)
    httpserver.expect_request("/api/chat", method="POST").respond_with_data(body, content_type="application/x-ndjson")
    assert await said(Ollama("qwen3:4b", httpserver.url_for(""))) == ["Good ", "morning"]


async def test_an_unknown_ollama_model_names_the_command_that_gets_it(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/api/chat").respond_with_json({"error": "model 'qwen3:4b' not found"}, status=404)
    with pytest.raises(ModelError, match="ollama pull qwen3:4b"):
        await said(Ollama("qwen3:4b", httpserver.url_for("")))


async def test_a_model_file_that_is_not_there_is_told_with_its_path(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"no model file at .*small\.gguf"):
        await said(LlamaCpp(tmp_path / "small.gguf"))


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("ollama:qwen3:4b", Ollama),
        ("http://127.0.0.1:8080/v1#qwen3", OpenAICompatible),
        ("~/models/qwen3.gguf", LlamaCpp),
    ],
)
async def test_the_setting_names_the_backend(name: str, kind: type) -> None:
    model = open_model(Settings(model=name))
    assert isinstance(model, kind)
    await model.close()


def test_no_setting_means_no_model() -> None:
    assert open_model(Settings(model=None)) is None


def test_a_setting_that_makes_no_sense_says_what_would() -> None:
    with pytest.raises(ModelError, match="FREELANCEX_MODEL must be"):
        open_model(Settings(model="gpt"))

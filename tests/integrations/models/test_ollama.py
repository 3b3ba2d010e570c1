"""Ollama: its true protocol on this machine, streamed, broken off, without the model, and not running."""

from __future__ import annotations

import asyncio
import json
from contextlib import aclosing

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Response

from integrations.http import HttpClient
from integrations.models import ollama
from integrations.models.backend import Busy, ChatMessage, Gone, ModelError, TooSlow, Wanted
from integrations.models.ollama import Ollama
from privacy.audit import AuditLog
from tests.integrations.models.conftest import Said, Wire

HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: application/x-ndjson\r\nconnection: close\r\n\r\n"


def line(text: str, *, done: bool = False, **message: str) -> str:
    reason = {"done_reason": "stop"} if done else {}
    made = {"role": "assistant", "content": text, **message}
    return json.dumps({"model": "qwen3:4b", "message": made, "done": done, **reason}) + "\n"


@pytest.fixture
def model(client: HttpClient, httpserver: HTTPServer) -> Ollama:
    return Ollama(client, "qwen3:4b", httpserver.url_for(""))


def streams(httpserver: HTTPServer, *lines: str) -> None:
    httpserver.expect_request("/api/chat", method="POST").respond_with_data(
        "".join(lines), content_type="application/x-ndjson"
    )


async def test_the_answer_comes_in_the_pieces_of_ollama(httpserver: HTTPServer, model: Ollama, said: Said) -> None:
    streams(httpserver, line("Good "), line("morning"), line("", done=True))
    assert await said(model, Wanted(max_tokens=20, temperature=0.5)) == ["Good ", "morning"]
    asked = httpserver.log[0][0].get_json()
    assert asked["options"] == {"num_ctx": 8192, "num_predict": 20, "temperature": 0.5}
    assert asked["keep_alive"] == "15m"
    assert [(message["role"], message["content"]) for message in asked["messages"]] == [
        ("system", "Be brief."),
        ("user", "Hello"),
    ]


async def test_a_schema_becomes_the_format_of_the_answer(httpserver: HTTPServer, model: Ollama, said: Said) -> None:
    schema = {"type": "object", "properties": {"agent": {"type": "string", "enum": ["math"]}}}
    streams(httpserver, line('{"agent": "math"}'), line("", done=True))
    assert "".join(await said(model, Wanted(schema=schema))) == '{"agent": "math"}'
    assert httpserver.log[0][0].get_json()["format"] == schema


async def test_thoughts_are_not_shown(httpserver: HTTPServer, model: Ollama, said: Said) -> None:
    streams(httpserver, line("", thinking="Hm."), line("<think>Hm"), line("</think> Good day"), line("", done=True))
    assert "".join(await said(model)) == "Good day"


@pytest.mark.parametrize(
    ("response", "kind", "words"),
    [
        (Response('{"error": "model not found"}', status=404), ModelError, "ollama pull qwen3:4b"),
        (Response('{"error": "maximum pending requests exceeded"}', status=503), Busy, "waiting"),
        (Response('{"error": "model requires more\\n memory"}', status=500), ModelError, "more memory"),
        (Response(line("Good ") + '{"error": "the runner stopped"}\n'), ModelError, "the runner stopped"),
        (Response("<html>\n"), ModelError, "its protocol"),
        (Response('{"message": 7}\n'), ModelError, "its protocol"),
        (Response(line("Good ")), Gone, "broke off"),
    ],
    ids=["missing", "busy", "memory", "runner", "page", "shape", "no end"],
)
async def test_what_ollama_refuses_or_gets_wrong_is_told_in_words(
    httpserver: HTTPServer, model: Ollama, said: Said, response: Response, kind: type, words: str
) -> None:
    httpserver.expect_request("/api/chat").respond_with_response(response)
    with pytest.raises(kind, match=words):
        await said(model)


async def test_ollama_that_goes_silent_is_given_up_at_the_deadline(client: HttpClient, wire: Wire, said: Said) -> None:
    never = asyncio.Event()
    model = Ollama(client, "qwen3:4b", await wire(HEAD + line("Good ").encode(), then=never))
    with pytest.raises(TooSlow, match="took longer"):
        await said(model, Wanted(seconds=0.5))
    never.set()


async def test_leaving_the_answer_closes_the_connection(client: HttpClient, wire: Wire) -> None:
    gone = asyncio.Event()
    model = Ollama(client, "qwen3:4b", await wire(HEAD + line("Hi").encode(), gone=gone))
    async with aclosing(model.chat([ChatMessage("user", "Hello")])) as pieces:
        assert await anext(pieces) == "Hi"
    await asyncio.wait_for(gone.wait(), 5)


async def test_ollama_that_does_not_run_is_told_with_what_starts_it(client: HttpClient, said: Said) -> None:
    with pytest.raises(Gone, match="ollama serve"):
        await said(Ollama(client, "qwen3:4b", "http://127.0.0.1:9"))
    with pytest.raises(Gone, match="ollama serve"):
        await ollama.installed(client, "http://127.0.0.1:9")


async def test_the_log_has_what_ollama_was_asked_for_but_not_the_words(
    httpserver: HTTPServer, model: Ollama, audit: AuditLog, said: Said
) -> None:
    streams(httpserver, line("Hi"), line("", done=True))
    await said(model)
    entries = await audit.read(kind="request")
    assert [(entry["purpose"], entry["path"], entry["status"]) for entry in entries] == [
        ("model_server", "/api/chat", 200)
    ]
    assert "Hello" not in json.dumps(entries)


async def test_ollama_lists_the_models_it_has(httpserver: HTTPServer, client: HttpClient) -> None:
    httpserver.expect_request("/api/tags").respond_with_json({"models": [{"name": "qwen3:4b"}, {"name": "gemma3:1b"}]})
    assert await ollama.installed(client, httpserver.url_for("")) == ["gemma3:1b", "qwen3:4b"]


@pytest.mark.parametrize("answer", [{"models": None}, [], {"models": [{}]}])
async def test_something_else_at_ollamas_address_is_told_in_words(
    httpserver: HTTPServer, client: HttpClient, answer: object
) -> None:
    httpserver.expect_request("/api/tags").respond_with_json(answer)
    with pytest.raises(ModelError, match="its protocol"):
        await ollama.installed(client, httpserver.url_for(""))

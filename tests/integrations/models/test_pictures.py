"""Pictures go to models that see, each in its server's own form; the others say that they cannot."""

from __future__ import annotations

import base64
import sys
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer

from integrations.http import HttpClient
from integrations.models import generated
from integrations.models.backend import Blind, ChatMessage, ModelBackend, Wanted
from integrations.models.failover import Failover
from integrations.models.llama.backend import LlamaCpp
from integrations.models.llama_server import LlamaServer, projector_of
from integrations.models.ollama import Ollama
from integrations.models.openai_compatible import OpenAICompatible
from integrations.models.served import Served
from tests.integrations.models.test_ollama import line
from tests.integrations.models.test_openai_compatible import CHAT, END, event

PICTURE = b"\x89PNG\r\n\x1a\n and pixels"
URL = f"data:image/png;base64,{base64.b64encode(PICTURE).decode()}"
ASKED = [ChatMessage("user", "What is this?", (PICTURE,))]


async def says(model: ModelBackend) -> str:
    async with aclosing(model.chat(ASKED, Wanted(seconds=20))) as pieces:
        return "".join([piece async for piece in pieces])


def openai(client: HttpClient, httpserver: HTTPServer) -> OpenAICompatible:
    return OpenAICompatible(client, httpserver.url_for("/v1"), "seeing")


async def test_an_openai_compatible_server_gets_it_as_an_address(httpserver: HTTPServer, client: HttpClient) -> None:
    httpserver.expect_request(CHAT).respond_with_data(event("A cat") + END, content_type="text/event-stream")
    assert await says(openai(client, httpserver)) == "A cat"
    assert httpserver.log[0][0].get_json()["messages"][0]["content"] == [
        {"type": "text", "text": "What is this?"},
        {"type": "image_url", "image_url": {"url": URL}},
    ]


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (500, "image input is not supported - hint: you may need to provide the mmproj"),
        (400, "small is not a multimodal model"),
        (400, "Invalid content part type: image_url"),
    ],
)
async def test_a_server_whose_model_is_blind_is_told_from_a_broken_one(
    httpserver: HTTPServer, client: HttpClient, status: int, words: str
) -> None:
    httpserver.expect_request(CHAT).respond_with_json({"error": {"message": words}}, status=status)
    with pytest.raises(Blind, match="cannot look at pictures"):
        await says(openai(client, httpserver))


async def test_ollama_gets_it_beside_the_words(httpserver: HTTPServer, client: HttpClient) -> None:
    httpserver.expect_request("/api/show", method="POST").respond_with_json({"capabilities": ["completion", "vision"]})
    httpserver.expect_request("/api/chat").respond_with_data(
        line("A cat") + line("", done=True), content_type="application/x-ndjson"
    )
    assert await says(Ollama(client, "gemma3:4b", httpserver.url_for(""))) == "A cat"
    shown = httpserver.log[1][0].get_json()["messages"][0]
    assert (shown["content"].strip(), shown["images"]) == ("What is this?", [URL.partition(",")[2]])


async def test_a_model_that_ollama_says_is_blind_is_not_shown_anything(
    httpserver: HTTPServer, client: HttpClient
) -> None:
    httpserver.expect_request("/api/show").respond_with_json({"capabilities": ["completion"]})
    with pytest.raises(Blind):
        await says(Ollama(client, "qwen3:4b", httpserver.url_for("")))
    assert [request.path for request, _ in httpserver.log] == ["/api/show"]


@pytest.fixture
async def llama_server(tmp_path: Path, client: HttpClient) -> AsyncIterator[LlamaServer]:
    program = tmp_path / "llama-server"
    script = Path(__file__).parent / "scripted_server.py"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} {script} "$@"\n')
    program.chmod(0o700)
    path = generated.write(tmp_path / "tiny-Q4.gguf")
    made = LlamaServer(client, path, program=str(program), context=4096)
    yield made
    await made.close()


async def test_llama_server_is_started_with_the_projector_beside_the_model(
    llama_server: LlamaServer, tmp_path: Path
) -> None:
    (tmp_path / "mmproj-tiny-F16.gguf").write_bytes(b"weights")
    (tmp_path / "mmproj-other-F16.gguf").write_bytes(b"of another")
    assert (await says(llama_server)).endswith("What is this? (1 shown)")
    assert "mmproj-tiny-F16.gguf" in (tmp_path / "starts").read_text()


async def test_without_a_projector_llama_server_is_not_even_started(llama_server: LlamaServer, tmp_path: Path) -> None:
    assert projector_of(llama_server.path) is None
    with pytest.raises(Blind):
        await says(llama_server)
    assert not (tmp_path / "starts").exists()


async def test_a_blind_model_leaves_the_picture_to_the_next_that_sees(
    httpserver: HTTPServer, client: HttpClient, tmp_path: Path
) -> None:
    httpserver.expect_request(CHAT).respond_with_data(event("A cat") + END, content_type="text/event-stream")
    backends: dict[str, ModelBackend] = {
        "blind": LlamaCpp(tmp_path / "blind.gguf"),
        "seeing": openai(client, httpserver),
    }

    async def nothing(*about: object) -> None:
        return None

    line = [Served(name, backends.__getitem__) for name in backends]
    assert await says(Failover(line, nothing, nothing)) == "A cat"
    assert line[0].error == "" and not line[0].rests

"""A server that speaks OpenAI's protocol: streamed, slow, broken, half-closed, refusing and absent."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from contextlib import aclosing
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from integrations.http import HttpClient
from integrations.models.backend import Busy, ChatMessage, Gone, ModelError, TooLong, TooSlow, Wanted
from integrations.models.openai_compatible import OpenAICompatible
from privacy.audit import AuditLog
from tests.integrations.models.conftest import Said, Wire

CHAT = "/v1/chat/completions"
HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n"
WAITS = HEAD + b"connection: close\r\n\r\n"
SCHEMA = {"type": "object", "properties": {"agent": {"enum": ["math"]}}}


def event(text: str | None, **choice: Any) -> str:
    return f"data: {json.dumps({'choices': [{'delta': {'content': text}, **choice}]})}\n\n"


HALF = event("Half an").encode()
END = event(None, finish_reason="stop") + "data: [DONE]\n\n"


@pytest.fixture
def model(client: HttpClient, httpserver: HTTPServer) -> OpenAICompatible:
    return OpenAICompatible(client, httpserver.url_for("/v1"), "small")


def streams(httpserver: HTTPServer, *parts: str) -> list[Request]:
    """Let the server answer with these parts; gives the requests as they come."""
    asked: list[Request] = []

    def answer(request: Request) -> Response:
        request.get_data()
        asked.append(request)
        return Response(iter(parts), mimetype="text/event-stream")

    httpserver.expect_request(CHAT, method="POST").respond_with_handler(answer)
    return asked


async def test_the_answer_comes_in_the_pieces_of_the_server(
    httpserver: HTTPServer, model: OpenAICompatible, said: Said
) -> None:
    asked = streams(httpserver, event("Good "), event("morning"), END, event("never"))
    assert await said(model, Wanted(max_tokens=20, temperature=0.5)) == ["Good ", "morning"]
    assert asked[0].get_json() == {
        "model": "small",
        "stream": True,
        "max_tokens": 20,
        "temperature": 0.5,
        "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hello"}],
    }


@pytest.mark.parametrize(
    "parts",
    [
        [": warming up\n\n", ":\n", "event: message\n", "id: 7\n", event("Hi"), END],
        ['data: {"choices": [{"delta":\n', 'data: {"content": "Hi"}}]}\n\n', END],
        [event("Hi").replace("\n", "\r\n"), END.replace("\n", "\r\n")],
        [*event("Hi"), END],
        [event("Hi"), event(None, finish_reason="stop")],
        [event("Hi"), event("", finish_reason="length").rstrip()],
        [event("Hi"), 'data: {"choices": [], "usage": {"total_tokens": 9}}\n\n', END],
    ],
    ids=["comments", "two lines", "CRLF", "byte by byte", "no [DONE]", "no last empty line", "usage"],
)
async def test_whatever_way_a_server_writes_its_events_they_are_read(
    httpserver: HTTPServer, model: OpenAICompatible, said: Said, parts: list[str]
) -> None:
    streams(httpserver, *parts)
    assert "".join(await said(model)) == "Hi"


async def test_thoughts_are_not_shown(httpserver: HTTPServer, model: OpenAICompatible, said: Said) -> None:
    reasoning = f"data: {json.dumps({'choices': [{'delta': {'reasoning_content': 'Hm.'}}]})}\n\n"
    streams(
        httpserver, reasoning, event("<thi"), event("nk>They say"), event(" hello</think>\n\nGood "), event("day"), END
    )
    assert "".join(await said(model)) == "Good day"


@pytest.mark.parametrize(
    ("response", "kind", "words"),
    [
        (Response("no", status=401), ModelError, "FREELANCEX_MODEL_KEY"),
        (Response("no", status=404), ModelError, "has no small"),
        (Response("no", status=429, headers={"retry-after": "9"}), Busy, "busy"),
        (Response('{"error": {"message": "Loading model"}}', status=503), Busy, "still loading"),
        (Response('{"error": {"type": "exceed_context_size_error"}}', status=400), TooLong, "shorter"),
        (Response("oh", status=500), Gone, "failed"),
        (Response("odd", status=400), ModelError, "refused"),
        (Response("<html>It works</html>", mimetype="text/html"), ModelError, "not its protocol"),
        (Response("data: <html>\n\n", mimetype="text/event-stream"), ModelError, "not its protocol"),
        (Response('data: {"choices": 7}\n\n', mimetype="text/event-stream"), ModelError, "not its protocol"),
        (Response('data: {"error": {"code": 500}}\n\n', mimetype="text/event-stream"), Gone, "failed in the middle"),
        (Response("data: " + "x" * 2_000_000, mimetype="text/event-stream"), ModelError, "not its protocol"),
    ],
    ids=["key", "missing", "often", "loading", "long", "broken", "odd", "page", "garbage", "shape", "error", "huge"],
)
async def test_what_a_server_refuses_or_gets_wrong_is_told_in_words(
    httpserver: HTTPServer, model: OpenAICompatible, said: Said, response: Response, kind: type, words: str
) -> None:
    httpserver.expect_request(CHAT).respond_with_response(response)
    with pytest.raises(kind, match=words):
        await said(model)


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        (HEAD + b"transfer-encoding: chunked\r\n\r\n%x\r\n" % len(HALF) + HALF + b"\r\n", "does not answer"),
        (WAITS + HALF, "broke off"),
    ],
    ids=["between chunks", "between events"],
)
async def test_a_stream_that_is_cut_off_keeps_what_came_and_says_so(
    client: HttpClient, wire: Wire, sent: bytes, words: str
) -> None:
    model, pieces = OpenAICompatible(client, await wire(sent), "small"), []
    with pytest.raises(Gone, match=words):
        async for piece in model.chat([ChatMessage("user", "Hello")]):
            pieces.append(piece)
    assert pieces == ["Half an"]


@pytest.mark.parametrize("sent", [b"", WAITS, WAITS + event("Hi").encode()], ids=["nothing", "head", "a piece"])
async def test_a_server_that_goes_silent_is_given_up_at_the_deadline(
    client: HttpClient, wire: Wire, said: Said, sent: bytes
) -> None:
    never = asyncio.Event()
    model = OpenAICompatible(client, await wire(sent, then=never), "small")
    with pytest.raises(TooSlow, match="took longer"):
        await said(model, Wanted(seconds=0.3))
    never.set()


async def test_leaving_the_answer_closes_the_connection(client: HttpClient, wire: Wire) -> None:
    gone = asyncio.Event()
    model = OpenAICompatible(client, await wire(WAITS + event("Hi").encode(), gone=gone), "small")
    async with aclosing(model.chat([ChatMessage("user", "Hello")])) as pieces:
        assert await anext(pieces) == "Hi"
    await asyncio.wait_for(gone.wait(), 5)


async def test_a_reader_that_is_cancelled_closes_the_connection(client: HttpClient, wire: Wire, said: Said) -> None:
    gone = asyncio.Event()
    model = OpenAICompatible(client, await wire(WAITS, gone=gone), "small")
    reading = asyncio.create_task(said(model))
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(reading, 0.2)
    await asyncio.wait_for(gone.wait(), 5)


async def test_without_a_name_the_first_model_of_the_server_is_asked(
    httpserver: HTTPServer, client: HttpClient, said: Said
) -> None:
    httpserver.expect_oneshot_request("/v1/models").respond_with_json({"data": [{"id": "qwen3"}, {"id": "gemma"}]})
    asked = streams(httpserver, event("Hi"), END)
    model = OpenAICompatible(client, httpserver.url_for("/v1"))
    assert [await said(model), await said(model)] == [["Hi"], ["Hi"]]
    assert [request.get_json()["model"] for request in asked] == ["qwen3", "qwen3"]


@pytest.mark.parametrize("listed", [{"data": []}, {"data": None}, [], {"data": [{}]}])
async def test_a_server_that_lists_no_model_is_told_in_words(
    httpserver: HTTPServer, client: HttpClient, said: Said, listed: Any
) -> None:
    httpserver.expect_request("/v1/models").respond_with_json(listed)
    with pytest.raises(ModelError, match="names no model"):
        await said(OpenAICompatible(client, httpserver.url_for("/v1")))


async def test_a_schema_is_asked_for_in_the_protocols_own_way(
    httpserver: HTTPServer, model: OpenAICompatible, said: Said
) -> None:
    asked = streams(httpserver, event('{"agent": "math"}'), END)
    await said(model, Wanted(schema=SCHEMA))
    form = asked[0].get_json()["response_format"]
    assert form == {"type": "json_schema", "json_schema": {"name": "answer", "strict": True, "schema": SCHEMA}}


async def test_a_server_that_knows_no_schemas_is_asked_without_from_then_on(
    httpserver: HTTPServer, model: OpenAICompatible, said: Said
) -> None:
    forms: list[bool] = []

    def answer(request: Request) -> Response:
        forms.append("response_format" in request.get_json())
        if forms[-1]:
            return Response('{"error": {"message": "response_format is not supported"}}', status=400)
        return Response(event("{}") + END, mimetype="text/event-stream")

    httpserver.expect_request(CHAT).respond_with_handler(answer)
    assert await said(model, Wanted(schema=SCHEMA)) == ["{}"]
    assert await said(model, Wanted(schema=SCHEMA)) == ["{}"]
    assert forms == [True, False, False]


async def test_the_key_is_sent_and_the_log_has_the_request_but_neither_key_nor_words(
    httpserver: HTTPServer, client: HttpClient, audit: AuditLog, said: Said
) -> None:
    asked = streams(httpserver, event("Hi"), END)
    await said(OpenAICompatible(client, httpserver.url_for("/v1"), "small", "s3cret"))
    assert asked[0].headers["authorization"] == "Bearer s3cret"
    entries = await audit.read(kind="request")
    assert [(entry["purpose"], entry["path"], entry["status"]) for entry in entries] == [("model_server", CHAT, 200)]
    assert "s3cret" not in json.dumps(entries) and "Hello" not in json.dumps(entries)


async def test_a_server_that_is_not_there_is_told_in_words(client: HttpClient, said: Said) -> None:
    with pytest.raises(Gone, match="does not answer"):
        await said(OpenAICompatible(client, "http://127.0.0.1:9/v1", "small"))


async def test_offline_a_server_elsewhere_is_not_asked_and_one_here_is(
    client_for: Callable[..., HttpClient], httpserver: HTTPServer, said: Said
) -> None:
    client = client_for(offline=True)
    with pytest.raises(ModelError, match="FREELANCEX_OFFLINE"):
        await said(OpenAICompatible(client, "http://192.168.7.7:8000/v1", "small"))
    streams(httpserver, event("Hi"), END)
    assert await said(OpenAICompatible(client, httpserver.url_for("/v1"), "small")) == ["Hi"]

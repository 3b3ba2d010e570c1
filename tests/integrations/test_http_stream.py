"""Replies that arrive part by part, and the same way out for libraries with an httpx client of their own."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress

import httpx
import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from integrations.http import Ask, Errand, HttpClient
from integrations.http_errors import BadStatus, NoConsent, Refused, TimedOut, TooLarge, Unreachable, WrongType
from privacy.audit import AuditLog

ClientFor = Callable[..., HttpClient]
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"


class Server:
    """A server that sends what `say` tells it to, and notes when the other side has gone."""

    def __init__(self) -> None:
        self.port = 0
        self.gone = asyncio.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"


@asynccontextmanager
async def serving(*parts: bytes | asyncio.Event) -> AsyncIterator[Server]:
    """Send each part; wait for each event; then wait for the other side to go."""
    server = Server()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            await reader.readuntil(b"\r\n\r\n")
            for part in parts:
                if isinstance(part, asyncio.Event):
                    await part.wait()
                else:
                    writer.write(part)
                    await writer.drain()
            await reader.read()
        server.gone.set()
        writer.close()

    listening = await asyncio.start_server(answer, "127.0.0.1", 0)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listening.close()


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


async def test_lines_are_read_while_the_rest_is_still_to_come(
    client_for: ClientFor, errand: Errand, audit: AuditLog
) -> None:
    go_on = asyncio.Event()
    async with (
        serving(HEAD + chunk(b"data: o\xc3"), chunk(b"\xa9\r\ndata"), go_on, chunk(b": 2"), chunk(b"")) as server,
        client_for(f"127.0.0.1:{server.port}").stream("POST", server.url, errand, body=b"{}") as reply,
    ):
        assert (reply.status, reply.headers["content-type"]) == (200, "text/event-stream")
        lines = reply.lines()
        assert await anext(lines) == "data: oé"
        assert await audit.read() == []  # the line is written when it is known how much came
        go_on.set()
        assert [line async for line in lines] == ["data: 2"]
    line = (await audit.read())[0]
    assert (line["method"], line["status"], line["bytes_in"]) == ("POST", 200, 18)
    assert "problem" not in line


async def test_leaving_early_closes_the_connection(client_for: ClientFor, errand: Errand, audit: AuditLog) -> None:
    async with serving(HEAD + chunk(b"one\n")) as server:
        mine = client_for(f"127.0.0.1:{server.port}")
        async with mine.stream("GET", server.url, errand) as reply:
            async for line in reply.lines():
                assert line == "one"
                break
        async with asyncio.timeout(5):
            await server.gone.wait()
    assert (await audit.read())[0]["bytes_in"] == 4


@pytest.mark.parametrize("idle", [True, False])
async def test_a_stream_that_falls_silent_is_given_up(
    client_for: ClientFor, errand: Errand, audit: AuditLog, idle: bool
) -> None:
    async with serving(HEAD + chunk(b"one\n")) as server:
        mine = client_for(f"127.0.0.1:{server.port}")
        with pytest.raises(TimedOut):
            async with mine.stream("GET", server.url, errand, ask=Ask(accept=(), seconds=0.1, idle=idle)) as reply:
                _ = [line async for line in reply.lines()]
    assert (await audit.read())[0]["problem"] == "TimedOut"


async def test_a_stream_that_breaks_off_is_told(client_for: ClientFor, errand: Errand, httpserver: HTTPServer) -> None:
    async with serving(HEAD + chunk(b"one\n") + b"zz\r\n") as server:
        with pytest.raises(Unreachable, match="broke off"):
            async with client_for(f"127.0.0.1:{server.port}").stream("GET", server.url, errand) as reply:
                _ = [part async for part in reply.bytes()]


async def test_a_stream_unfolds_only_so_far(client: HttpClient, httpserver: HTTPServer, errand: Errand) -> None:
    def bomb() -> Iterator[bytes]:
        yield gzip.compress(b"0" * 50_000_000)

    httpserver.expect_request("/").respond_with_handler(
        lambda _: Response(bomb(), headers={"Content-Encoding": "gzip"})
    )
    with pytest.raises(TooLarge):
        async with client.stream("GET", httpserver.url_for("/"), errand, ask=Ask((), max_bytes=100_000)) as reply:
            _ = [part async for part in reply.bytes()]


async def test_a_stream_follows_redirects_under_the_same_checks(
    client: HttpClient, httpserver: HTTPServer, errand: Errand
) -> None:
    httpserver.expect_request("/a").respond_with_response(Response(status=302, headers={"Location": "/b"}))
    httpserver.expect_request("/b").respond_with_data("here")
    httpserver.expect_request("/in").respond_with_response(
        Response(status=302, headers={"Location": "http://169.254.169.254/"})
    )
    async with client.stream("GET", httpserver.url_for("/a"), errand) as reply:
        assert reply.url == httpserver.url_for("/b")
        assert [part async for part in reply.bytes()] == [b"here"]
    with pytest.raises(Refused):
        async with client.stream("GET", httpserver.url_for("/in"), errand):
            pass


async def test_an_error_comes_with_what_the_host_said(
    client: HttpClient, httpserver: HTTPServer, errand: Errand
) -> None:
    httpserver.expect_request("/").respond_with_json({"error": "too long"}, status=400)
    with pytest.raises(BadStatus) as error:
        async with client.stream("GET", httpserver.url_for("/"), errand):
            pass
    assert b"too long" in error.value.body
    with pytest.raises(BadStatus) as error:
        await client.get(httpserver.url_for("/"), errand)
    assert b"too long" in error.value.body


async def test_a_stream_of_another_type_is_not_read(client: HttpClient, httpserver: HTTPServer, errand: Errand) -> None:
    httpserver.expect_request("/").respond_with_data("x", content_type="text/html")
    with pytest.raises(WrongType):
        async with client.stream("GET", httpserver.url_for("/"), errand, ask=Ask()):
            pass


async def test_an_endpoint_of_the_users_own_can_be_added(
    client_for: ClientFor, httpserver: HTTPServer, errand: Errand
) -> None:
    httpserver.expect_request("/").respond_with_json({})
    mine = client_for()
    with pytest.raises(Refused):
        await mine.get(httpserver.url_for("/"), errand)
    mine.allow(f"{httpserver.host}:{httpserver.port}")
    assert (await mine.get(httpserver.url_for("/"), errand)).status == 200


async def test_a_library_sends_through_the_same_way_out(
    client: HttpClient, httpserver: HTTPServer, errand: Errand, audit: AuditLog
) -> None:
    def answer(request: Request) -> Response:
        assert request.headers["User-Agent"].startswith("FreelanceX/")
        packed = gzip.compress(b"got " + request.get_data())
        return Response(packed, headers={"Content-Encoding": "gzip"}, status=400)

    httpserver.expect_request("/v1").respond_with_handler(answer)
    async with httpx.AsyncClient(transport=client.transport(errand)) as library:
        reply = await library.post(httpserver.url_for("/v1"), json={"a": 1})
        assert (reply.status_code, reply.text) == (400, 'got {"a":1}')
        with pytest.raises(Refused):
            await library.get("http://169.254.169.254/")
    assert [(line["kind"], line["host"]) for line in await audit.read()] == [
        ("refused", "169.254.169.254"),
        ("request", httpserver.host),
    ]


async def test_a_library_needs_the_same_consent(client: HttpClient, httpserver: HTTPServer) -> None:
    async with httpx.AsyncClient(transport=client.transport(Errand("research", "ana"))) as library:
        with pytest.raises(NoConsent):
            await library.get(httpserver.url_for("/"))
    assert httpserver.log == []


async def test_a_library_streams_and_its_redirects_are_checked(
    client_for: ClientFor, httpserver: HTTPServer, errand: Errand
) -> None:
    async with serving(HEAD + chunk(b"one\n")) as server:
        mine = client_for(f"127.0.0.1:{server.port}", f"{httpserver.host}:{httpserver.port}")
        async with httpx.AsyncClient(transport=mine.transport(errand), follow_redirects=True) as library:
            async with library.stream("GET", server.url) as reply:
                assert await anext(reply.aiter_lines()) == "one"
            async with asyncio.timeout(5):
                await server.gone.wait()
            httpserver.expect_request("/in").respond_with_response(
                Response(status=302, headers={"Location": "http://10.0.0.1/"})
            )
            with pytest.raises(Refused):
                await library.get(httpserver.url_for("/in"))

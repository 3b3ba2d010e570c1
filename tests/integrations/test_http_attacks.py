"""Attacks on the guard, family by family: not one of them gets a connection."""

from __future__ import annotations

import asyncio
import gzip
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from typing import Any

import httpcore
import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from integrations.http import Ask, Errand, HttpClient
from integrations.http_errors import HttpError, Refused, TimedOut, TooLarge, Unreachable, Unreadable, WrongType
from integrations.transport import CheckedNetwork

ClientFor = Callable[..., HttpClient]
ONCE = Ask(retries=0)

HOSTS = {
    "plain": ["127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.0.1", "100.64.0.1", "169.254.169.254", "0.0.0.0"],
    "clouds' metadata": ["168.63.129.16", "192.0.0.192", "100.100.100.200", "[fd00:ec2::254]", "[fd20:ce::254]"],
    "multicast, broadcast, documentation": ["224.0.0.1", "255.255.255.255", "[ff02::1]", "192.0.2.1", "[2001:db8::1]"],
    "integer": ["2130706433", "2852039166", "0", "1"],
    "octal": ["0177.0.0.1", "0177.0.0.01", "017700000001", "0251.0376.0251.0376"],
    "hex": ["0x7f000001", "0x7f.0x0.0x0.0x1", "0xa9fea9fe", "0X7F.1"],
    "mixed and short": ["127.1", "127.0.1", "0x7f.1", "0177.0x0.1", "169.254.43518", "10.1", "127.0.0.1."],
    "names of this machine": ["localhost", "LOCALHOST", "localhost.", "ip6-localhost"],
    "IPv6 of this machine and network": ["[::1]", "[::]", "[fe80::1]", "[fc00::1]", "[fec0::1]", "[0:0:0:0:0:0:0:1]"],
    "IPv4 mapped": ["[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:ffff:a9fe:a9fe]"],
    "IPv4 compatible": ["[::127.0.0.1]", "[::7f00:1]", "[::169.254.169.254]"],
    "IPv4 translated": ["[::ffff:0:127.0.0.1]", "[::ffff:0:a9fe:a9fe]"],
    "NAT64": ["[64:ff9b::127.0.0.1]", "[64:ff9b::a9fe:a9fe]", "[64:ff9b:1::7f00:1]", "[64:ff9b:1:a9fe:a9:fe00::]"],
    "6to4": ["[2002:7f00:1::]", "[2002:a9fe:a9fe::1]", "[2002:0a00:0001::]"],
    "Teredo": ["[2001:0:7f00:1::]", "[2001:0:4136:e378:8000:63bf:5601:5601]"],
    "ISATAP": ["[2a00::5efe:127.0.0.1]", "[2a00::200:5efe:a9fe:a9fe]", "[fe80::5efe:10.0.0.1]"],
    "zone": ["[fe80::1%25lo]", "[fe80::1%lo]", "[::1%25lo]", "[2a00::1%25eth0]"],
    "user and password": ["user@127.0.0.1", "example.com@127.0.0.1", "example.com:80@127.0.0.1", "a@b@[::1]"],
    "digits and dots of other scripts": ["①②⑦.⓪.⓪.①", "127。0。0。1", "127．0．0．1", "１２７.0.0.1", "١٢٧.0.0.1"],
    "letters of other scripts": ["ⓛⓞⓒⓐⓛⓗⓞⓢⓣ", "ｌｏｃａｌｈｏｓｔ"],
    "characters that vanish": ["127.0.0\u200b.1", "127.0.0.1\u00ad", "local\u00adhost", "\u200blocalhost"],
    "percent": ["%31%32%37.0.0.1", "127.0.0.1%2f", "127.0.0.1%00.example.com", "localhost%09"],
    "slashes and signs": ["example.com\\@127.0.0.1", "127.0.0.1\\.example.com", "127.0.0.1#@example.com"],
    "white space": [" 127.0.0.1", "127.0.0.1\t", "127.0.0.1\r\nHost: a.example", "exa\nmple.com@127.0.0.1"],
    "ports": ["8.8.8.8:22", "8.8.8.8:0", "8.8.8.8:6379", "8.8.8.8:443", "8.8.8.8:99999", "8.8.8.8:١"],
    "nothing": ["", ".", "..", "[]", "[::1", "::1"],
}  # fmt: skip
SCHEMES = ["file:///etc/passwd", "ftp://8.8.8.8/", "gopher://8.8.8.8/", "data:text/html,x", "javascript:1",
           "//8.8.8.8/", "unix:///run/docker.sock", "http:8.8.8.8", "http:///8.8.8.8", "ws://8.8.8.8/"]  # fmt: skip


@pytest.fixture
def no_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    async def connect(*_: Any, **__: Any) -> Any:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(httpcore.AnyIOBackend, "connect_tcp", connect)


@pytest.mark.parametrize("family", HOSTS)
@pytest.mark.usefixtures("no_connection")
async def test_no_way_of_writing_an_address_opens_a_connection(
    client_for: ClientFor, errand: Errand, family: str
) -> None:
    client = client_for()
    for host in HOSTS[family]:
        with pytest.raises(HttpError):
            await client.get(f"http://{host}/", errand, ask=ONCE)


@pytest.mark.parametrize("url", SCHEMES)
@pytest.mark.usefixtures("no_connection")
async def test_no_other_scheme_opens_a_connection(client_for: ClientFor, errand: Errand, url: str) -> None:
    with pytest.raises(Refused):
        await client_for().get(url, errand, ask=ONCE)


@pytest.mark.parametrize("family", [name for name in HOSTS if name not in ("nothing", "ports")])
async def test_no_redirect_leads_there(client: HttpClient, httpserver: HTTPServer, errand: Errand, family: str) -> None:
    for host in HOSTS[family]:
        place = f"http://{host}/".replace("\r", "").replace("\n", "").encode().decode("latin-1")
        httpserver.clear()
        httpserver.expect_request("/go").respond_with_response(Response(status=302, headers={"Location": place}))
        with pytest.raises(HttpError):
            await client.get(httpserver.url_for("/go"), errand, ask=ONCE)


def answering(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """Let every name resolve to the next of these answers, and note where connections go."""
    left, connected = list(answers), list[str]()

    async def look_up(self: Any, host: str, port: int, **_: Any) -> list[Any]:
        found = left.pop(0) if len(left) > 1 else left[0]
        return [
            (socket.AF_INET6 if ":" in one else socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in found
        ]

    async def connect(self: Any, host: str, *_: Any, **__: Any) -> Any:
        connected.append(host)
        raise httpcore.ConnectError("nobody there")

    monkeypatch.setattr(asyncio.base_events.BaseEventLoop, "getaddrinfo", look_up)
    monkeypatch.setattr(httpcore.AnyIOBackend, "connect_tcp", connect)
    return connected


@pytest.mark.parametrize(
    "answer",
    [
        ["127.0.0.1"],
        ["93.184.216.34", "10.0.0.5"],
        ["10.0.0.5", "93.184.216.34"],
        ["93.184.216.34", "::1"],
        ["2a00::1", "fe80::1"],
        ["93.184.216.34", "64:ff9b::a9fe:a9fe"],
        ["93.184.216.34", "fe80::1%lo"],
    ],
)
async def test_one_bad_answer_of_a_name_refuses_all(
    client_for: ClientFor, errand: Errand, monkeypatch: pytest.MonkeyPatch, answer: list[str]
) -> None:
    connected = answering(monkeypatch, answer)
    with pytest.raises(Refused, match="not on the public internet"):
        await client_for().get("http://mixed.example/", errand, ask=ONCE)
    assert connected == []


async def test_a_name_that_changes_its_answer_is_connected_where_it_was_checked(
    client_for: ClientFor, errand: Errand, monkeypatch: pytest.MonkeyPatch
) -> None:
    connected = answering(monkeypatch, ["93.184.216.34"], ["127.0.0.1"])
    client = client_for()
    with pytest.raises(Unreachable):
        await client.get("http://rebind.example/", errand, ask=ONCE)
    with pytest.raises(Refused):
        await client.get("http://rebind.example/", errand, ask=ONCE)
    assert connected == ["93.184.216.34"]


async def test_no_socket_of_this_machine_is_opened() -> None:
    with pytest.raises(Refused):
        await CheckedNetwork(()).connect_unix_socket("/run/docker.sock")


async def test_a_stranger_does_not_redirect_to_a_server_of_ones_own(
    client_for: ClientFor, httpserver: HTTPServer, errand: Errand, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The user's own model server is open to the client, not to whoever knows its address."""
    from integrations import transport

    real = asyncio.base_events.BaseEventLoop.getaddrinfo

    async def look_up(self: Any, host: str, port: int, **kind: Any) -> Any:
        return await real(self, "127.0.0.1" if host == "stranger.example" else host, httpserver.port, **kind)

    monkeypatch.setattr(asyncio.base_events.BaseEventLoop, "getaddrinfo", look_up)
    monkeypatch.setattr(transport, "is_public", lambda _: True)  # so that loopback can stand for a stranger
    connect = httpcore.AnyIOBackend.connect_tcp

    async def here(self: Any, host: str, port: int, *rest: Any) -> Any:
        return await connect(self, host, httpserver.port, *rest)

    monkeypatch.setattr(httpcore.AnyIOBackend, "connect_tcp", here)
    own = f"127.0.0.1:{httpserver.port}"
    httpserver.expect_request("/api").respond_with_json({"own": True})
    httpserver.expect_request("/go").respond_with_response(
        Response(status=307, headers={"Location": f"http://{own}/api"})
    )
    client = client_for()
    client.allow(own)
    with pytest.raises(Refused, match="a server of yours"):
        await client.get("http://stranger.example/go", errand, ask=ONCE)
    with pytest.raises(Refused, match="a server of yours"):
        await client.get(f"http://{own}/api", replace(errand, found=True), ask=ONCE)
    assert (await client.get(f"http://{own}/api", errand, ask=ONCE)).json() == {"own": True}


async def test_the_host_header_is_always_that_of_the_address(
    client: HttpClient, httpserver: HTTPServer, errand: Errand
) -> None:
    httpserver.expect_request("/").respond_with_handler(
        lambda request: Response(f'"{request.host}"', content_type="application/json")
    )
    reply = await client.get(httpserver.url_for("/"), errand, headers={"Host": "metadata.internal"})
    assert reply.json() == f"{httpserver.host}:{httpserver.port}"


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy", "NO_PROXY"])
async def test_no_proxy_of_the_environment_gets_between(
    client: HttpClient, httpserver: HTTPServer, errand: Errand, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, "http://127.0.0.1:1")
    httpserver.expect_request("/").respond_with_json({})
    assert (await client.get(httpserver.url_for("/"), errand)).status == 200


@pytest.mark.parametrize(
    "header", ["Authorization", "Cookie", "X-Api-Key", "Proxy-Authorization", "Referer", "X-Anything"]
)
async def test_nothing_that_may_be_a_secret_crosses_to_another_origin(
    client_for: ClientFor, httpserver: HTTPServer, errand: Errand, header: str
) -> None:
    seen: list[Request] = []

    def answer(request: Request) -> Response:
        seen.append(request)
        return Response("{}", content_type="application/json")

    away = f"http://localhost:{httpserver.port}/there"
    httpserver.expect_request("/go").respond_with_response(Response(status=302, headers={"Location": away}))
    httpserver.expect_request("/there").respond_with_handler(answer)
    client = client_for(f"127.0.0.1:{httpserver.port}", f"localhost:{httpserver.port}")
    await client.get(f"http://127.0.0.1:{httpserver.port}/go", errand, headers={header: "s3cret"})
    assert "s3cret" not in str(seen[0].headers)


async def test_what_was_sent_is_not_sent_on_to_another_origin(
    client_for: ClientFor, httpserver: HTTPServer, errand: Errand
) -> None:
    away = f"http://localhost:{httpserver.port}/there"
    httpserver.expect_request("/go").respond_with_response(Response(status=307, headers={"Location": away}))
    client = client_for(f"127.0.0.1:{httpserver.port}", f"localhost:{httpserver.port}")
    with pytest.raises(Refused, match="what was sent"):
        await client.request("POST", f"http://127.0.0.1:{httpserver.port}/go", errand, body=b"invoice")


OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
LIES = {
    "longer than it is": (OK + b"Content-Length: 100\r\n\r\n{}", Unreachable),
    "two lengths": (OK + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}", Unreachable),
    "a length that is none": (OK + b"Content-Length: -1\r\n\r\n{}", Unreachable),
    "broken chunks": (OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n", Unreachable),
    "chunks that end early": (OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\n{}", Unreachable),
    "not HTTP": (b"SSH-2.0-OpenSSH_9.6\r\n", Unreachable),
    "huge headers": (OK + b"X: " + b"a" * 300_000 + b"\r\n\r\n{}", Unreachable),
    "many headers": (OK + b"X-Y: z\r\n" * 30_000 + b"\r\n{}", Unreachable),
    "packed twice": (OK + b"Content-Encoding: gzip, gzip\r\n\r\n" + gzip.compress(gzip.compress(b"{}")), Unreadable),
    "packed otherwise": (OK + b"Content-Encoding: br\r\n\r\n{}", Unreadable),
    "not packed": (OK + b"Content-Encoding: gzip\r\n\r\n{}", Unreadable),
    "a bomb": (OK + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(b"0" * 20_000_000), TooLarge),
    "no type": (b"HTTP/1.1 200 OK\r\n\r\n{}", WrongType),
    "another type": (b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n{}", WrongType),
    "two types": (b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Type: application/json\r\n\r\n{}", WrongType),
    "endless headers": (OK + b"X-Drip: ", TimedOut),
    "an endless body": (OK + b"Content-Length: 100\r\n\r\n{", TimedOut),
    "silence": (b"", TimedOut),
}  # fmt: skip


@asynccontextmanager
async def saying(words: bytes, *, drip: bool) -> AsyncIterator[int]:
    """A server that says this, then goodbye, or with `drip` its last byte again and again. Yields its port."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            await reader.readuntil(b"\r\n\r\n")
            writer.write(words)
            await writer.drain()
            while drip:
                writer.write(words[-1:])
                await writer.drain()
                await asyncio.sleep(0.01)
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


@pytest.mark.parametrize("lie", LIES)
async def test_a_lying_server_gets_nowhere(client_for: ClientFor, errand: Errand, lie: str) -> None:
    words, error = LIES[lie]
    slow = error is TimedOut
    async with saying(words, drip=slow) as port:
        ask = Ask(retries=0, seconds=0.3 if slow else 5, max_bytes=1_000_000)
        with pytest.raises(error):
            await client_for(f"127.0.0.1:{port}").get(f"http://127.0.0.1:{port}/", errand, ask=ask)

"""Pages shown by a browser: its scripts run, and nothing gets out but through the same guard."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from integrations.http import Errand, HttpClient
from integrations.http_errors import NoConsent, Refused
from integrations.scraping.browser import installed, render
from integrations.scraping.proxy import FilteringProxy
from privacy.audit import AuditLog
from tests.integrations.scraping.conftest import Site

BROWSER = installed()
needs_browser = pytest.mark.skipif(BROWSER is None, reason="no Chromium is installed here")


@pytest.fixture
async def other() -> AsyncIterator[HTTPServer]:
    """Another server on this machine."""
    server = HTTPServer(host="127.0.0.1")
    server.start()
    server.expect_request("/secret").respond_with_data("secret", headers={"Access-Control-Allow-Origin": "*"})
    yield server
    server.clear()
    server.stop()


async def said(proxy: FilteringProxy, request: bytes) -> bytes:
    """What the proxy answers to these bytes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
    writer.write(request)
    async with asyncio.timeout(10):
        answer = await reader.read()
    writer.close()
    return answer


@pytest.mark.parametrize(
    "request_line",
    [
        "CONNECT 127.0.0.1:22", "CONNECT 127.0.0.1:443", "CONNECT localhost:443", "CONNECT [::1]:443",
        "CONNECT 169.254.169.254:443", "CONNECT [64:ff9b::a9fe:a9fe]:443", "CONNECT 10.0.0.1:443", "CONNECT 8.8.8.8:25",
        "CONNECT 2130706433:443", "CONNECT 0x7f.1:443", "CONNECT user@127.0.0.1:443", "GET http://127.0.0.1/",
        "GET http://169.254.169.254/latest/", "GET http://[::ffff:10.0.0.1]/", "GET http://127.0.0.1.:80/",
        "GET file:///etc/passwd", "GET /etc/passwd", "GET ftp://8.8.8.8/", "POST http://8.8.8.8/",
        "CONNECT accounts.google.com:443", "CONNECT update.googleapis.com:443", "GET http://clients2.google.com/x",
        "PUT http://8.8.8.8/",
    ],
)  # fmt: skip
async def test_nothing_private_is_reached_through_it(client: HttpClient, errand: Errand, request_line: str) -> None:
    async with FilteringProxy(client, errand, "https://page.example/") as proxy:
        assert (await said(proxy, f"{request_line} HTTP/1.1\r\nHost: a.example\r\n\r\n".encode())).startswith(
            b"HTTP/1.1 403"
        )


@pytest.mark.parametrize(
    "request_", [b"\r\n\r\n", b"GET\r\n\r\n", b"CONNECT a b c d\r\n\r\n", b"X" * 70_000 + b"\r\n\r\n"]
)
async def test_what_is_no_request_gets_nowhere(client: HttpClient, errand: Errand, request_: bytes) -> None:
    async with FilteringProxy(client, errand, "https://page.example/") as proxy:
        assert (await said(proxy, request_)).startswith(b"HTTP/1.1 400")


async def test_a_server_of_ones_own_is_open_to_its_own_pages_only(
    client_for: Callable[..., HttpClient], httpserver: HTTPServer, errand: Errand
) -> None:
    own = f"{httpserver.host}:{httpserver.port}"
    httpserver.expect_request("/").respond_with_data("mine", content_type="text/html")
    request = f"GET http://{own}/ HTTP/1.1\r\n\r\n".encode()
    client = client_for()
    client.allow(own)
    async with FilteringProxy(client, errand, f"http://{own}/page") as proxy:
        assert (await said(proxy, request)).endswith(b"mine")
    async with FilteringProxy(client, errand, "https://page.example/") as proxy:
        assert (await said(proxy, request)).startswith(b"HTTP/1.1 403")
        assert (await said(proxy, f"CONNECT {own} HTTP/1.1\r\n\r\n".encode())).startswith(b"HTTP/1.1 403")


async def test_what_passes_is_in_the_log_and_cookies_of_ours_are_not_sent(
    client: HttpClient, httpserver: HTTPServer, errand: Errand, audit: AuditLog
) -> None:
    seen: list[Request] = []

    def answer(request: Request) -> Response:
        seen.append(request)
        return Response("ok")

    httpserver.expect_request("/x").respond_with_handler(answer)
    url = httpserver.url_for("/x")
    async with FilteringProxy(client, errand, url) as proxy:
        await said(proxy, f"GET {url} HTTP/1.1\r\nCookie: a=1\r\nUser-Agent: Chrome\r\n\r\n".encode())
    assert "Cookie" not in seen[0].headers
    assert seen[0].headers["User-Agent"].startswith("FreelanceX/")
    line = (await audit.read())[0]
    assert (line["host"], line["path"], line["purpose"]) == (httpserver.host, "/x", "job_boards")


async def test_a_tunnel_moves_bytes_both_ways_and_is_in_the_log(
    client_for: Callable[..., HttpClient], errand: Errand, audit: AuditLog
) -> None:
    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write((await reader.read(100)).upper())
        writer.close()

    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    place = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with FilteringProxy(client_for(place), errand, f"https://{place}/") as proxy:
        reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
        writer.write(f"CONNECT {place} HTTP/1.1\r\n\r\n".encode())
        assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200")
        writer.write(b"hello")
        assert await reader.read(100) == b"HELLO"
        assert await reader.read(100) == b""
        writer.close()
    server.close()
    line = (await audit.read())[0]
    assert (line["method"], line["bytes_out"], line["bytes_in"]) == ("CONNECT", 5, 5)


@needs_browser
async def test_a_page_made_by_scripts_is_seen_and_reaches_nothing_else(
    client_for: Callable[..., HttpClient], site: Site, other: HTTPServer, errand: Errand, audit: AuditLog
) -> None:
    secret = f"http://127.0.0.1:{other.port}/secret"
    script = (
        "fetch('/data').then(r => r.text()).then(t => document.body.append(t));"
        f"fetch('{secret}').then(r => r.text())"
        ".then(t => document.body.append('got ' + t), () => document.body.append('kept out'));"
        f"document.body.append(Object.assign(new Image(), {{src: '{secret}'}}));"
    )
    site.page("/app", f"<div id=root></div><iframe src='{secret}'></iframe><script>{script}</script>")
    site.server.expect_request("/data").respond_with_data("made by a script")
    client = client_for(site.host)
    client.allow(f"127.0.0.1:{other.port}")
    assert BROWSER is not None
    html = (await render(site.url("/app"), client, errand, BROWSER)).decode()
    assert "made by a script" in html
    assert "kept out" in html
    assert "got secret" not in html
    assert other.log == []
    assert {line["host"] for line in await audit.read() if line["kind"] == "request"} == {site.server.host}


@needs_browser
async def test_no_browser_starts_for_what_may_not_be_opened(client: HttpClient, errand: Errand) -> None:
    assert BROWSER is not None
    with pytest.raises(Refused):
        await render("file:///etc/passwd", client, errand, BROWSER)
    with pytest.raises(NoConsent):
        await render("https://a.example/", client, Errand("job_boards", "bob"), BROWSER)

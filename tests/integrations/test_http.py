"""The one way out: what it refuses, what it limits, what it writes down."""

from __future__ import annotations

import asyncio
import gzip
import json
import socket
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from integrations.host_limits import HostLimit, HostLimits
from integrations.http import Ask, Errand, HttpClient
from integrations.http_errors import (
    BadStatus,
    NoConsent,
    NotSent,
    Offline,
    Refused,
    TimedOut,
    TooLarge,
    TooOften,
    Unreachable,
    Unreadable,
    WrongType,
)
from integrations.retry import retry_after
from privacy.audit import AuditLog

ClientFor = Callable[..., HttpClient]


async def test_a_reply_and_its_line_in_the_log(
    client: HttpClient, httpserver: HTTPServer, errand: Errand, audit: AuditLog
) -> None:
    httpserver.expect_request("/api", query_string={"q": "secret words"}).respond_with_json({"jobs": [1]})
    reply = await client.get(httpserver.url_for("/api"), errand, params={"q": "secret words"})
    assert reply.json() == {"jobs": [1]}
    line = (await audit.read())[0]
    assert (line["kind"], line["host"], line["path"], line["status"]) == ("request", httpserver.host, "/api", 200)
    assert (line["purpose"], line["agent"], line["thread"]) == ("job_boards", "job_search", "t1")
    assert line["bytes_in"] == len(reply.body)
    assert line["bytes_out"] > 50
    assert "secret" not in json.dumps(line)


async def test_it_says_who_it_is_and_keeps_no_cookies(
    client: HttpClient, httpserver: HTTPServer, errand: Errand
) -> None:
    seen: list[Request] = []

    def answer(request: Request) -> Response:
        seen.append(request)
        return Response("{}", content_type="application/json", headers={"Set-Cookie": "id=1"})

    httpserver.expect_request("/").respond_with_handler(answer)
    await client.get(httpserver.url_for("/"), errand)
    await client.get(httpserver.url_for("/"), errand)
    assert all(request.headers["User-Agent"].startswith("FreelanceX/") for request in seen)
    assert all("Cookie" not in request.headers for request in seen)


async def test_nothing_is_sent_without_consent(client: HttpClient, httpserver: HTTPServer, audit: AuditLog) -> None:
    with pytest.raises(NoConsent, match="not allowed"):
        await client.get(httpserver.url_for("/"), Errand("job_boards", "bob"))
    with pytest.raises(NoConsent):
        await client.get(httpserver.url_for("/"), Errand("research", "ana"))
    assert httpserver.log == []
    assert [line["kind"] for line in await audit.read()] == ["refused", "refused"]


async def test_a_yes_just_now_is_enough(client: HttpClient, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/").respond_with_json({})
    assert (await client.get(httpserver.url_for("/"), Errand("job_boards", "bob", approved=True))).status == 200


async def test_offline_sends_nothing_and_looks_up_no_name(
    client_for: ClientFor, errand: Errand, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_lookup(*_: Any, **__: Any) -> None:
        raise AssertionError("a name was looked up")

    monkeypatch.setattr(socket, "getaddrinfo", no_lookup)
    with pytest.raises(Offline, match="offline"):
        await client_for(offline=True).get("https://example.com/", errand)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "localhost", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "127.1", "[::1]",
        "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "0.0.0.0", "0",
        "①②⑦.⓪.⓪.①", "127。0。0。1", "user@127.0.0.1", "[fe80::1%25lo]", "169.254.169.254",
    ],
)  # fmt: skip
async def test_no_way_of_writing_reaches_this_machine(client_for: ClientFor, errand: Errand, host: str) -> None:
    with pytest.raises(NotSent):
        await client_for().get(f"http://{host}/", errand, ask=Ask(retries=0))


async def test_one_private_address_among_several_refuses_the_name(
    client_for: ClientFor, errand: Errand, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    async def answers(self: Any, host: str, port: int, **_: Any) -> list[Any]:
        asked.append(host)
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in ("93.184.216.34", "10.0.0.5")
        ]

    monkeypatch.setattr(asyncio.base_events.BaseEventLoop, "getaddrinfo", answers)
    with pytest.raises(Refused, match=r"10\.0\.0\.5"):
        await client_for().get("http://mixed.example/", errand)
    assert asked == ["mixed.example"]


async def test_the_address_checked_is_the_one_connected_to(
    client_for: ClientFor, httpserver: HTTPServer, errand: Errand, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that changes its address between two look-ups is looked up once for a connection."""
    lookups: list[str] = []
    original = asyncio.base_events.BaseEventLoop.getaddrinfo

    async def rebinding(self: Any, host: str, port: int, **kind: Any) -> Any:
        if host != "rebind.example":
            return await original(self, host, port, **kind)
        lookups.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(asyncio.base_events.BaseEventLoop, "getaddrinfo", rebinding)
    httpserver.expect_request("/").respond_with_handler(
        lambda request: Response(json.dumps(request.host), content_type="application/json")
    )
    mine = client_for(f"rebind.example:{httpserver.port}")
    reply = await mine.get(f"http://rebind.example:{httpserver.port}/", errand)
    assert reply.json() == f"rebind.example:{httpserver.port}"
    assert lookups == ["rebind.example"]


@pytest.mark.parametrize(
    "place",
    ["http://169.254.169.254/latest/", "http://127.0.0.1:1/", "file:///etc/passwd", "http://10.0.0.1/", "//[::1]/"],
)
async def test_each_redirect_is_checked(client: HttpClient, httpserver: HTTPServer, errand: Errand, place: str) -> None:
    httpserver.expect_request("/go").respond_with_response(Response(status=302, headers={"Location": place}))
    with pytest.raises(Refused):
        await client.get(httpserver.url_for("/go"), errand)


async def test_redirects_end(client: HttpClient, httpserver: HTTPServer, errand: Errand) -> None:
    httpserver.expect_request("/loop").respond_with_response(Response(status=302, headers={"Location": "/loop"}))
    with pytest.raises(Refused, match="more than 5"):
        await client.get(httpserver.url_for("/loop"), errand)


async def test_secrets_stay_with_their_host(client_for: ClientFor, httpserver: HTTPServer, errand: Errand) -> None:
    seen: dict[str, Request] = {}

    def answer(request: Request) -> Response:
        seen[request.path] = request
        return Response("{}", content_type="application/json")

    other = f"http://localhost:{httpserver.port}/other"
    httpserver.expect_request("/out").respond_with_response(Response(status=302, headers={"Location": other}))
    httpserver.expect_request("/in").respond_with_response(Response(status=302, headers={"Location": "/same"}))
    httpserver.expect_request("/other").respond_with_handler(answer)
    httpserver.expect_request("/same").respond_with_handler(answer)
    mine = client_for(f"127.0.0.1:{httpserver.port}", f"localhost:{httpserver.port}")
    headers = {"Authorization": "Bearer s3cret", "X-Api-Key": "k"}
    for path in ("/out", "/in"):
        await mine.get(f"http://127.0.0.1:{httpserver.port}{path}", errand, headers=headers)
    assert "Authorization" not in seen["/other"].headers
    assert "X-Api-Key" not in seen["/other"].headers
    assert seen["/same"].headers["Authorization"] == "Bearer s3cret"


async def test_proxies_in_the_environment_are_not_used(
    client: HttpClient, httpserver: HTTPServer, errand: Errand, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    httpserver.expect_request("/").respond_with_json({})
    assert (await client.get(httpserver.url_for("/"), errand)).status == 200


async def test_too_much_is_not_read(client: HttpClient, httpserver: HTTPServer, errand: Errand) -> None:
    httpserver.expect_request("/").respond_with_data(b" " * 300_000, content_type="application/json")
    with pytest.raises(TooLarge):
        await client.get(httpserver.url_for("/"), errand, ask=Ask(max_bytes=100_000))


async def test_a_small_body_that_unfolds_to_a_huge_one_is_not_unfolded(
    client: HttpClient, httpserver: HTTPServer, errand: Errand, audit: AuditLog
) -> None:
    bomb = gzip.compress(b"0" * 50_000_000)
    httpserver.expect_request("/").respond_with_data(
        bomb, content_type="application/json", headers={"Content-Encoding": "gzip"}
    )
    with pytest.raises(TooLarge):
        await client.get(httpserver.url_for("/"), errand, ask=Ask(max_bytes=1_000_000))
    assert (await audit.read())[0]["problem"] == "TooLarge"


async def test_gzip_is_read(client: HttpClient, httpserver: HTTPServer, errand: Errand) -> None:
    httpserver.expect_request("/").respond_with_data(
        gzip.compress(b'{"a": 1}'), content_type="application/json", headers={"Content-Encoding": "gzip"}
    )
    assert (await client.get(httpserver.url_for("/"), errand)).json() == {"a": 1}


@pytest.mark.parametrize(
    ("coding", "body"),
    [("br", b"x"), ("gzip", b"not gzip"), ("gzip", gzip.compress(b"{}" * 99, mtime=0)[:-9])],
    ids=["unknown", "no gzip", "cut short"],
)
async def test_a_lying_encoding_is_unreadable(
    client: HttpClient, httpserver: HTTPServer, errand: Errand, coding: str, body: bytes
) -> None:
    httpserver.expect_request("/").respond_with_data(
        body, content_type="application/json", headers={"Content-Encoding": coding}
    )
    with pytest.raises(Unreadable):
        await client.get(httpserver.url_for("/"), errand)


async def test_another_type_than_asked_for(client: HttpClient, httpserver: HTTPServer, errand: Errand) -> None:
    httpserver.expect_request("/").respond_with_data("<html>check your browser</html>", content_type="text/html")
    with pytest.raises(WrongType, match="text/html"):
        await client.get(httpserver.url_for("/"), errand)


async def test_broken_json_is_said(client: HttpClient, httpserver: HTTPServer, errand: Errand) -> None:
    httpserver.expect_request("/").respond_with_data("{", content_type="application/json")
    reply = await client.get(httpserver.url_for("/"), errand)
    with pytest.raises(Unreadable):
        reply.json()


async def test_a_slow_host_is_given_up(
    client: HttpClient, httpserver: HTTPServer, errand: Errand, audit: AuditLog
) -> None:
    def slow(_: Request) -> Response:
        time.sleep(1)
        return Response("{}")

    httpserver.expect_request("/").respond_with_handler(slow)
    with pytest.raises(TimedOut, match=r"0\.2 seconds"):
        await client.get(httpserver.url_for("/"), errand, ask=Ask(seconds=0.2))
    assert (await audit.read())[0]["status"] == 0


async def test_what_passes_is_tried_again_and_what_does_not_is_told(
    client: HttpClient, httpserver: HTTPServer, errand: Errand
) -> None:
    httpserver.expect_ordered_request("/").respond_with_data("", status=503)
    httpserver.expect_ordered_request("/").respond_with_json({"ok": True})
    assert (await client.get(httpserver.url_for("/"), errand)).json() == {"ok": True}
    httpserver.expect_request("/gone").respond_with_data("", status=404)
    with pytest.raises(BadStatus, match="404"):
        await client.get(httpserver.url_for("/gone"), errand)
    assert len([1 for request, _ in httpserver.log if request.path == "/gone"]) == 1


async def test_a_host_that_asks_to_wait_long_is_left_alone(
    client: HttpClient, httpserver: HTTPServer, errand: Errand
) -> None:
    httpserver.expect_request("/").respond_with_data("", status=429, headers={"Retry-After": "3600"})
    with pytest.raises(TooOften) as error:
        await client.get(httpserver.url_for("/"), errand)
    assert error.value.retry_after == 3600
    assert [response.status_code for _, response in httpserver.log].count(429) == 1


async def test_only_a_get_is_tried_again(client: HttpClient, httpserver: HTTPServer, errand: Errand) -> None:
    httpserver.expect_request("/", method="POST").respond_with_data("", status=502)
    with pytest.raises(BadStatus):
        await client.request("POST", httpserver.url_for("/"), errand, body=b"{}")
    assert len(httpserver.log) == 1


async def test_a_host_that_is_not_there(client_for: ClientFor, errand: Errand) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(Unreachable):
        await client_for(f"127.0.0.1:{port}").get(f"http://127.0.0.1:{port}/", errand)


async def test_a_host_is_asked_no_more_at_once_than_its_terms_allow() -> None:
    limits, running, most = HostLimits(), 0, 0

    async def visit() -> None:
        nonlocal running, most
        async with limits.turn("a.example", HostLimit(at_once=2)):
            running += 1
            most = max(most, running)
            await asyncio.sleep(0.005)
            running -= 1

    await asyncio.gather(*(visit() for _ in range(8)))
    assert most == 2


async def test_requests_to_a_host_are_spaced() -> None:
    limits, began = HostLimits(), time.monotonic()
    for _ in range(3):
        async with limits.turn("a.example", HostLimit(seconds_apart=0.05)):
            pass
    assert time.monotonic() - began >= 2 * 0.05


def test_retry_after_is_seconds_or_a_date() -> None:
    now = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
    assert retry_after("120") == 120
    assert retry_after("Sat, 21 Nov 2026 12:00:30 GMT", now) == 30
    assert retry_after("Sat, 21 Nov 2026 11:00:00 GMT", now) == 0
    assert retry_after("soon") is None
    assert retry_after("") is None

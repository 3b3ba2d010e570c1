"""Other pages in the same browser are kept out, on HTTP and on the socket."""

import http.client
import socket
from collections.abc import Mapping

import pytest
import websockets
from chat_server import Server
from websockets.exceptions import InvalidStatus

from chainlit_app.origin import hosts_of


def ask(server: Server, path: str, headers: Mapping[str, str], method: str = "GET") -> http.client.HTTPResponse:
    """One request exactly as given: httpx would mend the Host header."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
    for name, value in headers.items():
        connection.putheader(name, value)
    connection.endheaders()
    response = connection.getresponse()
    response.read()
    return response


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "[::1]"])
def test_this_computer_is_answered_under_each_of_its_names(server: Server, name: str) -> None:
    assert ask(server, "/api/v1/health", {"Host": f"{name}:{server.port}"}).status == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", "localhost.evil:{port}"]
)
def test_a_foreign_host_is_refused_which_stops_dns_rebinding(server: Server, host: str) -> None:
    assert ask(server, "/", {"Host": host.format(port=server.port)}).status == 403


def test_an_address_with_signs_that_none_has_is_answered_like_any_other(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as line:
        line.sendall(f"GET /api/v1/nothing?q=\x93 HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n\r\n".encode("latin-1"))
        assert line.recv(100).split(b"\r\n")[0] in (b"HTTP/1.1 404 Not Found", b"HTTP/1.1 400 Bad Request")


def test_no_host_at_all_is_refused(server: Server) -> None:
    assert ask(server, "/", {}).status in (400, 403)


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://127.0.0.1:1", "http://127.0.0.1.evil.example:{port}", "file://"]
)
def test_a_foreign_origin_is_refused(server: Server, origin: str) -> None:
    headers = {"Host": f"127.0.0.1:{server.port}", "Origin": origin.format(port=server.port)}
    assert ask(server, "/api/v1/ask", headers, "POST").status == 403
    assert ask(server, "/api/v1/health", headers).status == 403


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_request_that_another_page_makes_is_refused_even_without_origin(server: Server, site: str) -> None:
    headers = {"Host": f"127.0.0.1:{server.port}", "Sec-Fetch-Site": site, "Sec-Fetch-Mode": "no-cors"}
    assert ask(server, "/api/v1/system/status", headers).status == 403


def test_a_link_to_the_page_can_be_followed(server: Server) -> None:
    headers = {"Host": f"127.0.0.1:{server.port}", "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    assert ask(server, "/", headers | {"Sec-Fetch-Dest": "document"}).status == 200
    assert ask(server, "/", headers | {"Sec-Fetch-Dest": "iframe"}).status == 403


async def test_a_socket_is_opened_for_the_own_page_only(server: Server) -> None:
    url = f"ws://127.0.0.1:{server.port}/ws/socket.io/?EIO=4&transport=websocket"
    async with websockets.connect(url, origin=server.address) as own:  # type: ignore[arg-type]
        assert str(await own.recv()).startswith("0")
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        with pytest.raises(InvalidStatus) as refused:
            await websockets.connect(url, additional_headers=headers)
        assert refused.value.response.status_code == 403


def test_answers_carry_headers_that_keep_the_page_to_itself(server: Server) -> None:
    headers = ask(server, "/", {"Host": f"127.0.0.1:{server.port}"}).headers
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy and "frame-ancestors 'none'" in policy
    scripts = next(part for part in policy.split("; ") if part.startswith("script-src"))
    assert "unsafe" not in scripts and "*" not in scripts


def test_words_are_never_kept_by_the_browser_and_the_program_may_be(server: Server) -> None:
    host = {"Host": f"127.0.0.1:{server.port}"}
    for path in ("/", "/api/v1/health", "/project/threads"):
        assert ask(server, path, host).headers["Cache-Control"] == "no-store"
    assert ask(server, "/assets/nothing.js", host).headers["Cache-Control"] is None


@pytest.mark.parametrize("method", ["TRACE", "CONNECT"])
def test_methods_that_echo_or_tunnel_are_not_answered(server: Server, method: str) -> None:
    assert ask(server, "/api/v1/health", {"Host": f"127.0.0.1:{server.port}"}, method).status in (400, 404, 405)


def test_a_port_that_browsers_leave_out_may_be_left_out() -> None:
    assert "127.0.0.1" in hosts_of("127.0.0.1", 80)
    assert "127.0.0.1" not in hosts_of("127.0.0.1", 8000)
    assert "[fe80::1]:8000" in hosts_of("fe80::1", 8000)

"""The server: it starts where it was told to, says so in one line, and leaves nothing behind."""

import socket
import stat
from pathlib import Path

import httpx
import pytest
from chat_server import Server, start

from agents import registry
from chainlit_app.identity.binding import NotReachable, check_binding
from chainlit_app.origin import hosts_of
from chainlit_app.server import CannotServe, serve
from config.settings import Settings
from tests.loopback import free_port


def test_it_answers_and_tells_what_it_has(server: Server) -> None:
    assert httpx.get(f"{server.address}/api/v1/health").json() == {"status": "ok"}
    status = httpx.get(f"{server.address}/api/v1/system/status").json()
    assert status["agents"] == ["draw", "echo", "fail", "labour", "ponder", "publish", "wait"]
    assert status["database"] == "sqlite"


def test_it_says_its_address_in_one_line_and_clears_passing_uploads(tmp_path: Path) -> None:
    running = start(tmp_path, free_port())
    assert (tmp_path / ".chat-page" / ".chainlit" / "config.toml").exists()
    assert running.end().strip() == f"FreelanceX is ready on {running.address}"
    assert not (tmp_path / ".chat-page").exists()


def test_its_secret_is_readable_by_its_owner_only(server: Server) -> None:
    secret = server.data / "secrets" / "page"
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert len(secret.read_text()) >= 64


def test_a_port_that_is_taken_is_said_in_one_line() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(CannotServe, match=f"FREELANCEX_PORT={port + 1}") as refused:
            serve(Settings(port=port, open_browser=False))
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::", "freelancex.example"])
def test_it_listens_where_nobody_else_can_reach_it(host: str, tmp_path: Path) -> None:
    with pytest.raises(CannotServe, match="could read everything"):
        serve(Settings(host=host, port=free_port(), open_browser=False, data_dir=tmp_path))


def test_a_broken_agent_is_said_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def load() -> None:
        raise registry.BrokenAgent("agents/specialists/math.py: it declares no AGENT of type AgentSpec")

    monkeypatch.setattr(registry, "load", load)
    with pytest.raises(CannotServe, match=r"math\.py: it declares no AGENT"):
        serve(Settings(port=free_port(), open_browser=False))


async def test_the_apis_documentation_works_offline(api: httpx.AsyncClient) -> None:
    page = (await api.get("/api/docs")).text
    assert "/api/v1/ask" in page
    assert "http://" not in page and "https://" not in page
    schema = (await api.get("/api/openapi.json")).json()
    assert "/api/v1/files/{file_id}" in schema["paths"]


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"host": "0.0.0.0", "auth": "password"}, "FREELANCEX_TRUSTED_HOSTS"),
        ({"auth": "header"}, "FREELANCEX_TRUSTED_PROXIES"),
        ({"auth": "header", "trusted_proxies": "the proxy"}, "takes addresses and networks"),
        ({"auth": "oauth"}, "FREELANCEX_OAUTH_ISSUER"),
    ],
)
def test_it_does_not_start_with_settings_by_which_strangers_could_come_in(more: dict[str, str], why: str) -> None:
    with pytest.raises(NotReachable, match=why):
        check_binding(Settings(open_browser=False, **more))


def test_others_may_reach_it_where_people_sign_in_and_its_name_is_known() -> None:
    check_binding(Settings(host="0.0.0.0", auth="password", trusted_hosts="office.example"))
    hosts = hosts_of("0.0.0.0", 8000, "office.example, intern:8443")
    assert {"office.example", "intern:8443"} <= hosts and "elsewhere.example" not in hosts

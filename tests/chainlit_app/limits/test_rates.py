"""How often one may ask: by user, by key, by kind, with room for a burst; here, or counted in Redis."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from chainlit_app.limits.limited import Limited, too_soon
from chainlit_app.limits.rates import Rates
from config.settings import Settings
from config.setup.browser import REDIS
from privacy.access.principal import Principal
from tests.loopback import free_port

ANN, BOB = Principal("ann", "ann", "owner"), Principal("bob", "bob", "member")
KEY, OTHER_KEY = (Principal("ann", "ann", "owner", f"key:{name}", frozenset({"*"})) for name in "ab")
FIVE = {"read": "5/hour", "write": "3/hour", "chat": "2/hour", "sign_in": "2/hour"}


@pytest.fixture(scope="module")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    program = shutil.which(REDIS)
    if program is None:
        pytest.skip(f"{REDIS} is not installed here")
    port, folder = free_port(), tmp_path_factory.mktemp("redis")
    quiet = ("--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", str(folder))
    running = subprocess.Popen([program, "--port", str(port), *quiet], stdout=subprocess.PIPE, text=True)
    assert running.stdout is not None
    for line in running.stdout:
        if "Ready to accept connections" in line:
            break
    yield f"redis://127.0.0.1:{port}/0"
    running.terminate()
    running.wait(timeout=30)


@pytest.fixture
def redis(redis_server: str) -> str:
    """The address of a Redis with nothing in it."""
    subprocess.run(["redis-cli", "-u", redis_server, "flushall"], check=True, stdout=subprocess.DEVNULL)
    return redis_server


@pytest.fixture(params=["here", "in redis"])
def rates(request: pytest.FixtureRequest, tmp_path: Path) -> Rates:
    address = request.getfixturevalue("redis") if request.param == "in redis" else None
    return Rates(Settings(data_dir=tmp_path, rates=FIVE, redis=address))


async def passed(rates: Rates, kind: str, asking: Principal | str, times: int) -> int:
    return sum([bool((verdict := await rates.take(kind, asking)) and verdict.passes) for _ in range(times)])


async def test_each_kind_has_its_own_rate(rates: Rates) -> None:
    assert [await passed(rates, kind, ANN, 9) for kind in ("read", "write", "chat")] == [5, 3, 2]


async def test_one_user_takes_nothing_from_another(rates: Rates) -> None:
    assert await passed(rates, "read", ANN, 100) == 5
    assert await passed(rates, "read", BOB, 100) == 5


async def test_a_key_has_half_so_that_its_user_has_room_left(rates: Rates) -> None:
    assert await passed(rates, "read", KEY, 4) == 2
    assert await passed(rates, "read", OTHER_KEY, 1) == 1


async def test_whoever_has_not_signed_in_is_counted_by_address(rates: Rates) -> None:
    assert await passed(rates, "sign_in", "10.0.0.1", 9) == 2
    assert await passed(rates, "sign_in", "10.0.0.2", 9) == 2


async def test_messages_of_the_chat_and_of_programs_count_together(rates: Rates) -> None:
    assert await too_soon(rates, "ann") == ""
    assert (await rates.take("chat", ANN)).passes  # type: ignore[union-attr]
    assert re.fullmatch(r"Too many messages at once: there is room again in \d+ s\.", await too_soon(rates, "ann"))
    assert await too_soon(rates, "bob") == ""


async def test_two_servers_with_one_redis_count_together(redis: str, tmp_path: Path) -> None:
    one, other = (Rates(Settings(data_dir=tmp_path, rates=FIVE, redis=redis)) for _ in range(2))
    assert await passed(one, "read", ANN, 3) == 3
    assert await passed(other, "read", ANN, 9) == 2


async def test_without_redis_it_counts_here_until_it_is_back(tmp_path: Path) -> None:
    gone = Rates(Settings(data_dir=tmp_path, rates=FIVE, redis=f"redis://127.0.0.1:{free_port()}/0"))
    assert await passed(gone, "write", ANN, 9) == 3


async def test_a_burst_is_bounded_apart(tmp_path: Path) -> None:
    rates = Rates(Settings(data_dir=tmp_path, rates={"read": "100/day; 4/hour"}))
    assert await passed(rates, "read", ANN, 9) == 4


async def test_what_is_set_to_nothing_is_not_bounded(tmp_path: Path) -> None:
    assert await Rates(Settings(data_dir=tmp_path, rates={"read": ""})).take("read", ANN) is None


class As:
    """Says that every request comes from somebody."""

    def __init__(self, app: ASGIApp, principal: Principal | None) -> None:
        self.app, self.principal = app, principal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope.setdefault("state", {})["principal"] = self.principal
        await self.app(scope, receive, send)


@pytest.fixture
async def asks(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    async def answer(_request: Request) -> PlainTextResponse:
        return PlainTextResponse("here")

    app = Starlette(routes=[Route("/{path:path}", answer, methods=["GET", "POST", "DELETE"])])
    rates = Rates(Settings(data_dir=tmp_path, rates=FIVE))
    transport = httpx.ASGITransport(As(Limited(app, rates), ANN))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
        yield client


async def test_every_answer_says_what_is_left(asks: httpx.AsyncClient) -> None:
    headers = (await asks.get("/api/v1/invoices")).headers
    assert headers["ratelimit-policy"] == '"read hour";q=5;w=3600'
    assert re.fullmatch(r'"read hour";r=4;t=\d+', headers["ratelimit"])
    assert "retry-after" not in headers


async def test_over_it_one_is_told_when_to_come_back(asks: httpx.AsyncClient) -> None:
    answers = [await asks.post("/api/v1/ask") for _ in range(3)]
    assert [one.status_code for one in answers] == [200, 200, 429]
    refused = answers[-1]
    assert refused.headers["content-type"] == "application/problem+json"
    assert 1 <= int(refused.headers["retry-after"]) <= 3600
    assert refused.headers["ratelimit"].startswith('"chat hour";r=0;t=')
    assert "there is room again in" in refused.json()["detail"]


async def test_a_client_of_openais_api_is_told_in_its_shape(asks: httpx.AsyncClient) -> None:
    for _ in range(2):
        await asks.post("/v1/chat/completions")
    refused = await asks.post("/v1/chat/completions")
    assert (refused.status_code, refused.json()["error"]["type"]) == (429, "rate_limit_error")
    assert "retry-after" in refused.headers


async def test_the_page_and_the_watch_over_the_server_are_not_counted(asks: httpx.AsyncClient) -> None:
    for path in ("/assets/page.js", "/api/v1/health", "/"):
        assert {(await asks.get(path)).status_code for _ in range(20)} == {200}

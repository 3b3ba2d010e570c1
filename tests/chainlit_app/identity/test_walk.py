"""Every way into the server × everybody who might come: each cell is as the policy says.

What a route does is not done here: its endpoint is replaced, so that only what stands before it answers.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jwt
import pytest
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.responses import Response

from chainlit_app import framework
from chainlit_app.identity.socket_guard import EVENTS, admitted
from chainlit_app.identity.walk import SOCKETS, Way, ways
from config.settings import Settings
from memory.accounts import Account
from privacy.access.policy import allows
from privacy.access.principal import Principal

NARROW = "records:read"
NO_ROUTE = ("WEBSOCKET", "event", "effect")


async def nothing_done(**_asked: Any) -> Response:
    return Response(status_code=204)


@pytest.fixture
def idle(site: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The site with endpoints that do nothing."""
    for route in iter_route_contexts(site.app.routes):
        if isinstance(route.original_route, APIRoute):
            monkeypatch.setattr(route.dependant, "call", nothing_done)
    return site


def answered(site: Any, way: Way, headers: dict[str, str] | None) -> str:
    """What somebody gets: in, or "no" for 403, "who" for 401 (or a page that asks them to sign in)."""
    path = re.sub(r"\{[^}]+\}", "nothing", way.path)
    status = site.ask(way.method, path, {"If-Match": "*", **(headers or {})}).status_code
    return {401: "who", 403: "no", 429: "too many"}.get(status, "in")


def meant(way: Way, principal: Principal | None) -> str:
    if way.public:
        return "in"
    if principal is None:
        return "who"
    return "in" if all(allows(principal, *need) for need in way.needs) else "no"


def test_every_route_is_guarded_or_on_the_short_public_list(site: Any) -> None:
    found = ways(site.app)
    assert [f"{way.method} {way.path}" for way in found if not way.guarded] == []
    assert len(found) > 200 and sum(way.public for way in found) < 25


def test_every_cell_of_the_table_is_as_the_policy_says(
    idle: Any, people: dict[str, Account], record_property: Callable[[str, str], None]
) -> None:
    door = idle.door
    ended = idle.as_(people["owner"])
    principals: dict[str, Principal | None] = {name: one.principal("") for name, one in people.items()}
    shown = {name: idle.as_(one) for name, one in people.items()}
    shown["narrow key"] = idle.key(people["owner"], NARROW)
    principals["narrow key"] = people["owner"].principal("key:", frozenset({NARROW}))
    token = ended["Authorization"].removeprefix("Bearer ")
    idle.run(door.end, jwt.decode(token, options={"verify_signature": False})["sid"], people["owner"].user)
    shown |= {"ended": ended, "nobody": {}}
    principals |= {"ended": None, "nobody": None}
    found = [way for way in ways(idle.app) if way.method not in NO_ROUTE and "socket.io" not in way.path]
    wrong, cells, counts = [], 0, dict[str, int]()
    for way in found:
        for name, principal in principals.items():
            # A public route is answered to whoever asks, but a credential that counts no longer is always refused.
            expected = "who" if name == "ended" and not way.public else meant(way, principal)
            got = answered(idle, way, shown[name])
            cells += 1
            counts[f"{name} {got}"] = counts.get(f"{name} {got}", 0) + 1
            if got != expected:
                wrong.append(f"{name}: {way.method} {way.path} is {got}, not {expected}")
    assert not wrong, wrong[:12]
    told = ", ".join(f"{name} {count}" for name, count in sorted(counts.items()))
    record_property("figures", f"{len(found)} routes, {cells} cells as the policy says: {told}")


def test_what_another_server_of_the_same_process_prepares_changes_nothing_here(
    site: Any, people: dict[str, Account], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("CHAINLIT_APP_ROOT", "CHAINLIT_AUTH_SECRET", "CHAINLIT_AUTH_COOKIE_NAME"):
        monkeypatch.setenv(name, os.environ[name])  # which puts it back afterwards
    framework.prepare(Settings(data_dir=tmp_path, port=8765))
    for person in people.values():
        assert site.get("/user", site.as_(person)).json()["identifier"] == person.user


def test_every_event_of_a_socket_is_held_against_the_same_policy(
    site: Any, people: dict[str, Account], record_property: Callable[[str, str], None]
) -> None:
    at_socket = {name: site.run(_proved, site.door, one) for name, one in people.items()}
    over = site.run(_proved, site.door, people["owner"])
    site.run(site.door.end, over.session, over.account)
    cells = 0
    for event, need in EVENTS.items():
        for principal in at_socket.values():
            assert (site.run(admitted, site.door, event, principal) is not None) == allows(principal, *need)
            cells += 1
        assert site.run(admitted, site.door, event, over) is None
        assert site.run(admitted, site.door, event, Principal("x", "x", "owner", "no such session")) is None
        cells += 2
    record_property("figures", f"{len(EVENTS)} events, {cells} cells as the policy says")


def test_chainlit_hears_no_event_that_is_not_listed(site: Any) -> None:
    from chainlit.server import sio

    assert set(sio.handlers["/"]) <= {*EVENTS, "disconnect"}


def test_our_own_sockets_are_closed_to_those_nobody_knows(site: Any) -> None:
    from starlette.websockets import WebSocketDisconnect

    for path in (*SOCKETS, "/ws/socket.io/?EIO=4&transport=websocket"):
        site.client.cookies.clear()
        with pytest.raises(WebSocketDisconnect), site.client.websocket_connect(path):
            pass


@pytest.mark.parametrize("path", ["/copilot/index.js", "/mcp", "/project/share/1", "/auth/oauth/x", "/auth/jwt"])
def test_what_chainlit_offers_and_nobody_needs_is_closed_even_to_owners(
    site: Any, people: dict[str, Account], path: str
) -> None:
    assert site.ask("POST", path, site.as_(people["owner"])).status_code == 404


async def _proved(door: Any, account: Account) -> Principal:
    from chainlit_app.identity.door import Where

    found = await door.by_access((await door.begin(account, "password", Where())).access)
    assert found is not None
    return found

"""A guarded client that may reach a server on loopback, and the server."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from pytest_httpserver import HTTPServer

from config.settings import Settings
from integrations.http import Errand, HttpClient
from integrations.http_cache import passing_keys
from privacy.audit import AuditLog

ERRAND = Errand("job_boards", "ana", agent="job_search", thread="t1")
MakeClient = Callable[..., HttpClient]


async def granted(user: str) -> frozenset[str]:
    return frozenset({"job_boards"}) if user == "ana" else frozenset()


@pytest.fixture
def errand() -> Errand:
    return ERRAND


@pytest.fixture
def audit(settings: Settings) -> AuditLog:
    return AuditLog.open(settings)


@pytest.fixture
async def client_for(settings: Settings, audit: AuditLog) -> AsyncIterator[Callable[..., HttpClient]]:
    made: list[HttpClient] = []
    keys = passing_keys()

    def make(
        *hosts: str, offline: bool = False, consents: Callable[[str], Awaitable[frozenset[str]]] = granted
    ) -> HttpClient:
        mine = settings.model_copy(update={"offline": offline})
        made.append(HttpClient(mine, audit, consents, allow_hosts=frozenset(hosts), retry_wait=0.001, cache_key=keys))
        return made[-1]

    yield make
    for client in made:
        await client.close()


@pytest.fixture
def client(client_for: Callable[..., HttpClient], httpserver: HTTPServer) -> HttpClient:
    return client_for(f"{httpserver.host}:{httpserver.port}")

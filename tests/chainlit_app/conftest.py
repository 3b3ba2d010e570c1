"""A real server with a team of simple agents, and a page's side of the conversation with it.

Chainlit keeps its state in modules, so each server is a process of its own.
"""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest

sys.path.append(str(Path(__file__).parent))  # `chat_server` and `chat_socket` lie beside this file

from chat_server import Server, start

from tests.loopback import free_port


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = start(tmp_path_factory.mktemp("server"), free_port())
    yield running
    running.end()


@pytest.fixture
async def api(server: Server) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=server.address, timeout=20) as client:
        await client.get("/")  # the first page signs the user in
        yield client

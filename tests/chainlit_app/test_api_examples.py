"""The Python examples of docs/api.md run as they stand."""

from __future__ import annotations

import asyncio
import os
import re
import sys

import httpx
import pytest
from chat_server import Server

from config.paths import ROOT

TEXT = (ROOT / "docs" / "api.md").read_text("utf-8")


@pytest.fixture
async def key(api: httpx.AsyncClient) -> str:
    made = (await api.post("/api/v1/keys", json={"title": "examples", "scopes": ["*"]})).json()
    return str(made["key"])


async def started(name: str, server: Server, key: str) -> asyncio.subprocess.Process:
    """An example that runs, against this server."""
    [code] = re.findall(rf"^```python {name}\n(.*?)^```", TEXT, re.DOTALL | re.MULTILINE)
    code = code.replace("127.0.0.1:8000", f"127.0.0.1:{server.port}")
    environment = {**os.environ, "FREELANCEX_KEY": key, "PYTHONUNBUFFERED": "1"}
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, env=environment, stdout=pipe, stderr=asyncio.subprocess.STDOUT
    )


async def test_the_openai_package_is_answered_and_goes_on_in_one_conversation(
    server: Server, api: httpx.AsyncClient, key: str
) -> None:
    running = await started("openai", server, key)
    said, _ = await running.communicate()
    assert running.returncode == 0, said.decode()
    threads = [one for one in (await api.get("/api/v1/threads")).json()["items"] if "19 % of 300" in str(one)]
    assert len(threads) == 1


async def test_a_program_follows_what_happens(server: Server, api: httpx.AsyncClient, key: str) -> None:
    running = await started("websockets", server, key)
    assert running.stdout is not None
    assert (await running.stdout.readline()).decode().startswith("hello")
    await api.post("/api/v1/ask", json={"text": "echo hello"})
    said = (await running.stdout.read()).decode()
    assert await running.wait() == 0, said
    assert "reply.Token" in said and "You said **echo hello**" in said and "reply.Done" in said

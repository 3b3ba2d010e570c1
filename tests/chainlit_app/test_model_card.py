"""The card for language models, as the page asks for it and as its buttons change it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
from chat_server import Server, start
from chat_socket import PageSocket
from pytest_httpserver import HTTPServer

from integrations.models.generated import write
from tests.loopback import free_port


@pytest.fixture(scope="module")
def ollama() -> Iterator[HTTPServer]:
    """What speaks as Ollama does."""
    with HTTPServer() as server:
        server.expect_request("/api/tags").respond_with_json({"models": [{"name": "qwen3:4b"}]})
        yield server


@pytest.fixture(scope="module")
def installation(ollama: HTTPServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    addresses = json.dumps({"ollama": ollama.url_for("").rstrip("/"), "models": "http://127.0.0.1:9"})
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("FREELANCEX_ADDRESSES", addresses)
        running = start(tmp_path_factory.mktemp("models"), free_port())
    yield running
    running.end()


@pytest.fixture
async def models(installation: Server) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=f"{installation.address}/api/v1", timeout=20) as client:
        yield client


async def test_the_first_look_says_what_this_computer_can_run(models: httpx.AsyncClient) -> None:
    card = (await models.get("/models")).json()
    assert card["view"] == "offer" and card["model"] is None
    assert "memory" in card["line"]


async def test_everything_that_can_be_chosen_is_listed(models: httpx.AsyncClient) -> None:
    groups = {group["title"]: group for group in (await models.get("/models/choices")).json()["groups"]}
    assert [one["name"] for one in groups["In Ollama"]["choices"]] == ["ollama:qwen3:4b"]
    offer = next(one for one in groups["To install"]["choices"] if one["name"] == "balanced")["offer"]
    assert offer["title"] == "Qwen3 4B" and offer["size"] == "2.5 GB"
    assert dict(offer["facts"])["Licence"] == "Apache-2.0"


async def test_a_choice_is_shown_on_every_page_and_in_the_settings(
    models: httpx.AsyncClient, installation: Server
) -> None:
    async with PageSocket(installation.address) as page:
        place = len(page.told)
        card = (await models.post("/models/use", json={"name": "ollama:qwen3:4b"})).json()
        assert (card["view"], card["line"]) == ("line", "qwen3:4b in Ollama")
        shown = {one["id"]: one for one in await page.until("chat_settings", after=place)}
        assert shown["model"]["initial"] == "ollama:qwen3:4b"

        values = {one: each.get("initial") for one, each in shown.items()} | {"model": "none"}
        place = len(page.told)
        await page.emit("chat_settings_change", values)
        await page.until("chat_settings", after=place)
        assert (await models.get("/models")).json()["line"].startswith("No language model")


async def test_what_cannot_be_used_is_said_in_one_sentence_and_changes_nothing(
    models: httpx.AsyncClient, tmp_path: Path
) -> None:
    before = (await models.get("/models")).json()
    broken = tmp_path / "broken.gguf"
    broken.write_bytes(write(tmp_path / "whole.gguf").read_bytes()[:1000])
    for name in (str(broken), str(tmp_path / "missing.gguf"), "nonsense"):
        answer = await models.post("/models/use", json={"name": name})
        assert answer.status_code == 409
        assert answer.json()["detail"].endswith(".")
    assert (await models.get("/models")).json() == before


async def test_only_what_is_on_the_ladder_is_downloaded(models: httpx.AsyncClient) -> None:
    answer = await models.post("/models/install", json={"name": "http://127.0.0.1:9/evil.gguf"})
    assert answer.status_code == 409
    assert (await models.get("/models")).json()["download"] is None

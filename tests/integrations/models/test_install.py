"""A model is brought onto this machine: what broke off goes on, and what is damaged never gets to its place."""

import asyncio
import shutil
from collections import namedtuple
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer

from config.ladder import Rung
from config.settings import Settings
from integrations.http import HttpClient
from integrations.models import generated, install, installed
from integrations.models.backend import ModelError
from integrations.models.installed import choose, chosen, located, part_of, partial, pinned, remove
from privacy.audit import AuditLog

from .hub import Hub

Usage = namedtuple("Usage", "total used free")


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return generated.write(tmp_path_factory.mktemp("models") / "small.gguf", generated.SMALL).read_bytes()


@pytest.fixture
def hub(httpserver: HTTPServer, content: bytes) -> Hub:
    return Hub(httpserver, "/own/model/resolve/main/model.gguf", content)


@pytest.fixture
def rung(content: bytes, monkeypatch: pytest.MonkeyPatch) -> Rung:
    rung = Rung(
        name="small", title="Small", about="for tests", repository="own/model", file="model.gguf",
        size=len(content), licence="none", serves=("fast", "balanced"),
    )  # fmt: skip
    monkeypatch.setattr(installed, "ladder", lambda: {"small": rung})
    return rung


@pytest.fixture
def here(settings: Settings, hub: Hub) -> Settings:
    return settings.model_copy(update={"addresses": {"models": hub.url}})


@pytest.fixture
async def http(here: Settings) -> AsyncIterator[HttpClient]:
    async def nothing(_user: str) -> frozenset[str]:
        return frozenset()

    client = HttpClient(here, AuditLog.open(here), nothing)
    yield client
    await client.close()


def silent(_got: int, _whole: int) -> None: ...


async def test_it_arrives_whole_is_checked_and_pinned(
    rung: Rung, here: Settings, http: HttpClient, hub: Hub, content: bytes
) -> None:
    told: list[tuple[int, int]] = []
    result = await install.install(rung, here, http, lambda *both: told.append(both))
    assert result.path.read_bytes() == content
    assert result.sha256 == hub.sha256 == pinned(here)["model.gguf"].sha256
    assert told[-1] == (len(content), len(content)) and told == sorted(told)
    assert [file.name for file in sorted(result.path.parent.glob("model*"))] == ["model.gguf"]


async def test_every_request_is_in_the_log_of_what_left(rung: Rung, here: Settings, http: HttpClient) -> None:
    await install.install(rung, here, http, silent)
    entries = await AuditLog.open(here).read(kind="request")
    assert {entry["purpose"] for entry in entries} == {"downloads"}
    assert {entry["method"] for entry in entries} == {"HEAD", "GET"}


async def test_a_broken_download_goes_on_by_itself_where_it_broke_off(
    rung: Rung, here: Settings, http: HttpClient, hub: Hub, content: bytes
) -> None:
    hub.breaks = 2
    result = await install.install(rung, here, http, silent, wait=0.001)
    assert result.path.read_bytes() == content
    assert hub.asked == ["", f"bytes={hub.after}-", f"bytes={2 * hub.after}-"]
    assert hub.sent == len(content)


async def test_one_that_keeps_breaking_says_so_and_goes_on_another_time(
    rung: Rung, here: Settings, http: HttpClient, hub: Hub, content: bytes
) -> None:
    hub.breaks, hub.after = 100, 0
    with pytest.raises(ModelError, match="What has arrived is kept"):
        await install.install(rung, here, http, silent, wait=0.001)
    hub.breaks = 0
    assert (await install.install(rung, here, http, silent)).path.read_bytes() == content


async def test_what_was_cancelled_goes_on_from_there(
    rung: Rung, here: Settings, http: HttpClient, hub: Hub, content: bytes
) -> None:
    moving = asyncio.Event()
    task = asyncio.create_task(install.install(rung, here, http, lambda *_: moving.set(), wait=60))
    hub.breaks, hub.after = 1, 2 * 1024 * 1024
    await moving.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    had = partial(here, rung)
    assert 0 < had < len(content)
    result = await install.install(rung, here, http, silent)
    assert result.path.read_bytes() == content
    assert hub.asked[-1] == f"bytes={had}-"


async def test_a_server_without_ranges_is_asked_for_all_of_it(
    rung: Rung, here: Settings, http: HttpClient, hub: Hub, content: bytes
) -> None:
    hub.breaks, hub.ranges = 1, False
    assert (await install.install(rung, here, http, silent, wait=0.001)).path.read_bytes() == content


async def test_a_newer_file_is_not_joined_to_the_older_part(
    rung: Rung, here: Settings, http: HttpClient, hub: Hub, content: bytes
) -> None:
    part = part_of(here.paths.models / "model.gguf")
    part.parent.mkdir(parents=True)
    part.write_bytes(b"of another file" * 100)
    part.with_name("model.gguf.part.json").write_text('{"sha256": "ab", "size": 9, "version": "old"}')
    assert (await install.install(rung, here, http, silent)).path.read_bytes() == content
    assert hub.asked == [""]


async def test_a_damaged_download_is_thrown_away(rung: Rung, here: Settings, http: HttpClient, hub: Hub) -> None:
    hub.sha256 = "0" * 64
    with pytest.raises(ModelError, match="arrived damaged"):
        await install.install(rung, here, http, silent)
    assert partial(here, rung) == 0 and not installed.installed(here)


async def test_another_file_than_the_one_known_is_not_downloaded(
    rung: Rung, here: Settings, http: HttpClient, hub: Hub
) -> None:
    known = rung.model_copy(update={"sha256": "1" * 64})
    with pytest.raises(ModelError, match="another file than the Small"):
        await install.install(known, here, http, silent)
    assert hub.asked == []


async def test_what_is_no_model_is_thrown_away(
    rung: Rung, here: Settings, http: HttpClient, httpserver: HTTPServer
) -> None:
    httpserver.clear()
    Hub(httpserver, "/own/model/resolve/main/model.gguf", b"<html>Sign in</html>")
    with pytest.raises(ModelError, match="not a GGUF file"):
        await install.install(rung, here, http, silent)
    assert partial(here, rung) == 0


async def test_a_model_that_is_gone_is_named(
    rung: Rung, here: Settings, http: HttpClient, httpserver: HTTPServer
) -> None:
    httpserver.clear()
    httpserver.expect_request("/own/model/resolve/main/model.gguf").respond_with_data("", status=404)
    with pytest.raises(Exception, match=r"Small is not at .* any more \(status 404\)"):
        await install.install(rung, here, http, silent)


async def test_a_full_disk_is_noticed_before_anything_is_downloaded(
    rung: Rung, here: Settings, http: HttpClient, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**9, 10**9, 10**6))
    with pytest.raises(ModelError, match=r"needs 0\.5 GB on the disk and 0\.0 GB are free; make room"):
        await install.install(rung, here, http, silent)
    assert hub.asked == []


async def test_two_downloads_of_one_model_do_not_write_into_each_other(
    rung: Rung, here: Settings, http: HttpClient, hub: Hub, content: bytes
) -> None:
    hub.go_on.clear()
    first = asyncio.create_task(install.install(rung, here, http, silent))
    assert await asyncio.to_thread(hub.reached.wait, 20)
    with pytest.raises(ModelError, match="being downloaded already"):
        await install.install(rung, here, http, silent)
    hub.go_on.set()
    assert (await first).path.read_bytes() == content


async def test_offline_nothing_is_asked_of_others(rung: Rung, settings: Settings) -> None:
    async def nothing(_user: str) -> frozenset[str]:
        return frozenset()

    alone = settings.model_copy(update={"offline": True})
    client = HttpClient(alone, AuditLog.open(alone), nothing)
    with pytest.raises(Exception, match="offline"):
        await install.install(rung, alone, client, silent)
    await client.close()


async def test_what_is_installed_can_be_chosen_found_and_removed(rung: Rung, here: Settings, http: HttpClient) -> None:
    with pytest.raises(ModelError, match="models install small"):
        choose(here, "small")
    path = (await install.install(rung, here, http, silent)).path
    choose(here, "small")
    assert chosen(here) == {"fast": "small", "balanced": "small"}
    assert located(here, "small") == str(path)
    assert remove(here, rung) == rung.size
    assert chosen(here) == {} and not path.exists() and not pinned(here)


def test_a_choice_is_kept_for_one_kind_of_request_or_all(settings: Settings) -> None:
    choose(settings, "ollama:qwen3")
    choose(settings, "/models/large.gguf", "powerful")
    assert chosen(settings) == {
        "fast": "ollama:qwen3", "balanced": "ollama:qwen3", "powerful": "/models/large.gguf", "vision": "ollama:qwen3",
    }  # fmt: skip
    choose(settings, None)
    assert chosen(settings) == {}


def test_the_setting_overrides_every_choice(settings: Settings) -> None:
    choose(settings, "ollama:qwen3")
    fixed = settings.model_copy(update={"model": "/models/mine.gguf"})
    assert set(chosen(fixed).values()) == {"/models/mine.gguf"}
    with pytest.raises(ModelError, match="FREELANCEX_MODEL"):
        choose(fixed, "ollama:qwen3")


def test_a_damaged_choice_is_no_choice(settings: Settings) -> None:
    settings.paths.models.mkdir(parents=True)
    for text in ("{", "[]", '{"fast": 3}'):
        Path(settings.paths.models / "choice.json").write_text(text)
        assert chosen(settings) == {}

"""Models installed and chosen from the chat: asked first, with progress, stopped without losing what has arrived."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from agents.deps import Deps
from agents.spec import AgentError
from agents.tools.models import model_choice
from config.ladder import Rung
from config.settings import Settings
from integrations.models.backend import ModelError
from integrations.models.downloads import Downloads
from integrations.models.generated import write
from integrations.models.installed import choose, chosen
from integrations.models.models import Models, Source
from privacy.access.principal import Principal

HALF = 2_840_000_000


class Line:
    """A download that arrives as told: half of it, and the rest when it `goes_on`."""

    def __init__(self) -> None:
        self.begun = 0
        self.half = asyncio.Event()
        self.goes_on = asyncio.Event()
        self.fails = ""

    async def fetch(self, rung: Rung, progress: Callable[[int, int], None]) -> None:
        self.begun += 1
        progress(HALF, rung.whole_size)
        self.half.set()
        if self.fails:
            raise ModelError(self.fails)
        await self.goes_on.wait()


class Owned:
    """Stores in which whoever acts is the owner."""

    accounts: Any

    def __init__(self) -> None:
        self.accounts = self

    async def acting(self, user: str) -> Principal:
        return Principal(user, user, "owner")


@pytest.fixture
def line() -> Line:
    return Line()


@pytest.fixture
def told() -> list[tuple[str, float | None]]:
    return []


@pytest.fixture
def deps(settings: Settings, line: Line, told: list[tuple[str, float | None]]) -> Deps:
    nothing: Any = None
    stores: Any = Owned()

    def check(name: str) -> None:
        if name.endswith(".gguf") and not Path(name).is_file():
            raise ModelError(f"There is no model file at {name}.")

    source = Source(
        open=lambda name: nothing, check=check, chosen=lambda: chosen(settings),
        keep=lambda name, tier: choose(settings, name, tier),
    )  # fmt: skip
    settings.paths.models.mkdir(parents=True, exist_ok=True)
    return Deps(
        "ana", "t", settings, stores, http=nothing, jobs=nothing, audit=nothing, today=date(2026, 3, 1),
        models=Models(source), downloads=Downloads(line.fetch),
        progress=lambda text, part=None: told.append((text, part)),
    )  # fmt: skip


async def test_a_download_is_asked_for_with_all_that_it_is(deps: Deps, line: Line) -> None:
    found = await model_choice.to_install("powerful", deps)
    assert found.effect is not None and found.effect.consent == "downloads"
    for said in ("Qwen3.5-9B-Q4_K_M.gguf", "huggingface.co", "5.7 GB", "Apache-2.0"):
        assert said in found.effect.preview
    assert line.begun == 0


async def test_what_was_agreed_to_is_downloaded_with_progress(
    deps: Deps, line: Line, told: list[tuple[str, float | None]]
) -> None:
    installing = asyncio.create_task(model_choice.install({"name": "powerful"}, deps))
    await line.half.wait()
    line.goes_on.set()
    assert "writes from now on" in (await installing).text
    assert told and told[-1][1] == pytest.approx(0.5)


async def test_stopping_lets_a_download_rest_and_it_goes_on_later(deps: Deps, line: Line) -> None:
    installing = asyncio.create_task(model_choice.install({"name": "powerful"}, deps))
    await line.half.wait()
    installing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await installing
    assert deps.downloads is not None and deps.downloads.current is not None
    assert not deps.downloads.current.moving and deps.downloads.current.got == HALF
    line.goes_on.set()
    await model_choice.install({"name": "powerful"}, deps)
    assert line.begun == 2


async def test_a_broken_download_is_said_in_its_own_sentence(deps: Deps, line: Line) -> None:
    line.fails = "huggingface.co cannot be reached."
    with pytest.raises(AgentError, match="cannot be reached"):
        await model_choice.install({"name": "powerful"}, deps)


async def test_two_downloads_at_once_are_refused(deps: Deps, line: Line) -> None:
    installing = asyncio.create_task(model_choice.install({"name": "powerful"}, deps))
    await line.half.wait()
    with pytest.raises(ModelError, match=r"Qwen3\.5 9B is still being downloaded"):
        await model_choice.install({"name": "fast"}, deps)
    line.goes_on.set()
    await installing


async def test_offline_says_what_to_do(deps: Deps) -> None:
    offline = replace(deps, settings=deps.settings.model_copy(update={"offline": True}))
    with pytest.raises(AgentError, match="choose a file"):
        await model_choice.to_install("fast", offline)


async def test_a_file_is_used_at_once_and_put_away_again(deps: Deps, tmp_path: Path) -> None:
    file = str(write(tmp_path / "mine.gguf"))
    assert "mine on this computer writes" in (await model_choice.use(file, deps)).text
    assert chosen(deps.settings)["balanced"] == file
    await model_choice.use("", deps)
    assert chosen(deps.settings) == {}


async def test_a_server_elsewhere_is_asked_about_first(deps: Deps) -> None:
    found = await model_choice.use("https://models.example/v1#large", deps)
    assert found.effect is not None and "models.example" in found.effect.preview
    assert chosen(deps.settings) == {}
    await model_choice.use_now(found.effect.arguments, deps)
    assert chosen(deps.settings)["balanced"] == "https://models.example/v1#large"


async def test_the_ladder_is_shown_with_what_suits_this_computer(deps: Deps) -> None:
    found = await model_choice.which(deps)
    for name in ("fast", "balanced", "powerful"):
        assert f"**{name}**" in found.text
    assert found.data["installed"] == []


async def test_a_name_nobody_knows_is_answered_with_those_there_are(deps: Deps) -> None:
    with pytest.raises(AgentError, match="fast, balanced, powerful"):
        await model_choice.to_install("gigantic", deps)

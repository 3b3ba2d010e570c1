"""A small team of agents with simple manners, to see what the graph makes of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Annotated, Any

import pytest
from pydantic import BaseModel

from agents.deps import Deps
from agents.spec import AgentError, AgentSpec, Effect, Finding, Given, Record, Slot
from config.settings import Settings
from graph.events import ReplyEvent
from graph.reply import Message, reply
from graph.runtime import Runtime, open_runtime

THREAD = "t1"
Say = Callable[..., Awaitable[list[ReplyEvent]]]


@pytest.fixture(autouse=True)
def reachable(monkeypatch: pytest.MonkeyPatch) -> None:
    """Worker processes find `slow`, this folder's jobs."""
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))


class Words(BaseModel):
    words: Annotated[str, Slot("text")] = ""


class Priced(BaseModel):
    price: Annotated[str, Slot("money", "At what price?")]
    words: Annotated[str, Slot("text")] = ""


class About(BaseModel):
    tree: Annotated[str, Slot("record:tree")] = ""


class Place:
    """What the team did to the world, and a gate that a test can hold shut."""

    def __init__(self) -> None:
        self.cut: list[str] = []
        self.runs: list[str] = []
        self.open = asyncio.Event()


@pytest.fixture
def place() -> Place:
    return Place()


@pytest.fixture
def team(place: Place) -> dict[str, AgentSpec]:
    async def plant(task: Words, given: Given, deps: Deps) -> Finding:
        place.runs.append("plant")
        deps.progress("digging", 0.5)
        return Finding(
            "plant", True, "I planted an oak.", records=(Record("tree", "oak-1", "oak"),), offers=("Water it",)
        )

    async def water(task: About, given: Given, deps: Deps) -> Finding:
        place.runs.append("water")
        if not task.tree:
            raise AgentError("There is no tree to water; plant one first.")
        return Finding("water", True, f"I watered {task.tree}.")

    async def sell(task: Priced, given: Given, deps: Deps) -> Finding:
        return Finding("sell", True, f"Sold for {task.price}.")

    async def cut(task: About, given: Given, deps: Deps) -> Finding:
        effect = Effect(
            "fell", {"tree": task.tree or "all"}, "Cut it down", f"`{task.tree or 'all'}` goes", consent="felling"
        )
        return Finding("cut", True, "About to cut.", effect=effect)

    async def fell(arguments: dict[str, Any], deps: Deps) -> Finding:
        place.cut.append(arguments["tree"])
        return Finding("cut", True, f"Cut {arguments['tree']}.")

    async def wait(task: Words, given: Given, deps: Deps) -> Finding:
        place.runs.append("wait")
        await place.open.wait()
        return Finding("wait", True, "The rain is over.")

    async def dig(task: Words, given: Given, deps: Deps) -> Finding:
        await deps.jobs.run("slow:sleep", {"seconds": 60}, progress=deps.progress)
        return Finding("dig", True, "A hole.")

    async def break_(task: Words, given: Given, deps: Deps) -> Finding:
        raise RuntimeError("secret detail")

    def spec(name: str, run: Any, task: type[BaseModel], *examples: str, **rest: Any) -> AgentSpec:
        return AgentSpec(name, name.title(), f"To {name}.", examples, task, run, cues=(rf"\b{name}\b",), **rest)

    specs = [
        spec("plant", plant, Words, "plant an oak", makes=("tree",)),
        spec("water", water, About, "water the oak", takes=("tree",)),
        spec("sell", sell, Priced, "sell the wood for 80 €"),
        spec("cut", cut, About, "cut the tree down", takes=("tree",), effects={"fell": fell}),
        spec("wait", wait, Words, "wait for the rain to stop"),
        spec("dig", dig, Words, "dig a deep hole"),
        spec("break", break_, Words, "break something"),
    ]
    return {one.name: one for one in specs}


@pytest.fixture
async def runtime(settings: Settings, team: dict[str, AgentSpec]) -> AsyncIterator[Runtime]:
    async with open_runtime(settings, serving=True, agents=team) as opened:
        yield opened


@pytest.fixture
def say(runtime: Runtime) -> Say:
    """Send one message and gather the events."""

    async def send(text: str, to: Runtime = runtime, thread: str = THREAD, **fields: Any) -> list[ReplyEvent]:
        return [event async for event in reply(Message(text, thread, **fields), to)]

    return send

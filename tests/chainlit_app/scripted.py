"""The real server with a team of agents whose manners are known. Run with: scripted.py DATA_DIR PORT."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel

from agents import registry
from agents.deps import Deps
from agents.spec import AgentError, AgentSpec, Artifact, Effect, Finding, Given, Slot
from chainlit_app import framework
from chainlit_app.server import serve
from config.settings import Settings

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


class Words(BaseModel):
    words: Annotated[str, Slot("text")] = ""


async def echo(task: Words, given: Given, deps: Deps) -> Finding:
    names = ", ".join(file.name for file in given.files) or "no files"
    return Finding("echo", True, f"You said **{given.message}** with {names}. Re:Invoice", offers=("Echo again",))


async def draw(task: Words, given: Given, deps: Deps) -> Finding:
    kept = await deps.stores.files.put(PIXEL, "dot.png", user=deps.user, thread=deps.thread, made_by="draw")
    made = Artifact(kept.id, kept.name, kept.mime, "A dot")
    return Finding("draw", True, "Here is a dot.", artifacts=(made,))


async def wait(task: Words, given: Given, deps: Deps) -> Finding:
    deps.progress("waiting for the rain", 0.25)
    await asyncio.sleep(600)
    return Finding("wait", True, "The rain is over.")


async def labour(task: Words, given: Given, deps: Deps) -> Finding:
    await deps.jobs.run("timeit:timeit", {"stmt": "import time; time.sleep(600)", "number": 1})
    return Finding("labour", True, "It is done.")


async def ponder(task: Words, given: Given, deps: Deps) -> Finding:

    from chainlit_app import notifications  # not before the server has given Chainlit its root

    notifications.LONG_S = 2.0
    await asyncio.sleep(notifications.LONG_S)
    return Finding("ponder", True, "It is forty-two.")


async def fail(task: Words, given: Given, deps: Deps) -> Finding:
    raise RuntimeError("secret detail of the machine")


async def publish(task: Words, given: Given, deps: Deps) -> Finding:
    return Finding("publish", True, "Ready to publish.", effect=await posting({"words": "hello"}, deps))


async def posting(arguments: dict[str, Any], deps: Deps) -> Effect:
    if not arguments["words"]:
        raise AgentError("A post needs words.")
    shown = f"It says: *{arguments['words']}*"
    return Effect("post", arguments, "Publish a post", shown, consent="job_boards", editable=("words",))


async def post(arguments: dict[str, Any], deps: Deps) -> Finding:
    return Finding("publish", True, "The post is published.")


def spec(name: str, run: Any, *examples: str, **rest: Any) -> AgentSpec:
    return AgentSpec(name, name.title(), f"To {name}.", examples, Words, run, cues=(rf"\b{name}\b",), **rest)


TEAM = {
    one.name: one
    for one in (
        spec("echo", echo, "echo my words"),
        spec("draw", draw, "draw a dot"),
        spec("wait", wait, "wait for the rain to stop"),
        spec("labour", labour, "labour on this for hours"),
        spec("ponder", ponder, "ponder this question"),
        spec("fail", fail, "fail at something"),
        spec(
            "publish",
            publish,
            "publish a post",
            effects={"post": post},
            edits={"post": posting},
            consents=("job_boards",),
        ),
    )
}

if __name__ == "__main__":
    settings = Settings(data_dir=Path(sys.argv[1]), port=int(sys.argv[2]), open_browser=False)
    framework.prepare(settings)  # before anything imports Chainlit
    registry.load.cache_clear()
    sys.exit(serve(settings, TEAM))

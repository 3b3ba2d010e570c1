"""Runs one request of five steps in a process that can be killed: ``five_steps.py ask|decide|resume AGENT``.

Each event is printed as a line of JSON. The process kills itself as soon as that agent begins.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator

from config.settings import Settings
from graph.approvals import decide, listed
from graph.events import ReplyEvent, StepStarted
from graph.reply import Message, reply, resume
from graph.runtime import Runtime, open_runtime

REQUEST = "find three remote data jobs over 60 $, take the best, price it, draft the proposal and remind me on Friday"
THREAD = "five"


async def events_of(act: str, runtime: Runtime) -> AsyncIterator[ReplyEvent]:
    if act == "ask":
        return reply(Message(REQUEST, THREAD), runtime)
    if act == "decide":
        (waiting,) = await listed("local", runtime)
        return decide(waiting.asked.turn, waiting.asked.step, "approve", runtime)
    (turn,) = await runtime.stores.turns.recent(THREAD)
    return resume(turn.id, runtime)


async def main(act: str, dies_at: str) -> None:
    async with open_runtime(Settings(), serving=True) as runtime:
        async for event in await events_of(act, runtime):
            agent = getattr(event, "agent", "")
            print(json.dumps({"event": type(event).__name__, "agent": agent}), flush=True)
            if isinstance(event, StepStarted) and agent == dies_at:
                os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2]))

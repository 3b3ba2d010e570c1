"""Working days of a freelancer in a process that may be killed at any point: ``day.py``, settings as variables.

    "DATA ACKS" in ──▶ a life: a fork that opens everything, goes on where the last one died, and works on
    lines out      ◀── its process id, "at work" with each step, and its exit status when it ends or is killed

A life is a fork of a process that has imported everything and has nothing open any more, because importing takes
longer than the whole day. What the user was shown is appended to ACKS, a line of JSON each: a write that a kill of the
process cannot take back.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path
from typing import Any

from config.settings import Settings
from graph.approvals import decide, listed
from graph.events import ApprovalNeeded, Done, Failed, ReplyEvent, StepFinished, StepStarted, TurnStarted
from graph.reply import Message, reply, resume
from graph.runtime import Runtime, open_runtime

THREAD = "day"
DAY = (
    "my name is Ana Silva",
    "send a mail to bob@example.org saying the report is ready",
    "new client Acme GmbH, ap@acme.example",
    "remember that Acme pays late",
    "send a mail to nora@orbit.example saying I can start on Monday",
    "log 3 hours for Acme today",
    "create an invoice to Acme GmbH for 10 hours at 80 €",
    "create a payment link for invoice 2026-0001",
    "log 2 hours for Acme yesterday and remind me on Monday to send the report",
    "remind me on Friday to call Acme",
    "I spent 20 € on train tickets today",
    "create an invoice to Beta Ltd for 5 hours at 90 € and remind me next week to ask Beta for the money",
    "what is 19 % of 1,200 €?",
)
ONCE = {"invoices": 2, "hours": 2, "expenses": 1, "reminders": 3, "facts": 1}
"""The rows of a day on which nothing was done twice."""
EFFECTS = 3


async def live(settings: Settings, acks: int) -> None:
    """Finish what was begun, say yes to what waits, and go through the rest of the day."""
    async with open_runtime(settings, serving=True) as runtime:
        tell(acks, life=os.getpid())
        turns = runtime.stores.turns
        for turn in await turns.recent(THREAD, limit=len(DAY)):
            if turn.status == "unfinished":
                await follow(resume(turn.id, runtime), acks)
        await agree(runtime, acks)
        begun = {turn.message for turn in await turns.recent(THREAD, limit=len(DAY))}
        for number, text in enumerate(DAY):
            if f"m{number}" not in begun:
                await follow(reply(Message(text, THREAD, id=f"m{number}"), runtime), acks, message=f"m{number}")
                await agree(runtime, acks)
        tell(acks, over=True)


async def agree(runtime: Runtime, acks: int) -> None:
    for waiting in await listed("local", runtime):
        await follow(decide(waiting.asked.turn, waiting.asked.step, "approve", runtime), acks)


async def follow(events: AsyncIterator[ReplyEvent], acks: int, message: str = "") -> None:
    async with aclosing(events) as coming:  # type: ignore[type-var]
        async for event in coming:
            match event:
                case TurnStarted() if message:
                    tell(acks, began=message, turn=event.turn)
                case StepStarted():
                    tell(acks, started=event.id)
                    os.write(1, b"at work\n")
                case StepFinished():
                    made = [[record.kind, record.id] for record in event.finding.records]
                    tell(acks, finished=event.id, ok=event.ok, made=made)
                case ApprovalNeeded():
                    tell(acks, asked=f"{event.turn}.{event.step}")
                case Done():
                    tell(acks, done=event.turn, answer=event.text)
                case Failed():
                    tell(acks, failed=event.turn, answer=event.message)


def tell(acks: int, **what: Any) -> None:
    os.write(acks, json.dumps(what).encode() + b"\n")


def main() -> None:
    async def warm() -> None:
        with tempfile.TemporaryDirectory() as folder:
            async with open_runtime(Settings(data_dir=Path(folder)), serving=True) as runtime:
                for text in DAY:
                    async for _ in reply(Message(text, THREAD), runtime):
                        pass

    asyncio.run(warm())
    print("ready", flush=True)
    for line in sys.stdin:
        data, acks = map(Path, line.split())
        life = os.fork()
        if life == 0:
            descriptor = os.open(acks, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
            asyncio.run(live(Settings(data_dir=data), descriptor))
            os._exit(0)
        print(life, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(life, 0)[1]), flush=True)


if __name__ == "__main__":
    main()

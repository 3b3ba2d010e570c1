"""One run of something scheduled: what is due, what its work gave, and how that reaches whoever looks."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from agents.spec import Finding
from config.dates import day_text
from graph.approvals import Carry
from graph.events import ApprovalNeeded
from graph.page import NAME
from graph.runtime import Runtime
from graph.state import Plan, dump
from memory.conversations import Step
from memory.notifications import Notification
from memory.schedules import Schedule
from memory.turns import Turn

LATE = timedelta(minutes=10)
"""What runs later than this is said to be late."""


@dataclass(frozen=True)
class Run:
    """A schedule that is due: the moment it was `due`, and the time `at` which it runs, with the user's zone.

    `missed` is for how many later times it stands, too.
    """

    schedule: Schedule
    due: datetime
    at: datetime
    missed: int = 0

    @property
    def id(self) -> str:
        """The same each time that this run is tried."""
        return hashlib.sha256(f"{self.schedule.id}|{self.due.isoformat()}".encode()).hexdigest()[:32]

    @property
    def late(self) -> bool:
        return self.at - self.due > LATE

    def apology(self) -> str:
        """What is said of a run that is late; empty for one in time."""
        if not self.late:
            return ""
        due = self.due.astimezone(ZoneInfo(self.schedule.zone) if self.schedule.user else self.at.tzinfo)
        times = "time was" if self.missed == 1 else "times were"
        more = f" {self.missed} more {times} missed since; this is for all of them." if self.missed else ""
        return f"It was due on {day_text(due, '%A, %-d %B, %H:%M')}, when nothing ran here.{more}"


@dataclass(frozen=True)
class Outcome:
    """What a run led to: of what to notify the user, and what was wrong. With `again` it is tried once more soon."""

    notice: Notification | None = None
    problem: str = ""
    again: bool = False


@dataclass(frozen=True)
class Face:
    """How what runs by itself reaches whoever looks.

    `notify` tells the user of something, `asked` shows a new question in its conversation, `carry` a turn that goes on.
    """

    notify: Callable[[Notification], Awaitable[None]]
    asked: Callable[[ApprovalNeeded, str], Awaitable[None]] | None = None
    carry: Carry | None = None


Work = Callable[[Run, Runtime, Face], Awaitable[Outcome]]


async def tell(finding: Finding, run: Run, runtime: Runtime, *, thread: str, title: str, about: str) -> None:
    """Add a finding to a conversation as a turn, so that "the second one" there means what it lists.

    A run that is tried again writes the same turn once more, and adds none.
    """
    user = run.schedule.user
    await runtime.stores.conversations.ensure(thread, user=user, name=title)
    row = Turn(id=run.id, thread=thread, message=run.id, user=user, text=about, status="done")
    row.plan, row.findings, row.answer = Plan().model_dump(mode="json"), {"s1": dump(finding)}, finding.text
    await runtime.stores.turns.save(row)
    step = Step(id=f"{run.id}.answer", thread=thread, type="assistant_message", name=NAME, output=finding.text)
    await runtime.stores.conversations.save(step)

"""Measures each minute while FreelanceX serves, keeps the figures, and alerts when one is beyond its limit.

each minute ─▶ figures ─▶ history · rules ─▶ alert begins or ends ─▶ notification
each hour   ─▶ what is overdue or comes to its end ─▶ the same, for each user

What concerns the whole server is told to its owners.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from agents.tools.text.markdown import plain
from agents.tools.today.briefing_page import dated
from config.dates import day_text
from graph import figures
from graph.notices import Notifier
from graph.runtime import Runtime
from memory.business.recurring import RecurringState
from memory.notifications import Notification, Urgency
from memory.restrictions import EVERYTHING
from monitoring.alerts import PRIVACY, SYSTEM, Rule, Watched, service_levels, step

log = logging.getLogger("freelancex.pulse")

EVERY_S = 60.0
OFTEN, SELDOM = timedelta(minutes=5), timedelta(hours=1)
"""How often services and what left are looked at, and how often the records."""
SOON, ENDS = timedelta(days=3), timedelta(days=30)
"""How long before a deadline, and before a contract ends, that is told."""
USER = "local"
BUSINESS = "business:"


@dataclass
class Pulse:
    """What was seen so far. The alerts that stand are kept in the database, and so outlive it."""

    runtime: Runtime
    notifier: Notifier
    user: str = USER
    watched: dict[str, Watched] = field(default_factory=dict)
    known: dict[str, float] = field(default_factory=dict)
    looked: datetime | None = None
    went_through: datetime | None = None
    rules: tuple[Rule, ...] = ()

    def __post_init__(self) -> None:
        titles = {name: spec.title for name, spec in self.runtime.agents.items()}
        self.rules = (*SYSTEM, *PRIVACY, *service_levels(titles))

    async def beat(self, at: datetime, lag_ms: float = 0.0) -> None:
        """Measure, keep, alert, and tell what quiet hours held back."""
        found = await figures.machine(self.runtime) | await figures.late(self.runtime, at) | {"loop_lag_ms": lag_ms}
        if self.looked is None or at - self.looked >= OFTEN:
            self.known = await figures.services(self.runtime, self.user, at) | await figures.outbound(self.runtime, at)
            self.looked = at
            found |= self.known
        await self.runtime.stores.samples.add(at, found, user=self.user)
        await self.judge({**self.known, **found}, at)
        if self.went_through is None or at - self.went_through >= SELDOM:
            for user in await self.runtime.stores.accounts.working():
                await self._go_through_records(user, at)
            self.went_through = at
        for user in await self.runtime.stores.accounts.working():
            await self.notifier.release(user)

    async def judge(self, found: dict[str, float], at: datetime) -> None:
        """Begin and end alerts by what was measured."""
        owners = await self.runtime.stores.accounts.owners()
        standing = {row.rule for owner in owners for row in await self.runtime.stores.alerts.standing(owner)}
        for rule in self.rules:
            before = self.watched.get(rule.name, Watched(standing=rule.name in standing))
            now = self.watched[rule.name] = step(rule, before, found.get(rule.figure), at)
            if now.standing and rule.name not in standing:
                log.warning("alert: %s", rule.name.partition(":")[0])
                text = "It is not known any more." if now.missing else rule.text.format(value=found[rule.figure])
                for owner in owners:
                    await self._begin(owner, rule.name, rule.title, text, at)
            elif rule.name in standing and not now.standing:
                for owner in owners:
                    await self._end(owner, rule.name, rule.title, at)

    async def _go_through_records(self, user: str, at: datetime) -> None:
        """Begin and end alerts by what records say: overdue, a deadline, a contract that comes to its end."""
        if EVERYTHING in await self.runtime.stores.restrictions.standing(user):
            return
        found = await self._records(user, at)
        standing = {row.rule: row for row in await self.runtime.stores.alerts.standing(user)}
        new = {name: said for name, said in found.items() if name not in standing}
        if new:
            log.warning("alert: %d of records", len(new))
        for name, (title, text) in new.items():
            await self._begin(user, name, title, text, at)
        for name, row in standing.items():
            if name.startswith(BUSINESS) and name not in found:
                await self._end(user, name, row.title, at)

    async def _records(self, user: str, at: datetime) -> dict[str, tuple[str, str]]:
        """Title and text by the name of an alert."""
        today, found = at.date(), {}
        for item in await dated(self.runtime.deps(user, "")):
            record = item.record
            if record is None or record.kind == "reminder" or item.day > today + SOON:
                continue
            what = "overdue" if item.day < today else "due soon"
            text = f"{item.text} {f'Say “{item.offer}”.' if item.offer else ''}".strip()
            found[f"{BUSINESS}{what}:{record.kind}:{record.id}"] = (f"{record.label} is {what}", text)
        for one in await self.runtime.stores.recurring.all(user, state=str(RecurringState.ACTIVE)):
            if one.until and one.until <= today + ENDS:
                client = await self.runtime.stores.clients.get(one.client, user=user)
                name = plain(client.name) if client else "a client"
                text = f"What you bill {name} every {one.every} ends on {day_text(one.until)}. Talk about what follows."
                found[f"{BUSINESS}renewal:{one.id}"] = (f"The contract with {name} comes to its end", text)
        return found

    async def _begin(self, user: str, name: str, title: str, text: str, at: datetime) -> None:
        if await self.runtime.stores.alerts.begin(user, name, title, text, at):
            await self.notifier(_notice(user, name, title, text, Urgency.NORMAL))

    async def _end(self, user: str, name: str, title: str, at: datetime) -> None:
        if await self.runtime.stores.alerts.end(user, name, at):
            await self.notifier(_notice(user, f"{name}:over", f"Over: {title}", "", Urgency.QUIET))


def _notice(user: str, name: str, title: str, text: str, urgency: Urgency) -> Notification:
    return Notification(user=user, kind="alert", group=f"alert:{name}", urgency=urgency, title=title, text=text)


@asynccontextmanager
async def beating(runtime: Runtime, notifier: Notifier) -> AsyncIterator[None]:
    """Measure each minute for as long as the block lasts."""
    pulse = Pulse(runtime, notifier)

    async def beat() -> None:
        loop, lag_ms = asyncio.get_running_loop(), 0.0
        while True:
            try:
                await pulse.beat(datetime.now().astimezone(), lag_ms)
            except Exception:
                log.exception("what is going on could not be measured")
            wanted = loop.time() + EVERY_S
            await asyncio.sleep(EVERY_S)
            lag_ms = (loop.time() - wanted) * 1000

    task = asyncio.create_task(beat())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

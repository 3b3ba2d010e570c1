"""Brings notifications to the user: kept first, then told over the ways they chose, unless they want quiet.

notice ─▶ kept, like ones together ─▶ quiet hours? ── no ─▶ page · desktop · mail
                                          └─ yes ─▶ held, and told as one when they are over
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from graph.runtime import Runtime
from memory.notification_choices import Choices
from memory.notifications import Notification, Urgency

log = logging.getLogger("freelancex.notices")

Way = Callable[[Notification], Awaitable[None]]


def _now() -> datetime:
    return datetime.now().astimezone()


@dataclass(frozen=True)
class Notifier:
    """`ways` are by name; `now` is the time on the user's clock."""

    runtime: Runtime
    ways: Mapping[str, Way] = field(default_factory=dict)
    now: Callable[[], datetime] = _now

    async def __call__(self, notice: Notification) -> None:
        """Keep a notification and tell it, now or when the quiet hours are over."""
        choices = await self._choices(notice.user)
        if notice.kind in choices.muted:
            notice.urgency = Urgency.QUIET
        notice.held = choices.rests(self.now()) and notice.urgency == Urgency.NORMAL
        kept = await self.runtime.stores.notifications.add(notice)
        self.runtime.stores.database.live.tell(kept.user, "notification", kept)
        if not kept.held and notice.urgency != Urgency.QUIET and kept.count == 1:  # ten alike ring once
            await self._tell(kept, choices)

    async def release(self, user: str) -> int:
        """Tell what the quiet hours held back, once they are over: several as one. Returns how many there were."""
        choices = await self._choices(user)
        held = [] if choices.rests(self.now()) else await self.runtime.stores.notifications.held(user)
        if not held:
            return 0
        shown = held[-1]
        if len(held) > 1:
            titles = "; ".join(one.title for one in held[-3:])
            shown = Notification(
                user=user,
                kind="quiet",
                group="quiet",
                title=f"{len(held)} notifications while it was quiet",
                text=titles,
            )
        await self._tell(shown, choices, *held)
        return len(held)

    async def _tell(self, shown: Notification, choices: Choices, *held: Notification) -> None:
        for name in choices.ways:
            if name not in self.ways:
                continue
            try:
                await self.ways[name](shown)
            except Exception:  # one way that is closed must not close the others
                log.exception("could not notify by %s", name)
                continue
            for one in held or (shown,):
                await self.runtime.stores.notifications.told(one.id, name)

    async def _choices(self, user: str) -> Choices:
        return Choices.of(await self.runtime.stores.preferences.all(user))

"""How a user wants to be notified: over which ways, of what not, and when not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, time
from typing import Any

NAME = "notifications"
"""The preference that keeps them."""
WAYS = ("page", "desktop", "mail")
KINDS = ("reminder", "search", "schedule", "alert", "approval", "invoices", "backup", "missed")


@dataclass(frozen=True)
class Choices:
    """`quiet` is from and until on the user's clock (``22:00``, ``07:00``), or empty; `muted` are kinds."""

    ways: tuple[str, ...] = ("page",)
    quiet: tuple[str, ...] = ()
    muted: tuple[str, ...] = ()

    @classmethod
    def of(cls, preferences: Mapping[str, Any]) -> Choices:
        """Those among all preferences of a user."""
        return cls(**{name: tuple(value) for name, value in preferences.get(NAME, {}).items()})

    def as_preference(self) -> dict[str, Any]:
        """What to keep, as keyword of `Preferences.keep`."""
        return {NAME: {name: list(value) for name, value in asdict(self).items()}}

    def rests(self, at: datetime) -> bool:
        """Whether a time of the user's clock is within the quiet hours."""
        if not self.quiet:
            return False
        start, end = (time.fromisoformat(one) for one in self.quiet)
        now = at.time().replace(tzinfo=None)
        return start <= now < end if start <= end else now >= start or now < end

"""When something comes again: the rules of calendars (RFC 5545) on the clock of a place.

    "FREQ=WEEKLY;BYDAY=MO;BYHOUR=8" + Europe/Berlin ──▶ 8 on the clock there, in summer and in winter

Days, weeks, months and years are counted on the clock of the place. A time that the clock leaps over in spring is as
much later as the clock leaps; a time that comes twice in autumn counts the first time (RFC 5545, 3.3.10). Hours and
minutes are counted as they pass, whatever the clock is set to.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from dateutil.rrule import rrule

_RULE = re.compile(r"FREQ=(?:MINUTELY|HOURLY|DAILY|WEEKLY|MONTHLY|YEARLY)(?:;[A-Z]+=[-+0-9A-Z,]+)*")
_NEVER = re.compile(r";INTERVAL=0+(?:;|$)")
_PASSING = {"MINUTELY": timedelta(minutes=1), "HOURLY": timedelta(hours=1)}
MOST = 10_000
"""Missed times that are counted at most."""
FAR = timedelta(days=60 * 366)
"""How far a next time is looked for: every ninth month's 28th that is a Monday comes within it, and every seventh day
from a Monday that is to be a Tuesday, which never comes, is given up after milliseconds instead of in the year 9999."""
LATE = datetime.max - FAR


class WrongRule(ValueError):
    """A rule that is none."""


@dataclass(frozen=True)
class Recurrence:
    """A rule on the clock of `zone` from the local time `begins` on; an empty rule is that time alone.

    `begins` is itself a time only where the rule says so.
    """

    rule: str
    zone: str
    begins: datetime

    def after(self, time: datetime) -> datetime | None:
        """The first time after a moment, in UTC; None when there is none. Raises WrongRule, ZoneInfoNotFoundError."""
        if not self.rule:
            only = _utc(self.begins, self.zone)
            return only if only > time else None
        if every := self._passing():
            first = _utc(self.begins, self.zone)
            return first if first > time else first + ((time - first) // every + 1) * every
        # A day earlier on the clock, because clocks leap: what is not after the moment itself is left out.
        local = time.astimezone(ZoneInfo(self.zone)).replace(tzinfo=None) - timedelta(days=1)
        rule = self._parsed(max(local, self.begins))
        while (following := rule.after(local)) is not None:
            if (found := _utc(following, self.zone)) > time:
                return found
            local = following
        return None

    def between(self, start: datetime, end: datetime) -> int:
        """How many times there are after `start`, up to and with `end`; `MOST` at most."""
        if (every := self._passing()) and (first := self.after(start)):
            return min(MOST, (end - first) // every + 1) if first <= end else 0
        count, time = 0, self.after(start)
        while time is not None and time <= end and count < MOST:
            count, time = count + 1, self.after(time)
        return count

    def _passing(self) -> timedelta | None:
        """The time between two runs where the rule counts hours or minutes."""
        fields = dict(part.split("=", 1) for part in self.rule.split(";")) if _RULE.fullmatch(self.rule) else {}
        unit = _PASSING.get(fields.pop("FREQ", ""))
        if unit is None:
            return None
        if set(fields) - {"INTERVAL"} or not (times := int(fields.get("INTERVAL", "1"))) > 0:
            raise WrongRule(f"'{self.rule}' counts hours or minutes, which takes nothing but an interval")
        return times * unit

    def _parsed(self, start: datetime) -> rrule:
        """The rule as it is looked through from a local time on."""
        from dateutil.rrule import rrule, rrulestr

        if not _RULE.fullmatch(self.rule) or _NEVER.search(self.rule):  # an interval of 0 would be looked for for ever
            raise WrongRule(f"'{self.rule}' is not a rule")
        try:
            parsed = rrulestr(self.rule, dtstart=self.begins)
        except (ValueError, TypeError, KeyError) as error:
            raise WrongRule(f"'{self.rule}' is not a rule: {error}") from error
        assert isinstance(parsed, rrule)
        if re.search(r";(?:UNTIL|COUNT)=", self.rule):  # it ends by itself
            return parsed
        bounded: rrule = parsed.replace(until=start + FAR if start < LATE else datetime.max)
        return bounded


def _utc(local: datetime, zone: str) -> datetime:
    return local.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC)

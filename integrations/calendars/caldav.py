"""A calendar on a server of the user's: CalDAV (RFC 4791), found from one address (RFC 6764).

address ── principal ──▶ home ── list ──▶ calendars ── REPORT a span ──▶ events
                                                  └── PUT uid.ics, only if it is not there ──▶ one more
"""

from __future__ import annotations

import base64
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urljoin, urlsplit

from integrations.calendars.ics import Event, begins, of_json, write_event
from integrations.calendars.multistatus import CAL, DAV
from integrations.http import Errand, HttpClient
from integrations.http_errors import BadStatus, Refused, Unreadable
from integrations.http_messages import Ask
from privacy.egress import PORTS

if TYPE_CHECKING:
    from integrations.http_messages import Reply

XML = Ask(accept=("application/xml", "text/xml"), retries=0)
WRITTEN = Ask(accept=(), retries=0)
_HEAD = '<?xml version="1.0" encoding="utf-8"?>'
_FIND = f'{_HEAD}<propfind xmlns="DAV:"><prop>{{}}</prop></propfind>'
_HOME = '<c:calendar-home-set xmlns:c="urn:ietf:params:xml:ns:caldav"/>'
_QUERY = (
    f'{_HEAD}<c:calendar-query xmlns="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><prop><getetag/><c:calendar-data/>'
    '</prop><c:filter><c:comp-filter name="VCALENDAR"><c:comp-filter name="VEVENT"><c:time-range start="{}" end="{}"/>'
    "</c:comp-filter></c:comp-filter></c:filter></c:calendar-query>"
)


@dataclass(frozen=True)
class Collection:
    """One calendar on the server."""

    url: str
    name: str


@dataclass(frozen=True)
class CalDav:
    """The user's calendars at one address; the sign-in goes nowhere else. Every method raises HttpError, or what `read`
    does, which runs a function of `multistatus` on an answer where it can do no harm.
    """

    http: HttpClient
    errand: Errand
    read: Callable[[str, dict[str, Any]], Awaitable[Any]]
    address: str
    user: str
    password: str = field(repr=False)

    async def collections(self) -> list[Collection]:
        """The calendars that can hold events."""
        home = await self._step(self.address, "<current-user-principal/>", f"{DAV}current-user-principal")
        home = await self._step(home, _HOME, f"{CAL}calendar-home-set")
        asked = _FIND.format("<resourcetype/><displayname/>")
        return [Collection(**one) for one in await self._asked("calendars", "PROPFIND", home, asked, depth="1")]

    async def events(self, start: date, end: date) -> list[Event]:
        """The events of all calendars between two days, `end` left out, in order."""
        events: list[Event] = []
        span = [datetime.combine(day, time.min).astimezone(UTC).strftime("%Y%m%dT%H%M%SZ") for day in (start, end)]
        days = {"start": start.isoformat(), "end": end.isoformat()}
        for collection in await self.collections():
            found = await self._asked("events", "REPORT", collection.url, _QUERY.format(*span), depth="1", **days)
            events += map(of_json, found)
        return sorted(events, key=begins)

    async def add(self, event: Event) -> Collection:
        """Put an event into the first calendar. One of the same uid that is there already stays as it is."""
        collections = await self.collections()
        if not collections:
            raise Unreadable("The calendar server has no calendar to write to; make one there first.")
        url = urljoin(collections[0].url.rstrip("/") + "/", f"{quote(event.uid, safe='')}.ics")
        headers = {"content-type": "text/calendar; charset=utf-8", "if-none-match": "*"}
        try:
            await self._sent("PUT", url, write_event(event, datetime.now(UTC)), headers, WRITTEN)
        except BadStatus as error:
            if error.status != 412:  # precondition failed: it was put there before
                raise
        return collections[0]

    async def _step(self, url: str, prop: str, tag: str) -> str:
        """The address that a property of a resource leads to."""
        for link in await self._asked("links", "PROPFIND", url, _FIND.format(prop), depth="0", tag=tag):
            return str(link)
        raise Unreadable("That address is no calendar server's; check FREELANCEX_CALDAV.")

    async def _asked(self, what: str, method: str, url: str, body: str, depth: str, **more: str) -> Any:
        headers = {"content-type": "application/xml; charset=utf-8", "depth": depth}
        reply = await self._sent(method, url, body.encode(), headers, XML)
        answer = {"body": base64.b64encode(reply.body).decode(), "url": reply.url}
        return await self.read(f"integrations.calendars.multistatus:{what}", {**answer, **more})

    async def _sent(self, method: str, url: str, body: bytes, headers: dict[str, str], ask: Ask) -> Reply:
        if _origin(url) != _origin(self.address):
            raise Refused(
                f"The calendar server leads to another one, {urlsplit(url).netloc}, which does not get your sign-in. "
                "If it is yours, set FREELANCEX_CALDAV to its address."
            )
        token = base64.b64encode(f"{self.user}:{self.password}".encode()).decode()
        try:
            return await self.http.request(
                method, url, self.errand, headers={**headers, "authorization": f"Basic {token}"}, body=body, ask=ask
            )
        except BadStatus as error:
            if error.status in (401, 403):
                raise BadStatus(
                    "The calendar server refuses the sign-in; check FREELANCEX_CALDAV_USER and "
                    "FREELANCEX_CALDAV_PASSWORD.",
                    error.status,
                ) from error
            raise


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc.lower().removesuffix(f":{PORTS.get(parts.scheme)}")

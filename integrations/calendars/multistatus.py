"""What a calendar server answers, read: XML and iCalendar of a stranger, so for a process of its own.

body in base64 ──▶ links() · calendars() · events() ──▶ JSON
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import date
from typing import Any
from urllib.parse import urljoin

from integrations.calendars.ics import as_json, read_events
from integrations.http_errors import Unreadable

DAV, CAL = "{DAV:}", "{urn:ietf:params:xml:ns:caldav}"


def links(body: str, url: str, tag: str) -> list[str]:
    """Where a property of each resource leads. Raises Unreadable."""
    found = ((base, one.findtext(f".//{tag}/{DAV}href")) for base, one in _resources(body, url))
    return [urljoin(base, str(link).strip()) for base, link in found if link is not None]


def calendars(body: str, url: str) -> list[dict[str, str]]:
    """Address and name of each resource that is a calendar. Raises Unreadable."""
    return [
        {"url": base, "name": one.findtext(f".//{DAV}displayname") or base.rstrip("/").rsplit("/")[-1]}
        for base, one in _resources(body, url)
        if one.find(f".//{DAV}resourcetype/{CAL}calendar") is not None
    ]


def events(body: str, url: str, start: str, end: str) -> list[dict[str, Any]]:
    """The events of all resources between two days. Raises Unreadable or BadCalendar."""
    span = date.fromisoformat(start), date.fromisoformat(end)
    texts = [one.findtext(f".//{CAL}calendar-data") for _, one in _resources(body, url)]
    return [as_json(event) for text in texts if text for event in read_events(text.encode(), *span)]


def _resources(body: str, url: str) -> Iterator[tuple[str, Any]]:
    """Each resource of a multistatus answer, by its address, with its properties."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(base64.b64decode(body), parser)
    except etree.XMLSyntaxError as error:
        raise Unreadable("The calendar server sent something that cannot be read.") from error
    for response in root.iter(f"{DAV}response"):
        if (link := response.findtext(f"{DAV}href")) is not None:
            yield urljoin(url, link.strip()), response

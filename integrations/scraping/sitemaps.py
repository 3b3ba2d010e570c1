"""The pages a site lists by itself: sitemaps, indexes of sitemaps, packed or not, each bounded."""

from __future__ import annotations

import asyncio
import re
import zlib
from collections.abc import Iterable
from html import unescape
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from integrations.host_limits import HostLimit
from integrations.http_errors import HttpError, Unreadable
from integrations.http_messages import Ask, Errand
from integrations.scraping.address import canonical, site_of

if TYPE_CHECKING:
    from integrations.http import HttpClient

MAX_FILES = 20
MAX_BYTES = 50 * 1024 * 1024
"""The size sitemaps.org allows one file, unpacked."""
MAX_LISTED = 50_000
"""... and the most addresses in it."""
MAX_SENT = 10 * 1024 * 1024
# Addresses are cut out of the text: no XML parser, so no entity and no depth to abuse.
LOCATION = re.compile(rb"<(?:\w+:)?loc>\s*(?:<!\[CDATA\[)?\s*([^<\]\s]{1,2000})", re.IGNORECASE)


def read_sitemap(body: bytes, most: int = MAX_LISTED) -> tuple[list[str], bool]:
    """The first addresses in a sitemap, and whether they are those of further sitemaps. Raises Unreadable.

    Slow for a large one: not for the event loop.
    """
    if body[:2] == b"\x1f\x8b":
        unpack = zlib.decompressobj(31)
        try:
            body = unpack.decompress(body, MAX_BYTES)
        except zlib.error as error:
            raise Unreadable("A sitemap is broken.") from error
    # One match at a time: all at once would not let go of the interpreter until the end.
    places = (match[1] for match in islice(LOCATION.finditer(body), most))
    found = [unescape(place.decode("utf-8", "replace")) for place in places]
    if not found and not body.lstrip().startswith(b"<"):
        lines = body[:MAX_BYTES].decode("utf-8", "replace").splitlines()
        found = [line.strip() for line in lines if line.strip().startswith(("http://", "https://"))]
    return found, b"<sitemapindex" in body[:2_000]


async def listed(starts: Iterable[str], http: HttpClient, errand: Errand, limit: int, pace: HostLimit) -> list[str]:
    """The pages listed in these sitemaps and those they name, at most `limit`. A sitemap that fails is left out."""
    ask = Ask(accept=(), max_bytes=MAX_SENT, limit=pace)
    waiting, seen, pages = list(starts), set[str](), dict[str, None]()
    while waiting and len(seen) < MAX_FILES and len(pages) < limit:
        place = waiting.pop(0)
        if place in seen:
            continue
        seen.add(place)
        try:
            reply = await http.get(place, errand, ask=ask)
            found, index = await asyncio.to_thread(read_sitemap, reply.body)
        except HttpError:
            continue
        own = [url for url in (canonical(one, place) for one in found) if site_of(url) == site_of(place)]
        if index:
            waiting.extend(own)
        else:
            pages.update(dict.fromkeys(own[: limit - len(pages)]))
    return list(pages)


def usual(url: str) -> str:
    """Where a sitemap lies when robots.txt names none."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/sitemap.xml"

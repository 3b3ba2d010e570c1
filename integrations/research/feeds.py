"""RSS and Atom: what a publisher's feed lists, Medium's among them."""

from __future__ import annotations

import base64
import io
from datetime import date
from typing import Any

from integrations.http_errors import Unreadable
from integrations.markup import plain_line
from integrations.research.source import Hit, hits_of

FEEDS = (
    "application/atom+xml",
    "application/rss+xml",
    "application/xml",
    "text/xml",
    "application/rdf+xml",
)
"""The media types feeds are sent as."""


def entries(title: str, body: bytes) -> list[Hit]:
    """A feed's entries in its order. Slow for a long feed: not for the event loop. Raises Unreadable."""
    import feedparser

    # A stream, because feedparser takes a text that looks like an address for one and would fetch it.
    feed = feedparser.parse(io.BytesIO(body), sanitize_html=False, resolve_relative_uris=False)
    if feed.bozo and not feed.entries and not feed.version:
        raise Unreadable(f"{title} sent something that is no feed, so nothing could be read.")
    return hits_of(title, feed.entries, _hit)


def read_feed(body: str, title: str) -> list[dict[str, Any]]:
    """`entries` for a worker process: the body in base64, hits as JSON."""
    return [hit.model_dump(mode="json") for hit in entries(title, base64.b64decode(body))]


def _hit(entry: Any) -> Hit:
    content = entry.get("content") or [{}]
    return Hit(
        title=plain_line(entry["title"]),
        url=entry.get("link") or entry["id"],
        text=plain_line(entry.get("summary") or content[0].get("value")),
        authors=tuple(author["name"] for author in entry.get("authors", ()) if author.get("name")),
        published=_day(entry),
        doi=str(entry.get("arxiv_doi", "")),
    )


def _day(entry: Any) -> date | None:
    when = entry.get("published_parsed") or entry.get("updated_parsed")
    return date(*when[:3]) if when else None

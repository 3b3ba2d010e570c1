"""What a page says about itself to search engines: schema.org as JSON-LD."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lxml.html import HtmlElement

MAX_DEPTH = 6
BODY = {
    "JobPosting": "description",
    "Article": "articleBody",
    "NewsArticle": "articleBody",
    "BlogPosting": "articleBody",
}
"""Which property of which type holds the whole text."""
LEAST_BODY = 120
"""Fewer characters than this are a teaser, not the text."""


def things(tree: HtmlElement) -> list[dict[str, Any]]:
    """Every thing described on a page, outermost first."""
    scripts = (one for one in tree.iter("script") if one.get("type", "").strip().lower() == "application/ld+json")
    return read_things(script.text_content() for script in scripts)


def read_things(texts: Iterable[str]) -> list[dict[str, Any]]:
    """Every thing in these pieces of JSON-LD; a broken one says nothing."""
    found: list[dict[str, Any]] = []
    for text in texts:
        try:
            found.extend(_things(json.loads(text, strict=False), 0))
        except (ValueError, RecursionError):
            continue
    return found


def body_of(found: list[dict[str, Any]]) -> str:
    """The text of the posting or article described, as HTML or plain; empty when only teased."""
    for thing in found:
        text = thing.get(BODY.get(kind_of(thing), ""), "")
        if isinstance(text, str) and len(text) >= LEAST_BODY:
            return text
    return ""


def first(found: list[dict[str, Any]], *names: str) -> str:
    """The first of these properties that any thing has, as text; of an object its name."""
    for thing in found:
        for name in names:
            value = thing.get(name)
            value = value[0] if isinstance(value, list) and value else value
            value = value.get("name") if isinstance(value, dict) else value
            if isinstance(value, str) and value.strip():
                return value.strip()
    return ""


def kind_of(thing: dict[str, Any]) -> str:
    """The type of a thing, the first if it has several."""
    kind = thing.get("@type", "")
    kind = kind[0] if isinstance(kind, list) and kind else kind
    return str(kind).rpartition("/")[2]


def day(text: str) -> date | None:
    """The day of a date or a moment in ISO 8601."""
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _things(value: Any, depth: int) -> Iterator[dict[str, Any]]:
    if depth > MAX_DEPTH:
        return
    if isinstance(value, list):
        for one in value:
            yield from _things(one, depth + 1)
    elif isinstance(value, dict):
        if "@type" in value:
            yield value
        yield from _things(value.get("@graph", []), depth + 1)

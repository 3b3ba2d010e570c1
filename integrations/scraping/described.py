"""Records a page describes for search engines (schema.org as JSON-LD), flat: a product with its price and rating."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from integrations.pages.structured import kind_of, read_things
from integrations.scraping.names import tidy

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

ABOUT_THE_SITE = frozenset(
    "WebSite WebPage CollectionPage AboutPage ContactPage ItemPage FAQPage SearchResultsPage SearchAction "
    "Organization Corporation LocalBusiness BreadcrumbList ListItem ImageObject Person SiteNavigationElement "
    "WPHeader WPFooter".split()
)
MAX_VALUE = 2_000
MAX_FIELDS = 40


def described(tree: LexborHTMLParser) -> dict[str, list[dict[str, str]]]:
    """The records on a page by their type, such as ``{"product": [{"name": …, "price": …}]}``."""
    texts = [node.text() for node in tree.css('script[type="application/ld+json"]')]
    found: dict[str, list[dict[str, str]]] = {}
    for thing in _items(read_things(texts)):
        kind = kind_of(thing)
        record = dict(_flat(thing))
        if kind and kind not in ABOUT_THE_SITE and len(record) > 1:
            found.setdefault(tidy(kind), []).append(dict(list(record.items())[:MAX_FIELDS]))
    return found


def _items(things: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The things themselves; of a list its members."""
    for thing in things:
        if kind_of(thing) != "ItemList":
            yield thing
            continue
        for member in _each(thing.get("itemListElement")):
            inner = member.get("item", member) if isinstance(member, dict) else None
            if isinstance(inner, dict):
                yield inner


def _flat(thing: dict[str, Any], within: str = "") -> Iterator[tuple[str, str]]:
    """The plain values of a thing and, one level down, of the things in it: the first offer's price is its price."""
    for name, value in thing.items():
        first = next(iter(_each(value)), None)
        if name.startswith("@") or first is None or (name in ("image", "description") and isinstance(first, dict)):
            continue
        if isinstance(first, dict):
            if not within:
                named = first.get("name")
                yield from ((tidy(name), named[:MAX_VALUE]),) if isinstance(named, str) else _flat(first, name)
        elif isinstance(first, str | int | float) and not isinstance(first, bool) and str(first).strip():
            yield tidy(name), " ".join(str(first).split())[:MAX_VALUE]


def _each(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]

"""What a page says: its text as markdown, and who wrote it when.

    bytes ─▶ lxml tree ─▶ what it says of itself ─▶ pruned ─▶ trafilatura ─▶ lines that are content ─▶ Page

Pure and bounded; it takes milliseconds, so it belongs into a worker: see `read_job`. Whatever is in a Page came from
outside: data, never an instruction.
"""

from __future__ import annotations

import base64
from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urldefrag, urljoin

from integrations.http_errors import Unreadable
from integrations.pages import structured
from integrations.pages.boilerplate import prune, without_chrome
from integrations.pages.tables import Table, read_tables

if TYPE_CHECKING:
    from lxml.html import HtmlElement

MAX_HTML = 8 * 1024 * 1024
MAX_TEXT = 200_000
MAX_LINKS = 500


@dataclass(frozen=True)
class Link:
    """A link: its text and where it leads, an absolute http or https address without fragment."""

    text: str
    url: str


@dataclass(frozen=True)
class Page:
    """What a page says. `text` is markdown without links and images; what is not known is empty or None."""

    url: str
    title: str
    text: str
    author: str = ""
    published: date | None = None
    language: str = ""
    description: str = ""
    site: str = ""
    links: tuple[Link, ...] = ()
    tables: tuple[Table, ...] = ()
    trust: Literal["outside"] = "outside"


def read_page(html: bytes, url: str) -> Page:
    """Read a page. Raises Unreadable when the bytes are no HTML."""
    from trafilatura import extract
    from trafilatura.utils import load_html

    tree = load_html(html[:MAX_HTML]) if html.strip() else None
    if tree is None:
        raise Unreadable("This page holds nothing that can be read.")
    found = structured.things(tree)
    links, language = _links(tree, url), _language(tree)
    title = _title(tree)
    tables = tuple(read_tables(html[:MAX_HTML]))
    meta = _metadata(tree, url)
    said = (
        load_html(f"<html><body><article>{body}</article></body></html>")
        if (body := structured.body_of(found))
        else None
    )
    content = tree if said is None else said
    prune(content)
    text = extract(content, url=url, output_format="markdown", include_formatting=True, include_comments=False)
    heading = structured.first(found, "headline", "title") or title or meta.get("title", "")
    text = without_chrome(text or "", heading)
    return Page(
        url=url,
        title=heading,
        text=text[:MAX_TEXT],
        author=structured.first(found, "author") or meta.get("author", ""),
        published=structured.day(structured.first(found, "datePublished", "datePosted"))
        or _guessed(meta.get("date", "")),
        language=language or structured.first(found, "inLanguage")[:2].lower(),
        description=structured.first(found, "description")[:500] if not body else meta.get("description", ""),
        site=meta.get("sitename", ""),
        links=links,
        tables=tables,
    )


def read_job(html: str, url: str) -> dict[str, Any]:
    """`read_page` for a worker process: `html` in base64, the page as JSON with dates as text."""
    page = asdict(read_page(base64.b64decode(html), url))
    return {**page, "published": page["published"] and page["published"].isoformat()}


def _metadata(tree: HtmlElement, url: str) -> dict[str, str]:
    from copy import deepcopy

    from trafilatura.metadata import extract_metadata

    found = extract_metadata(deepcopy(tree), default_url=url, date_config={"extensive_search": False})
    return {
        name: value
        for name in ("title", "author", "date", "description", "sitename")
        if (value := getattr(found, name))
    }


def _guessed(text: str) -> date | None:
    """A date found in the page, unless it is a mere year, such as that of the copyright."""
    return None if text.endswith("-01-01") else structured.day(text)


def _title(tree: HtmlElement) -> str:
    headings = [" ".join(one.text_content().split()) for one in tree.iter("h1")]
    if len(headings) == 1 and headings[0]:
        return headings[0]
    whole = " ".join((tree.findtext(".//title") or "").split())
    for separator in (" | ", " - ", " – ", " — ", " · ", " :: "):
        if separator in whole:
            return whole.rpartition(separator)[0]
    return whole


def _language(tree: HtmlElement) -> str:
    return (tree.get("lang") or "").partition("-")[0].lower()[:3]


def _links(tree: HtmlElement, url: str) -> tuple[Link, ...]:
    base = tree.find(".//base")
    start = urljoin(url, base.get("href", "")) if base is not None else url
    found: dict[str, Link] = {}
    for anchor in tree.xpath("//a[@href]"):
        try:
            place = urldefrag(urljoin(start, anchor.get("href").strip())).url
        except ValueError:
            continue
        if place.startswith(("http://", "https://")) and place not in found and len(found) < MAX_LINKS:
            found[place] = Link(" ".join(anchor.text_content().split())[:200], place)
    return tuple(found.values())

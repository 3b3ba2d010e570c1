"""What a crawl takes from a page: where it leads, what it says, the records on it. Runs in a worker process."""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from pydantic import BaseModel

from integrations.pages.nesting import shallow
from integrations.pages.tables import tables_in
from integrations.scraping.address import canonical
from integrations.scraping.described import described
from integrations.scraping.records import FURNITURE, repeated
from integrations.scraping.simhash import fingerprint

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

MAX_TEXT = 20_000
MAX_LINKS = 2_000
SPARSE = 200
"""A page with fewer characters of text than this, and with scripts, may be empty without them."""
ONWARD = re.compile(
    r"^(?:next|next page|older|older posts|more results|weiter|nächste|suivant|siguiente|successivo|›|»|→|>)\W*$", re.I
)
PAGE_NUMBERS = frozenset({"page", "p", "pg", "paged", "start", "offset", "seite", "pagina"})


class Rows(BaseModel):
    """Records of one kind found on a page."""

    kind: str
    name: str
    fields: list[str]
    rows: list[dict[str, str]]


class Facts(BaseModel):
    """What one page gives. `onward` are the next pages of a list, `scripted` says it is empty without scripts."""

    url: str
    title: str = ""
    description: str = ""
    text: str = ""
    mark: int = 0
    links: list[str] = []
    onward: list[str] = []
    found: list[Rows] = []
    scripted: bool = False


def parse_pages(pages: list[dict[str, str]]) -> list[dict[str, Any]]:
    """Parse pages given as ``{"url", "html"}``, the HTML in base64."""
    return [parse(base64.b64decode(page["html"]), page["url"]).model_dump() for page in pages]


def parse(html: bytes, url: str) -> Facts:
    """What a page gives. Whatever the bytes are, there is an answer."""
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(shallow(html))
    title, description, robots = (
        tree.css_first("title"),
        tree.css_first("meta[name=description]"),
        tree.css_first("meta[name=robots]"),
    )
    base = tree.css_first("base[href]")
    start = canonical((base.attributes.get("href") or "") if base else "", url) or url
    follow = "nofollow" not in ((robots.attributes.get("content") or "") if robots else "").lower()
    links, onward = _links(tree, start, url) if follow else ([], [])
    found = _found(tree, start)
    scripts = len(tree.css("script"))
    text = _text(tree)
    return Facts(
        url=url,
        title=" ".join(title.text().split())[:300] if title else "",
        description=((description.attributes.get("content") or "") if description else "")[:500],
        text=text[:MAX_TEXT],
        mark=0 if found else fingerprint(text),  # lists are told apart by their records
        links=links,
        onward=onward,
        found=found,
        scripted=bool(scripts) and len(text) < SPARSE and not found,
    )


def _links(tree: LexborHTMLParser, start: str, url: str) -> tuple[list[str], list[str]]:
    links: dict[str, None] = {}
    onward: dict[str, None] = {}
    for node in tree.css("a[href], link[rel=next][href]"):
        given = node.attributes
        rel = (given.get("rel") or "").lower().split()
        if "nofollow" in rel and "next" not in rel:
            continue
        place = canonical(given.get("href") or "", start)
        if not place or place == url:
            continue
        if "next" in rel or ONWARD.match(" ".join(node.text().split())) or _later(place, url):
            onward[place] = None
        elif len(links) < MAX_LINKS:
            links[place] = None
    return list(links), list(onward)


def _later(place: str, url: str) -> bool:
    """Whether an address is this page's with a higher page number."""
    one, other = urlsplit(place), urlsplit(url)
    if (one.netloc, one.path) != (other.netloc, other.path):
        return False
    there, here = dict(parse_qsl(one.query)), dict(parse_qsl(other.query))
    changed = {name for name in there.keys() | here.keys() if there.get(name) != here.get(name)}
    if len(changed) != 1 or not changed <= PAGE_NUMBERS:
        return False
    name = changed.pop()
    return there.get(name, "").isdigit() and int(there[name]) > int(here[name] if here.get(name, "").isdigit() else 0)


def _found(tree: LexborHTMLParser, start: str) -> list[Rows]:
    tables = [
        Rows(kind="table", name=table.caption, fields=list(table.columns),
             rows=[dict(zip(table.columns, row, strict=True)) for row in table.rows])
        for table in tables_in(tree)
    ]  # fmt: skip
    blocks = [
        Rows(kind="records", name=group.name, fields=list(group.fields),
             rows=[{name: _absolute(name, value, start) for name, value in record.items()} for record in group.records])
        for group in repeated(tree)
    ]  # fmt: skip
    told = [
        Rows(kind="records", name=kind, fields=list(dict.fromkeys(name for row in rows for name in row)), rows=rows)
        for kind, rows in described(tree).items()
    ]
    return [rows for rows in (*told, *tables, *blocks) if rows.rows]


def _absolute(name: str, value: str, start: str) -> str:
    return (canonical(value, start) or value) if re.fullmatch(r"url(?:_\d+)?", name) else value


def _text(tree: LexborHTMLParser) -> str:
    """The text of the body without furniture. Takes the furniture out of the tree, so it comes last."""
    body: LexborNode | None = tree.body
    if body is None:
        return ""
    tree.strip_tags(sorted(FURNITURE), recursive=True)
    return " ".join(body.text(separator=" ").split())

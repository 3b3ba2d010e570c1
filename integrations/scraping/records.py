"""Repeated blocks of a page, such as the products of a list, read as records with named fields.

Siblings that look alike (same tag, same classes) are one block each; what differs between them is a field, named by
what the page calls it. Text that is the same in all of them is furniture.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from integrations.scraping.names import tidy

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

LEAST = 3
"""Blocks that look alike, before they count as repeated."""
MOST = 2_000
MOST_GROUPS = 3
COMMON = 0.3
"""The part of the blocks that must have a field, before it is one."""
LEAST_TEXT = 8
MAX_VALUE = 2_000
MAX_FIELDS = 40
MAX_WORK = 60_000
"""Elements looked into on one page, all groups together: a page nested to no end must not take for ever."""
MAX_CLIMB = 6
"""Levels above a text that may give it its name."""
FURNITURE = frozenset(
    {"nav", "footer", "aside", "header", "select", "form", "script", "style", "noscript", "template", "svg"}
)
SKIPPED = frozenset(
    {"script", "style", "noscript", "template", "svg", "button", "select", "option", "input", "br", "hr"}
)
EMPHASIS = frozenset({"b", "i", "em", "strong", "sup", "sub", "mark"})
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
STATES = frozenset({"first", "last", "odd", "even", "active", "selected", "featured", "new", "sale", "sold-out"})
"""Classes that tell how a block is, not what it is."""
MONEY = re.compile(r"^(?:[A-Z]{3}|[€$£¥₹])\s?\d|^\d[\d.,\s]*(?:[€$£¥₹]|EUR|USD|GBP|CHF)")
VAGUE = re.compile(
    r"^(?:col\b.*|row|item|box|wrap\w*|inner|outer|container|content|text|flex|grid|left|right|[a-z]{1,2}-?\d*|.*\d{3,}.*|css-.*|sc-.*)$"
)


@dataclass(frozen=True)
class Group:
    """Blocks that look alike. `name` is what the page calls one; each record is a value by field."""

    name: str
    fields: tuple[str, ...]
    records: tuple[dict[str, str], ...]


def repeated(tree: LexborHTMLParser) -> list[Group]:
    """The repeated blocks of a page, those that hold most first."""
    found: list[tuple[int, Group]] = []
    inside: set[int] = set()
    left = MAX_WORK
    for parent in tree.body.traverse() if tree.body else ():
        if parent.mem_id in inside or parent.tag in FURNITURE:
            inside.update(child.mem_id for child in parent.iter(include_text=False))
            continue
        blocks = _alike(parent)
        left -= sum(1 for block in blocks for _ in block.traverse())
        if left < 0:
            break
        if blocks and (group := _group(blocks)):
            found.append((sum(len(value) for record in group.records for value in record.values()), group))
            for block in blocks:
                inside.add(block.mem_id)
    found.sort(key=lambda pair: -pair[0])
    return [group for _, group in found[:MOST_GROUPS]]


def _alike(parent: LexborNode) -> list[LexborNode]:
    children = [child for child in parent.iter(include_text=False) if child.tag not in SKIPPED]
    if len(children) < LEAST or parent.tag in ("tr", "table", "tbody", "thead", "dl", "p"):
        return []
    looks = Counter(map(_look, children))
    look, count = looks.most_common(1)[0]
    return [child for child in children if _look(child) == look][:MOST] if count >= LEAST else []


def _look(node: LexborNode) -> tuple[str, str]:
    classes = sorted(one for one in _classes(node) if not re.search(r"\d", one) and one not in STATES)
    return node.tag or "", " ".join(classes)


def _classes(node: LexborNode) -> list[str]:
    return (node.attributes.get("class") or "").split()


def _group(blocks: list[LexborNode]) -> Group | None:
    raw = [dict(_fields(block)) for block in blocks]
    counts = Counter(name for record in raw for name in record)
    names = [name for name, count in counts.items() if count >= max(2, COMMON * len(raw))]
    values = {tuple(record.get(name) for record in raw): name for name in reversed(names)}  # said twice counts once
    names = [name for name in names if name in values.values() and len({record.get(name) for record in raw}) > 1]
    names = names[:MAX_FIELDS]
    records = [{name: record[name] for name in names if name in record} for record in raw]
    records = [record for record in records if record]
    texts = [name for name in names if not name.startswith("url")]
    words = sum(len(record.get(name, "")) for record in records for name in texts)
    if len(names) < 2 or not texts or len(records) < LEAST or words < LEAST_TEXT * len(records):
        return None
    return Group(_called(blocks[0]), tuple(names), tuple(records))


def _called(block: LexborNode) -> str:
    kind = (block.attributes.get("itemtype") or "").rpartition("/")[2]
    children = list(block.iter(include_text=False))
    inner = [one for child in children for one in _classes(child)] + [child.tag or "" for child in children]
    own = [one for one in _classes(block) if not VAGUE.match(one)]
    named = [one for one in inner if not VAGUE.match(one) and one not in ("div", "a", "span", "p")]
    return tidy(kind or next(iter(own or named), "") or block.tag or "row")


def _fields(block: LexborNode) -> Iterator[tuple[str, str]]:
    """Each named value in a block. A name that comes again gets a number."""
    used: Counter[str] = Counter()
    for name, value in _values(block):
        used[name] += 1
        yield (name if used[name] == 1 else f"{name}_{used[name]}"), value[:MAX_VALUE]


def _values(block: LexborNode) -> Iterator[tuple[str, str]]:
    texts: dict[int, str] = {}
    for node in block.traverse():
        holder = texts.get(node.parent.mem_id, "") if node.parent is not None else ""
        if node.tag in SKIPPED or (_is_emphasis(node) and holder):
            continue
        text = texts[node.mem_id] = _own_text(node)
        given = node.attributes
        if given.get("itemprop") and given.get("content"):
            yield tidy(given["itemprop"] or ""), given["content"] or ""
        elif text:
            yield _name(node, text, block), text
        elif node.tag == "time" and given.get("datetime"):
            yield "date", given["datetime"] or ""
        elif node.tag == "img" and given.get("alt"):
            yield "image", given["alt"] or ""
        elif (
            not text
            and not node.text(strip=True)
            and node.tag in ("p", "span", "div", "i")
            and len(_classes(node)) == 2
        ):
            first, second = _classes(node)
            yield tidy(first), second  # a value told by a class, as in "stars four"
        if node.tag == "a" and (given.get("href") or "").strip(" #"):
            yield "url", (given["href"] or "").strip()


def _is_emphasis(node: LexborNode) -> bool:
    return node.tag in EMPHASIS and not node.attributes


def _own_text(node: LexborNode) -> str:
    """The text of a node itself; with that of plain emphasis in it, so that a sentence stays whole."""
    parts = []
    for child in node.iter(include_text=True):
        if child.tag == "-text":
            parts.append(child.text_content or "")
        elif child.tag == "br" or _is_emphasis(child):
            parts.append(f" {child.text()} ")
    return " ".join("".join(parts).split())


def _name(node: LexborNode, text: str, block: LexborNode) -> str:
    holder: LexborNode | None = node
    for _ in range(MAX_CLIMB):
        if holder is None:
            break
        if name := holder.attributes.get("itemprop") or holder.attributes.get("data-label") or "":
            return tidy(name)
        if holder.tag in HEADINGS:
            return "title"
        if named := [one for one in _classes(holder) if not VAGUE.match(one)]:
            return tidy(named[-1]) if holder.mem_id != block.mem_id else "text"
        if holder.tag == "time":
            return "date"
        if holder.mem_id == block.mem_id:
            break
        holder = holder.parent
    return "price" if MONEY.match(text) else "text"

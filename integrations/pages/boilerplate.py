"""What belongs to a site rather than to a page: menus, notices, buttons, and text nobody is meant to see.

Hidden text goes first of all: it is where a page puts words meant for machines that read it.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement

SITE_TAGS = (
    "nav", "aside", "footer", "button", "form", "dialog", "script", "style", "noscript", "template", "iframe", "svg",
    "canvas", "object", "embed",
)  # fmt: skip
SITE_WORDS = re.compile(
    r"(?:^|[\s_-])(?:cookies?|consent|gdpr|ads?|advert\w*|sponsor\w*|promo\w*|share|sharing|social|byline|breadcrumbs?|"
    r"comments?|disqus|related|recommend\w*|newsletter|subscribe|signup|popup|modal|toc|edit(?:-page|-link)?|feedback|"
    r"reviews?|rating|toolbar|tools|actions|menu|navbar|sidebar|pagination|pager|footer|cats|categories|tags|hatnote|hat|"
    r"user|user-?info|avatar|profile|signature|skip-link)(?:$|[\s_-])",
    re.IGNORECASE,
)
HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?:px|pt|em|rem|%)?\s*(?:;|$)|"
    r"opacity\s*:\s*0(?:\.0*)?\s*(?:;|$)|(?:left|top|text-indent)\s*:\s*-\d{3,}",
    re.IGNORECASE,
)
BUTTONS = re.compile(
    r"(?:add|save|report|apply|log ?in|sign (?:in|up)|subscribe|share|follow|like|reply|quote|print|copy link|"
    r"write a review|edit this|was this|posted in|tagged|filed under|\d+ min(?:ute)? read|in stock|out of stock|ships|"
    r"see also|read more|related|similar|customers also|you may also|about the (?:platform|company)|"
    r"jetzt bewerben|merken|teilen|anmelden|"
    r"ähnliche|in den warenkorb|postuler|partager|ajouter au panier|inscríbete|compartir|\d+ comments?|[€$£]\s?\d)\b",
    re.IGNORECASE,
)
SHORT = 90
"""The most characters of a line that may be a button or a caption rather than content."""
MOST_OF_PAGE = 0.6
"""An element that holds more of the page than this is no boilerplate, whatever it is called."""


def prune(tree: HtmlElement) -> None:
    """Take what is hidden, and what belongs to the site, out of a tree. Definitions become paragraphs."""
    body = tree.find("body")
    body = tree if body is None else body
    size = len(body.text_content()) or 1
    for element in list(body.iterdescendants()):
        if not isinstance(element.tag, str):
            continue
        if (
            element.tag in SITE_TAGS
            or _is_hidden(element)
            or (_is_named_so(element) and len(element.text_content()) < MOST_OF_PAGE * size)
        ):
            _drop(element)
    for terms in body.iter("dl"):
        _as_paragraphs(terms)


def without_chrome(text: str, title: str) -> str:
    """Text without the lines that are buttons and captions, or that come again and again, or repeat the title."""
    lines = [line.strip() for line in text.splitlines()]
    seen = Counter(lines)
    kept = [line for line in lines if not line or line.startswith("|") or not _is_chrome(line, seen[line], title)]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()


def _is_chrome(line: str, times: int, title: str) -> bool:
    words = re.sub(r"^[#>*\-\s]+", "", line)
    if len(words) > SHORT:
        return False
    return words == title or times > 1 or bool(BUTTONS.match(words))


def _is_hidden(element: HtmlElement) -> bool:
    return (
        "hidden" in element.attrib
        or element.get("aria-hidden") == "true"
        or (element.get("style") is not None and bool(HIDDEN.search(element.get("style"))))
    )


def _is_named_so(element: HtmlElement) -> bool:
    names = f"{element.get('class', '')} {element.get('id', '')}"
    return element.tag in ("div", "section", "ul", "ol", "header", "p", "span") and bool(SITE_WORDS.search(names))


def _drop(element: HtmlElement) -> None:
    if element.getparent() is not None:
        element.drop_tree()


def _as_paragraphs(terms: HtmlElement) -> None:
    """Turn <dt>term</dt><dd>meaning</dd> into a paragraph: extraction passes definitions by."""
    terms.tag, entry = "div", None
    for child in list(terms):
        if child.tag == "dt" or entry is None:
            child.tag, entry = "p", child
        else:
            entry.append(child)
            child.tag = "span"
            child.text = f" {child.text or ''}"

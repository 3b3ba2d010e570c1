"""Plain text from the scraps of HTML and XML that boards, sources and mails send; in time linear in their length."""

from __future__ import annotations

import html
import re
from typing import Any

LONGEST = 100_000
"""Signs of a scrap that are read."""
_BREAKS = re.compile(r"<(?:br|/p|/li|/div|/ul|/ol|/h[1-6]|/tr|p|/jats:\w+)\b[^<>]*>", re.IGNORECASE)
_HIDDEN = re.compile(r"<(script|style|template|title)\b.*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<[a-zA-Z/!][^<>]*>")


def plain_text(markup: Any) -> str:
    """A line for each block, entities decoded, scripts left out; nothing for what is false."""
    text = _TAG.sub("", _BREAKS.sub("\n", _HIDDEN.sub("", str(markup or "")[:LONGEST])))
    lines = [" ".join(line.split()) for line in html.unescape(text).splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def plain_line(markup: Any) -> str:
    """The same on one line."""
    return " ".join(plain_text(markup).split())

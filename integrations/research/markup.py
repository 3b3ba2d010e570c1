"""Plain text from the scraps of HTML and XML that sources put into their answers."""

from __future__ import annotations

import re
from typing import Any


def plain(value: Any) -> str:
    """The text of a scrap of markup, tags gone, entities read, on one line."""
    text = str(value or "")
    if "<" in text or "&" in text:
        from selectolax.lexbor import LexborHTMLParser

        tree = LexborHTMLParser(f"<div>{text}</div>")
        tree.strip_tags(["script", "style", "template"], recursive=True)
        text = tree.body.text(separator=" ") if tree.body else ""
    return re.sub(r"\s+", " ", text).strip()

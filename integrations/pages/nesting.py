"""A page nested without end is cut off: parsers take a time that grows with the square of the depth."""

from __future__ import annotations

import re

MAX_DEPTH = 500
TAG = re.compile(rb"<(/?)([a-zA-Z][a-zA-Z0-9-]{0,30})")
NOT_NESTED = frozenset(
    b"area base br col embed hr img input link meta param source track wbr "  # have no content
    b"p li dt dd td th tr thead tbody tfoot option optgroup rp rt html head body".split()  # end by themselves
)


def shallow(html: bytes) -> bytes:
    """The page up to where its elements lie more than `MAX_DEPTH` deep, by a count that follows well-formed pages."""
    depth = 0
    for tag in TAG.finditer(html):
        if tag[2].lower() in NOT_NESTED:
            continue
        depth = max(0, depth - 1) if tag[1] else depth + 1
        if depth > MAX_DEPTH:
            return html[: tag.start()]
    return html

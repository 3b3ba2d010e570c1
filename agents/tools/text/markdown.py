"""Writes a stranger's words and addresses into markdown, so that words stay words and a link leads where it says."""

from __future__ import annotations

import re
from urllib.parse import quote

from integrations.media.speech.transcript import clock

_MARKS = re.compile(r"([\\`*_{}\[\]<>#|~])")
_OF_ADDRESSES = "!#$%&'*+,-./:;=?@[]_~"
"""Signs that stay in an address as they are; brackets, which end a link, line ends and all others are encoded."""


def plain(text: str, most: int = 160) -> str:
    """Words on one line, without any markdown in them."""
    line = " ".join(text.split())
    line = line if len(line) <= most else line[: most - 1].rstrip() + "…"
    return _MARKS.sub(r"\\\1", line).replace("://", ":\u200b//")


def address(url: str) -> str:
    """An address that cannot end the link it stands in, nor the line or table cell."""
    return quote(url, safe=_OF_ADDRESSES)


def time_link(seconds: float, file: str) -> str:
    """A time as people read it; given the file that can be played, it leads there."""
    return f"[{clock(seconds)}](/api/v1/files/{file}#t={int(seconds)})" if file else clock(seconds)

"""Reads from a sentence which pages to turn into a table: addresses, how many pages, how deep, in what form."""

from __future__ import annotations

import re
from typing import Any

URL = re.compile(r"\bhttps?://[^\s<>\"')\]]+[^\s<>\"')\].,;:!?]", re.IGNORECASE)
DOMAIN = re.compile(
    r"(?<![\w@./-])(?:www\.)?(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+"
    r"(?!csv\b|jsonl?\b|xlsx?\b|py\b|js\b|md\b|txt\b|pdf\b|eg\b)[a-z]{2,18}(?:/[^\s<>\"')\]]*[^\s<>\"')\].,;:!?])?",
    re.IGNORECASE,
)
PAGES = re.compile(
    r"\b(\d{1,5})\s+(?:pages?|seiten|páginas)\b|\b(?:limit|at most|up to|max(?:imum)?)\s+(\d{1,5})\b", re.IGNORECASE
)
DEPTH = re.compile(r"\bdepth\s+(?:of\s+)?(\d)\b|\b(\d)\s+(?:links?|levels?)\s+deep\b", re.IGNORECASE)
ONLY = re.compile(
    r"\b(?:only|just)\s+(?:this|that|these|those|the)\s+pages?\b|\b(?:this|one|single) page\b", re.IGNORECASE
)
JSONL = re.compile(r"\bjsonl\b|\bjson lines\b", re.IGNORECASE)
PACE = re.compile(r"\bevery\s+(\d{1,3}(?:[.,]\d)?)\s*(?:s|sec|seconds?)\b", re.IGNORECASE)


def read_scrape(clause: str) -> dict[str, Any]:
    """`url`, `more` addresses, `what` is wanted, `limit`, `depth`, `apart` in seconds, `form`."""
    urls = URL.findall(clause)
    rest = URL.sub(" ", clause)
    if not urls:
        urls = [f"https://{name}" for name in DOMAIN.findall(rest)]
        rest = DOMAIN.sub(" ", rest)
    pages, depth, pace = PAGES.search(rest), DEPTH.search(rest), PACE.search(rest)
    return {
        "url": urls[0] if urls else None,
        "more": list(dict.fromkeys(urls[1:])),
        "what": " ".join(rest.split()),
        "limit": int(pages[1] or pages[2]) if pages else None,
        "depth": 0 if ONLY.search(rest) else int(depth[1] or depth[2]) if depth else None,
        "apart": float(pace[1].replace(",", ".")) if pace else None,
        "form": "jsonl" if JSONL.search(rest) else None,
    }

"""How well and how fast the content of a page is found, beside trafilatura used plainly, on pages of our own making."""

from __future__ import annotations

import re
import statistics
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pydantic import BaseModel

PAGES = Path(__file__).with_name("pages.jsonl")
ROUNDS = 20


class Sample(BaseModel):
    """A page of `PAGES` and what is true of it; `content` is its text as a reader would mark it, by paragraph."""

    name: str
    kind: str
    title: str
    language: str
    published: str
    author: str
    content: list[str]
    html: str

    @property
    def url(self) -> str:
        return f"https://{self.kind}.example/{self.name}"


def samples() -> list[Sample]:
    """The pages: news, blogs, documentation, shops, forums, jobs; in their boilerplate, in three languages."""
    return [Sample.model_validate_json(line) for line in PAGES.read_text(encoding="utf-8").splitlines()]


def run() -> dict[str, Any]:
    """Read every page both ways; returns word F1, the metadata found and the milliseconds a page."""
    from trafilatura import extract

    from integrations.pages.page import read_page

    pages = samples()
    ours = [read_page(one.html.encode(), one.url) for one in pages]
    plain = [extract(one.html) or "" for one in pages]
    return {
        "pages": len(pages),
        "f1": {"ours": _mean(_f1(one, page.text) for one, page in zip(pages, ours, strict=True)),
               "plain": _mean(_f1(one, text) for one, text in zip(pages, plain, strict=True))},
        "worst": {"ours": min((_f1(one, page.text), one.name) for one, page in zip(pages, ours, strict=True)),
                  "plain": min((_f1(one, text), one.name) for one, text in zip(pages, plain, strict=True))},
        "title": _mean(page.title == one.title for one, page in zip(pages, ours, strict=True)),
        "language": _mean(page.language == one.language for one, page in zip(pages, ours, strict=True)),
        "published": _mean(str(page.published or "") == one.published for one, page in zip(pages, ours, strict=True)),
        "author": _mean(page.author == one.author for one, page in zip(pages, ours, strict=True)),
        "ms": {"ours": _speed(pages, lambda one: read_page(one.html.encode(), one.url)),
               "plain": _speed(pages, lambda one: extract(one.html))},
        "by_page": {one.name: (_f1(one, page.text), _f1(one, text))
                    for one, page, text in zip(pages, ours, plain, strict=True)},
    }  # fmt: skip


def show(figures: dict[str, Any]) -> None:
    """Print the figures."""
    rows = [f"  {name:12} {ours:.3f}  {plain:.3f}" for name, (ours, plain) in figures["by_page"].items()]
    lines = [
        f"{figures['pages']} pages          ours   plain trafilatura",
        *rows,
        f"  mean F1      {figures['f1']['ours']:.3f}  {figures['f1']['plain']:.3f}",
        f"  ms a page    {figures['ms']['ours']:.2f}   {figures['ms']['plain']:.2f}",
        "  found: " + ", ".join(f"{name} {figures[name]:.0%}" for name in ("title", "author", "published", "language")),
    ]
    print(*lines, sep="\n")


def _f1(sample: Sample, text: str) -> float:
    """The F1 of the words found, counted with their number, headings of the title aside."""
    truth, found = _words(" ".join(sample.content)), _words(text) - _words(sample.title)
    truth -= _words(sample.title)
    both = sum((truth & found).values())
    return round(2 * both / (truth.total() + found.total()), 4) if both else 0.0


def _words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text.lower()))


def _mean(values: Any) -> float:
    return round(statistics.fmean(values), 4)


def _speed(pages: list[Sample], read: Callable[[Sample], object]) -> float:
    started = time.perf_counter()
    for _ in range(ROUNDS):
        for one in pages:
            read(one)
    return round((time.perf_counter() - started) * 1000 / ROUNDS / len(pages), 2)

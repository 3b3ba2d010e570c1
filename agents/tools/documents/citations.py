"""What a document says, as markdown: each statement with its place, and nothing in it that could act."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from agents.tools.documents.passages import Quote

FACTS = {
    "dates": ("Dates", "Date"),
    "periods": ("Periods", "Period"),
    "amounts": ("Amounts", "Amount"),
    "shares": ("Shares", "Share"),
    "parties": ("Parties", "Name"),
}

MOST_ROWS = 40


class Read(Protocol):
    """A document that was read."""

    name: str
    format: str
    pages: int | None
    headings: list[str]


def quotes_text(quotes: Iterable[Quote]) -> str:
    """Quotes as they stand, each with its place."""
    return "\n>\n".join(f"> {plain(quote.text)} ({plain(quote.place)})" for quote in quotes)


def headings_text(document: Read) -> str:
    """A document's sections, empty when it has none."""
    if not document.headings:
        return ""
    shown = "\n".join(f"- {plain(heading)}" for heading in document.headings[:20])
    return f"\n\n{plain(document.name)} has these sections:\n\n{shown}"


def summary_text(document: Read, sentences: Sequence[Mapping[str, Any]]) -> str:
    """The sentences that say most, as a list."""
    about = document.format if document.pages is None else f"{document.format}, {document.pages} pages"
    if document.pages == 1:
        about = f"{document.format}, 1 page"
    lines = "\n".join(f"- {plain(sentence['text'])} ({plain(sentence['place'])})" for sentence in sentences)
    if not lines:
        lines = "It holds no full sentences that could be quoted."
    return f"**{plain(document.name)}** ({about}) in its own words:\n\n{lines}"


def sections_text(document: Read, sections: Sequence[Mapping[str, Any]]) -> str:
    """The sentences that say most in each section, under its heading."""
    parts = []
    for section in sections:
        lines = "\n".join(f"- {plain(one['text'])} ({plain(one['place'])})" for one in section["sentences"])
        parts.append(f"**{plain(section['heading'] or 'At the beginning')}**\n\n{lines}")
    return f"{plain(document.name)}, section by section:\n\n" + "\n\n".join(parts)


def facts_text(document: Read, facts: Mapping[str, list[dict[str, Any]]]) -> str:
    """Facts as one table for each kind."""
    parts = []
    for kind, found in facts.items():
        title, column = FACTS[kind]
        if not found:
            parts.append(f"**{title}** in {plain(document.name)}: none found.")
            continue
        head = f"| {column} | Role | Place |" if kind == "parties" else f"| {column} | Where it stands | Place |"
        beside = "text" if kind == "parties" else "context"
        shown = (" | ".join(cell(fact[key]) for key in ("value", beside, "place")) for fact in found[:MOST_ROWS])
        more = f"\n\n{len(found) - MOST_ROWS} more are not shown." if len(found) > MOST_ROWS else ""
        parts.append(
            f"**{title}** in {plain(document.name)}\n\n{head}\n|---|---|---|\n"
            + "\n".join(f"| {row} |" for row in shown)
            + more
        )
    return "\n\n".join(parts)


def plain(text: str) -> str:
    """Outside text as plain words: a picture, link or tag in it is shown as it is written, and never fetched."""
    return re.sub(r"([\\<\[\]`]|(?<!\w)[*_]+(?=\w))", r"\\\1", text)


def cell(text: str) -> str:
    """A table's cell."""
    return plain(text).replace("|", "\\|")

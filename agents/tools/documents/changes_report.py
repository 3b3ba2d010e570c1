"""Shows what changed between two versions: in a few lines of markdown, and whole as a page to keep."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from agents.tools.documents.citations import plain

SHOWN = 25
AROUND = 60
"""Signs of unchanged text that are shown before and behind a change."""
NAMES = {"changed": "changed", "added": "added", "removed": "removed", "moved": "moved"}
_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:50rem;margin:2rem auto;padding:0 1rem;color:#222}"
    "del{background:#fde2e2;color:#8a1f1f}ins{background:#dff3e0;color:#14532d;text-decoration:none}"
    "article{border-left:4px solid #bbb;padding:.2rem 1rem;margin:1rem 0}small{color:#666}"
)


def markdown(old: str, new: str, found: Mapping[str, Any]) -> str:
    """The changes as a list, the first of them; word by word where a paragraph was changed."""
    changes = found["changes"]
    if not changes:
        return f"{plain(new)} says the same as {plain(old)}, word for word."
    lines = [f"- {_where(one)}{_pieces(one['pieces'])}" for one in changes[:SHOWN]]
    more = f"\n\n{len(changes) - SHOWN} more are in the page below." if len(changes) > SHOWN else ""
    cut = "\n\nOnly the first paragraphs were compared, since the documents are very long." if found["cut"] else ""
    return (
        f"From **{plain(old)}** to **{plain(new)}**: {counted(changes)}; {found['same']} paragraphs stayed.\n\n"
        + "\n".join(lines) + more + cut
    )  # fmt: skip


def counted(changes: Sequence[Mapping[str, Any]]) -> str:
    """How many paragraphs were changed in which way."""
    counts = Counter(one["kind"] for one in changes)
    return ", ".join(f"{counts[kind]} {name}" for kind, name in NAMES.items() if counts[kind])


def page(old: str, new: str, found: Mapping[str, Any]) -> str:
    """The whole comparison as a page of HTML that loads nothing."""
    parts = [
        f"<article><small>{escape(_label(one))}</small><p>{''.join(_marked(*piece) for piece in one['pieces'])}</p>"
        "</article>"
        for one in found["changes"]
    ]
    title = escape(f"{old} → {new}")
    return (
        f'<!doctype html><html><head><meta charset="utf-8"><title>{title}</title><style>{_STYLE}</style></head><body>'
        f"<h1>{title}</h1><p>{escape(counted(found['changes']))}; {found['same']} paragraphs stayed.</p>"
        + "\n".join(parts)
        + "</body></html>"
    )


def _where(one: Mapping[str, Any]) -> str:
    return f"**{plain(_label(one))}**: "


def _label(one: Mapping[str, Any]) -> str:
    place = ", ".join(filter(None, (one["heading"], one["place"])))
    return f"{NAMES[one['kind']].capitalize()}{f' ({place})' if place else ''}"


def _pieces(pieces: Iterable[Sequence[str]]) -> str:
    """Removed words struck out, new words bold, and of what stayed only what stands next to them."""
    shown: list[str] = []
    pieces = list(pieces)
    for place, (kind, text) in enumerate(pieces):
        words = plain(" ".join(text.split()))
        left, right = text[:1].isspace(), text[-1:].isspace()
        if kind == "same" and len(words) > 2 * AROUND:
            start = words[:AROUND].rpartition(" ")[0] if place else ""
            end = words[-AROUND:].partition(" ")[2] if place < len(pieces) - 1 else ""
            words = f"{start} … {end}".strip()
        elif kind != "same" and words:
            words = f"~~{words}~~" if kind == "old" else f"**{words}**"
            left = left or bool(shown and shown[-1].endswith(("~~", "**")))
        shown.append(f"{' ' if left else ''}{words}{' ' if right else ''}")
    return " ".join("".join(shown).split())


def _marked(kind: str, text: str) -> str:
    tag = {"old": "del", "new": "ins"}.get(kind)
    return f"<{tag}>{escape(text)}</{tag}>" if tag else escape(text)

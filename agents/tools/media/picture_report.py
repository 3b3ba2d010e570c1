"""What was seen on a picture, in markdown. Whatever comes from the picture is a stranger's, and stays words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from agents.tools.text.markdown import plain
from config.currencies import EXPONENTS
from integrations.media.images.look import PIPELINES
from memory.money import Money

MOST_LINES = 60
MOST_ROWS = 30
ROUGH = 0.75
PART_NAMES = {
    "metadata": "details of the file", "quality": "quality", "colours": "colours", "codes": "codes", "text": "text",
    "faces": "faces", "enhance": "a clearer copy",
}  # fmt: skip


def facts(name: str, seen: Mapping[str, Any]) -> str:
    """Name, kind, size and quality in one line."""
    size = f"{seen['width']:,} × {seen['height']:,} pixels"
    return f"**{plain(name)}**: {seen['format']}, {size}, {_bytes(seen['bytes'])}."


def quality(seen: Mapping[str, Any]) -> str:
    """How good the picture is, and how large it can be printed."""
    found = seen["quality"]
    across, down = found["print_cm"]
    return (
        f"It is {' and '.join(found['words'])}. Printed at 300 dpi it gives {across:g} × {down:g} cm, "
        f"at 150 dpi {2 * across:g} × {2 * down:g} cm."
    )


def colours(seen: Mapping[str, Any]) -> str:
    """The main colours, and which pairs text can be read in."""
    rows = "\n".join(f"| {one['name']} | `{one['hex']}` | {one['share']:.0%} |" for one in seen["colours"])
    table = f"| Colour | Code | Share |\n|---|---|---:|\n{rows}"
    good = [pair for pair in seen["contrasts"] if pair["ratio"] >= 4.5]
    named = {one["hex"]: one["name"] for one in seen["colours"]}
    if not good:
        return f"{table}\n\nNo two of the main colours contrast enough for text (4.5 : 1)."
    best = max(good, key=lambda pair: pair["ratio"])
    words = f"{named[best['one']]} on {named[best['other']]}"
    return f"{table}\n\nText reads best in {words} ({best['ratio']} : 1; 4.5 : 1 is what text needs)."


def codes(seen: Mapping[str, Any]) -> str:
    """What the codes say; nothing is opened."""
    if not seen["codes"]:
        return "I found no QR code or bar code."
    lines = "\n".join(f"- {plain(one['kind'])}: {plain(one['text'], 500)}" for one in seen["codes"])
    return f"{lines}\n\nI did not open anything it points to."


def faces(seen: Mapping[str, Any]) -> str:
    """How many faces, and what the count is worth."""
    count = seen["faces"]
    told = "I found no face" if not count else "I count one face" if count == 1 else f"I count {count} faces"
    return f"{told}. Only upright faces that look at the camera are counted, and nobody is identified."


def objects(seen: Mapping[str, Any]) -> str:
    """What the detector found, by kind, with how sure it is of the surest."""
    surest: dict[str, list[float]] = {}
    for one in seen["objects"]:
        surest.setdefault(one["name"], []).append(one["confidence"])
    told = ", ".join(f"{len(all)} × {plain(name, 40)} ({max(all):.0%} sure)" for name, all in surest.items())
    return f"Your detector finds: {told}." if told else "Your detector finds nothing it knows."


def metadata(seen: Mapping[str, Any]) -> str:
    """What the file says about itself; the place is named, with what to do about it."""
    said, place = seen["metadata"]["said"], seen["metadata"]["place"]
    lines = [f"- {name}: {plain(value)}" for name, value in said.items()]
    if place:
        lines.append(
            f"- place: {place[0]}, {place[1]}. Anyone who gets this file can see where it was taken; "
            "say “remove the location” for a copy without it."
        )
    return "\n".join(lines) or "The file says nothing about camera, time or place."


def text(seen: Mapping[str, Any]) -> str:
    """The text, its tables, and how far to trust it."""
    if not seen["text"].strip():
        lost = seen["unread"]
        if lost:
            return f"I see {lost} places that look like text but cannot read them; the script may be one I do not know."
        return "I found no text on it."
    lines = [line for line in seen["text"].split("\n") if line.strip()]
    quoted = "\n".join(f"> {plain(line, 400)}  " for line in lines[:MOST_LINES])
    parts = [quoted]
    if len(lines) > MOST_LINES:
        parts.append(f"*and {len(lines) - MOST_LINES} more lines*")
    if "receipt" not in seen:
        parts += [_table(rows) for rows in seen["tables"][:3]]
    if seen["confidence"] < ROUGH:
        parts.append("*The picture is hard to read; please check the words.*")
    if seen["unread"]:
        parts.append(f"*{_count(seen['unread'], 'place')} that look like text could not be read.*")
    return "\n\n".join(parts)


def receipt(found: Mapping[str, Any]) -> str:
    """A receipt's data with what confirms it."""
    total = _money(found["total"], found["currency"])
    rows = [
        ("Vendor", plain(found["vendor"] or "not found")),
        ("Date", found["date"] or "not found"),
        ("Total", f"**{total}**" if total else "not found"),
        ("Tax", _money(found["tax"], found["currency"]) or "not stated"),
    ]
    told = "| Receipt | |\n|---|---|\n" + "\n".join(f"| {name} | {value} |" for name, value in rows)
    bought = "\n".join(
        f"- {plain(line['description'], 80)}: {_money(line['amount'], found['currency'])}" for line in found["lines"]
    )
    agreeing = {
        "lines": "the lines add up to it",
        "tax": "net and tax add up to it",
        "change": "cash less change gives it",
        "tip": "net, tax and tip add up to it",
        "paid": "it is what was paid",
    }
    why = [agreeing[name] for name in found["agrees"]]
    checked = f"The total is confirmed: {', '.join(why)}." if why else ""
    return "\n\n".join(filter(None, (told, bought, checked, *(f"*{doubt}*" for doubt in found["doubts"]))))


def looked(depth: str) -> str:
    """What a quick or an enhanced look has, what it takes, and how to have more."""
    parts, seconds = ", ".join(PART_NAMES[part] for part in PIPELINES[depth].parts), PIPELINES[depth].seconds
    if depth == "quick":
        return f"A quick look, about {seconds} s a picture: {parts}. Say “look closely” for more."
    return f"An enhanced look, about {seconds} s a picture: {parts}."


def enhanced(seen: Mapping[str, Any]) -> str:
    """What was done to the picture."""
    return f"Done: {', '.join(seen['enhanced']['done'])}. Before is on the left, after on the right."


def _table(rows: Sequence[Sequence[str]]) -> str:
    shown = [[plain(cell, 60) for cell in row] for row in rows[:MOST_ROWS]]
    head = "| " + " | ".join(shown[0]) + " |\n|" + "---|" * len(shown[0])
    return "\n".join([head, *("| " + " | ".join(row) + " |" for row in shown[1:])])


def _money(amount: str | None, currency: str | None) -> str:
    if amount is None:
        return ""
    return Money(Decimal(amount), currency).text() if currency in EXPONENTS else plain(amount)


def _bytes(size: int) -> str:
    return f"{size / 1_048_576:.1f} MB" if size >= 1_048_576 else f"{max(1, size // 1024)} kB"


def _count(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"

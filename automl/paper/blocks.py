"""What the report says, as blocks that every format can write."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from automl import costs, curve, report

Kind = Literal["heading", "text", "list", "table", "picture"]
INLINE = re.compile(r"\*\*(.+?)\*\*|`([^`]+)`")


@dataclass(frozen=True)
class Block:
    """A piece of the report: `text` of a heading, paragraph or caption; `lines` of a list; `rows` of a table.

    Texts hold bold and code as markdown marks them, and no other marks; a table's first row is its head.
    """

    kind: Kind
    text: str = ""
    lines: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    picture: Path | None = None


def compose(result: dict[str, Any], explained: str, verdict: list[Block], why: list[Block], made: str) -> list[Block]:
    """The report on a run.

    Args:
        result: What `automl.studio.run` returned.
        explained: What moves the predictions, in markdown; nothing for a forecast.
        verdict: Pictures of how good it is.
        why: Pictures of what moves the predictions.
        made: How the run came about.
    """
    series = result["task"] == "series"
    title = f"A forecast of {result['target']}" if series else f"A model for {result['target']}"
    found = [Block("heading", title), *_blocks(report.headline(result))]
    found += [Block("heading", "How good it is"), *_blocks(report.verdict(result)), *verdict]
    if result.get("costs"):
        found += _blocks(costs.in_words(result["costs"]))
    if weak := result.get("segments"):
        found += [Block("text", "It errs most here:"), Block("list", lines=tuple(one["words"] for one in weak))]
    if before := (result.get("before") or {}).get("words"):
        found += _blocks(before)
    if told := curve.in_words(result.get("curve", []), result["task"]):
        found += _blocks(told)
    if explained:
        found += [Block("heading", "What moves the predictions"), *_blocks(explained), *why]
    if result["warnings"]:
        found += [Block("heading", "Please note"), Block("list", lines=tuple(result["warnings"]))]
    found += [Block("heading", "The models that were compared")]
    found += _blocks(report.leaderboard(result["leaderboard"], result["metric"]))
    found += [Block("heading", "How the data were prepared"), *_blocks(report.preparation(result))]
    return [*found, Block("heading", "How this was made"), *_blocks(made)]


def _blocks(markdown: str) -> list[Block]:
    """Blocks of plain markdown: paragraphs, lists and tables."""
    found: list[Block] = []
    for part in re.split(r"\n\s*\n", markdown.strip()):
        lines = part.split("\n")
        if lines[0].startswith("|"):
            cells = [tuple(cell.strip() for cell in line.strip("| ").split("|")) for line in lines]
            found.append(Block("table", rows=(cells[0], *cells[2:])))
            continue
        items = tuple(line[2:] for line in lines if line.startswith("- "))
        words = " ".join(line for line in lines if not line.startswith("- "))
        found += ([Block("text", words)] if words else []) + ([Block("list", lines=items)] if items else [])
    return found


def spans(text: str) -> list[tuple[str, bool]]:
    """A text in pieces, each with whether it is strong."""
    pieces, last = [], 0
    for match in INLINE.finditer(text):
        pieces += [(text[last : match.start()], False), ((match[1] or match[2]).replace("`", ""), True)]
        last = match.end()
    return [piece for piece in [*pieces, (text[last:], False)] if piece[0]]

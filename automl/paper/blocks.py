"""What the report says, as blocks that every format can write."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from automl import report

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


def compose(
    result: dict[str, Any], explained: str, weak: list[str], pictures: dict[str, Path], made: str
) -> list[Block]:
    """The report on a run: `explained` says in markdown what moves the predictions, `made` how it came about."""
    found = [Block("heading", f"A model for {result['target']}"), *_blocks(report.headline(result))]
    found += [Block("heading", "How good it is"), *_blocks(report.verdict(result))]
    found += [Block("picture", caption, picture=pictures[key]) for key, caption in SHOWN.items() if key == "judged"]
    if weak:
        found += [Block("text", "It errs most here:"), Block("list", lines=tuple(weak))]
    found += [Block("heading", "What moves the predictions"), *_blocks(explained)]
    found += [Block("picture", caption, picture=pictures[key]) for key, caption in SHOWN.items() if key != "judged"]
    if result["warnings"]:
        found += [Block("heading", "Please note"), Block("list", lines=tuple(result["warnings"]))]
    found += [Block("heading", "The models that were compared")]
    found += _blocks(report.leaderboard(result["leaderboard"], result["metric"]))
    found += [Block("heading", "How the data were prepared"), *_blocks(report.preparation(result))]
    return [*found, Block("heading", "How this was made"), *_blocks(made)]


SHOWN = {
    "judged": "Judged on rows the model had not seen.",
    "importance": "How much each column moves a prediction on average.",
    "beeswarm": "Each dot is a row: how far each column moved its prediction, coloured by the column's value.",
}


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

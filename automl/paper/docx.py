"""The report as a Word document that a client can edit."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from automl.paper.blocks import Block, spans

NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write(blocks: list[Block], path: Path) -> Path:
    """Write the blocks; the first heading is the title."""
    from docx import Document
    from docx.shared import Cm

    document = Document()
    document.core_properties.title, document.core_properties.author = NOT_XML.sub("", blocks[0].text), "FreelanceX"
    for place, block in enumerate(blocks):
        if block.kind == "heading":
            document.add_heading(NOT_XML.sub("", block.text), 0 if place == 0 else 1)
        elif block.kind == "text":
            _fill(document.add_paragraph(), block.text)
        elif block.kind == "list":
            for line in block.lines:
                _fill(document.add_paragraph(style="List Bullet"), line)
        elif block.kind == "table":
            table = document.add_table(len(block.rows), len(block.rows[0]), style="Light List Accent 1")
            for row, cells in zip(table.rows, block.rows, strict=True):
                for cell, text in zip(row.cells, cells, strict=True):
                    _fill(cell.paragraphs[0], text)
        else:
            document.add_picture(str(block.picture), width=Cm(16))
            _fill(document.add_paragraph(style="Caption"), block.text)
    document.save(str(path))
    return path


def _fill(paragraph: Any, text: str) -> None:
    for part, strong in spans(NOT_XML.sub("", text)):
        paragraph.add_run(part).bold = strong

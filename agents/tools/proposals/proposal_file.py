"""A proposal as a Word document. Runs in another process: python-docx takes a while to load."""

from __future__ import annotations

import re
from typing import Any


def write_docx(text: str, title: str, path: str) -> dict[str, Any]:
    """Write markdown of paragraphs, bullets and bold to `path`; returns ``{"paragraphs": n}``."""
    from docx import Document

    document = Document()
    document.core_properties.title = title
    paragraph, count = None, 0
    for line in text.splitlines():
        if not line.strip():
            paragraph = None
            continue
        bullet = line.startswith("- ")
        if bullet or paragraph is None:
            paragraph = document.add_paragraph(style="List Bullet" if bullet else None)
            count += 1
        else:
            paragraph.add_run().add_break()
        for number, piece in enumerate(re.split(r"\*\*", line.removeprefix("- ").rstrip())):
            paragraph.add_run(piece).bold = number % 2 == 1
        if bullet:
            paragraph = None
    document.save(path)
    return {"paragraphs": count}

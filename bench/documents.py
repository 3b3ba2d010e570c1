"""How fast documents are read and how well they are questioned, beside the plain library beneath.

A PDF of 500 pages is made here, with headings, paragraphs of text and a table a page; a scan is a picture of a page.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

PAGES = 500
SAMPLE = Path(__file__).parent.parent / "data" / "samples" / "project_brief.pdf"


def run() -> dict[str, Any]:
    """Read the long PDF both ways and the other formats once; returns seconds, pages and what was found."""
    with tempfile.TemporaryDirectory() as folder:
        long, scan = Path(folder) / "long.pdf", Path(folder) / "scan.pdf"
        _long_pdf(long)
        _scan(scan)
        from integrations.media.documents.read import parse, read_document
        from integrations.media.documents.scanned import read_scanned
        from integrations.media.documents.tables import read_tables

        ours, parsed = _timed(lambda: read_document(str(long), long.name))
        blocks = parse(long, long.name)[1].blocks
        plain, signs = _timed(lambda: _plainly(long))
        tables, found = _timed(lambda: read_tables(str(SAMPLE), SAMPLE.name))
        seconds, read = _timed(lambda: read_scanned(str(scan), scan.name))
        compared, changes = _timed(lambda: _compared(long))
    return {
        "pages": parsed["pages"],
        "seconds": {"ours": ours, "plain pypdfium2": plain},
        "signs": {"ours": sum(len(one["text"]) for one in parsed["passages"]), "plain pypdfium2": signs},
        "headings": sum(block.kind == "heading" for block in blocks),
        "rows": sum(block.kind == "row" for block in blocks),
        "sample_tables": {"seconds": tables, "found": len(found)},
        "scan": {"seconds": seconds, "words": sum(len(one["text"].split()) for one in read["passages"])},
        "compare": {"seconds": compared, "changes": changes},
    }


def show(figures: dict[str, Any]) -> None:
    """Print the figures."""
    seconds, signs = figures["seconds"], figures["signs"]
    tables, scan, compare = figures["sample_tables"], figures["scan"], figures["compare"]
    print(
        f"{figures['pages']} pages of PDF: {seconds['ours']:.1f} s with structure ({signs['ours']:,} signs, "
        f"{figures['headings']} headings, {figures['rows']} table rows)",
        f"  plain pypdfium2, no structure: {seconds['plain pypdfium2']:.1f} s ({signs['plain pypdfium2']:,} signs)",
        f"tables of the 4-page sample: {tables['found']} in {tables['seconds']:.1f} s",
        f"a scanned page: {scan['seconds']:.1f} s, {scan['words']} words",
        f"comparison of 2 × {figures['pages']} pages: {compare['seconds']:.1f} s, {compare['changes']} changes",
        sep="\n",
    )


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    started = time.perf_counter()
    result = work()
    return round(time.perf_counter() - started, 2), result


def _plainly(path: Path) -> int:
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    return sum(len(page.get_textpage().get_text_range()) for page in document)


def _compared(path: Path) -> int:
    from agents.tools.documents.document_changes import changes, paragraphs
    from integrations.media.documents.read import parse

    old = paragraphs(parse(path, path.name)[1].blocks)[:4_000]
    new = [one for place, one in enumerate(old) if place % 97]
    return sum(one.kind != "same" for one in changes(old, new))


def _long_pdf(path: Path) -> None:
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(str(path))
    words = "The contractor delivers the agreed report and the client accepts it within ten working days".split()
    for number in range(PAGES):
        canvas.setFont("Helvetica-Bold", 15)
        canvas.drawString(72, 780, f"{number + 1}. On {words[number % 15]} and {words[number // 15 % 15]}")
        canvas.setFont("Helvetica", 10)
        for line in range(44):
            turn = (number * 7 + line * 3) % len(words)
            canvas.drawString(
                72, 755 - 14 * line, " ".join((words[turn:] + words[:turn])[:14]) + f" {number * 44 + line}."
            )
        for line in range(4):
            for column, cell in enumerate(
                (f"Item {words[(number + line) % 15]}", f"{line + 1} May 2026", f"{number * line},00 EUR")
            ):
                canvas.drawString(72 + 150 * column, 120 - 14 * line, cell)
        canvas.showPage()
    canvas.save()


def _scan(path: Path) -> None:
    import pypdfium2

    page = pypdfium2.PdfDocument(SAMPLE)[1]
    page.render(scale=150 / 72).to_pil().convert("L").save(path, "PDF", resolution=150)

"""Reading documents: every format gives passages with their place; what cannot be read is refused in one sentence."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from reportlab.lib import pdfencrypt

from config.paths import SAMPLES
from integrations.media.documents.format import UnreadableDocument
from integrations.media.documents.read import MEMORY_MB, formats, read_document
from tests.integrations.media.documents.made import pdf

BRIEF = SAMPLES / "project_brief.pdf"


def put(folder: Path, name: str, content: bytes | str) -> dict[str, Any]:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_document(str(path), name)


def refused(folder: Path, name: str, content: bytes | str) -> str:
    with pytest.raises(UnreadableDocument) as reason:
        put(folder, name, content)
    sentence = str(reason.value)
    assert sentence.endswith(".") and "\n" not in sentence and str(folder) not in sentence
    return sentence


def all_text(parsed: dict[str, Any]) -> str:
    return "\n".join(passage["text"] for passage in parsed["passages"])


def test_the_formats_are_found_in_their_folder() -> None:
    suffixes = {suffix for format in formats() for suffix in format.suffixes}
    assert {"pdf", "docx", "txt", "md", "html", "eml"} <= suffixes


def test_a_pdf_gives_pages_headings_rows_and_no_footers() -> None:
    parsed = read_document(str(BRIEF), BRIEF.name)
    assert parsed["pages"] == 4
    assert "4. Fees and Payment Terms" in parsed["headings"]
    fees = next(passage for passage in parsed["passages"] if "net 30 days" in passage["text"])
    assert (fees["page"], fees["place"], fees["heading"]) == (2, "page 2", "4. Fees and Payment Terms")
    assert "Data quality report | 20 March 2026 | 2,400.00 EUR" in all_text(parsed)
    assert "Page 2 of 4" not in all_text(parsed)


def test_words_broken_at_line_ends_are_joined(tmp_path: Path) -> None:
    page = (
        "The final deliv-\nery of the long-term project needs a writ-\n"
        "ten acceptance by both of the long-\nterm partners."
    )
    joined = "The final delivery of the long-term project needs a written acceptance by both of the long-term partners."
    assert all_text(put(tmp_path, "a.pdf", pdf(page))) == joined


def test_a_docx_gives_headings_tables_and_sections(tmp_path: Path) -> None:
    document = Document()
    document.add_heading("Fees", level=1)
    document.add_paragraph("The fee is 900 EUR.")
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Milestone", "1 May 2026"
    document.save(str(tmp_path / "in.docx"))
    parsed = read_document(str(tmp_path / "in.docx"), "in.docx")
    assert parsed["headings"] == ["Fees"]
    assert parsed["passages"][0]["place"] == 'section "Fees"'
    assert "Milestone | 1 May 2026" in all_text(parsed)


def test_page_breaks_in_a_docx_are_pages(tmp_path: Path) -> None:
    document = Document()
    document.add_paragraph("First things.")
    document.add_page_break()
    document.add_paragraph("Second things.")
    document.save(str(tmp_path / "in.docx"))
    parsed = read_document(str(tmp_path / "in.docx"), "in.docx")
    assert [(p["text"], p["place"]) for p in parsed["passages"]] == [
        ("First things.", "page 1"),
        ("Second things.", "page 2"),
    ]


def test_markdown_text_html_and_mail(tmp_path: Path) -> None:
    markdown = put(tmp_path, "a.md", "# Terms\n\nPay **net 14** days.\n\n| A | B |\n|---|---|\n| one | two |\n")
    assert markdown["headings"] == ["Terms"]
    assert markdown["passages"][0]["place"] == "line 3"
    assert "Pay net 14 days.\nA | B\none | two" in all_text(markdown)
    page = put(
        tmp_path, "a.html", "<!doctype html><head><title>x</title></head><h2>Fees</h2><script>evil()</script><p>Ten €"
    )
    assert page["headings"] == ["Fees"] and all_text(page) == "Ten €"
    mail = put(tmp_path, "a.eml", "From: a@x.example\nTo: b@y.example\nSubject: Offer\n\nPlease send 3 invoices.\n")
    assert "Subject: Offer" in all_text(mail) and "3 invoices" in all_text(mail)
    assert "Müller zahlt 5 €" in all_text(put(tmp_path, "b.txt", "Müller zahlt 5 €".encode("cp1252")))


def test_passages_keep_to_headings_and_to_their_size(tmp_path: Path) -> None:
    sentence = "This sentence about the fee has exactly nine words. "
    parsed = put(tmp_path, "long.md", f"# One\n\n{sentence * 60}\n\n# Two\n\nShort end.\n")
    sizes = [len(passage["text"].split()) for passage in parsed["passages"]]
    assert max(sizes) <= 150
    assert all(size >= 80 for size in sizes[:-2])
    assert all(passage["text"].endswith(".") for passage in parsed["passages"])
    assert parsed["passages"][-1] == {"text": "Short end.", "place": "line 7", "page": None, "heading": "Two"}


def test_a_locked_pdf(tmp_path: Path) -> None:
    locked = pdf("Secret", encrypt=pdfencrypt.StandardEncryption("word", canPrint=0))
    assert "password" in refused(tmp_path, "a.pdf", locked)


def test_a_pdf_of_empty_pages(tmp_path: Path) -> None:
    assert "empty" in refused(tmp_path, "a.pdf", pdf("", ""))


@pytest.mark.parametrize("part", [0.02, 0.3])
def test_a_pdf_cut_off(tmp_path: Path, part: float) -> None:
    whole = BRIEF.read_bytes()
    assert "cut off" in refused(tmp_path, "a.pdf", whole[: int(len(whole) * part)])


def test_a_pdf_whose_end_is_missing_is_read_with_a_note(tmp_path: Path) -> None:
    parsed = put(tmp_path, "a.pdf", BRIEF.read_bytes()[:-8])
    assert "net 30 days" in all_text(parsed)
    assert any("cut off" in note for note in parsed["notes"])


def bomb(entries: int = 1, size: int = 1000) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", b"a" * size)
        for number in range(entries):
            archive.writestr(f"word/part{number}.xml", "x")
    return target.getvalue()


def test_archives_that_would_unpack_to_too_much(tmp_path: Path) -> None:
    assert "not safe" in refused(tmp_path, "a.docx", bomb(size=60_000_000))
    assert "parts" in refused(tmp_path, "a.docx", bomb(entries=2_100))


def test_a_damaged_docx(tmp_path: Path) -> None:
    assert "damaged" in refused(tmp_path, "a.docx", bomb())
    assert "damaged" in refused(tmp_path, "a.docx", b"PK\x03\x04 and nothing more")


def test_a_docx_with_entities_is_refused(tmp_path: Path) -> None:
    source = io.BytesIO()
    Document().save(source)
    target = io.BytesIO()
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            body = b'<!DOCTYPE x [<!ENTITY a "b">]><x/>' if name == "word/document.xml" else old.read(name)
            new.writestr(name, body)
    assert "entities" in refused(tmp_path, "a.docx", target.getvalue())


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.pdf", b"\x89PNG\r\n\x1a\n123", "picture"),
        ("a.doc", b"\xd0\xcf\x11\xe0rest", "old Office"),
        ("a.txt", b"\x00\x01\x02\x03binary", "no document"),
        ("a.rtf", b"{\\rtf1 }", "RTF"),
        ("a.txt", b"", "empty"),
        ("a.md", b"  \n\n ", "empty"),
    ],
)
def test_what_is_no_document(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    assert words in refused(tmp_path, name, content)


def test_content_counts_more_than_the_name(tmp_path: Path) -> None:
    parsed = put(tmp_path, "a.txt", BRIEF.read_bytes())
    assert parsed["format"] == "PDF"
    assert any(".txt" in note for note in parsed["notes"])


async def test_it_fits_the_limits_of_its_own_process() -> None:
    from graph.jobs import ProcessJobs

    jobs = ProcessJobs(workers=1)
    try:
        parsed = await jobs.run(
            "integrations.media.documents.read:read_document",
            {"path": str(BRIEF), "name": BRIEF.name},
            seconds=60,
            memory_mb=MEMORY_MB,
        )
    finally:
        await jobs.close()
    assert parsed["pages"] == 4


async def test_its_own_process_has_no_network(caplog: pytest.LogCaptureFixture) -> None:
    from agents.deps import JobError
    from graph.jobs import ProcessJobs

    jobs = ProcessJobs(workers=1)
    try:
        with pytest.raises(JobError):
            await jobs.run("urllib.request:urlopen", {"url": "http://127.0.0.1:9/"}, seconds=60, memory_mb=MEMORY_MB)
    finally:
        await jobs.close()
    assert "PermissionError" in caplog.text

"""Every format gives its words with their structure: headings, lists, tables, notes, comments, tracked changes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from integrations.media.documents.format import Block, LockedDocument, UnreadableDocument
from integrations.media.documents.read import parse, read_document
from integrations.media.documents.tables import read_tables
from tests.integrations.media.documents import made


def blocks(folder: Path, name: str, content: bytes, **options: Any) -> list[Block]:
    path = folder / "file"
    path.write_bytes(content)
    return parse(path, name, **options)[1].blocks


def kinds(found: list[Block]) -> set[tuple[str, str]]:
    return {(block.kind, block.text) for block in found}


@pytest.mark.parametrize("suffix", made.EVERY)
def test_every_format_gives_its_words_whatever_the_file_is_named(tmp_path: Path, suffix: str) -> None:
    content = made.EVERY[suffix]()
    wanted = "9,600 EUR" if suffix == "ods" else "payable within 30 days"
    names = (f"a.{suffix}",) if suffix in ("md", "py") else (f"a.{suffix}", "a.bin")
    for name in names:
        assert any(wanted in block.text for block in blocks(tmp_path, name, content)), name


def test_a_word_document_keeps_what_stands_beside_its_text(tmp_path: Path) -> None:
    assert kinds(blocks(tmp_path, "a.docx", made.docx())) >= {
        ("heading", "Fees"),
        ("paragraph", made.FEE),
        ("note", "Footnote: Without VAT."),
        ("comment", "Comment by Ben: Is this enough?"),
        ("change", "Tracked change by Ana on 2026-03-01: deleted “14”"),
        ("change", "Tracked change by Ana on 2026-03-01: inserted “30”"),
        ("item", "A data report"),
        ("row", "Report | 20 March 2026 | 2,400 EUR"),
    }


def test_an_opendocument_text_does_so_too(tmp_path: Path) -> None:
    assert kinds(blocks(tmp_path, "a.odt", made.odt())) >= {
        ("heading", "Fees"),
        ("paragraph", made.FEE),
        ("note", "Footnote: Without VAT."),
        ("comment", "Comment by Ben: Is this enough?"),
        ("change", "Tracked change by Ana: deleted “14”"),
        ("item", "A data report"),
        ("row", "Report | 20 March 2026 | 2,400 EUR"),
    }


def test_slides_are_pages_with_their_speaker_notes(tmp_path: Path) -> None:
    found = blocks(tmp_path, "a.pptx", made.pptx())
    assert ("heading", "Fees", 1) in {(b.kind, b.text, b.page) for b in found}
    assert ("note", "Speaker notes: Smile here", 1) in {(b.kind, b.text, b.page) for b in found}
    assert ("row", "Model | 10 April 2026 | 9,600 EUR", 2) in {(b.kind, b.text, b.page) for b in found}


def test_a_form_gives_what_was_filled_in_and_what_readers_noted(tmp_path: Path) -> None:
    found = kinds(blocks(tmp_path, "a.pdf", made.form_pdf()))
    assert ("item", "Bank account: DE89 3704") in found
    assert any(kind == "comment" and "Check this number twice" in text for kind, text in found)


def test_a_locked_pdf_opens_with_its_password_only(tmp_path: Path) -> None:
    locked = made.locked_pdf("Sommer24")
    with pytest.raises(LockedDocument, match="the password is"):
        blocks(tmp_path, "a.pdf", locked)
    with pytest.raises(LockedDocument, match="not the password"):
        blocks(tmp_path, "a.pdf", locked, password="Winter23")
    assert made.FEE in {block.text for block in blocks(tmp_path, "a.pdf", locked, password="Sommer24")}


@pytest.mark.parametrize("suffix", ["docx", "xlsx", "pptx"])
def test_a_locked_office_file_opens_with_its_password_only(tmp_path: Path, suffix: str) -> None:
    locked = made.locked_office(made.EVERY[suffix](), "Sommer24")
    with pytest.raises(LockedDocument, match="the password is"):
        blocks(tmp_path, f"a.{suffix}", locked)
    with pytest.raises(LockedDocument, match="not the password"):
        blocks(tmp_path, f"a.{suffix}", locked, password="Winter23")
    opened = {block.text for block in blocks(tmp_path, f"a.{suffix}", locked, password="Sommer24")}
    assert opened == {block.text for block in blocks(tmp_path, f"a.{suffix}", made.EVERY[suffix]())}


def test_a_locked_office_file_that_is_cut_off_is_told_as_damaged(tmp_path: Path) -> None:
    locked = made.locked_office(made.EVERY["docx"](), "Sommer24")
    with pytest.raises(UnreadableDocument, match="damaged"):
        blocks(tmp_path, "a.docx", locked[: len(locked) // 2], password="Sommer24")


def test_a_mail_names_its_attachments_harmlessly(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(made.eml())
    parsed = read_document(str(path), "a.eml")
    assert parsed["notes"] == ["The mail has attachments that were not read: offer_.pdf."]


def test_a_book_is_read_in_the_order_of_its_spine(tmp_path: Path) -> None:
    found = blocks(tmp_path, "a.epub", made.epub())
    assert [block.text for block in found if block.kind == "heading"] == ["Fees", "Second"]


def test_an_archive_gives_each_document_under_its_name(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(made.archive())
    parsed = read_document(str(path), "a.zip")
    assert {"fees.md", "terms.docx", "Fees"} <= set(parsed["headings"])
    assert any(note.startswith("photo.png was not read") for note in parsed["notes"])


def test_code_is_read_by_its_functions_with_line_numbers(tmp_path: Path) -> None:
    found = blocks(tmp_path, "a.py", made.source())
    assert [(b.text, b.line) for b in found if b.kind == "heading"] == [("def fee", 1), ("class Client", 6)]


@pytest.mark.parametrize("suffix", ["docx", "pptx", "odt", "ods", "xlsx", "html", "ruled"])
def test_tables_keep_their_cells(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / "a"
    path.write_bytes(made.ruled_pdf() if suffix == "ruled" else made.EVERY[suffix]())
    table = read_tables(str(path), f"a.{'pdf' if suffix == 'ruled' else suffix}")[0]
    assert [tuple(row[:3]) for row in table["rows"][:3]] == list(made.ROWS)


def test_pages_of_pictures_are_named_and_can_be_read(tmp_path: Path) -> None:
    from integrations.media.documents.scanned import read_scanned

    path = tmp_path / "a"
    path.write_bytes(made.scanned_pdf("4. Fees\n\nThe fee is 12,000 EUR and is payable\nwithin 30 days."))
    assert read_document(str(path), "a.pdf")["scanned"] == [1]
    parsed = read_scanned(str(path), "a.pdf")
    text = " ".join(passage["text"] for passage in parsed["passages"])
    assert "12,000 EUR" in text and "within 30 days" in text
    assert parsed["passages"][0]["page"] == 1 and "recognised" in parsed["notes"][-1]


@pytest.mark.parametrize("part", ["<", "<p", "<!--", "<a href='", "</", "<![CDATA[", "<div>"])
def test_hostile_html_ends(tmp_path: Path, part: str) -> None:
    found = blocks(tmp_path, "a.html", f"<!doctype html><p>{made.FEE}</p>{part * 200_000}".encode())
    assert made.FEE in found[0].text

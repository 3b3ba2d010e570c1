"""Documents of every format, made here: each tells of the same small contract."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping
from email.message import EmailMessage
from typing import Any

from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from msoffcrypto.format.ooxml import OOXMLFile
from openpyxl import Workbook
from reportlab.lib import pdfencrypt
from reportlab.pdfgen.canvas import Canvas

FEE = "The fee is 12,000 EUR and is payable within 30 days."
ROWS = (
    ("Milestone", "Due", "Amount"),
    ("Report", "20 March 2026", "2,400 EUR"),
    ("Model", "10 April 2026", "9,600 EUR"),
)


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content, zipfile.ZIP_STORED if name == "mimetype" else None)
    return target.getvalue()


def pdf(*pages: str, **options: Any) -> bytes:
    target = io.BytesIO()
    canvas = Canvas(target, **options)
    for page in pages:
        text = canvas.beginText(72, 760)
        for line in page.splitlines():
            text.textLine(line)
        canvas.drawText(text)
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def locked_pdf(password: str) -> bytes:
    return pdf(FEE, encrypt=pdfencrypt.StandardEncryption(password, canPrint=0))


def locked_office(plain: bytes, password: str) -> bytes:
    """A DOCX, XLSX or PPTX in a locked container, as Office writes it."""
    target = io.BytesIO()
    OOXMLFile(io.BytesIO(plain)).encrypt(password, target)
    return target.getvalue()


def form_pdf() -> bytes:
    target = io.BytesIO()
    canvas = Canvas(target)
    canvas.drawString(72, 760, "Supplier form")
    canvas.acroForm.textfield(name="Bank account", value="DE89 3704", x=72, y=700, width=200, height=20)
    canvas.textAnnotation("Check this number twice", Rect=[72, 600, 90, 620])
    canvas.showPage()
    canvas.save()
    return target.getvalue()


def ruled_pdf() -> bytes:
    target = io.BytesIO()
    canvas = Canvas(target)
    canvas.drawString(72, 760, "Milestones")
    across, down = [72, 200, 330, 460], [740, 720, 700, 680]
    canvas.grid(across, down)
    for top, cells in zip(down, ROWS, strict=False):
        for left, cell in zip(across, cells, strict=False):
            canvas.drawString(left + 4, top - 14, cell)
    canvas.showPage()
    canvas.save()
    return target.getvalue()


def scanned_pdf(*pages: str) -> bytes:
    """Pictures of pages, as a scanner makes them."""
    from PIL import Image, ImageDraw, ImageFont

    pictures = []
    for page in pages:
        picture = Image.new("L", (1240, 1754), 250)
        ImageDraw.Draw(picture).multiline_text((130, 150), page, 10, ImageFont.load_default(30), spacing=16)
        pictures.append(picture)
    target = io.BytesIO()
    pictures[0].save(target, "PDF", save_all=True, append_images=pictures[1:], resolution=150)
    return target.getvalue()


def docx() -> bytes:
    """A heading, a paragraph with a tracked change, a footnote and a comment, a list and a table."""
    document = Document()
    document.add_heading("Fees", level=1)
    paragraph = document.add_paragraph("The fee is 12,000 EUR and is payable within ")
    for xml in (
        f'<w:del {nsdecls("w")} w:id="1" w:author="Ana" w:date="2026-03-01T09:00:00Z">'
        "<w:r><w:delText>14</w:delText></w:r></w:del>",
        f'<w:ins {nsdecls("w")} w:id="2" w:author="Ana" w:date="2026-03-01T09:00:00Z"><w:r><w:t>30</w:t></w:r></w:ins>',
        f'<w:r {nsdecls("w")}><w:t xml:space="preserve"> days.</w:t></w:r>',
        f'<w:r {nsdecls("w")}><w:footnoteReference w:id="7"/></w:r>',
    ):
        paragraph._p.append(parse_xml(xml))
    document.add_comment(paragraph.runs, text="Is this enough?", author="Ben")
    document.add_paragraph("A data report", style="List Bullet")
    table = document.add_table(rows=0, cols=3)
    for row in ROWS:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    target = io.BytesIO()
    document.save(target)
    notes = f'<w:footnotes {nsdecls("w")}><w:footnote w:id="7"><w:p><w:r><w:t>Without VAT.</w:t></w:r></w:p></w:footnote></w:footnotes>'  # noqa: E501
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr("word/footnotes.xml", notes)
    return target.getvalue()


def pptx() -> bytes:
    from pptx import Presentation
    from pptx.util import Inches

    show = Presentation()
    slide = show.slides.add_slide(show.slide_layouts[1])
    slide.shapes.title.text = "Fees"
    slide.placeholders[1].text = FEE
    slide.notes_slide.notes_text_frame.text = "Smile here"
    table = show.slides.add_slide(show.slide_layouts[6]).shapes.add_table(3, 3, *[Inches(1)] * 4).table
    for number, row in enumerate(ROWS):
        for column, text in enumerate(row):
            table.cell(number, column).text = text
    target = io.BytesIO()
    show.save(target)
    return target.getvalue()


def xlsx() -> bytes:
    book = Workbook()
    sheet = book.active
    sheet.title = "Fees"
    for row in ROWS:
        sheet.append(row)
    sheet.append((FEE,))
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


_ODF = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/"'
)


def _odf_table() -> str:
    rows = "".join(
        "<table:table-row>"
        + "".join(
            f"<table:table-cell office:value-type='string'><text:p>{cell}</text:p></table:table-cell>" for cell in row
        )
        + "</table:table-row>"
        for row in ROWS
    )
    return f'<table:table table:name="Fees">{rows}</table:table>'


def odt() -> bytes:
    body = (
        '<text:tracked-changes><text:changed-region text:id="c1"><text:deletion><office:change-info>'
        "<dc:creator>Ana</dc:creator></office:change-info><text:p>14</text:p></text:deletion></text:changed-region>"
        '</text:tracked-changes><text:h text:outline-level="1">Fees</text:h>'
        f'<text:p>{FEE}<text:change text:change-id="c1"/><text:note><text:note-body><text:p>Without VAT.</text:p>'
        "</text:note-body></text:note><office:annotation><dc:creator>Ben</dc:creator><text:p>Is this enough?</text:p>"
        "</office:annotation></text:p><text:list><text:list-item><text:p>A data report</text:p></text:list-item>"
        f"</text:list>{_odf_table()}"
    )
    xml = f"<office:document-content {_ODF}><office:body><office:text>{body}</office:text></office:body></office:document-content>"  # noqa: E501
    return zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": xml})


def ods() -> bytes:
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    xml = f"<office:document-content {_ODF}><office:body><office:spreadsheet>{_odf_table()}</office:spreadsheet></office:body></office:document-content>"  # noqa: E501
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>'
    )
    return zipped({"mimetype": kind, "META-INF/manifest.xml": manifest, "content.xml": xml})


def rtf() -> bytes:
    return (
        rb"{\rtf1\ansi {\fonttbl\f0\fswiss Helvetica;}\f0\pard Fees M\'fcller\par "
        + FEE.encode()
        + rb"\par \trowd Report\cell 20 March 2026\cell 2,400 EUR\cell\row }"
    )


def html() -> bytes:
    rows = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in ROWS)
    return (
        f"<!doctype html><title>x</title><h1>Fees</h1><p>{FEE}<ul><li>A data report</ul><table>{rows}</table>".encode()
    )


def eml() -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "ana@x.example", "ben@y.example", "Fees"
    mail.set_content(FEE)
    mail.add_attachment(b"abc", maintype="application", subtype="pdf", filename="../offer\u202e.pdf")
    return bytes(mail)


def epub() -> bytes:
    container = '<container><rootfiles><rootfile full-path="OPS/book.opf"/></rootfiles></container>'
    package = (
        '<package><manifest><item id="b" href="two.xhtml"/><item id="a" href="one.xhtml"/></manifest>'
        '<spine><itemref idref="a"/><itemref idref="b"/></spine></package>'
    )
    chapter = "<html><body><h1>{}</h1><p>{}</p></body></html>"
    return zipped(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": container,
            "OPS/book.opf": package,
            "OPS/two.xhtml": chapter.format("Second", "The end."),
            "OPS/one.xhtml": chapter.format("Fees", FEE),
        }
    )


def archive() -> bytes:
    return zipped({"../../fees.md": f"# Fees\n\n{FEE}\n", "brief/terms.docx": docx(), "photo.png": b"\x89PNG\r\n"})


def source() -> bytes:
    return f'def fee(hours):\n    """{FEE}"""\n    return hours * 80\n\n\nclass Client:\n    name = "ACME"\n'.encode()


def msg() -> bytes:
    """A mail as Outlook keeps it: a compound file whose streams are the mail's properties (MS-CFB, MS-OXMSG)."""
    texts = {0x0037: "Fees", 0x1000: FEE, 0x0C1A: "Ana", 0x0C1F: "ana@x.example"}
    entries = b"".join(struct.pack("<HHIII", 0x1F, tag, 6, 2 * len(text) + 2, 0) for tag, text in texts.items())
    # Streams of 4,096 bytes and more lie in sectors of their own; shorter ones would need a second table.
    streams = {f"__substg1.0_{tag:04X}001F": text.ljust(2_100).encode("utf-16-le") for tag, text in texts.items()}
    streams["__properties_version1.0"] = (bytes(32) + entries).ljust(4_112, b"\0")
    sectors, records = b"", []
    ordered = sorted(streams.items(), key=lambda item: (len(item[0]), item[0].upper()))
    folders = (len(ordered) + 4) // 4
    fat = [0xFFFFFFFD, *range(2, 1 + folders), 0xFFFFFFFE]
    for place, (name, data) in enumerate(ordered, 1):
        first, count = len(fat), -(-len(data) // 512)
        fat += [*range(first + 1, first + count), 0xFFFFFFFE]
        sectors += data.ljust(512 * count, b"\0")
        records.append(_record(name, 2, place + 1 if place < len(ordered) else _NONE, _NONE, first, len(data)))
    root = _record("Root Entry", 5, _NONE, 1, 0xFFFFFFFE, 0)
    folder = b"".join([root, *records]).ljust(512 * folders, b"\0")
    sizes = (0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4_096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0, 0)
    head = struct.pack("<8s16xHHHHH6xIIIIIIIIII", bytes.fromhex("d0cf11e0a1b11ae1"), *sizes)
    table = struct.pack(f"<{len(fat)}I", *fat).ljust(512, b"\xff")
    return head + b"\xff" * (512 - len(head)) + table + folder + sectors


_NONE = 0xFFFFFFFF


def _record(name: str, kind: int, right: int, child: int, first: int, size: int) -> bytes:
    raw = name.encode("utf-16-le")
    return struct.pack("<64sHBBIII36xIQ", raw, len(raw) + 2, kind, 1, _NONE, right, child, first, size)


EVERY = {
    "pdf": lambda: pdf(f"1. Fees\n\n{FEE}", "Second page."),
    "docx": docx, "pptx": pptx, "xlsx": xlsx, "odt": odt, "ods": ods, "rtf": rtf, "html": html,
    "md": lambda: f"# Fees\n\n{FEE}\n".encode(), "txt": FEE.encode, "eml": eml, "msg": msg, "epub": epub,
    "zip": archive, "py": source,
}  # fmt: skip
"""How to make a document of each format, by suffix."""

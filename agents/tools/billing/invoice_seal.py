"""Makes the PDF of an invoice a Factur-X one: PDF/A-3 with the EN 16931 XML inside (ZUGFeRD 2 is the same format)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from agents.tools.billing.invoice_xml import cii


def embed(path: str, invoice: dict[str, Any], sender: dict[str, Any]) -> None:
    """Put the XML into the PDF at `path`, with the metadata and the colour profile that PDF/A-3 asks for.

    The XML is checked against the official schema first. Raises Exception with the schema's words when it does not fit.
    """
    from facturx import generate_from_file

    xml = cii(invoice, sender)
    name = str(sender.get("company") or sender.get("name"))
    word = "Credit note" if invoice.get("kind") == "credit" else "Invoice"
    about = {"author": name, "title": f"{word} {invoice['number']}", "subject": "Factur-X", "keywords": "Factur-X"}
    generate_from_file(
        path, xml, level="en16931", check_xsd=True, check_schematron=False, pdf_metadata=about, lang="en-US"
    )
    _coloured(path)


def _coloured(path: str) -> None:
    """Say which colours are meant: sRGB, by its profile."""
    from PIL import ImageCms
    from pypdf import PdfReader, PdfWriter
    from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject, StreamObject, TextStringObject

    writer = PdfWriter(clone_from=PdfReader(path))
    profile = StreamObject()
    profile.set_data(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[NameObject("/N")] = NumberObject(3)
    intent = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/OutputIntent"),
            NameObject("/S"): NameObject("/GTS_PDFA1"),
            NameObject("/OutputConditionIdentifier"): TextStringObject("sRGB"),
            NameObject("/Info"): TextStringObject("sRGB IEC61966-2.1"),
            NameObject("/DestOutputProfile"): writer._add_object(profile),
        }
    )
    writer.root_object[NameObject("/OutputIntents")] = ArrayObject([writer._add_object(intent)])
    writer.write(Path(path))

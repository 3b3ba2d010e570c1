"""What a PDF holds beside its text: the fields of a form with what was filled in, and comments."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from functools import partial
from typing import Any

from integrations.media.documents.format import Block

MOST = 500
"""Annotations of one page that are read."""


def beside(document: Any, page: Any, number: int) -> Iterator[Block]:
    """The filled fields of a page as ``name: value``, and its comments with their authors."""
    import pypdfium2.raw as pdfium

    count = pdfium.FPDFPage_GetAnnotCount(page)
    if count <= 0:
        return
    if document.formenv is None and document.get_formtype() != pdfium.FORMTYPE_NONE:
        document.init_forms()
    form = document.formenv
    for index in range(min(count, MOST)):
        annotation = pdfium.FPDFPage_GetAnnot(page, index)
        if not annotation:
            continue
        try:
            if pdfium.FPDFAnnot_GetSubtype(annotation) != pdfium.FPDF_ANNOT_WIDGET:
                text = _string(annotation, b"Contents")
                author = _string(annotation, b"T") or "someone"
                if text:
                    yield Block(f"Comment by {author}: {text}", "comment", number)
            elif form is not None:
                name = _wide(partial(pdfium.FPDFAnnot_GetFormFieldName, form, annotation))
                value = _wide(partial(pdfium.FPDFAnnot_GetFormFieldValue, form, annotation))
                if name and value:
                    yield Block(f"{name}: {value}", "item", number)
        finally:
            pdfium.FPDFPage_CloseAnnot(annotation)


def _string(annotation: Any, key: bytes) -> str:
    import pypdfium2.raw as pdfium

    return _wide(partial(pdfium.FPDFAnnot_GetStringValue, annotation, key))


def _wide(read: Any) -> str:
    """Text that PDFium writes as UTF-16 into a buffer of the size that it states first."""
    import pypdfium2.raw as pdfium

    size = read(None, 0)
    if not 2 < size <= 1_000_000:
        return ""
    buffer = ctypes.create_string_buffer(size)
    read(ctypes.cast(buffer, ctypes.POINTER(pdfium.FPDF_WCHAR)), size)
    return " ".join(buffer.raw[: size - 2].decode("utf-16-le", "replace").split())

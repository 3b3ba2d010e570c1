"""QR codes and bar codes in a picture. What they say is shown, never followed."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

MOST = 20
LONGEST = 500


def codes_of(image: Image) -> list[dict[str, str]]:
    """Every code as ``{"kind", "text"}``, at most `MOST`."""
    import zxingcpp

    found = []
    for code in zxingcpp.read_barcodes(image)[:MOST]:
        text = "".join(sign if sign.isprintable() else " " for sign in code.text)
        found.append({"kind": str(code.format), "text": text[:LONGEST]})
    return found

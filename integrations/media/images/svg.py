"""Draws an SVG without letting it reach anything: no scripts, no entities, no files, no network, a bounded size."""

from __future__ import annotations

import base64
import io
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element

LONGEST_SIDE = 1600
MAX_BYTES = 5 * 1024 * 1024
MAX_ELEMENTS = 50_000
MAX_COPIES = 200
MAX_INNER_PIXELS = 4_000_000
_DAMAGED = "The drawing (SVG) is damaged or cut off; please save or download it again."
_UNSAFE = frozenset({"script", "foreignObject", "iframe", "audio", "video", "handler"})
_ADDRESS = re.compile(r"url\(\s*['\"]?(?!\s*#)[^)]*\)|@import[^;]*;?", re.IGNORECASE)


class NotDrawable(Exception):
    """The drawing cannot be drawn. The message is one sentence for the user."""


def looks_like_svg(head: bytes) -> bool:
    """Whether a file's first bytes speak for SVG."""
    return re.search(rb"<(?:\w+:)?svg[\s>]", head) is not None


def render(data: bytes) -> io.BytesIO:
    """The drawing as a PNG of at most `LONGEST_SIDE` pixels a side. Raises NotDrawable."""
    import resvg_py
    from lxml import etree

    if len(data) > MAX_BYTES:
        raise NotDrawable(f"The drawing (SVG) is larger than {MAX_BYTES // 1024 // 1024} MB; please save it as PNG.")
    if b"<!ENTITY" in data or b"\0" in data:
        raise NotDrawable("The drawing (SVG) defines its own shorthands, which is not safe to open; save it as PNG.")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise NotDrawable(_DAMAGED) from error
    elements = [one for one in root.iter() if isinstance(one.tag, str)]
    copies = sum(_name(one) in ("use", "pattern") for one in elements)
    if len(elements) > MAX_ELEMENTS or copies > MAX_COPIES:
        raise NotDrawable("The drawing (SVG) has more parts than are safe to draw; please save it as PNG.")
    for element in elements:
        _confine(element)
    width, height = _size(root)
    across, down = (LONGEST_SIDE, None) if width >= height else (None, LONGEST_SIDE)
    text = etree.tostring(root, encoding="unicode")
    try:
        return io.BytesIO(bytes(resvg_py.svg_to_bytes(svg_string=text, width=across, height=down)))
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:  # its panics are no Exception
        raise NotDrawable(_DAMAGED) from error


def _name(element: _Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _confine(element: _Element) -> None:
    """Take out of one element whatever reaches beyond the file."""
    if _name(element) in _UNSAFE:
        parent = element.getparent()
        if parent is not None:
            parent.remove(element)
        return
    if _name(element) == "style" and element.text:
        element.text = _ADDRESS.sub("", element.text)
    for key, value in list(element.attrib.items()):
        key, value = str(key), str(value)
        if key.rpartition("}")[2] == "href" and not value.startswith("#"):
            if not _is_small_picture(value):
                del element.attrib[key]
        elif "url(" in value.lower():
            element.attrib[key] = _ADDRESS.sub("", value)


def _is_small_picture(address: str) -> bool:
    """Whether an address is a picture written out in full, PNG or JPEG and small enough to decode."""
    from PIL import Image as pillow

    match = re.match(r"data:image/(?:png|jpe?g);base64,", address)
    if match is None:
        return False
    try:
        inner = pillow.open(io.BytesIO(base64.b64decode(address[match.end() :])), formats=("PNG", "JPEG"))
    except Exception:  # decoders raise whatever they like on damaged data
        return False
    return inner.width * inner.height <= MAX_INNER_PIXELS


def _size(root: _Element) -> tuple[float, float]:
    """Width and height as stated, for their ratio; a square when nothing is stated. Raises NotDrawable."""
    box = [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", str(root.get("viewBox") or ""))]
    stated = [re.match(r"\s*(\d+(?:\.\d+)?)(?!.*%)", str(root.get(side) or "")) for side in ("width", "height")]
    if stated[0] and stated[1]:
        width, height = float(stated[0][1]), float(stated[1][1])
    else:
        width, height = (box[2], box[3]) if len(box) == 4 else (1.0, 1.0)
    if width <= 0 or height <= 0 or not 0.001 < width / height < 1000:
        raise NotDrawable("The drawing (SVG) has no size to speak of; please check that it is the right one.")
    return width, height

"""The one way into a picture: recognised by its content, measured before it is decoded, turned upright, as RGB.

    bytes ── kind by content ──▶ size stated in the header ≤ 40 megapixels? ──▶ decode ──▶ Opened

Meant to run in a process of its own with limits on time and memory: the file is a stranger's.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from config.errors import Mendable
from integrations.media.images.svg import NotDrawable, looks_like_svg, render

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_PIXELS = 40_000_000
MAX_BYTES = 60 * 1024 * 1024
MAX_PAGES_COUNTED = 500
READABLE = "PNG, JPEG, WEBP, GIF, BMP, TIFF, HEIC and SVG"
_FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "DIB", "TIFF", "HEIF")
_NAMES = {"MPO": "JPEG", "HEIF": "HEIC", "DIB": "BMP"}
_SUFFIXES = {
    "JPEG": ("jpg", "jpeg", "jpe"),
    "TIFF": ("tif", "tiff"),
    "HEIC": ("heic", "heif", "hif"),
    "BMP": ("bmp", "dib"),
}
_OTHERS = (
    (b"%PDF", "a PDF, which I read as a document: ask me what it says"),
    (b"PK\x03\x04", "an archive or an Office file and no picture: upload what is inside, or the document as it is"),
    (b"\x1a\x45\xdf\xa3", "a video and no picture"),
    (b"<!DO", "a web page and no picture: save the picture itself and upload that"),
    (b"<htm", "a web page and no picture: save the picture itself and upload that"),
)


class UnreadablePicture(Mendable):
    """The picture cannot be read. The message is one sentence that says why and what to do."""


@dataclass(frozen=True)
class Opened:
    """A picture: upright RGB `image` (transparent parts over white), its `format`, and `size` in bytes.

    `source` is the picture as the file holds it, with its metadata; None for a drawing (SVG). `frames` counts the
    frames of an animation or the pages of a TIFF, of which `image` is the first. `notes` are sentences for the user.
    """

    image: Image
    format: str
    size: int
    source: Image | None = None
    frames: int = 1
    notes: list[str] = field(default_factory=list)


def open_picture(path: str | Path, name: str = "") -> Opened:
    """Open a picture file. `name` is what the user calls it, to tell when it belies the content.

    Raises UnreadablePicture.
    """
    path = Path(path)
    size = path.stat().st_size
    if size == 0:
        raise UnreadablePicture("The picture's file is empty; please check that the right one was uploaded.")
    if size > MAX_BYTES:
        raise UnreadablePicture(
            f"The picture's file is larger than {MAX_BYTES // 1024 // 1024} MB; please save it smaller, as JPEG."
        )
    with path.open("rb") as file:
        head = file.read(2048)
    opened = _drawing(path, size) if looks_like_svg(head) else _photograph(path, head, size)
    suffix = name.rpartition(".")[2].lower() if "." in name else ""
    if suffix and suffix not in _SUFFIXES.get(opened.format, (opened.format.lower(),)):
        opened.notes.append(
            f"The file is named .{suffix[:12]} but its content is {opened.format}, and it was read as that."
        )
    return opened


def over_white(image: Image) -> Image:
    """The picture as RGB; what is transparent shows white. Sixteen-bit greys are scaled, not clipped."""
    from PIL import Image as pillow

    if image.mode.startswith(("I", "F")):
        import numpy as np

        values = np.asarray(image, dtype=np.float32)
        low, high = float(values.min()), float(values.max())
        return pillow.fromarray(((values - low) / max(high - low, 1) * 255).astype(np.uint8)).convert("RGB")
    if "A" in image.getbands() or "transparency" in image.info:
        image = image.convert("RGBA")
        white = pillow.new("RGB", image.size, "white")
        white.paste(image, mask=image.getchannel("A"))
        return white
    return image.convert("RGB")


def _drawing(path: Path, size: int) -> Opened:
    from PIL import Image as pillow

    try:
        image = pillow.open(render(path.read_bytes()), formats=("PNG",))
    except NotDrawable as error:
        raise UnreadablePicture(str(error)) from error
    return Opened(over_white(image), "SVG", size)


def _photograph(path: Path, head: bytes, size: int) -> Opened:
    import pi_heif
    from PIL import Image as pillow
    from PIL import ImageOps

    pi_heif.register_heif_opener(thumbnails=False)
    pillow.MAX_IMAGE_PIXELS = None  # the size is checked here, before anything is decoded, and said in our own words
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about odd metadata, which is none of the user's business
            source = pillow.open(path, formats=_FORMATS)
            width, height = source.size
            if width * height > MAX_PIXELS:
                raise UnreadablePicture(
                    f"The picture states {width:,} × {height:,} pixels, more than the {MAX_PIXELS // 1_000_000} "
                    "megapixels that are safe to open; please save it smaller."
                )
            if min(width, height) < 2:
                raise UnreadablePicture("The picture has no size to speak of; please check that it is the right one.")
            frames = min(getattr(source, "n_frames", 1), MAX_PAGES_COUNTED)
            source.seek(0)
            source.load()
            image = over_white(ImageOps.exif_transpose(source))
    except UnreadablePicture:
        raise
    except MemoryError:
        raise UnreadablePicture("The picture needs more memory than it may use; please save it smaller.") from None
    except Exception as error:  # decoders raise whatever they like on damaged data: OSError, SyntaxError, struct.error
        raise UnreadablePicture(_why(head)) from error
    format = _NAMES.get(str(source.format), str(source.format))
    notes = []
    if frames > 1:
        what = "is animated" if format in ("GIF", "WEBP", "PNG") else f"holds {frames} pictures"
        notes.append(f"The file {what}; I looked at the first one.")
    return Opened(image, format, size, source, frames, notes)


def _why(head: bytes) -> str:
    for magic, what in _OTHERS:
        if head.startswith(magic):
            return f"The file is {what}."
    known = (b"\x89PNG", b"\xff\xd8", b"GIF8", b"BM", b"II*\0", b"MM\0*", b"RIFF")
    if head.startswith(known) or head[4:8] == b"ftyp":
        return "The picture is damaged or cut off; please save or download it again."
    return f"The content is no picture I know; I read {READABLE}."

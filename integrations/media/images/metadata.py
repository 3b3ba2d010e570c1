"""What a picture says about itself: camera, time, place. And a copy that says nothing, for whatever leaves."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from integrations.media.images.opening import open_picture

if TYPE_CHECKING:
    from PIL.Image import Exif

LONGEST = 120
_TAGS = {
    271: "maker",
    272: "camera",
    305: "software",
    306: "changed",
    315: "artist",
    33432: "copyright",
    270: "description",
}
_TAKEN = 36867
_CAMERA, _PLACE = 0x8769, 0x8825


@dataclass(frozen=True)
class Metadata:
    """`said` are names and values as the file states them; `place` is latitude and longitude in degrees, or None."""

    said: dict[str, str]
    place: tuple[float, float] | None = None


def metadata_of(exif: Exif) -> Metadata:
    """What is worth telling of a picture's EXIF data; damaged parts are left out."""
    said = {name: _clean(exif[tag]) for tag, name in _TAGS.items() if tag in exif}
    if taken := exif.get_ifd(_CAMERA).get(_TAKEN):
        said["taken"] = _clean(taken)
    return Metadata({name: value for name, value in said.items() if value}, _place(exif.get_ifd(_PLACE)))


def without_metadata(path: str, side: int = 0) -> bytes:
    """The picture as PNG or JPEG with nothing but its pixels: no place, no camera, no names. For whatever leaves.

    With `side` neither side is longer than that, in pixels. Meant for a job's process. Raises UnreadablePicture.
    """
    opened = open_picture(path)
    written = io.BytesIO()
    bare = opened.image.copy()
    bare.info = {}
    if side:
        bare.thumbnail((side, side))
    if opened.format in ("JPEG", "HEIC"):
        bare.save(written, "JPEG", quality=92)
    else:
        bare.save(written, "PNG")
    return written.getvalue()


def write_bare(path: str, name: str, folder: str, side: int = 0) -> str:
    """Write `without_metadata` into `folder` under a name that says so; returns its path. Raises UnreadablePicture."""
    data = without_metadata(path, side)
    suffix = "jpg" if data.startswith(b"\xff\xd8") else "png"
    target = Path(folder) / f"{Path(name).stem[:60]} bare.{suffix}"
    target.write_bytes(data)
    return str(target)


def _clean(value: Any) -> str:
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())[:LONGEST]


def _place(gps: dict[int, Any]) -> tuple[float, float] | None:
    try:
        latitude, longitude = _degrees(gps[2]), _degrees(gps[4])
    except (KeyError, TypeError, ValueError, ZeroDivisionError, IndexError):
        return None
    if not (abs(latitude) <= 90 and abs(longitude) <= 180):
        return None
    south, west = str(gps.get(1)).startswith("S"), str(gps.get(3)).startswith("W")
    return round(-latitude if south else latitude, 5), round(-longitude if west else longitude, 5)


def _degrees(parts: Any) -> float:
    degrees, minutes, seconds = (float(part) for part in parts)
    return degrees + minutes / 60 + seconds / 3600

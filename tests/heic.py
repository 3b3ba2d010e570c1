"""A HEIC file as a phone writes it (ISO/IEC 23008-12): one HEVC picture, and its EXIF data beside it."""

from __future__ import annotations

import io
import re
import struct
from fractions import Fraction

import av
import numpy as np
from PIL import Image

VPS, SPS, PPS = 32, 33, 34


def heic(picture: Image.Image, exif: bytes = b"") -> bytes:
    """The file. `picture` has even sides; `exif` is a TIFF block, as `Image.Exif().tobytes()` has after its mark."""
    nals = _encoded(picture)
    heads = [nal for nal in nals if _kind(nal) in (VPS, SPS, PPS)]
    shown = b"".join(struct.pack(">I", len(nal)) + nal for nal in nals if _kind(nal) < VPS)
    about = struct.pack(">I", 0) + exif
    items = [(1, b"hvc1", shown)] + ([(2, b"Exif", about)] if exif else [])
    top = _box(b"ftyp", b"heic\0\0\0\0mif1heic")
    meta = _meta(items, 0, picture.size, heads)
    start = len(top) + len(meta) + 8
    return top + _meta(items, start, picture.size, heads) + _box(b"mdat", b"".join(data for _, _, data in items))


def _encoded(picture: Image.Image) -> list[bytes]:
    """The parts of one HEVC still."""
    written = io.BytesIO()
    with av.open(written, "w", format="hevc") as target:
        stream = target.add_stream("libx265", rate=Fraction(1))
        stream.width, stream.height = picture.size
        stream.pix_fmt = "yuv420p"
        stream.options = {"x265-params": "log-level=none:keyint=1:info=0", "preset": "ultrafast"}
        frame = av.VideoFrame.from_ndarray(np.asarray(picture.convert("RGB")), format="rgb24")
        for packet in [*stream.encode(frame), *stream.encode()]:
            target.mux(packet)
    return [nal for nal in re.split(b"\0?\0\0\1", written.getvalue()) if nal]


def _kind(nal: bytes) -> int:
    return nal[0] >> 1 & 63


def _box(name: bytes, *content: bytes) -> bytes:
    data = b"".join(content)
    return struct.pack(">I", len(data) + 8) + name + data


def _full(name: bytes, version: int, *content: bytes) -> bytes:
    return _box(name, struct.pack(">I", version << 24), *content)


def _meta(items: list[tuple[int, bytes, bytes]], start: int, size: tuple[int, int], heads: list[bytes]) -> bytes:
    places = b""
    for number, _, data in items:
        places += struct.pack(">HHHII", number, 0, 1, start, len(data))
        start += len(data)
    named = [_full(b"infe", 2, struct.pack(">HH", number, 0), kind, b"\0") for number, kind, _ in items]
    properties = _box(b"ipco", _settings(heads), _full(b"ispe", 0, struct.pack(">II", *size)))
    belongs = _full(b"ipma", 0, struct.pack(">IHBBB", 1, 1, 2, 0x81, 2))
    about = _full(b"iref", 0, _box(b"cdsc", struct.pack(">HHH", 2, 1, 1))) if len(items) > 1 else b""
    return _full(
        b"meta", 0,
        _full(b"hdlr", 0, struct.pack(">I", 0), b"pict", bytes(12), b"\0"),
        _full(b"pitm", 0, struct.pack(">H", 1)),
        _full(b"iloc", 0, bytes([0x44, 0]), struct.pack(">H", len(items)), places),
        _full(b"iinf", 0, struct.pack(">H", len(items)), *named),
        about,
        _box(b"iprp", properties, belongs),
    )  # fmt: skip


def _settings(heads: list[bytes]) -> bytes:
    """What a decoder needs before the picture (hvcC): the profile, which the SPS states, and the heads themselves."""
    sps = next(nal for nal in heads if _kind(nal) == SPS).replace(b"\0\0\3", b"\0\0")
    arrays = b"".join(struct.pack(">BHH", 0x80 | _kind(nal), 1, len(nal)) + nal for nal in heads)
    fixed = struct.pack(">HBBBBHB", 0xF000, 0xFC, 0xFD, 0xF8, 0xF8, 0, 0x0F)
    return _box(b"hvcC", b"\1", sps[3:15], fixed, bytes([len(heads)]), arrays)

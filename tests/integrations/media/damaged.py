"""More than two hundred files of every format that are broken, cut, renamed or hostile, made here."""

from __future__ import annotations

import io
import random
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image

from tests.films import CODECS, film, rolling
from tests.heic import heic
from tests.integrations.media.documents import made
from tests.speech import RATE, encode, write_wav

PICTURES = {"png": "PNG", "jpg": "JPEG", "webp": "WEBP", "gif": "GIF", "bmp": "BMP", "tif": "TIFF"}
SOUNDS = (
    ("a.mp3", "mp3", "libmp3lame"), ("a.wav", "wav", "pcm_s16le"), ("a.m4a", "ipod", "aac"),
    ("a.ogg", "ogg", "libopus"), ("a.opus", "opus", "libopus"), ("a.webm", "webm", "libopus"),
    ("a.flac", "flac", "flac"),
)  # fmt: skip
Named = tuple[str, bytes]
"""The name a file comes with, and its bytes."""


def documents() -> Iterator[Named]:
    """Each format damaged in five ways, under the name of another, and bombs."""
    chance = random.Random(20260)
    others = sorted(made.EVERY)
    for place, (suffix, make) in enumerate(made.EVERY.items()):
        for broken in _broken(make(), chance):
            yield f"a.{suffix}", broken
        yield f"a.{others[place - 3]}", make()
    locked = made.locked_office(made.EVERY["docx"](), "word")
    for broken in _broken(locked, chance):
        yield "a.docx", broken
    for suffix in ("pdf", "docx", "eml"):
        yield f"a.{suffix}", b""
    bomb = {"word/document.xml": "<w>" + " " * 30_000_000, "xl/workbook.xml": "", "ppt/presentation.xml": ""}
    yield "a.docx", made.zipped(bomb)
    yield "a.zip", made.zipped(bomb)
    yield "a.zip", made.zipped({f"{number}.txt": "x" for number in range(2_100)})
    laughs = '<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>'
    odt = {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": laughs}
    yield "a.odt", made.zipped(odt)
    yield "a.html", b"<!doctype html>" + b"<div>" * 100_000
    yield "a.rtf", b"{\\rtf1 " + b"{" * 50_000


def pictures() -> Iterator[Named]:
    """Each format cut off and overwritten, HEIC and SVG among them, things that are none, and bombs."""
    drawing = Image.effect_noise((90, 70), 60).convert("RGB")
    for suffix, format in PICTURES.items():
        written = io.BytesIO()
        drawing.save(written, format)
        whole = written.getvalue()
        for part in (0.02, 0.3, 0.5):
            yield f"a.{suffix}", whole[: int(len(whole) * part)]
        yield f"a.{suffix}", whole[4:]
        yield f"a.{suffix}", whole[:4] + bytes(len(whole) - 4)
    whole = heic(drawing)
    for part in (0.1, 0.5, 0.9):
        yield "a.heic", whole[: int(len(whole) * part)]
    for broken in (b"<svg", b"<svg xmlns='http://www.w3.org/2000/svg'><g>", b"<svg width='1' height='99999'/>",
                   b"<!DOCTYPE svg [<!ENTITY a 'b'>]><svg>&a;</svg>"):  # fmt: skip
        yield "a.svg", broken
    for other in (b"", b"hello", b"%PDF-1.7", b"PK\x03\x04aaaa", b"\0" * 500, bytes(range(256)) * 8,
                  bomb(100_000, 100_000), bomb(7_000, 7_000)):  # fmt: skip
        yield "a.png", other


def sounds(folder: Path) -> Iterator[Named]:
    """Each format cut off, beheaded, overwritten and drowned in noise, and things that are none."""
    chance = random.Random(5)
    tone = (np.sin(np.arange(RATE) / 9) * 9000).astype("<i2")
    for name, format, codec in SOUNDS:
        whole = encode(folder / name, tone, format, codec).read_bytes()
        yield name, whole[: len(whole) // 2]
        yield name, whole[:40]
        yield name, whole[40:]
        yield name, bytes(byte if chance.random() > 0.05 else chance.randrange(256) for byte in whole)
        yield name, whole[:16] + chance.randbytes(4000)
    yield "empty.mp3", b""
    yield "picture.wav", b"\x89PNG\r\n\x1a\n" + bytes(500)
    yield "paper.m4a", b"%PDF-1.7\n" + bytes(500)
    yield "text.flac", b"this is no recording at all, however it is named " * 20
    yield "short.wav", write_wav(folder / "short.wav", np.zeros(20, dtype="<i2")).read_bytes()


def films(folder: Path) -> Iterator[Named]:
    """Each format cut, flipped, zeroed and drowned in noise."""
    chance = random.Random(8)
    for suffix in sorted(CODECS):
        whole = film(folder / f"a.{suffix}", [(1, "white", rolling())]).read_bytes()
        yield from ((f"a.{suffix}", broken) for broken in list(_broken(whole, chance))[:4])


def bomb(width: int, height: int) -> bytes:
    """A PNG that states this size and holds nothing of it."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def _broken(whole: bytes, chance: random.Random) -> Iterator[bytes]:
    """One file damaged in each way that disks, transfers and attackers know."""
    yield whole[: chance.randrange(1, len(whole) - 1)]
    flipped = bytearray(whole)
    for _ in range(max(3, len(whole) // 400)):
        flipped[chance.randrange(len(whole))] ^= 1 << chance.randrange(8)
    yield bytes(flipped)
    start = chance.randrange(max(1, len(whole) // 2))
    yield whole[:start] + bytes(len(whole) // 4) + whole[start + len(whole) // 4 :]
    yield whole[:64] + chance.randbytes(4_000)
    at = chance.randrange(len(whole))
    yield whole[:at] + whole[:at] + whole[at:]

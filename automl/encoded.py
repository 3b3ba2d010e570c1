"""A text file of whatever encoding as blocks of UTF-8, cut at line ends, so that a large one never lies in memory."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from automl.errors import DataError

BLOCK = 4 * 1024**2
SNIFFED = 65_536


class ForeignError(Exception):
    """A file taken for UTF-8 is not."""


def encoding_of(file: BinaryIO, name: str) -> str:
    """What the bytes are written in, as far as the first of them tell. Raises DataError."""
    head = _from_start(file).read(SNIFFED)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if 3 * head.count(0) > len(head) and not any(head[0::2] if head[0] == 0 else head[1::2]):
        return "utf-16-be" if head[0] == 0 else "utf-16-le"
    if head.count(0) > 0:
        raise DataError(f"{name} is not a text table; save it as .csv or .xlsx and attach that.")
    return "utf-8"


def surveyed(file: BinaryIO) -> str:
    """The encoding of a file that is not all UTF-8, by its lines: "cp1252", or "mixed" where most are UTF-8."""
    odd = foreign = 0
    for block in _blocks(_from_start(file)):
        if not block.isascii():
            lines = [line for line in block.splitlines() if not line.isascii()]
            foreign += len(lines)
            odd += sum(map(_odd, lines)) if _odd(block) else 0
    return "cp1252" if odd > 0.5 * foreign else "mixed"


def utf8_blocks(file: BinaryIO, encoding: str) -> Iterator[bytes]:
    """The file from its start as UTF-8 without a byte order mark, in blocks of whole lines.

    Bytes that do not read become the replacement character; a line of a mixed file that is not UTF-8 counts as
    Windows-1252. Raises ForeignError when a file is said to be UTF-8 and is not.
    """
    _from_start(file)
    if encoding.startswith("utf-16"):
        yield from _whole(_decoded(file, encoding))
        return
    for number, block in enumerate(_blocks(file)):
        own = block.removeprefix(codecs.BOM_UTF8) if not number else block
        if encoding == "cp1252" and not own.isascii():
            own = own.decode("cp1252", errors="replace").encode()
        elif not own.isascii() and _odd(own):
            if encoding == "utf-8":
                raise ForeignError
            lines = own.splitlines(keepends=True)
            own = b"".join(line.decode("cp1252", errors="replace").encode() if _odd(line) else line for line in lines)
        yield own


def _from_start(file: BinaryIO) -> BinaryIO:
    file.seek(0)
    return file


def _blocks(file: BinaryIO) -> Iterator[bytes]:
    return _whole(iter(lambda: file.read(BLOCK), b""))


def _whole(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes, cut after line ends alone."""
    rest: list[bytes] = []
    for piece in pieces:
        cut = piece.rfind(b"\n") + 1
        if cut:
            yield b"".join([*rest, piece[:cut]])
            rest = []
        rest.append(piece[cut:])
    if last := b"".join(rest):
        yield last


def _decoded(file: BinaryIO, encoding: str) -> Iterator[bytes]:
    reader = io.TextIOWrapper(file, encoding, errors="replace", newline="")
    try:
        while text := reader.read(BLOCK // 2):
            yield text.encode()
    finally:
        reader.detach()


def _odd(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return True
    return False

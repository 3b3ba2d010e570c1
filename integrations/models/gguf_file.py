"""The parts of a .gguf file before its data, read without trusting it.

    magic, version, counts ─▶ metadata ─▶ tensors ─▶ data
                              kept: all but the words; what is too long to be of use is skipped, unread

A file comes from strangers: every count and length is held against the size of the file before it is believed.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import BinaryIO

VERSIONS = (2, 3)
MOST_KEYS, MOST_TENSORS, MOST_STRINGS = 4096, 65_536, 4_000_000
LONGEST_NAME, LONGEST_TEXT, LONGEST_LIST = 1024, 1024 * 1024, 4096

NUMBERS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
"""The types of metadata that have a fixed size, as `struct` names them."""
STRING, ARRAY = 8, 9
BLOCKS = {
    0: (1, 4), 1: (1, 2), 2: (32, 18), 3: (32, 20), 6: (32, 22), 7: (32, 24), 8: (32, 34), 9: (32, 40),
    10: (256, 84), 11: (256, 110), 12: (256, 144), 13: (256, 176), 14: (256, 210), 15: (256, 292), 16: (256, 66),
    17: (256, 74), 18: (256, 98), 19: (256, 50), 20: (32, 18), 21: (256, 110), 22: (256, 82), 23: (256, 136),
    24: (1, 1), 25: (1, 2), 26: (1, 4), 27: (1, 8), 28: (1, 8), 29: (256, 56), 30: (1, 2), 34: (256, 54),
    35: (256, 66), 39: (32, 17), 40: (64, 36), 41: (128, 18),
}  # fmt: skip
"""Weights in a block and bytes of it, by ggml's number of the type."""
Value = int | float | bool | str | tuple[int | float, ...]


@dataclass(frozen=True)
class Tensor:
    """One tensor: its numbers of weights by dimension, ggml's number of its type, where it lies and its bytes."""

    name: str
    shape: tuple[int, ...]
    type: int
    offset: int
    bytes: int


class Broken(Exception):
    """The file is not what it claims to be. The message ends a sentence that begins with the file's name."""


@dataclass(frozen=True)
class Contents:
    """Metadata by name, where a list of texts is given as its length, and all tensors."""

    facts: dict[str, Value]
    tensors: list[Tensor]


def contents(file: BinaryIO, size: int) -> Contents:
    """Read a file of `size` bytes up to its data. Raises Broken and OSError."""
    cursor = _Cursor(file, size)
    if not size:
        raise Broken("it is empty")
    if size < 4 or cursor.take(4) != b"GGUF":
        raise Broken("it is not a GGUF file")
    version = cursor.number("I")
    if version not in VERSIONS:
        swapped = int.from_bytes(version.to_bytes(4, "little"), "big")
        why = "it is for big-endian machines" if swapped in VERSIONS else f"its version {version} is not known"
        raise Broken(why)
    tensors, keys = cursor.number("Q"), cursor.number("Q")
    if tensors > MOST_TENSORS or keys > MOST_KEYS:
        raise Broken("its header claims more entries than any model has")
    facts = _metadata(cursor, keys)
    listed = _tensors(cursor, tensors)
    alignment = facts.get("general.alignment", 32)
    _check_places(listed, cursor, alignment if isinstance(alignment, int) else 0)
    return Contents(facts, listed)


class _Cursor:
    """Reads forward through a file, and never past its end."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file = file
        self.size = size
        self.at = 0
        self._strings = 0

    def take(self, count: int) -> bytes:
        self._move(count)
        data = self._file.read(count)
        if len(data) != count:
            raise Broken("it ends too early, perhaps because its download broke off")
        return data

    def skip(self, count: int) -> None:
        self._move(count)
        self._file.seek(self.at)

    def _move(self, count: int) -> None:
        self.at += count
        if self.at > self.size:
            raise Broken("it ends too early, perhaps because its download broke off")

    def number(self, code: str) -> int:
        return int(struct.unpack("<" + code, self.take(struct.calcsize("<" + code)))[0])

    def text(self, longest: int) -> str:
        length = self.number("Q")
        if length > longest:
            raise Broken("a text in its header is longer than any model needs")
        return self.take(length).decode("utf-8", "replace")

    def skip_text(self) -> None:
        self._strings += 1
        if self._strings > MOST_STRINGS:
            raise Broken("its header lists more words than any model has")
        self.skip(self.number("Q"))

    def value(self, kind: int, *, keep: bool) -> Value:
        """Read one value of metadata; what is not kept, and what is too long to be kept, is 0."""
        if kind == ARRAY:
            return self._array(keep=keep)
        if kind == STRING:
            if keep:
                return self.text(LONGEST_TEXT)
            self.skip_text()
            return 0
        if kind not in NUMBERS:
            raise Broken(f"its header has a value of the unknown kind {kind}")
        data = self.take(struct.calcsize("<" + NUMBERS[kind]))
        value: Value = struct.unpack("<" + NUMBERS[kind], data)[0]
        return value

    def _array(self, *, keep: bool) -> Value:
        """Read a list of numbers; of a list of texts, how long it is."""
        kind, count = self.number("I"), self.number("Q")
        if kind == STRING:
            for _ in range(count):
                self.skip_text()
            return count
        if kind not in NUMBERS:
            raise Broken(f"its header has a list of the unknown kind {kind}")
        code = NUMBERS[kind]
        if keep and count <= LONGEST_LIST:
            return tuple(struct.unpack(f"<{count}{code}", self.take(count * struct.calcsize("<" + code))))
        self.skip(count * struct.calcsize("<" + code))
        return count


def _metadata(cursor: _Cursor, keys: int) -> dict[str, Value]:
    facts: dict[str, Value] = {}
    for _ in range(keys):
        name, kind = cursor.text(LONGEST_NAME), cursor.number("I")
        if name in facts:
            raise Broken(f"its header says {_shown(name)} twice")
        facts[name] = cursor.value(kind, keep=not name.startswith("tokenizer.ggml."))
    return facts


def _tensors(cursor: _Cursor, count: int) -> list[Tensor]:
    tensors = []
    for _ in range(count):
        name, dimensions = cursor.text(LONGEST_NAME), cursor.number("I")
        if not 0 < dimensions <= 4:
            raise Broken(f"its tensor {_shown(name)} has {dimensions} dimensions")
        shape = tuple(cursor.number("Q") for _ in range(dimensions))
        kind, offset = cursor.number("I"), cursor.number("Q")
        if kind not in BLOCKS:
            raise Broken(f"its tensor {_shown(name)} is of the unknown kind {kind}")
        weights = 1
        for length in shape:
            weights *= length
            if not 0 < weights < 2**50:
                raise Broken(f"its tensor {_shown(name)} has an impossible size")
        per_block, size = BLOCKS[kind]
        if shape[0] % per_block:
            raise Broken(f"its tensor {_shown(name)} is not made of whole blocks")
        tensors.append(Tensor(name, shape, kind, offset, weights // per_block * size))
    if len({tensor.name for tensor in tensors}) != len(tensors):
        raise Broken("two of its tensors have one name")
    return tensors


def _check_places(tensors: list[Tensor], cursor: _Cursor, alignment: int) -> None:
    """Each tensor lies inside the file, and none lies in another."""
    if alignment <= 0 or alignment & (alignment - 1) or alignment > 2**20:
        raise Broken("its alignment is impossible")
    data = -(-cursor.at // alignment) * alignment
    end = 0
    for tensor in sorted(tensors, key=lambda one: one.offset):
        if tensor.offset % alignment or tensor.offset < end:
            raise Broken(f"its tensor {_shown(tensor.name)} is in the wrong place")
        end = tensor.offset + tensor.bytes
        if data + end > cursor.size:
            raise Broken("it ends before its last tensor, perhaps because its download broke off")


def _shown(name: str) -> str:
    """A stranger's name, fit for a sentence."""
    return repr(name[:64])

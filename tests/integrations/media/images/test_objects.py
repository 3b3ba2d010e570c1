"""A detector the user gives finds objects; three forms of output are read, and other files are refused in words."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from PIL import Image

from integrations.media.images.look import look
from integrations.media.images.objects import NoDetector, objects_in

PICTURE = Image.new("RGB", (640, 320), "teal")
NAMES = "{0: 'cat', 1: 'dog'}"
CENTRES = [[16, 8, 8, 4], [16.5, 8, 8, 4], [48, 24, 16, 8]]
"""Middle and size of three boxes in the network's square of 64: twice the same thing, and another."""


def field(number: int, value: bytes | int) -> bytes:
    """One field of a protocol buffer: a number, or bytes with their length."""
    if isinstance(value, int):
        return _varint(number << 3) + _varint(value)
    return _varint(number << 3 | 2) + _varint(len(value)) + value


def _varint(value: int) -> bytes:
    low, rest = value & 0x7F, value >> 7
    return bytes([low | 0x80]) + _varint(rest) if rest else bytes([low])


def _shaped(name: str, *sizes: int) -> bytes:
    shape = b"".join(field(1, field(1, size)) for size in sizes)
    return field(1, name.encode()) + field(2, field(1, field(1, 1) + field(2, shape)))


def network(rows: list[list[float]], names: str = NAMES) -> bytes:
    """An ONNX file (onnx.proto3) that takes a picture of 64 × 64 and always answers with this table."""
    flat = [value for row in rows for value in row]
    dims = b"".join(field(1, size) for size in (1, len(rows), len(rows[0])))
    table = dims + field(2, 1) + field(8, b"table") + field(9, struct.pack(f"<{len(flat)}f", *flat))
    node = field(1, b"table") + field(2, b"found") + field(4, b"Identity")
    graph = field(1, node) + field(2, b"g") + field(5, table)
    graph += field(11, _shaped("images", 1, 3, 64, 64)) + field(12, _shaped("found", 1, len(rows), len(rows[0])))
    about = field(14, field(1, b"names") + field(2, names.encode()))
    return field(1, 8) + field(7, graph) + field(8, field(1, b"") + field(2, 13)) + about


def centres_by_column() -> list[list[float]]:
    scores = [[0.1, 0.9], [0.0, 0.8], [0.7, 0.2]]
    boxes = [[*box, *score] for box, score in zip(CENTRES, scores, strict=True)] + [[0.0] * 6] * 9
    return [list(column) for column in zip(*boxes, strict=True)]


def centres_by_row() -> list[list[float]]:
    scores = [[1.0, 0.1, 0.9], [1.0, 0.0, 0.8], [0.7, 1.0, 0.2]]
    return [[*box, *score] for box, score in zip(CENTRES, scores, strict=True)] + [[0.0] * 7] * 9


def corners() -> list[list[float]]:
    return [[12, 6, 20, 10, 0.9, 1], [40, 20, 56, 28, 0.7, 0], [0, 0, 1, 1, 0.1, 0]]


@pytest.mark.parametrize("table", [centres_by_column(), centres_by_row(), corners()], ids=["v8", "v5", "corners"])
def test_each_object_is_found_once_in_pixels_of_the_picture(tmp_path: Path, table: list[list[float]]) -> None:
    (tmp_path / "yolo.onnx").write_bytes(network(table))
    found = objects_in(PICTURE, tmp_path / "yolo.onnx")
    assert [(one.name, one.confidence) for one in found] == [("dog", 0.9), ("cat", 0.7)]
    assert [one.box for one in found] == [(120, 60, 200, 100), (400, 200, 560, 280)]


def test_classes_without_names_are_numbered(tmp_path: Path) -> None:
    (tmp_path / "yolo.onnx").write_bytes(network(corners(), names="__import__('os')"))
    assert [one.name for one in objects_in(PICTURE, tmp_path / "yolo.onnx")] == ["class 1", "class 0"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"not a network", "no ONNX network"),
        (network(centres_by_column())[:200], "no ONNX network"),
        (network([[1.0, 2.0]]), "form I do not know"),
        (None, "There is no"),
    ],
)
def test_a_file_that_is_no_detector_is_told_and_the_rest_is_looked_at(
    tmp_path: Path, data: bytes | None, words: str
) -> None:
    path = tmp_path / "yolo.onnx"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(NoDetector, match=words):
        objects_in(PICTURE, path)
    PICTURE.save(tmp_path / "one.png")
    found = look(str(tmp_path / "one.png"), "one.png", ["quality"], "2026-11-21", str(tmp_path), detector=str(path))
    assert "objects" not in found and words in found["notes"][0] and "quality" in found

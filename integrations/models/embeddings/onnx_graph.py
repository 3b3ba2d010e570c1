"""MiniLM as an ONNX graph of a few kilobytes, whose weights stay in the safetensors file.

ids ─▶ word + place + type ─▶ norm ─▶ 6 × layer ─▶ mean over the words ─▶ length 1
layer:  attention ─▶ add, norm ─▶ widen, GELU, narrow ─▶ add, norm

It is BERT's encoder (Devlin et al., 2019) for one text, so that nothing is padded. The protocol buffers (onnx.proto,
IR version 9) are written by hand: the library for it is large, and this is all it would do here.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from integrations.models.embeddings.weights import EPSILON, HEADS, LAYERS, WIDTH, Tensor

IR_VERSION, OPSET = 9, 20
FLOAT, INT64 = 1, 7
"""Types of a tensor."""
INPUTS = ("ids", "places", "types")
OUTPUT = "vector"
HEADS_FIRST, KEYS = (1, 0, 2), (1, 2, 0)
"""Orders of the axes (word, head, part of a vector); keys lie so that queries can be multiplied with them."""


class _Node(NamedTuple):
    kind: str
    inputs: tuple[str, ...]
    output: str
    attributes: Mapping[str, int | float | tuple[int, ...]] = {}


def graph(tensors: Mapping[str, Tensor], file: str) -> bytes:
    """The model: `ids`, `places` and `types` (int64, one for each word piece) to `vector` (float32, 384, length 1).

    `tensors` tell where in `file`, a name without a folder, each weight lies.
    """
    nodes = [*_embedding(), *(node for layer in range(LAYERS) for node in _layer(layer)), *_pooling()]
    used = {name for node in nodes for name in node.inputs}
    body = [
        *(_node(node) for node in nodes),
        _text(2, "minilm"),
        _constant("heads", (3,), INT64, struct.pack("<3q", 0, HEADS, WIDTH // HEADS)),
        _constant("joined", (2,), INT64, struct.pack("<2q", 0, WIDTH)),
        _constant("words", (1,), INT64, struct.pack("<q", 0)),
        _constant("scale", (), FLOAT, struct.pack("<f", (WIDTH // HEADS) ** -0.5)),
        *(_weight(name, tensor, file) for name, tensor in tensors.items() if name in used),
        *(_value(11, name, INT64, _text(2, "length")) for name in INPUTS),
        _value(12, OUTPUT, FLOAT, _number(1, WIDTH)),
    ]
    return _number(1, IR_VERSION) + _message(7, *body) + _message(8, _text(1, ""), _number(2, OPSET))


def _embedding() -> Iterator[_Node]:
    for kind, rows in (("word", "ids"), ("position", "places"), ("token_type", "types")):
        yield _Node("Gather", (f"embeddings.{kind}_embeddings.weight", rows), kind)
    yield _Node("Add", ("word", "position"), "placed")
    yield from _add_norm("placed", "token_type", "embeddings", "x0")


def _layer(number: int) -> Iterator[_Node]:
    name, start = f"encoder.layer.{number}", f"x{number}"
    for part, order in (("query", HEADS_FIRST), ("key", KEYS), ("value", HEADS_FIRST)):
        yield _dense(start, f"{name}.attention.self.{part}", f"{name}.{part}")
        yield _Node("Reshape", (f"{name}.{part}", "heads"), f"{name}.{part}.split")
        yield _Node("Transpose", (f"{name}.{part}.split",), f"{name}.{part}.heads", {"perm": order})
    yield _Node("MatMul", (f"{name}.query.heads", f"{name}.key.heads"), f"{name}.products")
    yield _Node("Mul", (f"{name}.products", "scale"), f"{name}.scores")
    yield _Node("Softmax", (f"{name}.scores",), f"{name}.shares", {"axis": -1})
    yield _Node("MatMul", (f"{name}.shares", f"{name}.value.heads"), f"{name}.seen")
    yield _Node("Transpose", (f"{name}.seen",), f"{name}.seen.split", {"perm": HEADS_FIRST})
    yield _Node("Reshape", (f"{name}.seen.split", "joined"), f"{name}.joined")
    yield _dense(f"{name}.joined", f"{name}.attention.output.dense", f"{name}.attended")
    yield from _add_norm(f"{name}.attended", start, f"{name}.attention.output", f"{name}.middle")
    yield _dense(f"{name}.middle", f"{name}.intermediate.dense", f"{name}.wide")
    yield _Node("Gelu", (f"{name}.wide",), f"{name}.bent")
    yield _dense(f"{name}.bent", f"{name}.output.dense", f"{name}.narrow")
    yield from _add_norm(f"{name}.narrow", f"{name}.middle", f"{name}.output", f"x{number + 1}")


def _pooling() -> Iterator[_Node]:
    yield _Node("ReduceMean", (f"x{LAYERS}", "words"), "mean", {"keepdims": 0})
    yield _Node("LpNormalization", ("mean",), OUTPUT, {"axis": -1, "p": 2})


def _dense(source: str, weights: str, output: str) -> _Node:
    return _Node("Gemm", (source, f"{weights}.weight", f"{weights}.bias"), output, {"transB": 1})


def _add_norm(one: str, other: str, weights: str, output: str) -> Iterator[_Node]:
    yield _Node("Add", (one, other), f"{output}.sum")
    scaling = (f"{weights}.LayerNorm.weight", f"{weights}.LayerNorm.bias")
    yield _Node("LayerNormalization", (f"{output}.sum", *scaling), output, {"axis": -1, "epsilon": EPSILON})


def _node(node: _Node) -> bytes:
    inputs = (_text(1, name) for name in node.inputs)
    attributes = (_attribute(name, value) for name, value in node.attributes.items())
    return _message(1, *inputs, _text(2, node.output), _text(4, node.kind), *attributes)


def _attribute(name: str, value: float | tuple[int, ...]) -> bytes:
    if isinstance(value, tuple):
        return _message(5, _text(1, name), *(_number(8, one) for one in value), _number(20, 7))
    if isinstance(value, int):
        return _message(5, _text(1, name), _number(3, value), _number(20, 2))
    return _message(5, _text(1, name), _varint(2 << 3 | 5), struct.pack("<f", value), _number(20, 1))


def _constant(name: str, shape: tuple[int, ...], kind: int, data: bytes) -> bytes:
    return _message(5, *(_number(1, size) for size in shape), _number(2, kind), _text(8, name), _message(9, data))


def _weight(name: str, tensor: Tensor, file: str) -> bytes:
    where = {"location": file, "offset": str(tensor.begin), "length": str(tensor.end - tensor.begin)}
    entries = (_message(13, _text(1, key), _text(2, value)) for key, value in where.items())
    sizes = (_number(1, size) for size in tensor.shape)
    return _message(5, *sizes, _number(2, FLOAT), _text(8, name), *entries, _number(14, 1))


def _value(field: int, name: str, kind: int, size: bytes) -> bytes:
    tensor = _message(1, _number(1, kind), _message(2, _message(1, size)))
    return _message(field, _text(1, name), _message(2, tensor))


def _message(field: int, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return _varint(field << 3 | 2) + _varint(len(body)) + body


def _text(field: int, value: str) -> bytes:
    return _message(field, value.encode())


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _varint(value: int) -> bytes:
    """Seven bits a byte, the lowest first; a negative number as its two's complement in 64 bits."""
    value &= (1 << 64) - 1
    found = bytearray()
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes((*found, value))

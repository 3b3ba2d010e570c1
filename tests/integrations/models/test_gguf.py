"""What a model file says of itself is read; what it claims falsely is refused with the reason."""

import struct
import tracemalloc
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random

import pytest
from gguf import GGML_QUANT_SIZES

from integrations.models import generated
from integrations.models.backend import ModelError
from integrations.models.gguf import read_header
from integrations.models.gguf_file import BLOCKS

U32, ARRAY_TYPE, STRING_TYPE = 4, 9, 8
MEGABYTES = 4 * 1024 * 1024


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return generated.write(tmp_path_factory.mktemp("models") / "tiny.gguf")


def text(value: str) -> bytes:
    return struct.pack("<Q", len(value.encode())) + value.encode()


def number(name: str, value: int) -> bytes:
    return text(name) + struct.pack("<II", U32, value)


def tensor(name: str, shape: Sequence[int], offset: int = 0, kind: int = 0) -> bytes:
    return text(name) + struct.pack(f"<I{len(shape)}QIQ", len(shape), *shape, kind, offset)


LLAMA = (
    text("general.architecture") + struct.pack("<I", STRING_TYPE) + text("llama"),
    number("llama.block_count", 1),
    number("llama.embedding_length", 32),
    number("llama.context_length", 128),
    number("llama.attention.head_count", 2),
)


@pytest.fixture
def made(tmp_path: Path) -> Callable[..., Path]:
    def make(
        facts: Sequence[bytes] = LLAMA,
        tensors: Sequence[bytes] = (),
        *,
        magic: bytes = b"GGUF",
        version: int = 3,
        counts: tuple[int, int] | None = None,
        data: bytes = b"",
    ) -> Path:
        path = tmp_path / "made.gguf"
        head = magic + struct.pack("<IQQ", version, *(counts or (len(tensors), len(facts))))
        body = head + b"".join(facts) + b"".join(tensors)
        path.write_bytes(body + b"\0" * (-len(body) % 32) + data)
        return path

    return make


def test_a_file_says_what_it_is_made_of(tiny: Path) -> None:
    header = read_header(tiny)
    assert (header.architecture, header.layers, header.width, header.context) == ("qwen3", 2, 32, 4096)
    assert (header.heads, header.kv_heads, header.key_length, header.value_length) == (2, (1, 1), 16, 16)
    assert (header.vocabulary, header.kind, header.experts) == (259, "language", 0)
    assert header.chat_template == generated.CHATML
    assert header.quantisation == "Q8_0"


def test_the_weights_are_counted_by_layer_and_all_of_them(tiny: Path) -> None:
    header = read_header(tiny)
    assert header.layer_bytes[0] == header.layer_bytes[1] > 0
    assert header.embedding_bytes == header.tied_bytes == 259 * 32 // 32 * 34
    assert 0 < tiny.stat().st_size - header.weight_bytes < 20_000


def test_a_model_with_output_weights_of_its_own_ties_none(tmp_path: Path) -> None:
    header = read_header(generated.write(tmp_path / "small.gguf", generated.SMALL))
    assert header.tied_bytes == 0
    assert header.other_bytes > header.vocabulary * header.width // 2
    assert header.packed_bytes > sum(header.layer_bytes) * 0.9


def test_the_sizes_of_all_types_are_those_of_the_format() -> None:
    assert {int(kind): size for kind, size in GGML_QUANT_SIZES.items()} == BLOCKS


def test_a_model_that_pools_its_words_is_for_embeddings(made: Callable[..., Path]) -> None:
    assert read_header(made([*LLAMA, number("llama.pooling_type", 1)])).is_embedding


def test_layers_that_keep_a_running_state_keep_no_keys(made: Callable[..., Path]) -> None:
    tensors = [tensor("blk.0.ssm_a", [32])]
    header = read_header(made(tensors=tensors, data=bytes(128)))
    assert header.kv_heads == (0,)


def test_heads_may_differ_by_layer(made: Callable[..., Path]) -> None:
    each = text("llama.attention.head_count_kv") + struct.pack("<IIQ2I", ARRAY_TYPE, U32, 2, 4, 0)
    facts = [LLAMA[0], number("llama.block_count", 2), *LLAMA[2:], each]
    assert read_header(made(facts)).kv_heads == (4, 0)


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ({"magic": b"GGML"}, "not a GGUF file"),
        ({"version": 1}, "version 1 is not known"),
        ({"version": 0x03000000}, "big-endian"),
        ({"counts": (2**60, 5)}, "more entries than any model"),
        ({"counts": (0, 2**60)}, "more entries than any model"),
        ({"counts": (1, 5)}, "ends too early"),
        ({"facts": LLAMA[1:]}, "which architecture"),
        ({"facts": [*LLAMA, LLAMA[0]]}, "twice"),
        ({"facts": [*LLAMA[:1], *LLAMA[2:]]}, "does not say its block count"),
        ({"facts": [*LLAMA, number("split.count", 3)]}, "one part of a model"),
        ({"facts": [*LLAMA, number("general.alignment", 3)]}, "alignment"),
        ({"facts": [LLAMA[0], number("llama.block_count", 2**31), *LLAMA[2:]]}, "impossible"),
        ({"facts": [struct.pack("<Q", 2**62)]}, "longer than any model needs"),
        ({"facts": [text("a") + struct.pack("<I", 99)]}, "unknown kind 99"),
        ({"facts": [text("a") + struct.pack("<IIQ", ARRAY_TYPE, ARRAY_TYPE, 1)]}, "list of the unknown kind 9"),
        ({"facts": [text("a") + struct.pack("<IIQ", ARRAY_TYPE, U32, 2**61)]}, "ends too early"),
        ({"facts": [text("a") + struct.pack("<IIQ", ARRAY_TYPE, STRING_TYPE, 2**61)]}, "ends too early"),
        ({"tensors": [tensor("w", [])]}, "0 dimensions"),
        ({"tensors": [text("w") + struct.pack("<I", 2**31)]}, "dimensions"),
        ({"tensors": [tensor("w", [2**40, 2**40])]}, "impossible size"),
        ({"tensors": [tensor("w", [0])]}, "impossible size"),
        ({"tensors": [tensor("w", [32], kind=4)]}, "unknown kind 4"),
        ({"tensors": [tensor("w", [31], kind=8)]}, "whole blocks"),
        ({"tensors": [tensor("w", [8], offset=2**63)]}, "before its last tensor"),
        ({"tensors": [tensor("w", [8], offset=2**64 - 32)]}, "before its last tensor"),
        ({"tensors": [tensor("w", [8], offset=7)], "data": bytes(64)}, "wrong place"),
        ({"tensors": [tensor("v", [16]), tensor("w", [16], 32)], "data": bytes(128)}, "wrong place"),
        ({"tensors": [tensor("w", [8]), tensor("w", [8], 32)], "data": bytes(64)}, "one name"),
        ({"tensors": [tensor("w", [1024])]}, "before its last tensor"),
    ],
)  # fmt: skip
def test_a_false_claim_is_refused_with_its_reason(
    made: Callable[..., Path], how: dict[str, object], reason: str
) -> None:
    with pytest.raises(ModelError, match=reason) as refused:
        read_header(made(**how))
    assert str(refused.value).startswith("made.gguf is no model") and "\n" not in str(refused.value)


def test_an_empty_file_and_one_that_is_not_there_are_refused(tmp_path: Path) -> None:
    (tmp_path / "empty.gguf").touch()
    with pytest.raises(ModelError, match="empty"):
        read_header(tmp_path / "empty.gguf")
    with pytest.raises(ModelError, match="no model file"):
        read_header(tmp_path / "gone.gguf")


def test_a_file_that_ends_anywhere_is_refused(tiny: Path, tmp_path: Path) -> None:
    whole, cut = tiny.read_bytes(), tmp_path / "cut.gguf"
    for size in [*range(0, 400, 7), *range(400, len(whole) - 64, 997)]:
        cut.write_bytes(whole[:size])
        with pytest.raises(ModelError):
            read_header(cut)


def test_whatever_a_file_says_it_is_read_or_refused_in_little_memory(tiny: Path, tmp_path: Path) -> None:
    whole, changed, random = tiny.read_bytes(), tmp_path / "changed.gguf", Random(3)
    header_size = len(whole) - read_header(tiny).weight_bytes
    refused = 0
    tracemalloc.start()
    try:
        for _ in range(600):
            data = bytearray(whole)
            for _ in range(random.randint(1, 6)):
                at = random.choice([random.randrange(120), random.randrange(header_size)])
                any_number = struct.pack("<Q", random.getrandbits(random.choice([20, 40, 63])))
                put = random.choice([random.randbytes(1), b"\xff" * 8, bytes(8), any_number])
                data[at : at + random.choice([1, 4, 8])] = put
            changed.write_bytes(data)
            try:
                read_header(changed)
            except ModelError:
                refused += 1
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert refused > 200
    assert peak < MEGABYTES

"""What a .gguf file says of itself: how its weights are spread, what reading costs it, and how it is talked to."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from integrations.models.backend import ModelError
from integrations.models.gguf_file import Broken, Contents, Tensor, Value, contents

QUANTISED = {
    0: "F32", 1: "F16", 2: "Q4_0", 3: "Q4_1", 7: "Q8_0", 8: "Q5_0", 9: "Q5_1", 10: "Q2_K", 11: "Q3_K_S",
    12: "Q3_K_M", 13: "Q3_K_L", 14: "Q4_K_S", 15: "Q4_K_M", 16: "Q5_K_S", 17: "Q5_K_M", 18: "Q6_K", 19: "IQ2_XXS",
    20: "IQ2_XS", 21: "Q2_K_S", 22: "IQ3_XS", 23: "IQ3_XXS", 24: "IQ1_S", 25: "IQ4_NL", 26: "IQ3_S", 27: "IQ3_M",
    28: "IQ2_S", 29: "IQ2_M", 30: "IQ4_XS", 31: "IQ1_M", 32: "BF16", 36: "TQ1_0", 37: "TQ2_0", 38: "MXFP4",
    39: "NVFP4", 40: "Q1_0",
}  # fmt: skip
"""What `general.file_type` says."""

TYPES = {
    0: "F32", 1: "F16", 2: "Q4_0", 3: "Q4_1", 6: "Q5_0", 7: "Q5_1", 8: "Q8_0", 10: "Q2_K", 11: "Q3_K", 12: "Q4_K",
    13: "Q5_K", 14: "Q6_K", 30: "BF16", 39: "MXFP4",
}  # fmt: skip
"""The commonest types of tensors, for files that do not say what they are."""
IN_LAYER = re.compile(r"blk\.(\d+)\.(.+)")
EMBEDDING, OUTPUT = "token_embd.weight", "output.weight"
STAYING = {EMBEDDING, "per_layer_token_embd.weight"}
"""Tables in which words are looked up. llama.cpp leaves them to the processor, whatever else a GPU takes."""
PACKED = {2, 12, 20}
"""The types (Q4_0, Q4_K, IQ4_NL) of which llama.cpp makes a copy in another order when the processor multiplies."""


@dataclass(frozen=True)
class Header:
    """What fitting, showing and loading need to know of a file. Sizes are in bytes.

    `kv_heads` has one number for each layer, 0 where a layer keeps nothing of what was read. `layer_bytes` are the
    weights of each layer, `embedding_bytes` are looked up and stay with the processor, `other_bytes` make the output;
    so do `tied_bytes` of the embeddings where a model has no output weights of its own. `packed_bytes` are of a type
    that llama.cpp copies for the processor.
    """

    architecture: str
    name: str
    layers: int
    context: int
    width: int
    heads: int
    kv_heads: tuple[int, ...]
    key_length: int
    value_length: int
    feed_forward: int
    vocabulary: int
    layer_bytes: tuple[int, ...]
    embedding_bytes: int
    other_bytes: int
    tied_bytes: int
    packed_bytes: int
    experts: int
    quantisation: str
    chat_template: str
    kind: Literal["language", "embedding", "projector"]

    @property
    def is_embedding(self) -> bool:
        return self.kind == "embedding"

    @property
    def weight_bytes(self) -> int:
        """All weights."""
        return sum(self.layer_bytes) + self.embedding_bytes + self.other_bytes


def read_header(path: Path) -> Header:
    """Read what a .gguf file says of itself, in bounded memory and time, without loading it. Raises ModelError."""
    try:
        with path.open("rb", buffering=64 * 1024) as file:
            return _described(path.stem, contents(file, path.stat().st_size))
    except Broken as reason:
        raise ModelError(f"{path.name} is no model that can be loaded: {reason}.") from reason
    except FileNotFoundError:
        raise ModelError(f"There is no model file at {path}; check its path.") from None
    except OSError as error:
        raise ModelError(f"{path} cannot be read: {error.strerror}.") from error


def _described(stem: str, read: Contents) -> Header:
    facts, tensors = read.facts, read.tensors
    architecture = facts.get("general.architecture")
    if not isinstance(architecture, str) or not architecture:
        raise Broken("it does not say which architecture it has")
    if _number(facts, "split.count", 0) > 1:
        raise Broken("it is only one part of a model; join the parts with llama-gguf-split first")
    if architecture == "clip":
        return _projector(stem, facts, tensors)

    def number(name: str, default: int | None = None) -> int:
        return _number(facts, f"{architecture}.{name}", default)

    layers, width, heads = number("block_count"), number("embedding_length"), number("attention.head_count", 1)
    if not 0 < layers <= 1024 or not 0 < width <= 2**20 or not 0 < heads <= 2**16:
        raise Broken("its number of layers, its width or its heads are impossible")
    by_layer, embedding, other = _weighed(tensors, layers)
    multiplied = [tensor for tensor in tensors if tensor.name not in STAYING and len(tensor.shape) > 1]
    tied = [tensor for tensor in tensors if tensor.name == EMBEDDING]
    if any(tensor.name == OUTPUT for tensor in tensors):
        tied = []
    lengths = (number("attention.key_length", width // heads), number("attention.value_length", width // heads))
    vocabulary = _number(facts, "tokenizer.ggml.tokens", number("vocab_size", 0))
    embeds = number("pooling_type", 0) != 0 or facts.get(f"{architecture}.attention.causal") is False
    context = number("context_length", 2048)
    if not 0 < context < 2**31 or not all(0 < length <= 2**16 for length in lengths) or not 0 <= vocabulary < 2**24:
        raise Broken("its context, its vocabulary or the width of its heads are impossible")
    return Header(
        architecture=architecture,
        name=_text(facts, "general.name") or stem,
        layers=layers,
        context=context,
        width=width,
        heads=heads,
        kv_heads=_kv_heads(facts, architecture, layers, heads, tensors),
        key_length=lengths[0],
        value_length=lengths[1],
        feed_forward=number("feed_forward_length", 0),
        vocabulary=vocabulary,
        layer_bytes=by_layer,
        embedding_bytes=embedding,
        other_bytes=other,
        tied_bytes=sum(tensor.bytes for tensor in tied),
        packed_bytes=sum(tensor.bytes for tensor in [*multiplied, *tied] if tensor.type in PACKED),
        experts=number("expert_count", 0),
        quantisation=QUANTISED.get(_number(facts, "general.file_type", -1), "") or _commonest(tensors),
        chat_template=_text(facts, "tokenizer.chat_template"),
        kind="embedding" if embeds else "language",
    )


def _projector(stem: str, facts: Mapping[str, Value], tensors: Sequence[Tensor]) -> Header:
    """What turns pictures into what a language model reads: only its size matters here."""
    size = sum(tensor.bytes for tensor in tensors)
    name = _text(facts, "general.name") or stem
    return Header("clip", name, 0, 0, 0, 0, (), 0, 0, 0, 0, (), 0, size, 0, 0, 0, _commonest(tensors), "", "projector")


def _weighed(tensors: Sequence[Tensor], layers: int) -> tuple[tuple[int, ...], int, int]:
    """Bytes of each layer, of the tables that words are looked up in, and of all else."""
    by_layer, embedding, other = [0] * layers, 0, 0
    for tensor in tensors:
        placed = IN_LAYER.fullmatch(tensor.name)
        if placed and int(placed[1]) < layers:
            by_layer[int(placed[1])] += tensor.bytes
        elif tensor.name in STAYING:
            embedding += tensor.bytes
        else:
            other += tensor.bytes
    return tuple(by_layer), embedding, other


def _kv_heads(
    facts: Mapping[str, Value], architecture: str, layers: int, heads: int, tensors: Sequence[Tensor]
) -> tuple[int, ...]:
    """The heads whose keys and values each layer keeps; a layer that keeps a running state instead has none."""
    stated = facts.get(f"{architecture}.attention.head_count_kv", heads)
    each = stated if isinstance(stated, tuple) else (stated,) * layers
    kinds: dict[int, set[str]] = {}
    for tensor in tensors:
        if placed := IN_LAYER.fullmatch(tensor.name):
            kinds.setdefault(int(placed[1]), set()).add(placed[2])
    running = {
        layer for layer, names in kinds.items()
        if "attn_k.weight" not in names and any(name.startswith("ssm_") for name in names)
    }  # fmt: skip
    if len(each) != layers or not all(isinstance(count, int) and 0 <= count <= 2**16 for count in each):
        raise Broken("it does not say how many heads each layer has")
    return tuple(0 if layer in running else int(count) for layer, count in enumerate(each))


def _commonest(tensors: Sequence[Tensor]) -> str:
    """The type most of the weights are of, by its name in files."""
    sizes: Counter[int] = Counter()
    for tensor in tensors:
        sizes[tensor.type] += tensor.bytes
    return TYPES.get(sizes.most_common(1)[0][0], "") if sizes else ""


def _number(facts: Mapping[str, Value], name: str, default: int | None = None) -> int:
    value = facts.get(name, default)
    if isinstance(value, tuple):  # one for each layer: the largest decides
        value = max(value, default=0)
    if not isinstance(value, int) or isinstance(value, bool):
        raise Broken(f"it does not say its {name.rpartition('.')[2].replace('_', ' ')}")
    return value


def _text(facts: Mapping[str, Value], name: str) -> str:
    value = facts.get(name)
    return value if isinstance(value, str) else ""

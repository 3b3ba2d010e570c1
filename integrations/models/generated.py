"""Writes .gguf files of random weights: real shapes to measure speed with, and tiny ones for tests.

No weight's value changes the speed; in tests, the words are nonsense and everything else is true.

    write(path, QWEN3_0_6B) ──▶ 380 MB in seconds      write(path, TINY) ──▶ 120 KB, a vocabulary of single bytes

Weights are made as quantised blocks directly, so that a large file costs no more than its random bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import numpy as np

CHATML = (
    "{% for message in messages %}<|im_start|>{{ message.role }}\n{{ message.content }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
BLOCK = 32
"""Weights that share one scale in the quantised types used here."""
NORMAL, CONTROL = 1, 3
SPECIAL = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")


@dataclass(frozen=True)
class Shape:
    """What decides a model's size and speed; `vocabulary` counts tokens, of which the last three are control tokens."""

    architecture: Literal["qwen3", "llama"]
    layers: int
    width: int
    heads: int
    kv_heads: int
    head_width: int
    feed_forward: int
    vocabulary: int
    context: int
    quantised: Literal["F32", "Q8_0", "Q4_0"] = "Q8_0"
    tied: bool = True


TINY = Shape("qwen3", 2, 32, 2, 1, 16, 64, 256 + len(SPECIAL), 4096)
"""For tests: under 400 KB, answers in a moment."""
SMALL = Shape("llama", 4, 256, 8, 4, 32, 768, 8192, 8192, "Q4_0", tied=False)
"""For tests that need some work to be done: reading 1,000 tokens takes tenths of a second on a processor."""
WIDE = Shape("qwen3", 6, 512, 16, 2, 64, 1024, 32_000, 8192, "Q8_0", tied=False)
QWEN3_0_6B = Shape("qwen3", 28, 1024, 16, 8, 128, 3072, 151_936, 40_960, "Q4_0")
"""The shape of Qwen3-0.6B."""


def write(path: Path, shape: Shape = TINY, *, template: str | None = CHATML, seed: int = 7) -> Path:
    """Write a model of random weights and return `path`. `template` None writes a file without a chat template."""
    import numpy as np
    from gguf import GGUFWriter

    random = np.random.default_rng(seed)
    writer = GGUFWriter(path, shape.architecture)
    _write_header(writer, shape)
    _write_vocabulary(writer, shape.vocabulary, template)
    for name, size in _tensors(shape).items():
        if len(size) == 1:
            writer.add_tensor(name, np.ones(size, np.float32))
        else:
            data, kind = _weights(random, size, shape.quantised)
            writer.add_tensor(name, data, raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def _write_header(writer: Any, shape: Shape) -> None:
    writer.add_name(f"Random {shape.architecture} {shape.layers}x{shape.width}")
    writer.add_context_length(shape.context)
    writer.add_embedding_length(shape.width)
    writer.add_block_count(shape.layers)
    writer.add_feed_forward_length(shape.feed_forward)
    writer.add_head_count(shape.heads)
    writer.add_head_count_kv(shape.kv_heads)
    writer.add_key_length(shape.head_width)
    writer.add_value_length(shape.head_width)
    writer.add_rope_dimension_count(shape.head_width)
    writer.add_rope_freq_base(1_000_000.0)
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_vocab_size(shape.vocabulary)


def _write_vocabulary(writer: Any, size: int, template: str | None) -> None:
    words = _byte_characters()
    words += [f"Ġw{number}" for number in range(size - len(words) - len(SPECIAL))]
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("qwen2")
    writer.add_token_list([*words, *SPECIAL])
    writer.add_token_types([NORMAL] * len(words) + [CONTROL] * len(SPECIAL))
    writer.add_token_merges([f"{words[0]} {words[0]}"])  # there must be one; this one makes no token that exists
    writer.add_bos_token_id(len(words))
    writer.add_eos_token_id(len(words) + 2)
    writer.add_pad_token_id(len(words))
    writer.add_add_bos_token(False)
    if template is not None:
        writer.add_chat_template(template)


def _byte_characters() -> list[str]:
    """The character that stands for each byte in GPT-2's vocabulary: itself where it prints, one past 255 otherwise."""
    prints = {*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1), *range(ord("®"), ord("ÿ") + 1)}
    others = iter(range(256, 512))
    return [chr(byte if byte in prints else next(others)) for byte in range(256)]


def _tensors(shape: Shape) -> dict[str, tuple[int, ...]]:
    keys, queries = shape.kv_heads * shape.head_width, shape.heads * shape.head_width
    sizes: dict[str, tuple[int, ...]] = {
        "token_embd.weight": (shape.vocabulary, shape.width),
        "output_norm.weight": (shape.width,),
    }
    if not shape.tied:
        sizes["output.weight"] = (shape.vocabulary, shape.width)
    for number in range(shape.layers):
        block: dict[str, tuple[int, ...]] = {
            "attn_norm": (shape.width,),
            "attn_q": (queries, shape.width),
            "attn_k": (keys, shape.width),
            "attn_v": (keys, shape.width),
            "attn_output": (shape.width, queries),
            "ffn_norm": (shape.width,),
            "ffn_gate": (shape.feed_forward, shape.width),
            "ffn_up": (shape.feed_forward, shape.width),
            "ffn_down": (shape.width, shape.feed_forward),
        }
        if shape.architecture == "qwen3":
            block |= {"attn_q_norm": (shape.head_width,), "attn_k_norm": (shape.head_width,)}
        sizes |= {f"blk.{number}.{name}.weight": size for name, size in block.items()}
    return sizes


def _weights(random: np.random.Generator, size: tuple[int, ...], quantised: str) -> tuple[np.ndarray[Any, Any], Any]:
    """Random weights whose products keep the width of what they multiply, as rows of quantised blocks."""
    import numpy as np
    from gguf import GGMLQuantizationType

    rows, columns = size
    spread = columns**-0.5
    if quantised == "F32":
        return random.normal(0, spread, size).astype(np.float32), GGMLQuantizationType.F32
    width, largest = (BLOCK, 127) if quantised == "Q8_0" else (BLOCK // 2, 8)
    blocks = np.empty((rows, columns // BLOCK), [("scale", "<f2"), ("numbers", "u1", (width,))])
    blocks["scale"] = spread * 1.7 / largest  # the numbers are even over the range, whose deviation is range / 1.7
    blocks["numbers"] = random.integers(0, 256, (*blocks.shape, width), np.uint8)
    return blocks.view(np.uint8).reshape(rows, -1), GGMLQuantizationType[quantised]

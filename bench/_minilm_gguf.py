"""Writes the installed MiniLM as a GGUF file, so that llama.cpp can be measured beside the engines in use."""

from __future__ import annotations

from pathlib import Path

from integrations.models.embeddings.weights import EPSILON, HEADS, LAYERS, WIDTH, Weights

NAMES = {
    "attention.self.query": "attn_q",
    "attention.self.key": "attn_k",
    "attention.self.value": "attn_v",
    "attention.output.dense": "attn_output",
    "attention.output.LayerNorm": "attn_output_norm",
    "intermediate.dense": "ffn_up",
    "output.dense": "ffn_down",
    "output.LayerNorm": "layer_output_norm",
}
TABLES = {"word": "token_embd", "position": "position_embd", "token_type": "token_types"}
UNKNOWN, CLS, SEP, MASK = 100, 101, 102, 103


def write(weights: Weights, path: Path) -> None:
    """Write matrices as float16, the rest as float32. Raises OSError."""
    import gguf
    import numpy as np

    writer = gguf.GGUFWriter(path, "bert")
    writer.add_context_length(512)
    writer.add_embedding_length(WIDTH)
    writer.add_feed_forward_length(4 * WIDTH)
    writer.add_block_count(LAYERS)
    writer.add_head_count(HEADS)
    writer.add_layer_norm_eps(EPSILON)
    writer.add_causal_attention(False)
    writer.add_pooling_type(gguf.PoolingType.MEAN)
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_F16)
    pieces = weights.path.with_name("vocab.txt").read_text(encoding="utf-8").splitlines()
    special = [piece.startswith("[") and piece.endswith("]") and len(piece) > 2 for piece in pieces]
    kinds = [gguf.TokenType.CONTROL if one else gguf.TokenType.NORMAL for one in special]
    writer.add_tokenizer_model("bert")
    writer.add_token_list([_piece(one, whole=odd) for one, odd in zip(pieces, special, strict=True)])
    writer.add_token_types(kinds)
    writer.add_token_type_count(2)
    writer.add_bos_token_id(CLS)
    writer.add_eos_token_id(SEP)
    writer.add_unk_token_id(UNKNOWN)
    writer.add_sep_token_id(SEP)
    writer.add_pad_token_id(0)
    writer.add_mask_token_id(MASK)
    for name, array in weights.arrays().items():
        if (stored := _stored(name)) is not None:
            half = array.ndim == 2 and not stored.startswith(("position_embd", "token_types"))
            writer.add_tensor(stored, np.array(array, np.float16 if half else np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _piece(piece: str, *, whole: bool) -> str:
    """A word piece as llama.cpp keeps it: a word's beginning is marked, not its continuation."""
    if whole:
        return piece
    return piece[2:] if piece.startswith("##") else f"▁{piece}"


def _stored(name: str) -> str | None:
    """The name of a tensor in the file; None for what BERT has and an embedding does not need."""
    part, _, kind = name.rpartition(".")
    if part == "embeddings.LayerNorm":
        return f"token_embd_norm.{kind}"
    if part.startswith("embeddings."):
        return f"{TABLES[part.removeprefix('embeddings.').removesuffix('_embeddings')]}.{kind}"
    if part.startswith("encoder.layer."):
        number, _, rest = part.removeprefix("encoder.layer.").partition(".")
        return f"blk.{number}.{NAMES[rest]}.{kind}"
    return None

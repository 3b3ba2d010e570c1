"""How a model is placed on a computer: how many layers on the GPU, how much context, and what that costs.

    Header + Hardware ──▶ place ──▶ Placement ──▶ loaded, or `less` until it is

What is counted, in bytes:
    weights    of the file; the processor's are mapped, so they count as they are read
    copies     Q4 weights once more, in the order the processor multiplies them; builds for a GPU make none
    keys and values    context · Σ heads · (key + value length) · 2 for f16, 1.0625 for q8_0
    buffers    512 tokens at a time: activations, the mask, and on a GPU the scores of the whole vocabulary
    process    Python with llama.cpp, and the words
Prompts kept for switching between agents (see `llama.prefixes`) come on top.

When it does not fit, first the context shrinks, then keys and values are quantised, then layers leave the GPU.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from integrations.models.gguf import Header
from integrations.models.hardware import Hardware

Kv = Literal["f16", "q8_0"]

MIB, GIB = 1024**2, 1024**3
CONTEXT, LEAST_CONTEXT = 8192, 4096
BATCH = 512
KV_BYTES: dict[Kv, float] = {"f16": 2, "q8_0": 1.0625}
"""Bytes of one number; q8_0 has 32 of them in 34 bytes."""
MARGIN = GIB
"""Left free on each GPU and in the memory, for everything else that runs."""
PROCESS = 54 * MIB
"""Python with llama.cpp and no model. Measured."""
WORD = 180
"""Bytes of one entry of the vocabulary, in llama.cpp's tables. Measured."""
PROJECTING = GIB
"""What reading pictures costs beside the weights of a projector."""


@dataclass(frozen=True)
class Placement:
    """How a model is loaded and what that costs. `gpu_layers` is llama.cpp's number: one more than `layers` for all.

    `why` is a sentence for people; `fits` is False when more memory is needed than is free.
    """

    gpu_layers: int
    layers: int
    context: int
    kv: Kv
    flash: bool
    batch: int
    threads: int
    ram_bytes: int
    vram_bytes: int
    why: str
    fits: bool = True


def place(header: Header, hardware: Hardware, context: int = CONTEXT, projector_bytes: int = 0) -> Placement:
    """Place a model so that it fits with a margin, on the GPU as far as possible.

    `projector_bytes` are the weights of the file that reads pictures for it, 0 without one.
    """
    room = sum(max(0, gpu.free - MARGIN) for gpu in hardware.vram)
    asked, last = min(context, header.context), None
    for gpu_layers, tokens, kv in _tries(header, hardware, asked):
        last = _costed(header, hardware, gpu_layers, tokens, kv, projector_bytes)
        # A mapped weight that was copied is not read again: the system takes its memory back first.
        firm = last.ram_bytes - _copied(header, hardware, gpu_layers)
        blind = hardware.offload and not hardware.vram  # nothing tells how much the GPU has: loading will
        if (blind or last.vram_bytes <= room) and firm <= max(0, hardware.ram_free - MARGIN):
            return replace(last, why=_why(last, hardware, asked))
    assert last is not None
    needed, free = last.ram_bytes / 1e9, hardware.ram_free / 1e9
    why = f"it needs {needed:.1f} GB of memory and {free:.1f} GB are free, so it may be slow or fail"
    return replace(last, why=why, fits=False)


def less(placement: Placement, header: Header) -> Placement | None:
    """The next smaller placement, for when loading failed all the same; None when nothing is left to give up."""
    if placement.context > LEAST_CONTEXT:
        smaller = replace(placement, context=max(LEAST_CONTEXT, placement.context // 2))
    elif placement.kv == "f16":
        smaller = replace(placement, kv="q8_0")
    elif placement.gpu_layers:
        on_gpu = min(placement.gpu_layers, placement.layers)
        smaller = replace(placement, gpu_layers=on_gpu * 3 // 4)
    else:
        return None
    before, after = _sizes(placement, header), _sizes(smaller, header)
    return replace(
        smaller,
        ram_bytes=placement.ram_bytes - before[0] + after[0],
        vram_bytes=placement.vram_bytes - before[1] + after[1],
        why=f"less than planned, because loading failed: {_layers(smaller)}, {smaller.context} tokens of context",
    )


def kv_size(header: Header, context: int, kv: Kv, layers: slice = slice(None)) -> int:
    """Bytes that the keys and values of a full context take, in some of the layers."""
    padded = -(-context // 256) * 256
    heads = sum(header.kv_heads[layers])
    return int(padded * heads * (header.key_length + header.value_length) * KV_BYTES[kv])


def _tries(header: Header, hardware: Hardware, context: int) -> Iterator[tuple[int, int, Kv]]:
    """Layers for the GPU, context and type of keys and values, from the best to the least."""
    everything = header.layers + 1 if hardware.offload else 0
    least = min(context, LEAST_CONTEXT)
    steps: list[tuple[int, Kv]] = []
    while context > least:
        steps.append((context, "f16"))
        context //= 2
    steps += [(least, "f16"), (least, "q8_0")]
    for tokens, kv in steps:
        yield everything, tokens, kv
    for on_gpu in range(header.layers if everything else 0, 0, -1):
        yield on_gpu, least, "q8_0"
    if everything:
        for tokens, kv in steps:
            yield 0, tokens, kv


def _costed(
    header: Header, hardware: Hardware, gpu_layers: int, context: int, kv: Kv, projector_bytes: int
) -> Placement:
    seeing = projector_bytes + PROJECTING if projector_bytes else 0
    vram = _vram(header, gpu_layers, context, kv)
    ram = _ram(header, gpu_layers, context, kv) + _copied(header, hardware, gpu_layers)
    return Placement(
        gpu_layers=gpu_layers,
        layers=header.layers,
        context=context,
        kv=kv,
        flash=True,  # what a quantised cache needs, and without it the buffers grow with the context
        batch=BATCH,
        threads=hardware.cores,
        ram_bytes=ram + (0 if gpu_layers else seeing),
        vram_bytes=vram + (seeing if gpu_layers else 0),
        why="",
    )


def _sizes(placement: Placement, header: Header) -> tuple[int, int]:
    what = (header, placement.gpu_layers, placement.context, placement.kv)
    return _ram(*what), _vram(*what)


def _vram(header: Header, gpu_layers: int, context: int, kv: Kv) -> int:
    """The last layers lie on the GPU, and with one more than all of them the output, too."""
    if not gpu_layers:
        return 0
    layers = slice(max(0, header.layers - gpu_layers), None)
    size = sum(header.layer_bytes[layers]) + kv_size(header, context, kv, layers) + _buffer(header, context)
    if gpu_layers > header.layers:
        size += header.other_bytes + header.tied_bytes + 4 * BATCH * header.vocabulary
    return size


def _ram(header: Header, gpu_layers: int, context: int, kv: Kv) -> int:
    layers = slice(0, max(0, header.layers - gpu_layers))
    size = PROCESS + WORD * header.vocabulary + header.embedding_bytes
    size += sum(header.layer_bytes[layers]) + kv_size(header, context, kv, layers)
    if gpu_layers <= header.layers:
        size += header.other_bytes + _buffer(header, context)
    return size


def _copied(header: Header, hardware: Hardware, gpu_layers: int) -> int:
    return 0 if hardware.offload or gpu_layers else header.packed_bytes


def _buffer(header: Header, context: int) -> int:
    """What computing a batch takes: activations as f32, and the mask as f16."""
    floats = 2 * header.feed_forward + 2 * header.width + header.heads * header.key_length
    return BATCH * (4 * floats + 2 * context)


def _layers(placement: Placement) -> str:
    if not placement.gpu_layers:
        return "all layers on the processor"
    if placement.gpu_layers >= placement.layers:
        return f"all {placement.layers} layers on the GPU"
    return f"{placement.gpu_layers} of {placement.layers} layers on the GPU"


def _why(placement: Placement, hardware: Hardware, asked: int) -> str:
    """Where the layers are and why not more; what was given up of the context."""
    said = _layers(placement)
    total = sum(gpu.total for gpu in hardware.vram) / 1e9
    free = sum(gpu.free for gpu in hardware.vram) / 1e9
    if hardware.offload and not hardware.vram:
        said += ", fewer if its memory, which cannot be read, is too small"
    elif hardware.offload and not placement.gpu_layers:
        said += f": the {free:.1f} GB free on the GPU are too few"
    elif hardware.offload and placement.gpu_layers < placement.layers:
        short = "are too few for all" if free > total / 2 else f"have only {free:.1f} GB free"
        said += f": {total:.0f} GB {short}"
    elif hardware.vram and not hardware.offload:
        said += ": this llama.cpp was built without GPU"
    if placement.context < asked:
        said += f"; {placement.context} tokens of context fit"
    return said

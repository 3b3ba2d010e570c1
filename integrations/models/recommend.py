"""Which model of the ladder suits a computer, before anything of it is downloaded."""

from __future__ import annotations

from dataclasses import dataclass, replace

from config.ladder import Rung, ladder
from integrations.models.fit import CONTEXT, Placement, place
from integrations.models.gguf import Header
from integrations.models.hardware import Hardware

EMBEDDING_BYTES = 0.82
"""Bytes of a weight of the embeddings in a Q4_K_M file: they are Q6_K there."""
PACKED = 0.75
"""The part of the layers of a Q4_K_M file that is Q4_K."""
ENOUGH_CORES = 4
"""Fewer read and write too slowly with 4 billion weights."""
BY_QUALITY = ("powerful", "balanced", "fast")
FREE_RAM, FREE_VRAM = 0.75, 0.85
"""What of the memory is free when no other program is at work."""


@dataclass(frozen=True)
class Recommendation:
    """The model that suits a computer and one line that says why, such as "8 GB of video memory: balanced, …"."""

    rung: Rung
    line: str


def recommend(hardware: Hardware) -> Recommendation:
    """The best model that runs well here: wholly on the GPU, or on enough cores with room for its context."""
    calm = _calm(hardware)
    rung = next((ladder()[name] for name in BY_QUALITY if _suits(ladder()[name], calm)), ladder()["embedded"])
    what = (
        f"{rung.name}, {rung.whole_size / 1e9:.1f} GB download" if rung.downloadable else "no model, the planner alone"
    )
    return Recommendation(rung, f"{_machine(hardware)}: {what}")


def expected(rung: Rung) -> Header | None:
    """What the header of a rung's file will say, as well as it is known; None for a rung without a file."""
    shape = rung.shape
    if shape is None:
        return None
    embedding = int(shape.vocabulary * shape.width * EMBEDDING_BYTES)
    each = (rung.size - embedding) // shape.layers
    keeping = shape.kv_layers or shape.layers
    return Header(
        architecture="",
        name=rung.title,
        layers=shape.layers,
        context=rung.context,
        width=shape.width,
        heads=shape.heads,
        kv_heads=tuple(shape.kv_heads if layer < keeping else 0 for layer in range(shape.layers)),
        key_length=shape.head_length,
        value_length=shape.head_length,
        feed_forward=shape.feed_forward,
        vocabulary=shape.vocabulary,
        layer_bytes=(each,) * shape.layers,
        embedding_bytes=embedding,
        other_bytes=0,
        tied_bytes=embedding,
        packed_bytes=int(each * shape.layers * PACKED),
        experts=0,
        quantisation=rung.quantisation,
        chat_template="",
        kind="language",
    )


def planned(rung: Rung, hardware: Hardware) -> Placement | None:
    """How a rung would be placed now; None for one without a file."""
    header = expected(rung)
    return place(header, hardware, projector_bytes=rung.projector_size) if header else None


def _calm(hardware: Hardware) -> Hardware:
    """The computer with no other program at work."""
    gpus = tuple(replace(gpu, free=int(gpu.total * FREE_VRAM)) for gpu in hardware.vram)
    return replace(hardware, ram_free=int(hardware.ram_bytes * FREE_RAM), vram=gpus)


def _suits(rung: Rung, hardware: Hardware) -> bool:
    placement = planned(rung, hardware)
    if placement is None or not placement.fits or (placement.context < CONTEXT and rung.name != "fast"):
        return False
    if hardware.vram and placement.gpu_layers > placement.layers:
        return True
    return rung.name == "fast" or (rung.name == "balanced" and hardware.cores >= ENOUGH_CORES)


def _machine(hardware: Hardware) -> str:
    if hardware.offload and hardware.vram:
        return f"{_gigabytes(sum(gpu.total for gpu in hardware.vram))} of video memory"
    return f"{_gigabytes(hardware.ram_bytes)} of memory and {hardware.cores} processor cores"


def _gigabytes(size: int) -> str:
    return f"{round(size / 1024**3)} GB"

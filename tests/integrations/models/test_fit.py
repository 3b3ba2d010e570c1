"""A model is placed so that it fits, gives up the least first, and takes about what was said it would."""

from contextlib import aclosing
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import psutil
import pytest

from integrations.models import generated
from integrations.models.backend import ChatMessage, Wanted
from integrations.models.fit import GIB, MARGIN, Placement, kv_size, less, place
from integrations.models.gguf import Header, read_header
from integrations.models.hardware import Gpu, Hardware
from integrations.models.recommend import expected, ladder

BIG = Hardware(64 * GIB, 60 * GIB, (), 8, offload=False)
MIXED = generated.Shape("llama", 12, 384, 6, 6, 64, 1536, 24_000, 4096, "Q4_0", tied=True)


def balanced() -> Header:
    header = expected(ladder()["balanced"])
    assert header is not None
    return header


def with_gpu(free: float, total: float = 24) -> Hardware:
    return replace(BIG, vram=(Gpu("Some GPU", int(total * GIB), int(free * GIB)),), offload=True)


def test_with_room_everything_is_on_the_gpu() -> None:
    placement = place(balanced(), with_gpu(20))
    assert (placement.gpu_layers, placement.context, placement.kv) == (37, 8192, "f16")
    assert placement.why == "all 36 layers on the GPU"


def test_without_a_gpu_everything_is_on_the_processor() -> None:
    placement = place(balanced(), BIG)
    assert placement.gpu_layers == placement.vram_bytes == 0
    assert placement.threads == 8 and placement.fits


def test_the_context_goes_first_then_its_precision_then_layers() -> None:
    steps = [place(balanced(), with_gpu(free / 10, total=6)) for free in range(60, 11, -1)]
    given_up = [(step.gpu_layers < 37, step.kv != "f16", step.context < 8192) for step in steps]
    assert given_up == sorted(given_up)
    assert set(given_up) == {
        (False, False, False), (False, False, True), (False, True, True), (True, True, True),
    }  # fmt: skip
    assert [step.gpu_layers for step in steps] == sorted((step.gpu_layers for step in steps), reverse=True)


@pytest.mark.parametrize("free", [1.5, 2.0, 3.0, 4.0, 6.0])
def test_a_margin_stays_free_on_the_gpu(free: float) -> None:
    assert place(balanced(), with_gpu(free)).vram_bytes <= free * GIB - MARGIN


def test_part_of_the_layers_on_the_gpu_says_why_not_more() -> None:
    placement = place(balanced(), with_gpu(2.6, total=3))
    assert 0 < placement.gpu_layers < 36
    assert placement.why.startswith(f"{placement.gpu_layers} of 36 layers on the GPU: 3 GB are too few for all")
    others = place(balanced(), with_gpu(2.6, total=24))
    assert "26 GB have only 2.8 GB free" in others.why


def test_a_build_without_gpu_is_named_as_the_reason() -> None:
    machine = replace(with_gpu(20), offload=False)
    assert place(balanced(), machine).why == "all layers on the processor: this llama.cpp was built without GPU"


def test_a_gpu_whose_memory_nothing_tells_is_tried() -> None:
    placement = place(balanced(), replace(BIG, offload=True))
    assert placement.gpu_layers == 37 and "cannot be read" in placement.why


def test_what_does_not_fit_is_said_not_to() -> None:
    placement = place(balanced(), replace(BIG, ram_free=2 * GIB))
    assert not placement.fits
    assert "GB are free" in placement.why


def test_no_more_context_is_given_than_was_trained(tmp_path: Path) -> None:
    assert place(read_header(generated.write(tmp_path / "tiny.gguf")), BIG, 32_768).context == 4096


def test_quantised_keys_and_values_take_what_the_format_says() -> None:
    header = balanced()
    assert kv_size(header, 8192, "f16") == 8192 * 36 * 8 * 256 * 2
    assert kv_size(header, 8192, "q8_0") == kv_size(header, 8192, "f16") * 34 // 64


def test_after_a_failed_load_less_is_taken_until_nothing_is_left() -> None:
    header, tried = balanced(), [place(balanced(), with_gpu(20))]
    while smaller := less(tried[-1], header):
        assert smaller.vram_bytes < tried[-1].vram_bytes or smaller.gpu_layers == 0
        tried.append(smaller)
    assert [(one.context, one.kv) for one in tried[:3]] == [(8192, "f16"), (4096, "f16"), (4096, "q8_0")]
    assert tried[-1].gpu_layers == 0 == tried[-1].vram_bytes
    assert "loading failed" in tried[1].why
    assert len(tried) < 20


@pytest.mark.skipif(find_spec("llama_cpp") is None, reason="llama.cpp is not built here")
@pytest.mark.parametrize("shape", [generated.SMALL, generated.WIDE, MIXED], ids=["small", "wide", "mixed"])
async def test_the_memory_it_takes_is_what_was_estimated(shape: generated.Shape, tmp_path: Path) -> None:
    from integrations.models.llama.backend import LlamaCpp

    path = generated.write(tmp_path / "model.gguf", shape)
    estimated: Placement = place(read_header(path), BIG, 1024)
    model = LlamaCpp(path, context=1024, snapshot_bytes=0)
    try:
        question = [ChatMessage("user", "a" * 900)]  # one token each: it fills the context
        async with aclosing(model.chat(question, Wanted(max_tokens=20, seconds=120))) as pieces:
            _ = [piece async for piece in pieces]
        assert model.loaded is not None
        measured = psutil.Process(model.loaded.child.pid).memory_info().rss
    finally:
        await model.close()
    assert estimated.ram_bytes == pytest.approx(measured, rel=0.1)

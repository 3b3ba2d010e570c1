"""The computer, as far as running a model goes: its memory, GPUs and cores, and what the installed llama.cpp can use.

Nothing is loaded to find out: llama.cpp's abilities show in the libraries that lie beside it.
"""

from __future__ import annotations

import ctypes
import os
import platform
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

import psutil

BACKENDS = {"cuda": "CUDA", "metal": "Metal", "hip": "ROCm", "vulkan": "Vulkan", "sycl": "SYCL", "musa": "MUSA"}
"""ggml's names of what it can compute on beside the processor, and their names for people."""
METAL_SHARE = 0.67
"""The part of its memory that an Apple chip lets its GPU have."""
LIMIT = Path("/sys/fs/cgroup/memory.max")
"""The most memory a container may use, or "max"."""
CARDS = Path("/sys/class/drm")


@dataclass(frozen=True)
class Gpu:
    """A graphics processor and its memory, in bytes."""

    name: str
    total: int
    free: int


@dataclass(frozen=True)
class Build:
    """The installed llama.cpp: its version, empty when there is none, and the GPUs it was built for, if any."""

    version: str = ""
    gpu: str = ""


@dataclass(frozen=True)
class Hardware:
    """What a model can run on. Memory in bytes; `offload`: the installed llama.cpp can use a GPU that is there.

    `vram` is empty when there is no GPU, and also when nothing tells how much memory it has.
    """

    ram_bytes: int
    ram_free: int
    vram: tuple[Gpu, ...]
    cores: int
    offload: bool


def read() -> Hardware:
    """Read the hardware as it is now. It takes some milliseconds of waiting: not for the event loop."""
    memory = psutil.virtual_memory()
    total = min(memory.total, _container() or memory.total)
    free = min(memory.available, total)
    gpus = tuple(_gpus(total, free))
    built = build().gpu
    # CUDA computes on nothing but what NVML lists; the others also on GPUs whose memory nothing tells.
    offload = bool(built) and (bool(gpus) or built != BACKENDS["cuda"])
    return Hardware(total, free, gpus, _cores(), offload)


def build() -> Build:
    """What llama.cpp is installed, read from its files."""
    try:
        installed = version("llama-cpp-python")
    except PackageNotFoundError:
        return Build()
    spec = find_spec("llama_cpp")
    if spec is None or not spec.submodule_search_locations:
        return Build()
    libraries = Path(spec.submodule_search_locations[0]) / "lib"
    names = " ".join(file.name for file in libraries.glob("*ggml-*"))
    return Build(installed, next((name for key, name in BACKENDS.items() if f"ggml-{key}" in names), ""))


def _cores() -> int:
    """Cores this process may use; two threads of one core are one, because they share what multiplies."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(allowed, psutil.cpu_count(logical=False) or allowed))


def _container() -> int | None:
    try:
        text = LIMIT.read_text().strip()
    except OSError:
        return None
    return int(text) if text.isdigit() else None


def _gpus(ram: int, free: int) -> Iterator[Gpu]:
    if sys.platform == "darwin" and platform.machine() == "arm64":
        share = int(ram * METAL_SHARE)
        yield Gpu("Apple GPU", share, min(share, free))
        return
    yield from _nvidia()
    yield from _amd()


def _nvidia() -> Iterator[Gpu]:
    """The GPUs that NVIDIA's driver lists; none without a driver."""
    if not _driver():
        return
    import pynvml

    try:
        pynvml.nvmlInit()
    except pynvml.NVMLError:
        return
    try:
        for number in range(pynvml.nvmlDeviceGetCount()):
            device = pynvml.nvmlDeviceGetHandleByIndex(number)
            memory = pynvml.nvmlDeviceGetMemoryInfo(device)
            yield Gpu(str(pynvml.nvmlDeviceGetName(device)), int(memory.total), int(memory.free))
    except pynvml.NVMLError:
        return
    finally:
        pynvml.nvmlShutdown()


def _driver() -> bool:
    """Whether NVIDIA's driver may be there. To import `pynvml` for nothing keeps all threads waiting for 50 ms."""
    if sys.platform != "linux":
        return True
    try:
        ctypes.CDLL("libnvidia-ml.so.1")
    except OSError:
        return False
    return True


def _amd() -> Iterator[Gpu]:
    """The GPUs of the amdgpu driver, which writes their memory into files."""
    for file in sorted(CARDS.glob("card*/device/mem_info_vram_total")):
        try:
            total, used = int(file.read_text()), int(file.with_name("mem_info_vram_used").read_text())
        except (OSError, ValueError):
            continue
        yield Gpu("AMD GPU", total, total - used)

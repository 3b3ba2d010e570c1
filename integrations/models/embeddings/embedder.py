"""Texts as vectors of length 1, so that the product of two is their cosine. Needs no language model and no network.

text ─▶ word pieces, at most 256 ─▶ all-MiniLM-L6-v2 ─▶ 384 numbers
                                      ├── onnxruntime, the quickest (bench/embeddings.py)
                                      └── numpy, where onnxruntime cannot be loaded: the same vectors
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Protocol

from config.settings import Settings
from integrations.models.embeddings import weights
from integrations.models.embeddings.weights import WIDTH, Weights

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

log = logging.getLogger(__name__)

MOST_PIECES = 256
"""The model reads so many word pieces of a text, its begin and end included; what follows is left out."""
MOST_CHARS = 20_000
"""What is cut into word pieces at all: more than 256 of them in any language."""
MOST_KEPT = 10_000
"""Vectors kept in memory by the hash of their text, the oldest given up first: about 20 MB."""

Engine = Callable[[Sequence[int]], "NDArray[np.float32]"]
"""Gives the vector, (384,), of one text's word pieces. Thread-safe."""


class Embedder(Protocol):
    """A model that makes vectors of texts. `name` changes whenever the vectors do."""

    name: str
    dimensions: int

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The vectors, (texts, dimensions), each of length 1; of a long text only its beginning counts.

        Blocking (some milliseconds a text, more the first time) and thread-safe: call it with `asyncio.to_thread`.
        Raises EmbeddingError when the model cannot be used.
        """
        ...


class MiniLM:
    """all-MiniLM-L6-v2, loaded when it is first asked."""

    name = "all-MiniLM-L6-v2"
    dimensions = WIDTH

    def __init__(self, path: Path, marker: Path, engine: Callable[[Weights], Engine] | None = None) -> None:
        self._path, self._marker = path, marker
        self._open = engine or quickest
        self._lock = Lock()
        self._loaded: tuple[Any, Engine] | None = None
        self._kept: dict[bytes, NDArray[np.float32]] = {}

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        import numpy as np

        if not texts:
            return np.empty((0, WIDTH), np.float32)
        return np.stack([self._vector(_clean(text)) for text in texts])

    def _vector(self, text: str) -> NDArray[np.float32]:
        key = hashlib.blake2b(text.encode(), digest_size=16).digest()
        vector = self._kept.get(key)
        if vector is None:
            tokenizer, engine = self._load()
            vector = engine(tokenizer.encode(text).ids)
            with self._lock:
                self._kept[key] = vector
                if len(self._kept) > MOST_KEPT:
                    del self._kept[next(iter(self._kept))]
        return vector

    def _load(self) -> tuple[Any, Engine]:
        with self._lock:
            if self._loaded is None:
                from tokenizers import Tokenizer

                weights.check(self._path, self._marker)
                found = weights.read(self._path)
                tokenizer = Tokenizer.from_file(str(found.tokenizer))
                tokenizer.no_padding()
                tokenizer.enable_truncation(MOST_PIECES)
                self._loaded = tokenizer, self._open(found)
            return self._loaded


def open_embedder(settings: Settings) -> Embedder | None:
    """The embedder, not loaded yet; None when it is switched off or its weights are not installed."""
    path = weights.find() if settings.embeddings == "auto" else None
    return MiniLM(path, settings.paths.cache / "embeddings" / "checked") if path else None


def usual() -> Callable[[Sequence[str]], NDArray[np.float32]] | None:
    """What makes vectors of texts by the settings, for a job in another process, which is told this function's name."""
    found = open_embedder(Settings())
    return found.embed if found else None


def quickest(found: Weights) -> Engine:
    """The engine to use on this machine."""
    try:
        return onnx_engine(found)
    except ImportError as error:
        log.warning("Embeddings are made by numpy, at half the speed: onnxruntime cannot be loaded (%s).", error)
        return numpy_engine(found)


def onnx_engine(found: Weights) -> Engine:
    """MiniLM in onnxruntime, on one thread so that the chat keeps the others. Raises ImportError."""
    import numpy as np
    import onnxruntime

    from integrations.models.embeddings.onnx_graph import graph

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.add_session_config_entry("session.model_external_initializers_file_folder_path", str(found.path.parent))
    model = graph(found.tensors, found.path.name)
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])

    def embed(ids: Sequence[int]) -> NDArray[np.float32]:
        count = len(ids)
        pieces = {"ids": np.array(ids, np.int64), "places": np.arange(count), "types": np.zeros(count, np.int64)}
        vector: NDArray[np.float32] = session.run(None, pieces)[0]
        return vector

    return embed


def numpy_engine(found: Weights) -> Engine:
    """MiniLM in numpy."""
    from integrations.models.embeddings.numpy_minilm import NumpyMiniLM

    return NumpyMiniLM(found)


def _clean(text: str) -> str:
    """The beginning of a text, halves of surrogate pairs replaced: the tokenizer refuses them."""
    return text[:MOST_CHARS].encode("utf-8", "replace").decode()

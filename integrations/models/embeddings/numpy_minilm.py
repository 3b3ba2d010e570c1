"""MiniLM in numpy alone: BERT's encoder (Devlin et al., 2019) for one text, so that nothing is padded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from integrations.models.embeddings.weights import EPSILON, HEADS, LAYERS, WIDTH, Weights

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float32]


@dataclass(frozen=True)
class _Layer:
    """Matrices lie as they are multiplied, (in, out); queries, keys and values are one."""

    qkv: tuple[Array, Array]
    joined: tuple[Array, Array]
    attended: tuple[Array, Array]
    wide: tuple[Array, Array]
    narrow: tuple[Array, Array]
    done: tuple[Array, Array]


class NumpyMiniLM:
    """The weights in memory, ready to be multiplied."""

    def __init__(self, weights: Weights) -> None:
        import numpy as np

        arrays = weights.arrays()

        def dense(*names: str) -> tuple[Array, Array]:
            matrix = np.concatenate([arrays[f"{name}.weight"] for name in names]).T
            return matrix, np.concatenate([arrays[f"{name}.bias"] for name in names])

        def norm(name: str) -> tuple[Array, Array]:
            return np.array(arrays[f"{name}.LayerNorm.weight"]), np.array(arrays[f"{name}.LayerNorm.bias"])

        self._words = arrays["embeddings.word_embeddings.weight"]
        types = arrays["embeddings.token_type_embeddings.weight"]
        self._places = arrays["embeddings.position_embeddings.weight"] + types[0]
        self._norm = norm("embeddings")
        self._layers = [
            _Layer(
                dense(*(f"{name}.attention.self.{part}" for part in ("query", "key", "value"))),
                dense(f"{name}.attention.output.dense"),
                norm(f"{name}.attention.output"),
                dense(f"{name}.intermediate.dense"),
                dense(f"{name}.output.dense"),
                norm(f"{name}.output"),
            )
            for name in (f"encoder.layer.{number}" for number in range(LAYERS))
        ]

    def __call__(self, ids: Sequence[int]) -> Array:
        """The vector of one text, (384,), of length 1; `ids` are its word pieces, at least one."""
        import numpy as np

        x = _normed(self._words[list(ids)] + self._places[: len(ids)], self._norm)
        for layer in self._layers:
            parts = (x @ layer.qkv[0] + layer.qkv[1]).reshape(len(ids), 3, HEADS, WIDTH // HEADS)
            query, key, value = parts.transpose(1, 2, 0, 3)
            scores = query @ key.transpose(0, 2, 1) * np.float32((WIDTH // HEADS) ** -0.5)
            shares = np.exp(scores - scores.max(axis=-1, keepdims=True))
            shares /= shares.sum(axis=-1, keepdims=True)
            seen = (shares @ value).transpose(1, 0, 2).reshape(len(ids), WIDTH)
            x = _normed(seen @ layer.joined[0] + layer.joined[1] + x, layer.attended)
            wide = _gelu(x @ layer.wide[0] + layer.wide[1])
            x = _normed(wide @ layer.narrow[0] + layer.narrow[1] + x, layer.done)
        mean: Array = x.mean(axis=0)
        vector: Array = mean / np.sqrt(mean @ mean)
        return vector


def _normed(x: Array, scaling: tuple[Array, Array]) -> Array:
    import numpy as np

    x = x - x.mean(axis=-1, keepdims=True)
    spread = np.sqrt((x * x).mean(axis=-1, keepdims=True) + np.float32(EPSILON))
    normed: Array = x / spread * scaling[0] + scaling[1]
    return normed


def _gelu(x: Array) -> Array:
    """GELU, x Φ(x), with erf by formula 7.1.26 of Abramowitz and Stegun, 1964 (error below 2e-7)."""
    import numpy as np

    size = np.abs(x) * np.float32(0.5**0.5)
    t = 1 / (1 + np.float32(0.3275911) * size)
    sum_ = np.float32(1.061405429) * t - np.float32(1.453152027)
    sum_ = ((sum_ * t + np.float32(1.421413741)) * t - np.float32(0.284496736)) * t + np.float32(0.254829592)
    tail = np.float32(0.5) * sum_ * t * np.exp(-size * size)
    bent: Array = x * np.where(x < 0, tail, 1 - tail)
    return bent

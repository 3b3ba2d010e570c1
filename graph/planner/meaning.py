"""Which label a text speaks for by its meaning, learned once from the labelled examples.

example ─▶ vector ─┐
                   ├─▶ softmax regression ─▶ a probability for each label
label ─────────────┘

The regression (multinomial logistic, with a ridge penalty; Hastie, Tibshirani, Friedman, *The Elements of Statistical
Learning*, 4.4) is found by Nesterov's accelerated gradient descent. Words that no example has still count, when they
mean what an example says.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from integrations.models.embeddings.embedder import Embedder

    Array = NDArray[np.float32]

PENALTY, STEPS, RATE = 0.1, 500, 4.0
"""Of the regression, chosen by cross-validation over the examples."""
MOST_CHARS = 150
"""Of a long text the beginning says what is wanted, and the rest would make the planner slow."""
AT_ONCE = 32


class Meaning:
    """What was learned: `weights`, (dimensions + 1, labels), the last row for a label as such."""

    def __init__(self, embedder: Embedder, labels: Sequence[str], weights: Array) -> None:
        self._embedder, self._labels, self._weights = embedder, list(labels), weights

    def __call__(self, text: str) -> dict[str, float]:
        """The probability of each label, together 1."""
        found = _shares(self._embedder.embed([text[:MOST_CHARS]]) @ self._weights[:-1] + self._weights[-1])[0]
        return dict(zip(self._labels, found.tolist(), strict=True))


def learn(
    embedder: Embedder,
    examples: Mapping[str, Sequence[str]],
    kept: Path,
    stopped: Callable[[], bool] = lambda: False,
) -> Meaning | None:
    """Learn from examples by label, or read from the file `kept` what was learned from the same ones.

    Blocking: some seconds the first time. None when `stopped` says so before all is learned. The embedder is loaded
    then. Raises EmbeddingError, and OSError when the file cannot be written.
    """
    import numpy as np

    labels = sorted(examples)
    said = json.dumps([embedder.name, PENALTY, STEPS, RATE, {label: list(examples[label]) for label in labels}])
    key = np.frombuffer(hashlib.sha256(said.encode()).digest(), np.uint8)
    if (weights := _read(kept, key, (embedder.dimensions + 1, len(labels)))) is not None:
        embedder.embed(["hello"])  # loads the model now, not while a message waits
        return Meaning(embedder, labels, weights)
    texts = [text for label in labels for text in examples[label]]
    vectors: list[Array] = []
    for start in range(0, len(texts), AT_ONCE):
        if stopped():
            return None
        vectors.append(embedder.embed(texts[start : start + AT_ONCE]))
    target = np.repeat(np.arange(len(labels)), [len(examples[label]) for label in labels])
    weights = _regression(np.concatenate(vectors), np.eye(len(labels), dtype=np.float32)[target])
    kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = kept.with_suffix(".part")
    with part.open("wb") as file:
        np.savez(file, key=key, weights=weights)
    part.replace(kept)
    return Meaning(embedder, labels, weights)


def _regression(vectors: Array, wanted: Array) -> Array:
    import numpy as np

    x = np.hstack([vectors, np.ones((len(vectors), 1), np.float32)])
    weights = before = np.zeros((x.shape[1], wanted.shape[1]), np.float32)
    for step in range(STEPS):
        ahead = weights + np.float32(step / (step + 3)) * (weights - before)
        slope = (x.T @ (_shares(x @ ahead) - wanted) + np.float32(PENALTY) * ahead) / np.float32(len(x))
        weights, before = ahead - np.float32(RATE) * slope, weights
    return weights


def _shares(scores: Array) -> Array:
    import numpy as np

    parts: Array = np.exp(scores - scores.max(axis=-1, keepdims=True))
    parts /= parts.sum(axis=-1, keepdims=True)
    return parts


def _read(kept: Path, key: NDArray[np.uint8], shape: tuple[int, int]) -> Array | None:
    """The weights in a file, or None when it is not there, damaged, or was learned from something else."""
    import zipfile

    import numpy as np

    try:
        with np.load(kept, allow_pickle=False) as held:
            if not np.array_equal(held["key"], key):
                return None
            weights: Array = held["weights"]
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None
    return weights if weights.shape == shape and weights.dtype == np.float32 else None

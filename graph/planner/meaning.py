"""Which label a text speaks for, learned once from the labelled examples.

example ─▶ vector of its meaning ─────────────┐
        ─▶ words, pairs and pieces of words ──┼─▶ softmax regression ─▶ a probability for each label
        ─▶ whose cues it holds ───────────────┘
label ────────────────────────────────────────┘

The regression (multinomial logistic, with a ridge penalty; Hastie, Tibshirani, Friedman, *The Elements of Statistical
Learning*, 4.4) is found by L-BFGS. Words that no example has still count, when they mean what an example says or are
spelled like its words, in whatever language. Words are hashed into a fixed number of places (Weinberger et al.,
*Feature Hashing for Large Scale Multitask Learning*, 2009).
"""

from __future__ import annotations

import hashlib
import json
import math
import zlib
from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from graph.planner.cues import Cues
from graph.planner.language import english
from graph.planner.words import words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from integrations.models.embeddings.embedder import Embedder

    Array = NDArray[np.float32]

PENALTY, STEPS = 0.1, 200
"""Of the regression, chosen by cross-validation over the examples."""
PLACES = 4096
"""How many places words are hashed into."""
WORDS, PAIRS, PIECES, CUES = 1.2, 0.8, 0.6, 0.7
"""What a word, a pair of neighbours, a piece of a word and a cue weigh beside the vector, whose length is 1."""
PIECE = (3, 4, 5)
"""Letters of a piece."""
MOST_CHARS = 150
"""Of a long text the beginning says what is wanted, and the rest would make the planner slow."""
AT_ONCE = 32


class Meaning:
    """What was learned: `weights`, (dimensions + places + agents with cues + 1, labels), the last row for a label."""

    def __init__(self, embedder: Embedder, labels: Sequence[str], agents: Sequence[str], weights: Array) -> None:
        self._embedder, self._labels, self._weights = embedder, list(labels), weights
        self._places = {name: embedder.dimensions + PLACES + place for place, name in enumerate(agents)}

    def __call__(self, text: str, cues: Collection[str] = ()) -> dict[str, float]:
        """The probability of each label, together 1; `cues` names the agents that have a cue in the text."""
        vector = self._embedder.embed([english(text)[:MOST_CHARS]])[0]
        width = self._embedder.dimensions
        scores = vector @ self._weights[:width] + self._weights[-1]
        marked = marks(text)
        scores += self._weights[[width + place for place in marked]].T @ _array(list(marked.values()))
        for name in cues:
            scores += CUES * self._weights[self._places[name]]
        return dict(zip(self._labels, _shares(scores).tolist(), strict=True))


def marks(text: str) -> dict[int, float]:
    """The words of a text as hashed places and what each weighs; its foreign words count in English as well."""
    found: dict[str, float] = {}
    short = text[:MOST_CHARS]
    for reading in {short: None, english(short): None}:
        said = ["#" if word[0].isdigit() else word for word in words(reading)]
        found.update({f"w{word}": WORDS for word in said})
        found.update({f"p{a} {b}": PAIRS for a, b in pairwise(["^", *said, "$"])})
        for word in said:
            framed = f"<{word}>"
            found.update(
                {f"l{framed[at : at + size]}": PIECES for size in PIECE for at in range(len(framed) - size + 1)}
                if len(word) > 2
                else {}
            )
    length = math.sqrt(sum(weight * weight for weight in found.values())) or 1.0
    placed: dict[int, float] = {}
    for mark, weight in found.items():
        place = zlib.crc32(mark.encode()) % PLACES
        placed[place] = placed.get(place, 0.0) + WORDS * weight / length
    return placed


def learn(
    embedder: Embedder,
    examples: Mapping[str, Sequence[str]],
    kept: Path,
    stopped: Callable[[], bool] = lambda: False,
    cues: Cues | None = None,
) -> Meaning | None:
    """Learn from examples by label, or read from the file `kept` what was learned from the same ones.

    Blocking: some seconds the first time. None when `stopped` says so before all is learned. The embedder is loaded
    then. Raises EmbeddingError, and OSError when the file cannot be written.
    """
    import numpy as np

    cues = cues or Cues({})
    labels, agents = sorted(examples), sorted(cues.patterns)
    constants = [PENALTY, STEPS, PLACES, WORDS, PAIRS, PIECES, CUES, PIECE, MOST_CHARS]
    said = json.dumps([embedder.name, constants, {label: list(examples[label]) for label in labels}, cues.patterns])
    texts = [text for label in labels for text in examples[label]]
    foreign = hashlib.sha256("\n".join(map(english, texts)).encode()).hexdigest()
    key = np.frombuffer(hashlib.sha256((said + foreign).encode()).digest(), np.uint8)
    shape = (embedder.dimensions + PLACES + len(agents) + 1, len(labels))
    if (weights := _read(kept, key, shape)) is not None:
        embedder.embed(["hello"])  # loads the model now, not while a message waits
        return Meaning(embedder, labels, agents, weights)
    vectors: list[Array] = []
    for start in range(0, len(texts), AT_ONCE):
        if stopped():
            return None
        vectors.append(embedder.embed([english(text)[:MOST_CHARS] for text in texts[start : start + AT_ONCE]]))
    target = np.repeat(np.arange(len(labels)), [len(examples[label]) for label in labels])
    weights = _regression(np.concatenate(vectors), texts, cues, target, len(labels))
    kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = kept.with_suffix(".part")
    with part.open("wb") as file:
        np.savez(file, key=key, weights=weights)
    part.replace(kept)
    return Meaning(embedder, labels, agents, weights)


def _regression(vectors: Array, texts: Sequence[str], cues: Cues, target: NDArray[np.int64], labels: int) -> Array:
    """The weights that make the targets likeliest; see the head of this file."""
    import numpy as np
    from scipy import sparse
    from scipy.optimize import minimize

    agents = {name: PLACES + place for place, name in enumerate(sorted(cues.patterns))}
    marked = [marks(text) | {agents[name]: CUES for name in cues((text, english(text)))} for text in texts]
    ends = np.cumsum([0, *map(len, marked)])
    places = np.fromiter((place for row in marked for place in row), np.int32, ends[-1])
    worths = np.fromiter((worth for row in marked for worth in row.values()), np.float32, ends[-1])
    said = sparse.csr_matrix((worths, places, ends), (len(texts), PLACES + len(agents)))
    x = sparse.hstack([sparse.csr_matrix(vectors), said, np.ones((len(texts), 1), np.float32)]).tocsr()
    wanted = np.eye(labels, dtype=np.float32)[target]
    across = x.T.tocsr()

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        weights = flat.reshape(x.shape[1], labels).astype(np.float32)
        shares = _shares(x @ weights)
        slope = across @ (shares - wanted) + np.float32(PENALTY) * weights
        missed = -np.log(np.maximum(shares[np.arange(len(texts)), target], 1e-12)).sum()
        return float(missed + PENALTY / 2 * (weights**2).sum()), slope.astype(np.float64).ravel()

    start = np.zeros(x.shape[1] * labels)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": STEPS})
    weights: Array = found.x.reshape(x.shape[1], labels).astype(np.float32)
    return weights


def _shares(scores: Array) -> Array:
    import numpy as np

    parts: Array = np.exp(scores - scores.max(axis=-1, keepdims=True))
    parts /= parts.sum(axis=-1, keepdims=True)
    return parts


def _array(values: Sequence[float]) -> Array:
    import numpy as np

    return np.array(values, np.float32)


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

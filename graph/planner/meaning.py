"""Which label a text speaks for, learned from labelled examples.

example ─▶ words, pairs and pieces of words ─▶ one plane a label between its examples and all others ─┐
        ─▶ vector of its meaning ───────────▶ the same, in the space of meaning ──────────────────────┴▶ a share each

The planes are those of linear support vector machines (Fan et al., *LIBLINEAR*, 2008). Words decide; what they mean
counts beside them, and most where the words are new. The planes of words are learned here in about a minute and kept;
those of meaning take minutes, change little with the examples, and come with the program: ``python -m graph.planner``
learns them anew.
"""

from __future__ import annotations

import hashlib
import json
import logging
import zipfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING

from config.paths import ROOT
from graph.planner.features import MOST_CHARS, Marks, looks, marks, reading, weighed

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from integrations.models.embeddings.embedder import Embedder

    Array = NDArray[np.float32]
    Held = tuple[NDArray[np.int64], NDArray[np.int32], Array]

log = logging.getLogger(__name__)

SHIPPED = Path(__file__).with_name("meaning.npz")
FIRM, FIRM_MEANING = 0.7, 1.0
"""How much an example on the wrong side of its plane counts, chosen by examples left out of learning."""
BESIDE_WORDS = 0.5
"""What the planes of meaning count beside those of words."""
CLEAR = 0.98
"""From this share on words alone decide: what they mean takes most of the time and would hardly change it."""
SHARPNESS = 4.5
"""Turns distances into shares: with it they are nearest to how often the label is right."""
AT_ONCE = 32
READ_BY = (
    *(Path(__file__).with_name(f"{name}.py") for name in ("features", "gloss", "language", "words", "meaning")),
    *(ROOT / "config" / f"{name}.yaml" for name in ("gloss", "lexicon")),
)
"""What turns a text into marks: where that changes, all is learned anew."""
HEARD = 256
"""How many texts are remembered as heard."""
FILES_KEPT = 3
"""Files kept of what was learned: those of other versions of the program on this machine are among them."""


@dataclass(frozen=True)
class Planes:
    """Planes of meaning: `weights` (dimensions + 1, labels), the last row what is added."""

    labels: tuple[str, ...]
    weights: Array


class Meaning:
    """What was learned of words: `held` has their marks in order, in how many of the `examples` each is, and its row of
    weights, the last row what is added; and of meaning.
    """

    def __init__(
        self,
        labels: Sequence[str],
        held: Held,
        examples: int,
        embedder: Embedder | None = None,
        planes: Planes | None = None,
    ) -> None:
        self.labels = list(labels)
        self._marks, self._counts, self._weights = held
        self._rarity = _rarity(self._counts, examples)
        self._embedder, self._planes = embedder, planes
        self._places = [labels.index(name) for name in planes.labels] if planes else []
        self._far = lru_cache(HEARD)(self.by_words)

    def by_words(self, text: str) -> Array:
        """How far on each label's side of its plane the words of a text lie, (labels,)."""
        import numpy as np

        words, pieces = marks(text)
        words = words | looks(text, self._seen)
        rows = self._rows([*words, *pieces])
        found = weighed((words, pieces), {mark: float(self._rarity[row]) for mark, row in rows.items()})
        if not found:
            return np.array(self._weights[-1], np.float32)
        known = self._weights[[rows[mark] for mark in found]].astype(np.float32)
        far: Array = np.array(list(found.values()), np.float32) @ known + self._weights[-1].astype(np.float32)
        return far

    def _seen(self, mark: int) -> int:
        """In how many examples a mark is."""
        row = self._rows([mark]).get(mark)
        return 0 if row is None else int(self._counts[row])

    def _rows(self, wanted: Sequence[int]) -> dict[int, int]:
        """The rows of those marks that are known."""
        import numpy as np

        given = np.array(wanted, np.int64)
        places = np.minimum(np.searchsorted(self._marks, given), len(self._marks) - 1)
        known = self._marks[places] == given
        return dict(zip(given[known].tolist(), places[known].tolist(), strict=True))

    def __call__(self, text: str, *, words: bool = False) -> dict[str, float]:
        """The share of each label, together 1; with `words` by these alone."""
        far = self._far(text)  # cutting a message asks for its words first
        shares = _shares(SHARPNESS * far)
        if self._embedder is not None and self._planes is not None and not words and shares.max() < CLEAR:
            vector = self._embedder.embed([reading(text)[:MOST_CHARS]])[0]
            far = far.copy()
            far[self._places] += BESIDE_WORDS * (vector @ self._planes.weights[:-1] + self._planes.weights[-1])
            shares = _shares(SHARPNESS * far)
        return dict(zip(self.labels, shares.tolist(), strict=True))


def learn(
    embedder: Embedder | None,
    examples: Mapping[str, Sequence[str]],
    kept: Path,
    stopped: Callable[[], bool] = lambda: False,
    begins: Callable[[], object] = lambda: None,
) -> Meaning | None:
    """Learn from examples by label, or read from the folder `kept` what was learned from the same ones.

    Blocking: about a minute the first time, which `begins` is told. None when `stopped` says so before all is learned.
    Raises EmbeddingError, and OSError for unreadable files of the program.
    """
    import numpy as np

    labels = sorted(examples)
    planes = shipped(labels) if embedder else None
    if embedder is not None:
        embedder.embed(["hello"])  # loads the model now, not while a message waits
    texts = [text for label in labels for text in examples[label]]
    file = kept / f"{_key(examples)}.npz"
    held = _read(file, len(labels))
    if held is None:
        begins()
        found: list[Marks] = []
        for text in texts:
            if stopped():
                return None
            found.append(marks(text))
        seen = Counter(mark for one in found for mark in one[0])
        found = [(one[0] | looks(text, seen.__getitem__), one[1]) for text, one in zip(texts, found, strict=True)]
        target = np.repeat(np.arange(len(labels)), [len(examples[label]) for label in labels])
        held = _learned(found, target, len(labels))
        try:
            _write(file, held)
        except OSError as error:
            log.warning("What the planner learned cannot be kept, so it learns again next time: %s", error)
    return Meaning(labels, held, len(texts), embedder, planes)


def shipped(labels: Sequence[str], path: Path = SHIPPED) -> Planes | None:
    """The planes of meaning that come with the program, those of `labels` alone; None where none is of them."""
    import numpy as np

    with np.load(path, allow_pickle=False) as held:
        names = held["labels"].tolist()
        known = [name for name in names if name in labels]
        return Planes(tuple(known), held["weights"][:, [names.index(name) for name in known]]) if known else None


def write_planes(embedder: Embedder, examples: Mapping[str, Sequence[str]], path: Path = SHIPPED) -> None:
    """Learn the planes of meaning from examples by label and write them; blocking, about a minute."""
    import numpy as np
    from sklearn.svm import LinearSVC

    labels = sorted(examples)
    texts = sorted((reading(text)[:MOST_CHARS], label) for label in labels for text in examples[label])
    vectors = [
        embedder.embed([text for text, _ in texts[start : start + AT_ONCE]]) for start in range(0, len(texts), AT_ONCE)
    ]
    machine = LinearSVC(C=FIRM_MEANING, random_state=0).fit(np.concatenate(vectors), [label for _, label in texts])
    weights = np.vstack([machine.coef_.T, machine.intercept_]).astype(np.float32)
    np.savez(path, labels=np.array(labels), weights=weights)


def _learned(found: Sequence[Marks], target: NDArray[np.int64], labels: int) -> Held:
    """The marks, in how many examples each is, and its weights for each label, the last row what is added."""
    import numpy as np
    from scipy import sparse
    from sklearn.svm import LinearSVC

    words, pieces = Counter(mark for one in found for mark in one[0]), Counter(mark for one in found for mark in one[1])
    counts = words | Counter({mark: count for mark, count in pieces.items() if count > 1})
    ids = np.array(sorted(counts), np.int64)
    often = np.array([counts[mark] for mark in ids.tolist()], np.int32)
    known = dict(zip(ids.tolist(), _rarity(often, len(found)).tolist(), strict=True))
    rows = {mark: row for row, mark in enumerate(ids.tolist())}
    values = [weighed(one, known) for one in found]
    ends = np.cumsum([0, *map(len, values)])
    places = np.fromiter((rows[mark] for one in values for mark in one), np.int32, ends[-1])
    worths = np.fromiter((worth for one in values for worth in one.values()), np.float64, ends[-1])
    machine = LinearSVC(C=FIRM, random_state=0).fit(
        sparse.csr_matrix((worths, places, ends), (len(found), len(ids))), target
    )
    weights = np.vstack([machine.coef_.T, machine.intercept_])
    if labels == 2:  # one plane then parts the two
        weights = np.hstack([-weights, weights])
    return ids, often, weights.astype(np.float16)


def _rarity(counts: NDArray[np.int32], examples: int) -> Array:
    """Inverse document frequency, smoothed as if one more example held every mark."""
    import numpy as np

    rarity: Array = (np.log((1 + examples) / (1 + counts)) + 1).astype(np.float32)
    return rarity


def _key(examples: Mapping[str, Sequence[str]]) -> str:
    """What all that is learned comes from, as a name for it."""
    hashed = hashlib.sha256(json.dumps({label: list(examples[label]) for label in sorted(examples)}).encode())
    for path in READ_BY:
        hashed.update(path.read_bytes())
    return hashed.hexdigest()[:32]


def _write(file: Path, held: Held) -> None:
    """Keep what was learned, whoever else writes the same meanwhile, and drop the oldest files. Raises OSError."""
    import numpy as np

    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=file.parent, suffix=".part", delete=False) as part:
        np.savez(part, marks=held[0], counts=held[1], weights=held[2])
    Path(part.name).replace(file)
    for old in sorted(file.parent.glob("*.npz"), key=lambda one: one.stat().st_mtime, reverse=True)[FILES_KEPT:]:
        old.unlink(missing_ok=True)


def _read(file: Path, labels: int) -> Held | None:
    """What a file holds, or None when it is not there or damaged."""
    import numpy as np

    try:
        with np.load(file, allow_pickle=False) as held:
            ids, counts, weights = held["marks"], held["counts"], held["weights"]
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None
    return (ids, counts, weights) if weights.shape == (len(ids) + 1, labels) and len(counts) == len(ids) else None


def _shares(scores: Array) -> Array:
    import numpy as np

    parts: Array = np.exp(scores - scores.max())
    parts /= parts.sum()
    return parts

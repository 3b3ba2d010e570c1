"""Free text made into numbers: its length, the words that tell most about the target, a few themes, and a verdict.

Themes are the strongest directions of the words' TF-IDF weights (latent semantic analysis, Deerwester et al., 1990).
The verdict is what a ridge regression on all words says about the target; the rows it was learned from are told what
was said by another that had not seen them. Where an embedder is given, what the texts mean gives a second verdict, if
both together err less than words alone on rows they were not learned from.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

Array = npt.NDArray[np.float64]
Embed = Callable[[Sequence[str]], npt.NDArray[np.float32]]
"""Gives the vectors of texts, each of length 1: (texts, dimensions)."""

MOST_TERMS = 4_000
MOST_WORDS = 300
MOST_CELLS = 8_000_000
"""Rows × words of a text that are made at most, which bounds memory."""
THEMES = 24
FEWEST_ROWS = 60
"""Rows below which themes are not looked for."""
MOST_AIMS = 30
"""Target columns up to which a verdict is given."""
PARTS = 5
"""Parts of the training rows, each told what was learned from the others."""
FIRM, MEANT = 1.5, 1.0
"""The penalty on the squared weights of words, and of what texts mean, beside the sum over rows."""
HELPS = 0.98
"""What texts mean is used where it lowers the error to this share."""
WORD = re.compile(r"[^\W_]{2,}")


@dataclass(frozen=True)
class TextRules:
    """How a text column is read: `terms` with their `rarity` (IDF) and their part in each theme (`axes`).

    `words` are the positions in `terms` of the words that stand for themselves; `says` (verdicts, terms) and `base` are
    the weights of the verdicts, `means` (verdicts, dimensions) and `mean_base` those of the verdicts by an embedder.
    """

    terms: tuple[str, ...] = ()
    rarity: tuple[float, ...] = ()
    words: tuple[int, ...] = ()
    axes: tuple[tuple[float, ...], ...] = ()
    says: tuple[tuple[float, ...], ...] = ()
    base: tuple[float, ...] = ()
    means: tuple[tuple[float, ...], ...] = ()
    mean_base: tuple[float, ...] = ()

    @property
    def verdicts(self) -> int:
        """How many columns of `parts` are verdicts, the last ones."""
        return len(self.base) + len(self.mean_base)

    @property
    def outputs(self) -> list[str]:
        """The names of what `parts` gives."""
        themes = [f"theme of {self._strongest(axis)}" for axis in self.axes]
        verdicts = [f"what it says on target {place + 1}" for place in range(len(self.base))]
        verdicts += [f"what it means for target {place + 1}" for place in range(len(self.mean_base))]
        return ["letters", "words", *(f"“{self.terms[place]}”" for place in self.words), *themes, *verdicts]

    def _strongest(self, axis: tuple[float, ...]) -> str:
        order = np.argsort(-np.abs(np.array(axis)))[:2]
        return ", ".join(f"“{self.terms[place]}”" for place in order)

    def parts(self, values: pd.Series[Any], embed: Embed | None = None) -> Array:
        """Numbers for each text (rows, outputs); all missing where there is none."""
        found = np.full((len(values), len(self.outputs)), np.nan)
        known = [row for row, value in enumerate(values) if isinstance(value, str)]
        if not known:
            return found
        tokens = [_tokens(values.iloc[row]) for row in known]
        found[known, 0] = [len(values.iloc[row]) for row in known]
        found[known, 1] = [len(own) for own in tokens]
        if self.terms:
            weights = _weights(tokens, self.terms, np.array(self.rarity))
            blocks = [weights[:, list(self.words)].toarray()]
            if self.axes:
                blocks.append(weights @ np.array(self.axes).T)
            if self.says:
                blocks.append(weights @ np.array(self.says).T + np.array(self.base))
            if self.means and embed:
                blocks.append(_meant(values.iloc[known], embed) @ np.array(self.means).T + np.array(self.mean_base))
            found[np.ix_(known, range(2, found.shape[1]))] = np.hstack(blocks)
        return found


def learn(values: pd.Series[Any], aims: Array | None, embed: Embed | None = None) -> TextRules:
    """The rules of a column of texts; `aims` (rows, outputs) is what words should tell about, as numbers."""
    known = np.array([isinstance(value, str) for value in values])
    tokens = [_tokens(value) for value in values[known]]
    rows_with = Counter(word for own in tokens for word in set(own))
    least, most = max(3, len(tokens) // 1_000), 0.8 * len(tokens)
    terms = tuple(word for word, count in rows_with.most_common(MOST_TERMS + 200) if least <= count <= most)[
        :MOST_TERMS
    ]
    if not terms:
        return TextRules()
    rarity = np.log((1 + len(tokens)) / (1 + np.array([rows_with[word] for word in terms]))) + 1
    weights = _weights(tokens, terms, rarity)
    count = int(min(MOST_WORDS, len(terms), MOST_CELLS // max(1, len(values))))
    told = _told(weights, aims[known]) if aims is not None else np.arange(len(terms), 0.0, -1.0)
    words = tuple(sorted(np.argsort(-told, kind="stable")[:count].tolist()))
    axes: tuple[tuple[float, ...], ...] = ()
    if len(tokens) >= FEWEST_ROWS and len(terms) > 2 * THEMES:
        from sklearn.utils.extmath import randomized_svd

        _, _, found = randomized_svd(weights, THEMES, random_state=0)
        axes = tuple(tuple(np.round(axis, 5).tolist()) for axis in found)
    rules = TextRules(terms, tuple(np.round(rarity, 5).tolist()), words, axes)
    if aims is None or len(tokens) < FEWEST_ROWS or aims.shape[1] > MOST_AIMS:
        return rules
    says, base = _ridge(weights, aims[known])
    rules = replace(rules, says=_rows(says), base=tuple(map(_short, base)))
    if embed is None:
        return rules
    vectors, own = _meant(values[known], embed), aims[known]
    by_words, by_meaning = (_unseen(one, own, 0) for one in (weights, vectors))
    best = min(float(((one - own) ** 2).sum()) for one in (by_meaning, (by_words + by_meaning) / 2))
    if best > HELPS * float(((by_words - own) ** 2).sum()):
        return rules
    means, mean_base = _ridge(vectors, own)
    return replace(rules, means=_rows(means), mean_base=tuple(map(_short, mean_base)))


def verdicts(rules: TextRules, values: pd.Series[Any], aims: Array, seed: int, embed: Embed | None = None) -> Array:
    """The verdicts (rows, verdicts) on the rows the rules were learned from, each by rows it is not among."""
    known = np.flatnonzero([isinstance(value, str) for value in values])
    weights = _weights([_tokens(values.iloc[row]) for row in known], rules.terms, np.array(rules.rarity))
    blocks = [_unseen(weights, aims[known], seed)]
    if rules.means and embed:
        blocks.append(_unseen(_meant(values.iloc[known], embed), aims[known], seed))
    found = np.full((len(values), rules.verdicts), np.nan)
    found[known] = np.hstack(blocks)
    return found


def _unseen(inputs: Any, aims: Array, seed: int) -> Array:
    """What a ridge regression says of each row (rows, aims), learned from rows it is not among."""
    part = np.random.default_rng(seed).permutation(len(aims)) % PARTS
    found = np.empty(aims.shape)
    for number in range(PARTS):
        says, base = _ridge(inputs[part != number], aims[part != number])
        found[part == number] = inputs[part == number] @ says.T + base
    return found


def _ridge(inputs: Any, aims: Array) -> tuple[Array, Array]:
    """Weights (aims, inputs) and bases (aims,) of a ridge regression on sparse words or on vectors (rows, inputs)."""
    from sklearn.linear_model import Ridge

    model = Ridge(MEANT) if isinstance(inputs, np.ndarray) else Ridge(FIRM, solver="sparse_cg", tol=1e-4)
    model.fit(inputs, aims)
    return np.asarray(np.atleast_2d(model.coef_)), np.atleast_1d(model.intercept_)


def _meant(values: pd.Series[Any], embed: Embed) -> Array:
    return embed(values.tolist()).astype(np.float64)


def _rows(weights: Array) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(map(_short, row)) for row in weights)


def _short(value: float) -> float:
    return float(f"{value:.5g}")


def _tokens(text: str) -> list[str]:
    return WORD.findall(text.casefold())


def _weights(tokens: list[list[str]], terms: tuple[str, ...], rarity: Array) -> Any:
    """TF-IDF weights (rows, terms), sparse, each row of length 1."""
    from scipy.sparse import csr_matrix

    places = {word: place for place, word in enumerate(terms)}
    rows, columns, values = [], [], []
    for row, own in enumerate(tokens):
        counts = Counter(places[word] for word in own if word in places)
        weight = np.array([(1 + np.log(count)) * rarity[place] for place, count in counts.items()])
        rows += [row] * len(counts)
        columns += list(counts)
        values += (weight / max(1e-12, float(np.sqrt((weight**2).sum())))).tolist()
    return csr_matrix((values, (rows, columns)), shape=(len(tokens), len(terms)))


def _told(weights: Any, aims: Array) -> Array:
    """How much each term tells: its largest correlation with an aim."""
    centred = aims - aims.mean(axis=0)
    spread = np.sqrt((centred**2).mean(axis=0)) + 1e-12
    count = weights.shape[0]
    mean = np.asarray(weights.mean(axis=0)).ravel()
    own = np.sqrt(np.maximum(np.asarray(weights.multiply(weights).mean(axis=0)).ravel() - mean**2, 1e-12))
    together = np.asarray(weights.T @ centred) / count
    return np.asarray(np.abs(together / (own[:, None] * spread[None, :])).max(axis=1))

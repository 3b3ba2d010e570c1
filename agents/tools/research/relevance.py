"""How near texts are to a search: BM25 by its words, likeness of meaning by embeddings, and both fused by rank.

BM25 is worked out for the words of one search, in one pass over the texts: an index of 100,000 posts would take longer
to build than all searches of a day take here. Formula: Robertson and Zaragoza, The Probabilistic Relevance Framework
(2009), with idf = ln(1 + (N - n + 0.5) / (n + 0.5)). Fusion: Cormack, Clarke and Büttcher (2009), k = 60.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from agents.tools.jobs.skills import vocabulary

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from integrations.models.embeddings.embedder import Embedder

K1, B = 1.2, 0.75
RRF = 60
_ENDING = re.compile(r"(?:ers?|ing|ors?|s|ment|ist)$")


Form = tuple[str, re.Pattern[str]]
"""How something may be written, and the pattern of it as a whole word."""


@dataclass(frozen=True)
class Term:
    """One thing looked for: its `forms` in lower case, and those that count in one case only, such as "Go"."""

    forms: tuple[Form, ...]
    exact: tuple[Form, ...] = ()

    def count(self, text: str, lowered: str) -> int:
        """How often it stands in a text, which is also given in lower case."""
        found = 0
        for forms, where in ((self.forms, lowered), (self.exact, text)):
            for form, pattern in forms:
                if form in where:  # ten times as quick as the pattern, and mostly the answer
                    found += len(pattern.findall(where))
        return found


def skill_term(skill: str) -> Term:
    """A skill with every alias the vocabulary knows."""
    words = vocabulary()
    name = words.names.get(skill.casefold(), skill)
    forms = [alias for alias, known in words.anywhere.items() if known == name]
    exact = [alias for table in (words.exact, words.listed) for alias, known in table.items() if known == name]
    return Term(tuple(map(_whole, forms if forms or exact else [skill.casefold()])), tuple(map(_whole, exact)))


def word_term(word: str) -> Term:
    """A word with its plural and near forms: "writer" finds "writing"."""
    word = word.casefold()
    stem = _ENDING.sub("", word)
    return Term((_whole(stem, r"\w{0,4}(?!\w)") if len(stem) >= 4 else _whole(word),))


def bm25(texts: Sequence[str], terms: Sequence[Term]) -> NDArray[np.float64]:
    """The score of each text, 0 where no term stands in it. A text's length is that of its characters."""
    import numpy as np

    counts = np.zeros((len(texts), len(terms)))
    lengths = np.ones(len(texts))
    for row, text in enumerate(texts):
        lowered = text.casefold()
        lengths[row] = len(text) or 1
        for column, term in enumerate(terms):
            if found := term.count(text, lowered):
                counts[row, column] = found
    holding = (counts > 0).sum(axis=0)
    idf = np.log1p((len(texts) - holding + 0.5) / (holding + 0.5))
    damping = K1 * (1 - B + B * lengths / (lengths.mean() if len(texts) else 1.0))
    scores: NDArray[np.float64] = (idf * counts * (K1 + 1) / (counts + damping[:, None])).sum(axis=1)
    return scores


def likeness(query: str, texts: Sequence[str], embedder: Embedder) -> NDArray[np.float64]:
    """The cosine of each text with the query, by meaning."""
    vectors = embedder.embed([query, *texts])
    scores: NDArray[np.float64] = (vectors[1:] @ vectors[0]).astype(float)
    return scores


def fused(*scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Several scores of the same things as one from 0 to 1, by the rank each thing has in them; equals share a rank."""
    import numpy as np

    total = np.zeros(len(scores[0]))
    for one in scores:
        total += 1 / (RRF + 1 + np.searchsorted(np.sort(-one), -one))
    result: NDArray[np.float64] = total * (RRF + 1) / len(scores)
    return result


def _whole(form: str, end: str = r"(?![\w+#])") -> Form:
    # What may not stand before it is looked at last: a pattern that begins with plain letters is found much faster.
    written = re.escape(form)
    return form, re.compile(rf"{written}(?<![\w+#]{written}){end}")

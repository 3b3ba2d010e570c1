"""Which way a prediction may move with a column, read from a sentence: "price must not fall with size"."""

from __future__ import annotations

import re

from automl.clean import Clean
from automl.detect import find_target
from automl.errors import DataError

_FALL, _RISE = r"fall|drop|decrease|decline|go down|sink|shrink", r"rise|increase|grow|go up|climb"
WISH = re.compile(
    r"(?P<what>[\w%€$ -]{2,60}?)\s+(?:must|should|may|can|shall)\s*(?:not|never|n't)\s+(?:ever\s+)?"
    rf"(?:(?P<fall>{_FALL})|(?P<rise>{_RISE}))\s+(?:with|as|when|for)\s+(?:more |larger |bigger |higher |greater )?"
    r"(?P<column>[\w%€$ -]{1,60}?)(?=\s+(?:rises?|grows?|increases?|goes up|or|and)\b|\s*[,.;:!?]|\s*$)"
    r"|(?P<what2>[\w%€$ -]{2,60}?)\s+(?:must|should|may|can|shall)\s+only\s+"
    rf"(?:(?P<rise2>{_RISE})|(?P<fall2>{_FALL}))\s+(?:with|as|when|for)\s+"
    r"(?P<column2>[\w%€$ -]{1,60}?)(?=\s+(?:rises?|grows?|increases?|goes up|or|and)\b|\s*[,.;:!?]|\s*$)",
    re.IGNORECASE,
)


def monotone(table: Clean, words: str, columns: list[str]) -> tuple[dict[str, int], list[str]]:
    """For each column wished about 1 (never lower where it is higher) or -1; and what could not be granted."""
    found, notes = dict[str, int](), []
    for match in WISH.finditer(words):
        said = (match["column"] or match["column2"]).strip()
        try:
            name, *_ = find_target(columns, said)
        except DataError:
            notes.append(f"There is no column '{said}' that the prediction could follow.")
            continue
        if table.types[name].kind not in ("number", "boolean"):
            notes.append(f"'{name}' holds no numbers, so the prediction cannot follow it up or down.")
            continue
        found[name] = 1 if match["fall"] or match["rise2"] else -1
    return found, notes

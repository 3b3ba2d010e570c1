"""Which of the fourteen languages a text is in: by its script, and by its little words where that is Latin."""

from __future__ import annotations

import re
from collections import Counter

_SCRIPTS = (
    ("ja", r"[\u3040-\u30ff]"),
    ("ko", r"[\uac00-\ud7af]"),
    ("zh", r"[\u4e00-\u9fff]"),
    ("th", r"[\u0e00-\u0e7f]"),
    ("hi", r"[\u0900-\u097f]"),
    ("ur", r"[ٹڈڑےںہھگچپ]"),
    ("ar", r"[\u0600-\u06ff]"),
    ("ru", r"[\u0400-\u04ff]"),
)
_LITTLE = {
    "en": "the and is are was of to in that it for you with this have not on at be will",
    "de": "der die das und ist sind war nicht ein eine mit von zu für auf den im sie ich es werden",
    "es": "el la los las y es son de que en un una por con para no del se está lo",
    "fr": "le la les et est sont de que en un une pour avec dans pas du des il au vous",
    "it": "il lo la gli e è sono di che in un una per con non del della si al i",
    "pt": "o a os as e é são de que em um uma por com para não do da se ao",
}


def language_of(text: str, otherwise: str = "en") -> str:
    """The language as ISO 639-1."""
    letters = len(re.findall(r"[^\W\d_]", text)) or 1
    for code, script in _SCRIPTS:
        if len(re.findall(script, text)) / letters > (0.05 if code in ("ja", "ur") else 0.3):
            return code
    words = re.findall(r"[^\W\d_]+", text.casefold())
    counts = Counter({code: sum(word in little.split() for word in words) for code, little in _LITTLE.items()})
    best = counts.most_common(1)[0]
    return best[0] if best[1] and best[1] > counts[otherwise] else otherwise

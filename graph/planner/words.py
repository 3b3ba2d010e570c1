"""Words as the planner compares them: lower case, without accents or endings, those of other languages in English."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from itertools import pairwise

import yaml

from config.paths import ROOT

WORD = re.compile(r"[^\W_]+(?:[.'’-][^\W_]+)*")
STOP = frozenset(
    "a an and any are as at be been but by can could do does did for from had has have i if in is it its just "
    "me my of on or our please pls plz so some than that the their them then there these this those to us was "
    "we were what which will with would you your hey hi hello now thanks kindly "
    "hope well dear regards".split()
)
ENDINGS = ("ations", "ation", "ingly", "ments", "ment", "ings", "ing", "ies", "ied", "ers", "ed", "er", "es", "ly", "s")


def fold(text: str) -> str:
    """Lower case and without accents: ``"Müller"`` becomes ``"muller"``."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in plain if not unicodedata.combining(sign))


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """A word without its English ending; what is left has at least three letters."""
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            root = word[: -len(ending)]
            if ending in {"ies", "ied"}:
                return root + "y"
            return root[:-1] if len(root) > 3 and root[-1] == root[-2] and root[-1] not in "lsz" else root.rstrip("e")
    return word.rstrip("e") if len(word) > 3 else word


def words(text: str) -> list[str]:
    """The words of a text, folded."""
    return WORD.findall(fold(text))


def terms(text: str) -> list[str]:
    """What two texts are compared by: stems, and pairs of neighbouring stems. Stop words join no pair."""
    stems = [stem(word) for word in words(text) if word not in STOP and not word[0].isdigit()]
    return stems + [f"{a} {b}" for a, b in pairwise(stems)]


@cache
def lexicon() -> dict[str, str]:
    """Foreign words of requests and their English ones, from ``config/lexicon.yaml``."""
    languages = yaml.safe_load((ROOT / "config" / "lexicon.yaml").read_text(encoding="utf-8"))
    return {word: english for words in languages.values() for word, english in words.items()}


def in_english(text: str) -> str:
    """A text with the foreign words it knows put into English; itself when it knows none."""
    known = lexicon()
    return re.sub(r"[^\W\d_]+", lambda hit: known.get(fold(hit.group()), hit.group()), text)

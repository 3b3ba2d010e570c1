"""What cleaning does, by name, and which of it a sentence forbids."""

from __future__ import annotations

import re
from collections.abc import Collection

STEPS: dict[str, str] = {
    "missing": r"missing words?|words? for nothing|(?:na|null)s?",
    "spellings": r"spellings?|(?:letter )?case",
    "duplicates": r"(?<!near )(?<!near-)(?:duplicates?|repeats?|repetitions?|repeated rows?|duplicate rows?)",
    "near": r"near(?:ly)?[- ](?:duplicates?|repeats?|the same)",
    "units": r"units?(?: of measurement)?|measures?|currenc(?:y|ies)|amounts?",
    "dates": r"dates?",
    "booleans": r"booleans?|yes(?:/| and | or )no",
    "outliers": r"outliers?|far(?:-| )out(?: values)?",
}
"""What cleaning does, each by the words that name it; any of it can be turned off."""
VERBS = r"(?:merg|drop|remov|delet|chang|convert|turn|split|touch|read|flag|fix|clean|tak)\w*"
UNWANTED = re.compile(
    rf"\b(?:(?:do not|don['’]?t|never|without)\b[^.;!?]*?\b{VERBS}|(?:keep|leave|skip)\b(?! out))"
    r"(?P<rest>(?:(?!\b(?:leave out|ignore|predict)\b)[^.;!?])*)",
    re.IGNORECASE,
)
SAID = {"missing": "missing words", "near": "near duplicates"}


def unwanted(said: str) -> frozenset[str]:
    """The steps of `STEPS` that a sentence forbids: "do not merge spellings", "keep duplicates and leave the units"."""
    rests = [found["rest"] for found in UNWANTED.finditer(said)]
    return frozenset(
        step
        for step, words in STEPS.items()
        if any(re.search(rf"\b(?:{words})\b(?! (?:column|field))", rest, re.IGNORECASE) for rest in rests)
    )


def leaving(hint: str, steps: Collection[str]) -> str:
    """The hint with a sentence that forbids these steps."""
    told = " or the ".join(SAID.get(step, step) for step in steps)
    return f"{hint}. Do not change the {told}." if steps else hint

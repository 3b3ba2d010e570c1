"""Writes down what was heard as one would type it: numbers in figures, known names as they are written, a capital.

invoice acme three hours at eighty euros  ─▶  Invoice Acme 3 hours at 80 euros
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_ONES = {
    word: number
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen".split()
    )
}
_TENS = dict(zip("twenty thirty forty fifty sixty seventy eighty ninety".split(), range(20, 100, 10), strict=True))
_SCALES = {"hundred": 100, "thousand": 1000, "million": 1_000_000}
_WORDS = {*_ONES, *_TENS, *_SCALES}
_NUMBER = "|".join(sorted(_WORDS, key=len, reverse=True))
_RUN = re.compile(
    rf"\b(?:(?:a|an) (?=hundred|thousand|million))?(?:{_NUMBER})(?:[ -](?:and )?(?:{_NUMBER}))*"
    rf"(?: point(?: (?:{_NUMBER}))+)?"
    r"(?: and (?:a )?(?P<part>half|quarter))?\b",
    re.IGNORECASE,
)
_HALF_HOUR = re.compile(r"\bhalf an hour\b", re.IGNORECASE)
_PRONOUN = re.compile(r"\bi(?=\b(?!\.\w))")
_ALONE = re.compile(r"\b(?:no|this|that|the|which|every|each|any) one$|^(?:one|zero)$", re.IGNORECASE)


def as_typed(heard: str, names: Iterable[str] = ()) -> str:
    """The words as a message. `names` are written as they stand here wherever they were heard."""
    text = in_figures(" ".join(heard.split()))
    text = _PRONOUN.sub("I", text)
    for name in names:
        if len(name) > 2:
            text = re.sub(rf"\b{re.escape(name)}\b", name, text, flags=re.IGNORECASE)
    return text[:1].upper() + text[1:]


def in_figures(text: str) -> str:
    """``two and a half hours at eighty euros`` as ``2.5 hours at 80 euros``; a lone "one" that counts nothing stays."""
    text = _HALF_HOUR.sub("0.5 hours", text)

    def figure(match: re.Match[str]) -> str:
        before = text[: match.end()]
        if not match["part"] and _ALONE.search(match[0]) and not _counts(text[match.end() :]):
            return match[0]
        if re.search(r"\b(?:no|this|that|which|every|any) \w+$", before, re.IGNORECASE) and match[0].lower() == "one":
            return match[0]
        return _figure(match[0], match["part"] or "")

    return _RUN.sub(figure, text)


def _counts(after: str) -> bool:
    """Whether what follows is something that is counted."""
    unit = r"^ (?:hours?|days?|weeks?|months?|minutes?|euros?|dollars?|pounds?|francs?|percent|times|invoices?)\b"
    return re.match(unit, after, re.IGNORECASE) is not None


def _figure(words: str, part: str) -> str:
    whole, _, decimals = re.sub(r" and (?:a )?(?:half|quarter)$", "", words, flags=re.IGNORECASE).partition(" point ")
    total = current = 0
    for word in re.split(r"[ -]", whole.lower()):
        if word in _ONES or word in _TENS:
            current += _ONES.get(word) or _TENS.get(word) or 0
        elif word == "hundred":
            current = (current or 1) * 100
        elif word in _SCALES:
            total, current = total + (current or 1) * _SCALES[word], 0
    number = str(total + current)
    digits = "".join(str(_ONES.get(word, _TENS.get(word, ""))) for word in decimals.lower().split())
    fraction = digits or {"half": "5", "quarter": "25"}.get(part.lower(), "")
    return f"{number}.{fraction}" if fraction else number

"""What can be learned of the user's style from how they changed a draft before they let it go.

before ─┬─▶ other greeting, other closing, far fewer words, a word replaced wherever it stood ──▶ statements to keep
after  ─┘
"""

from __future__ import annotations

import re
from collections import Counter
from difflib import SequenceMatcher

from agents.tools.remembering.wishes import GREETING

SHORTENED = 0.6
"""Part of the words, at most, that is left of a text that was made shorter."""
LONG_ENOUGH = 40
"""Words from which a text can be too long."""
OFTEN = 2
"""Times a word has to be replaced by the same other one."""
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|\S")


def lessons(before: str, after: str) -> list[str]:
    """What a change from one text of a mail into another says of the style, as statements to keep; mostly nothing."""
    if not after.strip() or before.strip() == after.strip():
        return []
    found = []
    if (greeting := _greeting(after)) and greeting != _greeting(before):
        found.append(f"Begin mails with “{greeting}”")
    if closing := _closing(before, after):
        found.append(f"End mails with “{closing}”")
    old, new = len(before.split()), len(after.split())
    if old >= LONG_ENOUGH and new <= SHORTENED * old:
        found.append("I prefer short mails")
    return found + [f"Say “{new}” instead of “{old}”" for old, new in _replaced(before, after)]


def _greeting(text: str) -> str:
    hit = GREETING.match(text.lstrip())
    return hit["word"] if hit else ""


def _closing(before: str, after: str) -> str:
    """The line before the same signature, where it is another one now."""
    old, new = _last_lines(before), _last_lines(after)
    if len(old) < 2 or len(new) < 2 or old[-1] != new[-1] or old[-2] == new[-2]:
        return ""
    return new[-2].rstrip(",") if len(old[-2].split()) <= 4 and len(new[-2].split()) <= 4 else ""


def _last_lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()][-2:]


def _replaced(before: str, after: str) -> list[tuple[str, str]]:
    """Words that were replaced by another one everywhere, several times; names and numbers are none."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    pairs: Counter[tuple[str, str]] = Counter()
    for what, start, end, at, to in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "replace" and end - start == to - at == 1:
            pairs[old[start], new[at]] += 1
    plain = {one for one in {*old, *new} if one.isalpha() and one.islower()}
    often = [pair for pair, times in pairs.items() if times >= OFTEN and plain.issuperset(pair)]
    return [pair for pair in often if pair[0] not in new]

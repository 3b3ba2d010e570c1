"""Finds skills in words, and says which of them one has: a vocabulary with aliases, looked up token by token."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

VOCABULARY = Path(__file__).with_name("skills.txt")
MOST = 40_000
"""Characters of a text that are looked at."""
_TOKEN = re.compile(r"[A-Za-zÀ-ÿ0-9&][\w&]*(?:[+#]+(?!\w))?(?:[.\-/'’][\w]+(?:[+#]+(?!\w))?)*|\.[A-Za-z]\w+")
_OPENS, _CLOSES = set(",;/|•·:(\n-–"), set(",;/|•·)\n.")


@dataclass(frozen=True)
class Vocabulary:
    """Names by alias: `anywhere` in lower case, `exact` in one case only, `listed` only as an item of a list.

    `starts` gives for the first word of any alias the words of the longest one, so that most words are passed by.
    """

    names: dict[str, str]
    anywhere: dict[str, str]
    exact: dict[str, str]
    listed: dict[str, str]
    implies: dict[str, tuple[str, ...]]
    starts: dict[str, int]


@cache
def vocabulary() -> Vocabulary:
    """The vocabulary file. Raises ValueError naming a line that makes no sense."""
    names: dict[str, str] = {}
    anywhere: dict[str, str] = {}
    exact: dict[str, str] = {}
    listed: dict[str, str] = {}
    implies: dict[str, tuple[str, ...]] = {}
    for number, line in enumerate(VOCABULARY.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        name, aliases, parents = ([part.strip() for part in line.split("|")] + ["", ""])[:3]
        written = [alias.strip() for alias in aliases.split(",") if alias.strip()]
        marked = {alias[1:].casefold() for alias in written if alias[0] in "=~"}
        if not name or name.casefold() in names:
            raise ValueError(f"{VOCABULARY.name}, line {number}: the skill '{name}' is empty or there twice")
        names[name.casefold()] = name
        if name.casefold() not in marked:
            anywhere[_key(name)] = name
        for alias in written:
            if alias[0] == "=":
                exact[_spaced(alias[1:])] = name
            elif alias[0] == "~":
                listed[_spaced(alias[1:])] = name
            else:
                anywhere[_key(alias)] = name
        implies[name] = tuple(parent.strip() for parent in parents.split(",") if parent.strip())
    starts: dict[str, int] = {}
    for alias in (*anywhere, *exact, *listed):
        first, *more = (token.group().casefold() for token in _TOKEN.finditer(alias))
        starts[first] = max(starts.get(first, 0), 1 + len(more))
    return Vocabulary(names, anywhere, exact, listed, implies, starts)


def find_skills(text: str) -> list[str]:
    """The skills a text names, by their usual names, in order and each once."""
    words = vocabulary()
    text = text[:MOST]
    tokens = list(_TOKEN.finditer(text))
    found: dict[str, None] = {}
    at = 0
    while at < len(tokens):
        longest = words.starts.get(tokens[at].group().casefold(), 0)
        for length in range(min(longest, len(tokens) - at), 0, -1):
            start, end = tokens[at].start(), tokens[at + length - 1].end()
            if end - start > 60:
                continue
            written = _spaced(text[start:end])
            name = words.anywhere.get(_key(written)) or words.exact.get(written)
            if name is None and written in words.listed and _is_item(text, start, end):
                name = words.listed[written]
            if name is not None:
                found[name] = None
                at += length
                break
        else:
            # "Streamlit/Dash" and "Python-based" are one token here; their parts count when the whole does not.
            whole = tokens[at].group()
            for part in re.split(r"[/\-]", whole) if "/" in whole or "-" in whole else ():
                if inner := words.anywhere.get(_key(part)):
                    found[inner] = None
            at += 1
    return list(found)


def canonical(skill: str) -> str:
    """A skill somebody stated, by its usual name; as written when the vocabulary does not know it."""
    words = vocabulary()
    written = _spaced(skill.strip(" .,;"))
    for table, key in (
        (words.names, written.casefold()),
        (words.anywhere, _key(written)),
        (words.exact, written),
        (words.listed, written),
        ({_key(alias): name for alias, name in words.listed.items()}, _key(written)),
    ):
        if key in table:
            return table[key]
    return written


def canonical_all(skills: Iterable[str]) -> list[str]:
    """Stated skills by their usual names, each once; a phrase that holds several gives them all."""
    found: dict[str, None] = {}
    for skill in skills:
        name = canonical(skill)
        inside = [] if name.casefold() in vocabulary().names else find_skills(skill)
        found.update(dict.fromkeys(inside or ([name] if name else [])))
    return list(found)


def with_implied(skills: Iterable[str]) -> set[str]:
    """Skills with those that come with them: who knows Django knows Python. Compared without case."""
    words = vocabulary()
    known: set[str] = set()
    waiting = list(skills)
    while waiting:
        skill = waiting.pop()
        if skill.casefold() not in known:
            known.add(skill.casefold())
            waiting.extend(words.implies.get(words.names.get(skill.casefold(), skill), ()))
    return known


def _spaced(text: str) -> str:
    return " ".join(text.split())


def _key(text: str) -> str:
    return _spaced(text).casefold()


def _is_item(text: str, start: int, end: int) -> bool:
    before, after = text[:start].rstrip(" \t*"), text[end:].lstrip(" \t*")
    opens = not before or before[-1] in _OPENS or before.casefold().endswith((" and", " or"))
    closes = not after or after[0] in _CLOSES or after.casefold().startswith(("and ", "or "))
    in_list = (before[-1:] in ",;/|•·\n-" or after[:1] in ",;/|•·\n") if before or after else True
    return opens and closes and in_list

"""What a model writes, checked sentence by sentence while it comes.

    pieces ──▶ sentences and lines ──▶ pictures and unknown addresses out ──▶ citations ──▶ numbers marked ──▶ page

A sentence with a number that nothing holds stays, with a mark behind it. In a block of code the mark stands below. What
is left open when the model stops is closed, so that what follows on the page is not drawn into it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from agents.tools.text.stated import Held

_END = re.compile(r"(?<=[.!?…])[\"'”’)\]*_]*[^\S\n]+(?=\S)|(?<=[。！？])|\n")
_ENUMERATOR = re.compile(r"\s*(?:[-*+>]\s+)*(?:1?\d|20)[.)]\s*")
_FENCE = re.compile(r"\s{0,3}(`{3,}|~{3,})")
_CITED = re.compile(r"\s?\[(\d{1,3}(?:\s*[,;]\s*\d{1,3})*)\](?!\()")
_PICTURE = re.compile(r"!(?=\[)")
_TARGET = re.compile(r"\]\([^\S\n]*<?([^)>\s]*)[^)\n]*\)?")
_AWAY = re.compile(r"(?i)\]\([^\S\n]*<?(?:[a-z][a-z0-9+.-]*:|//|&)[^)\n]*\)?")
_ADDRESS = re.compile(r"(?i)[a-z][a-z0-9+.-]{0,30}://[^\s<>|\"]*|(?<![:\w/])//[\w\[][^\s<>|\"]*|www\.[^\s<>|\"]+")
_TAG = re.compile(r"<(?=[A-Za-z/!?])")
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f\xad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
"""Signs that show nothing, with which a number could look like another one."""
_FENCES = re.compile(r"(?i)</?(?:outside|finding|passage|draft)\b[^>\n]*>")
"""The tags around what a model reads, which it may copy."""
_TAIL = ".,;:!?)]}'\"*_`"


def addresses(texts: Iterable[str]) -> frozenset[str]:
    """Every web address in texts, without the punctuation behind it."""
    return frozenset(found.rstrip(_TAIL) for text in texts for found in _ADDRESS.findall(text))


@dataclass(frozen=True)
class Ground:
    """What a model's words may rest on.

    `citations` says what ``[1]``, ``[2]``, … become; a citation beyond them is taken out, and with none at all brackets
    are left as they are. `mark` is put behind a sentence with numbers that are not `held`, as ``{numbers}``.
    """

    held: Held
    links: frozenset[str] = frozenset()
    citations: Sequence[str] = ()
    mark: str = "({numbers})"


@dataclass
class Writing:
    """One text as it comes. `cited` are the places of the citations it has used, from 1."""

    ground: Ground
    cited: set[int] = field(default_factory=set)
    _rest: str = ""
    _fence: str = ""
    _late: list[str] = field(default_factory=list)
    _line_begins: bool = True

    def add(self, piece: str) -> str:
        """Take the next piece; give what is ready to be shown, which may be nothing."""
        self._rest += _UNSEEN.sub("", piece)
        ready, start = "", 0
        for end in _END.finditer(self._rest):
            unit = self._rest[start : end.end()]
            whole_line = unit.endswith("\n")
            if not unit or (_ENUMERATOR.fullmatch(unit) and not whole_line):
                continue
            ready += self._checked(unit)
            start = end.end()
        self._rest = self._rest[start:]
        return ready

    def end(self, *, broken: bool = False) -> str:
        """What is left. When the model has `broken` off, a half sentence is marked as one."""
        half = broken and bool(self._rest.strip())
        text = self._checked(self._rest) if self._rest else ""
        self._rest = ""
        if half:
            text = f"{text.rstrip()} …"
        if self._fence:
            text += f"\n{self._fence}\n{self._mark(self._late)}"
            self._fence, self._late = "", []
        return text

    def _checked(self, unit: str) -> str:
        begins, self._line_begins = self._line_begins, unit.endswith("\n")
        fence = _FENCE.match(unit) if begins else None
        if self._fence:
            return self._in_code(unit, closes=bool(fence and fence[1].startswith(self._fence)))
        if fence:
            self._fence = fence[1]
            return _AWAY.sub("]", unit)
        text = self._plain(unit)
        listed = _ENUMERATOR.match(text) if begins else None
        said = text[listed.end() :] if listed and listed.end() < len(text) else text
        lacking = self.ground.held.lacks(_CITED.sub("", said) if self.ground.citations else said)
        text = _CITED.sub(self._citation, text) if self.ground.citations else text
        return _behind(text, self._mark(lacking))

    def _in_code(self, unit: str, *, closes: bool) -> str:
        if not closes:
            self._late += self.ground.held.lacks(unit)
            return _AWAY.sub("]", unit)
        mark, self._fence, self._late = self._mark(self._late), "", []
        return f"{unit}{mark.strip()}\n" if mark else unit

    def _plain(self, text: str) -> str:
        """Markdown that can fetch nothing and leads only where a finding or the user does."""
        text = _TARGET.sub(lambda link: link[0] if link[1] in self.ground.links else "]", _PICTURE.sub("", text))
        text = _ADDRESS.sub(self._address, text)
        return _TAG.sub(r"\\<", _FENCES.sub("", text).replace("]:", "]\\:"))

    def _address(self, match: re.Match[str]) -> str:
        address = match[0].rstrip(_TAIL)
        return match[0] if address in self.ground.links else match[0][len(address) :]

    def _citation(self, match: re.Match[str]) -> str:
        places = [int(place) for place in re.findall(r"\d+", match[1])]
        real = [place for place in places if 1 <= place <= len(self.ground.citations)]
        self.cited.update(real)
        space = " " if match[0][0].isspace() and real else ""
        return space + " ".join(self.ground.citations[place - 1] for place in real)

    def _mark(self, numbers: Sequence[str]) -> str:
        if not numbers:
            return ""
        return " " + self.ground.mark.format(numbers=", ".join(dict.fromkeys(numbers)))


def _behind(text: str, mark: str) -> str:
    """The text with a mark behind its words: before the white space, and within the last cell of a table's row."""
    if not mark:
        return text
    words = text.rstrip()
    if words.endswith("|"):
        return f"{words[:-1].rstrip()}{mark} |{text[len(words) :]}"
    return f"{words}{mark}{text[len(words) :]}"

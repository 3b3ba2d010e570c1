"""Makes sentences to say aloud of what was written to be read: no tables, no code, no addresses, no marks."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_FENCED = re.compile(r"```.*?(?:```|\Z)", re.DOTALL)
_PICTURE = re.compile(r"!\[[^\]]*\]\([^)]*\)")
_LINK = re.compile(r"\[([^\]]+)\]\([^)]*\)")
_ADDRESS = re.compile(r"\bhttps?://\S+")
_MARKS = re.compile(r"(?m)^\s{0,3}(?:#{1,6}|>|[-*+]|\d+\.)\s+|[*_`~]{1,3}(?=\S)|(?<=\S)[*_`~]{1,3}")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|~>$])")
_END = re.compile(r"(?<=[.!?…。！？؟।])[\"”’)]*(?:\s+|(?<=[。！？]))|\n+")
SHORTEST = 2
TABLE_SAID = "There is a table here that you can read on the page."


def spoken(markdown: str) -> str:
    """Markdown as a plain text to say; a table becomes one sentence."""
    text = _FENCED.sub("\n", markdown)
    text = re.sub(r"(?:^\s*\|.*\n?)+", f"{TABLE_SAID}\n", text, flags=re.MULTILINE)
    text = _LINK.sub(r"\1", _PICTURE.sub(" ", text))
    text = _ESCAPED.sub(r"\1", _MARKS.sub("", _ADDRESS.sub(" ", text)))
    return "\n".join(" ".join(line.split()) for line in text.splitlines() if line.strip())


def sentences(markdown: str) -> list[str]:
    """The sentences to say, in order."""
    return [part.strip() for part in _END.split(spoken(markdown)) if len(part.strip()) >= SHORTEST]


@dataclass
class Sentences:
    """Gives the sentences of a text that is still being written, each once it is whole."""

    _text: str = field(default="", init=False)

    def add(self, text: str) -> list[str]:
        """The sentences that became whole with this."""
        self._text += text
        if self._text.count("```") % 2:
            return []
        ends = [match.end() for match in _END.finditer(self._text)]
        if not ends or (self._text.rpartition("\n")[2].lstrip().startswith("|") and ends[-1] < len(self._text)):
            return []
        whole, self._text = self._text[: ends[-1]], self._text[ends[-1] :]
        return sentences(whole)

    def rest(self) -> list[str]:
        """What is left when the text ends."""
        whole, self._text = self._text, ""
        return sentences(whole)

"""What of a model's bytes is shown: whole characters, without the thoughts between <think> and </think>."""

from __future__ import annotations

import codecs

OPEN, CLOSE = "<think>", "</think>"


class Shown:
    """Takes the bytes of tokens as they come and gives the text to show, holding back what is not yet certain."""

    def __init__(self, *, thinking: bool = False, raw: bool = False) -> None:
        """`thinking` says that the prompt ended inside a thought; `raw` leaves thoughts in.

        Bytes that are no character show as U+FFFD; raw, they are left out, because a grammar counts several as one.
        """
        self._decoder = codecs.getincrementaldecoder("utf-8")("ignore" if raw else "replace")
        self._thinking = thinking
        self._raw = raw
        self._began = raw
        self._held = ""

    def feed(self, data: bytes) -> str:
        """Return what these bytes complete."""
        text = self._decoder.decode(data)
        if self._raw:
            return text
        self._held += text
        out = ""
        while True:
            before, mark, after = self._held.partition(CLOSE if self._thinking else OPEN)
            if not mark:
                break
            out += "" if self._thinking else before
            self._held, self._thinking = after, not self._thinking
        kept = _start_of(CLOSE if self._thinking else OPEN, self._held)
        out += "" if self._thinking else self._held[: len(self._held) - kept]
        self._held = self._held[len(self._held) - kept :]
        return self._from_first_word(out)

    def end(self) -> str:
        """Return what was held back, without a character that was never completed."""
        rest, self._held = ("" if self._thinking else self._held), ""
        return self._from_first_word(rest)

    def _from_first_word(self, text: str) -> str:
        if not self._began:
            text = text.lstrip()
            self._began = bool(text)
        return text


def _start_of(mark: str, text: str) -> int:
    """How many characters at the end of `text` may be the beginning of `mark`."""
    return next((size for size in range(len(mark) - 1, 0, -1) if text.endswith(mark[:size])), 0)

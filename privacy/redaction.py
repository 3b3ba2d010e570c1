"""Replaces personal data by placeholders before a text leaves, and puts it back into what comes back.

    "mail ana@example.pt" ── hide ──▶ "mail [EMAIL_1]" ──▶ a model elsewhere ──▶ "Dear [EMAIL_1]" ── show ──▶ …

The table from placeholder to value stays in this process, for as long as the `Redaction` lives.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Collection

from privacy.egress import is_public
from privacy.personal import Kind, find

_PLACEHOLDER = re.compile(r"\[(?:EMAIL|IBAN|CARD|NATIONAL_ID|TAX_ID|PHONE|IP|ADDRESS|NAME)_\d+\]")
_BEGUN = re.compile(r"\[(?:[A-Z_]{0,12}(?:_\d{0,6})?)?$")
"""A placeholder of which the rest may still come."""


class Redaction:
    """One exchange: the same value gets the same placeholder throughout."""

    def __init__(self, names: Collection[str] = ()) -> None:
        """`names` are known people and companies, to be replaced besides what patterns find."""
        self._names = frozenset(names)
        self._given: dict[str, str] = {}
        self._values: dict[str, str] = {}

    @property
    def replaced(self) -> int:
        """How many different values were replaced so far."""
        return len(self._values)

    def hide(self, text: str) -> str:
        """The text with placeholders in place of personal data."""
        taken = set(_PLACEHOLDER.findall(text)) - self._values.keys()
        pieces, end = [], 0
        for one in find(text, self._names):
            pieces += [text[end : one.start], self._placeholder(one.kind, one.text, taken)]
            end = one.end
        return "".join([*pieces, text[end:]])

    def show(self, text: str, written: Callable[[str], str] = str) -> str:
        """The text with the values in place of their placeholders; a placeholder never given stays.

        `written` says how a value is written there, inside JSON for example.
        """
        return _PLACEHOLDER.sub(
            lambda found: written(self._values[found.group()]) if found.group() in self._values else found.group(), text
        )

    async def shown(self, pieces: AsyncIterator[str], written: Callable[[str], str] = str) -> AsyncIterator[str]:
        """A stream of text with the values put back, also where a placeholder comes in several pieces."""
        held = ""
        async for piece in pieces:
            held += piece
            begun = _BEGUN.search(held)
            cut = begun.start() if begun else len(held)
            if cut:
                yield self.show(held[:cut], written)
            held = held[cut:]
        if held:
            yield self.show(held, written)

    def _placeholder(self, kind: Kind, value: str, taken: set[str]) -> str:
        key = " ".join(value.split()).casefold()
        if key not in self._given:
            number = 1 + sum(one.startswith(f"[{_label(kind)}_") for one in self._values)
            while f"[{_label(kind)}_{number}]" in taken:
                number += 1
            self._given[key] = f"[{_label(kind)}_{number}]"
            self._values[self._given[key]] = value
        return self._given[key]


def mask(text: str) -> str:
    """The text with personal data that patterns find replaced by its kind, for logs: there is no way back.

    Addresses of this machine and its network stay, for they are nobody's.
    """
    for one in reversed(find(text)):
        if one.kind == "ip" and not is_public(one.text):
            continue
        text = f"{text[: one.start]}[{_label(one.kind).lower().replace('_', ' ')}]{text[one.end :]}"
    return text


def _label(kind: Kind) -> str:
    return kind.upper().replace(" ", "_")

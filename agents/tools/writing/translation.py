"""Translates a text with a model, piece by piece, keeping its markdown; each piece's numbers are checked.

text ──▶ blocks between blank lines ──▶ pieces that fit ──▶ model, with the terms to use ──▶ same numbers? ──▶ joined
         code stays as it is                                              └─ no ──▶ the piece stays as it was, marked
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from agents.deps import Deps
from agents.tools.models.context_budget import tokens
from agents.tools.text.languages import NAMES
from agents.tools.writing.glossary import terms_in
from agents.tools.writing.rewording import reword

PROMPT = """Translate the text from {source} into {target}, faithfully and in natural business language. Keep markdown,
line breaks, names and web addresses.{terms}"""
MOST_TOKENS = 500
MOST_PIECES = 200


@dataclass(frozen=True)
class Translated:
    """A translation; `kept` are the pieces that stayed as they were, `notes` why."""

    text: str
    kept: int
    pieces: int
    notes: tuple[str, ...]


async def translated(
    text: str, source: str, target: str, own_terms: Sequence[tuple[str, str]], deps: Deps
) -> Translated:
    """Translate with the model of `deps`. `own_terms` are the user's own words, which count most."""
    most = min(MOST_TOKENS, (deps.model.context if deps.model else 2048) // 5)
    pieces = cut(text, most)
    done: list[str] = []
    notes: dict[str, None] = {}
    kept = 0
    for number, piece in enumerate(pieces):
        if number >= MOST_PIECES or piece.lstrip().startswith("```") or not re.search(r"[^\W\d_]{2}", piece):
            done.append(piece)
            kept += number >= MOST_PIECES
            continue
        deps.progress(f"Translating part {number + 1} of {len(pieces)}", number / len(pieces))
        known = [*own_terms, *terms_in(piece, source, target)][:12]
        terms = " Use these words: " + "; ".join(f"{old} = {new}" for old, new in known) + "." if known else ""
        prompt = PROMPT.format(source=NAMES[source], target=NAMES[target], terms=terms)
        made = await reword(piece, prompt, deps, names=False)
        kept += not made.text
        if made.note:
            notes[made.note] = None
        done.append(made.text or piece)
    if len(pieces) > MOST_PIECES:
        notes[f"Only the first {MOST_PIECES} of {len(pieces)} parts were translated."] = None
    return Translated("\n\n".join(done), kept, len(pieces), tuple(notes))


def cut(text: str, most: int) -> list[str]:
    """Pieces of whole blocks, none longer than `most` tokens where blocks allow; a block of code is a piece alone."""
    blocks = [block for block in re.split(r"(?m)(^```.*?^```[^\n]*$)", text, flags=re.DOTALL) if block.strip()]
    pieces: list[str] = []
    size = 0
    for block in blocks:
        if block.startswith("```"):
            pieces.append(block.strip("\n"))
            size = most
            continue
        for paragraph in (part for part in re.split(r"\n{2,}", block.strip("\n")) if part.strip()):
            for part in _parts(paragraph, most):
                more = tokens(part)
                if pieces and size + more <= most:
                    pieces[-1] += f"\n\n{part}"
                    size += more
                else:
                    pieces.append(part)
                    size = more
    return pieces


def _parts(paragraph: str, most: int) -> list[str]:
    """A paragraph, or when it is too long its lines and sentences put together up to `most` tokens."""
    if tokens(paragraph) <= most:
        return [paragraph]
    parts = [""]
    for sentence in re.split(r"(?<=[.!?])\s+|\n", paragraph):
        if parts[-1] and tokens(f"{parts[-1]} {sentence}") > most:
            parts.append("")
        parts[-1] = f"{parts[-1]} {sentence}".strip()
    return parts

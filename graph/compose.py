"""The answer from the findings: their own markdown, and with a model a few sentences of its own above it.

    model ──▶ sentences, checked as they come ──▶ "---" ──▶ the findings as the agents wrote them
      └─ breaks off ──▶ one line that says so ───────────────▶ the same

So what was computed always stands in full, word for word, whatever the model makes of it.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass

from agents.tools.models.asking import pieces
from agents.tools.models.checked_text import Writing
from graph.conflicts import told
from graph.planner.talk import phrases
from graph.reading import Brief, Reading, reading
from graph.wording import in_language
from integrations.models.backend import ModelBackend, ModelError, Note, Wanted, silent


async def compose(brief: Brief, model: ModelBackend | None, note: Note = silent) -> AsyncGenerator[str, None]:
    """The answer in pieces. Without a model it is what `assemble` gives."""
    if model is None or not _adds(brief):
        for piece in _paragraphs(assemble(brief)):
            yield piece
        return
    told = _Told()
    read = await asyncio.to_thread(reading, brief, model.context)
    async with aclosing(_written(read, model, note, told)) as sentences:
        async for sentence in sentences:
            yield sentence
    if told.words and brief.plan.steps:
        yield "\n\n---\n\n"
    elif told.words and not told.stopped:
        return
    elif told.stopped:
        yield "\n\n"
    for piece in _paragraphs(assemble(brief, numbered=told.cited)):
        yield piece


def assemble(brief: Brief, *, numbered: bool = False) -> str:
    """The findings' own markdown in the order of the plan, headed where there are several or they are `numbered`.

    It is in the user's language as far as that is known; see graph.wording.
    """
    language = brief.plan.language
    if not brief.plan.steps:
        return in_language(brief.plan.answer, language)
    found = [(in_language(title, language), in_language(finding.text, language)) for title, finding in brief.found]
    differ = [in_language(text, language)] if (text := told(brief.findings)) else []
    if len(brief.plan.steps) == 1 and not numbered:
        return "\n\n".join([*(text for _, text in found), *differ])
    heads = (f"[{number}] {title}" if numbered else title for number, (title, _) in enumerate(found, 1))
    form = phrases()["heading"]
    parts = [f"{form.format(title=head)}\n\n{text}" for head, (_, text) in zip(heads, found, strict=True)]
    return "\n\n".join([*parts, *differ])


@dataclass
class _Told:
    """What became of a model's part: whether it said anything, cited a finding, or broke off."""

    words: bool = False
    cited: bool = False
    stopped: bool = False


async def _written(read: Reading, model: ModelBackend, note: Note, told: _Told) -> AsyncGenerator[str, None]:
    """The model's own sentences, checked, and a line on what went wrong or was not read."""
    said = phrases()
    writing = Writing(read.ground)
    reason = ""
    try:
        async with aclosing(pieces(model, read.messages, Wanted(max_tokens=read.most), note)) as stream:
            async for piece in stream:
                if ready := writing.add(piece):
                    told.words = told.words or bool(ready.strip())
                    yield ready
    except ModelError as error:
        told.stopped, reason = True, str(error)
    if rest := writing.end(broken=told.stopped):
        told.words = told.words or bool(rest.strip())
        yield rest
    told.cited = bool(writing.cited)
    gap = "\n\n" if told.words else ""
    if told.stopped:
        yield gap + said["model_stopped"].format(reason=reason)
    elif told.words and read.read < read.whole:
        yield gap + said["partly_read"].format(read=_count(read.read), whole=_count(read.whole))


def _adds(brief: Brief) -> bool:
    """Whether a model has anything to add: talk that is open to it, or findings that it has not written itself."""
    if not brief.plan.steps:
        return brief.plan.open
    return any(finding.ok and not finding.data.get("by_model") for _, finding in brief.found)


def _paragraphs(text: str) -> list[str]:
    return re.findall(r".+?(?:\n\n|\Z)", text, re.DOTALL)


def _count(tokens: int) -> str:
    return f"{tokens / 1000:.0f}k" if tokens >= 10_000 else f"{tokens:,}"

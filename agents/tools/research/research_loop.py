"""Answers a question from what a look-up found, in a model's words, which may search and read the sources first.

sources found ──▶ tools find(words), read(source, part) ──▶ inner loop ──▶ answer with [1] [2], checked
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from pydantic import BaseModel, Field

from agents.deps import Deps
from agents.spec import AgentError
from agents.tools.models.checked_text import Ground, Writing
from agents.tools.models.context_budget import cut, tokens
from agents.tools.models.inner_loop import Limits, Tool, fenced, inner_loop
from agents.tools.research.research_answer import Statement, statements
from agents.tools.text.stated import Held
from integrations.research.source import Hit

PROMPT = """You answer a freelancer's question from sources that were looked up, in two to five plain sentences in the
question's language. Behind each statement put the number of the source it is from, such as [1]. Say so when the sources
do not answer it, or contradict each other. Use no number that they do not hold."""
MARK = "*(not in the sources: {numbers})*"
PART = 500
"""Tokens of one part of a source."""


class Words(BaseModel):
    """What to look for."""

    words: str = Field(max_length=120, description="words to look for")


class Part(BaseModel):
    """A part of a source, both counted from 1."""

    source: int = Field(ge=1, description="number of the source")
    part: int = Field(ge=1, description="1 is its beginning")


async def researched(question: str, hits: Sequence[Hit], said: Sequence[Statement], deps: Deps) -> str:
    """The model's answer with its sources; "" without a model, without sources, or when it cites none."""
    if deps.model is None or not hits:
        return ""
    texts = [f"{hit.title}.\n{hit.text}" for hit in hits]

    async def find(task: Words) -> str:
        found = await asyncio.to_thread(statements, task.words, texts, 5)
        return _told(found) or "No source says anything about that."

    async def read(task: Part) -> str:
        if task.source > len(texts):
            raise AgentError(f"There are {len(texts)} sources.")
        parts = await asyncio.to_thread(_parts, texts[task.source - 1])
        if task.part > len(parts):
            raise AgentError(f"Source {task.source} has {len(parts)} parts.")
        return parts[task.part - 1]

    tools = (
        Tool("find", "What the sources say about something, with their numbers.", Words, find),
        Tool("read", "Reads one part of one source.", Part, read),
    )
    listed = "\n".join(f"[{number}] {hit.title[:120]}" for number, hit in enumerate(hits, 1))
    found = f"{listed}\n\n{_told(said)}"
    shown = f"{question}\n\n{fenced('look_up', found)}"
    deps.progress("Reading the sources", None)
    looped = await inner_loop(PROMPT, shown, tools, deps.model, Limits(), lambda line: deps.progress(line, None))
    held = Held([question, *texts], deps.today, range(len(hits) + 1))
    writing = Writing(Ground(held, citations=[f"[{number}]" for number in range(1, len(hits) + 1)], mark=MARK))
    answer = (writing.add(looped.answer) + writing.end()).strip()
    return answer if writing.cited else ""


def _told(found: Sequence[Statement]) -> str:
    return "\n".join(f"{one.text} {''.join(f'[{place + 1}]' for place in one.sources)}" for one in found)


def _parts(text: str) -> list[str]:
    parts = []
    while text:
        part = cut(text, PART) or text[:PART]
        parts.append(part)
        text = text[len(part) :].lstrip()
    return [part for part in parts if tokens(part)]

"""Answers what one query cannot: a model breaks the question into simple ones, each of which is computed.

question ──▶ model ──▶ "average price by cut" ──▶ computed ──▶ model ──▶ … ──▶ answer, its numbers held against results
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any

from pydantic import BaseModel, Field

from agents.deps import Deps
from agents.tools.documents.citations import plain
from agents.tools.models.checked_text import Ground, Writing
from agents.tools.models.inner_loop import Call, Limits, Tool, inner_loop
from agents.tools.text.stated import Held

PROMPT = """You answer a freelancer's question about a table in two to four plain sentences, in the question's language.
You cannot compute: every figure comes from the tools. Ask the table simple questions in English, such as: average price
by cut; sum of amount where region = North; how many rows with age above 30; top 5 by price; correlation of price and
carat; missing values. Use the columns' own names, which the tool columns tells. Name no number that no result holds."""
MARK = "*(not in the results: {numbers})*"
WHOLE = re.compile(
    r"\b(?:describe|overview|summar\w+|what(?:'s| is) in|analy[sz]e|explore|profile|look\w*|columns|beschreib\w*)\b",
    re.I,
)
"""Asks for the whole table, which is answered as it stands."""

Ask = Callable[[str], Awaitable[dict[str, Any]]]
"""Computes the answer to a simple question: text, query, and more."""


class Nothing(BaseModel):
    """No arguments."""


class Simple(BaseModel):
    """One question that can be computed."""

    question: str = Field(min_length=3, max_length=120, description="a simple question")


def beyond(question: str, query: dict[str, Any]) -> bool:
    """Whether a question was read only in part, so that a model may get further."""
    return bool(query.get("unread")) or (query["action"] == "describe" and not WHOLE.search(question))


async def analysed(question: str, ask: Ask, deps: Deps) -> str:
    """The model's answer above the results it rests on; "" without a model, or when it comes to nothing."""
    if deps.model is None:
        return ""

    async def columns(task: Nothing) -> str:
        return str((await ask("describe the table"))["text"])

    async def compute(task: Simple) -> str:
        return str((await ask(task.question))["text"])

    tools = (
        Tool("columns", "The columns of the table, their kinds and some rows.", Nothing, columns),
        Tool("ask_table", "Computes the answer to one simple question.", Simple, compute),
    )
    deps.progress("Working out how to ask the table", None)
    looped = await inner_loop(PROMPT, question, tools, deps.model, Limits(), lambda line: deps.progress(line, None))
    computed = [call for call in looped.calls if call.tool == "ask_table" and not call.result.startswith("Error:")]
    if not looped.answer or not computed:
        return ""
    held = Held([question, *(call.result for call in looped.calls)], deps.today)
    writing = Writing(Ground(held, mark=MARK))
    answer = (writing.add(looped.answer) + writing.end()).strip()
    return "\n\n".join([answer, "What I asked the table for that:", *map(_shown, computed)])


def _shown(call: Call) -> str:
    return f"*{plain(str(call.arguments['question']))}*\n\n{call.result}"

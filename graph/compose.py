"""The answer from the findings: their own markdown, and with a model a few sentences of its own above it.

The model may not bring in numbers: a sentence that holds a number found neither in the findings nor in the user's words
is left out. So the figures the user reads are always those that were computed.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping

from agents.spec import Finding
from graph.planner.talk import phrases
from graph.state import Plan
from integrations.models.backend import ChatMessage, ModelBackend, ModelError, Wanted

NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
EVIDENCE_CHARS = 6_000


async def compose(
    message: str, plan: Plan, findings: Mapping[str, Finding], titles: Mapping[str, str], model: ModelBackend | None
) -> AsyncIterator[str]:
    """The answer in pieces. Without a model it is what `assemble` gives."""
    own = assemble(plan, findings, titles)
    if model is not None:
        written = False
        async for sentence in _written(message, own, bool(plan.steps), model):
            written = True
            yield sentence
        if written and plan.steps:
            yield "\n\n---\n\n"
        elif written:
            return
    for piece in re.findall(r".+?(?:\n\n|\Z)", own, re.DOTALL):
        yield piece


def assemble(plan: Plan, findings: Mapping[str, Finding], titles: Mapping[str, str]) -> str:
    """The findings' own markdown in the order of the plan, headed where there are several."""
    if not plan.steps:
        return plan.answer
    parts: list[str] = []
    for step in plan.steps:
        if finding := findings.get(step.id):
            heading = phrases()["heading"].format(title=titles.get(step.agent, step.agent))
            parts.append(f"{heading}\n\n{finding.text}" if len(plan.steps) > 1 else finding.text)
    return "\n\n".join(parts)


async def _written(message: str, evidence: str, planned: bool, model: ModelBackend) -> AsyncIterator[str]:
    prompts = phrases()["prompts"]
    system = prompts["compose"] if planned else prompts["talk"]
    messages = [
        ChatMessage("system", system),
        ChatMessage(
            "user", f"{message}\n\n<findings>\n{evidence[:EVIDENCE_CHARS]}\n</findings>" if planned else message
        ),
    ]
    allowed = set(NUMBER.findall(evidence)) | set(NUMBER.findall(message))
    rest = ""
    try:
        async for token in model.chat(messages, Wanted(max_tokens=300 if planned else 800)):
            if not planned:
                yield token
                continue
            *sentences, rest = SENTENCE.split(rest + token)
            for sentence in sentences:
                if supported(sentence, allowed):
                    yield sentence + " "
        if rest.strip() and supported(rest, allowed):
            yield rest
    except ModelError as error:
        yield f"*{error}*\n\n" if not planned else f"*{error}*"


def supported(sentence: str, allowed: set[str]) -> bool:
    """Whether every number of a sentence is among those allowed."""
    return set(NUMBER.findall(sentence)) <= allowed

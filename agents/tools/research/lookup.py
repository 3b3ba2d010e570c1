"""Looks a question up in sources and on pages, and reads what they say; the work of both research agents."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from agents.deps import Deps, JobError
from agents.spec import Effect, Finding, Record, Source
from agents.tools.documents.summary import summary
from agents.tools.research.research_answer import Statement, statements
from agents.tools.research.research_report import preview
from agents.tools.research.web_pages import fuller, read
from integrations.http import Errand
from integrations.http_errors import HttpError
from integrations.research.search import Answer, ask_sources, merged
from integrations.research.source import Hit, Question, ResearchSource, sources
from privacy.consent import GO_ONLINE

CONSENT = "research"


@dataclass(frozen=True)
class Found:
    """What a look-up brought: the things found, best first, what they say, and how each source answered."""

    hits: tuple[Hit, ...]
    said: tuple[Statement, ...]
    answers: tuple[Answer, ...]

    def cited(self) -> tuple[Source, ...]:
        """The sources, as a finding names them."""
        return tuple(
            Source(hit.title, hit.published.isoformat() if hit.published else "", hit.url) for hit in self.hits
        )

    def records(self) -> tuple[Record, ...]:
        """The pages, for "open the second source"."""
        return tuple(Record("page", hit.url, hit.title[:200]) for hit in self.hits)

    def data(self) -> dict[str, Any]:
        """The same as plain data."""
        return {
            "statements": [{"text": one.text, "sources": [n + 1 for n in one.sources]} for one in self.said],
            "sources": [hit.model_dump(mode="json", exclude={"text"}) for hit in self.hits],
            "unanswered": {one.source: one.problem for one in self.answers if one.problem},
        }


def proposal(
    agent: str,
    question: Question | None,
    asked: Sequence[ResearchSource],
    urls: Sequence[str],
    *,
    found: bool = False,
) -> Finding:
    """The finding that asks whether to look this up; `found`: the addresses are those of an earlier answer."""
    arguments = {
        "question": question.model_dump(mode="json") if question else None,
        "sources": [source.name for source in asked],
        "urls": list(urls),
        "found": found,
    }
    wanted = f"“{question.words}”" if question else "these pages"
    return Finding(
        agent,
        ok=True,
        text=f"I can look up {wanted}.",
        effect=Effect("look_up", arguments, "Look this up", preview(question, asked, urls), consent=CONSENT),
    )


def offline(agent: str) -> Finding:
    """The finding that says why nothing was looked up."""
    text = f"FreelanceX is set to offline, so nothing was looked up. Attach a file and I will read it. {GO_ONLINE}"
    return Finding(agent, ok=False, text=text, error="offline")


async def look_up(agent: str, arguments: dict[str, Any], deps: Deps, count: int = 6) -> Found:
    """Do what was proposed: ask the sources, merge what they found, and pick what answers the question."""
    question = Question.model_validate(arguments["question"])
    known = sources()
    asked = [known[name] for name in arguments["sources"] if name in known]
    deps.progress(f"Asking {', '.join(source.title for source in asked)}", None)
    errand = Errand(CONSENT, deps.user, agent=agent, thread=deps.thread, approved=True)
    answers = await ask_sources(question, asked, deps.http, errand, deps.settings)
    hits = await fuller(merged(answers)[: question.limit], deps, errand)
    texts = [f"{hit.title}.\n{hit.text}" if hit.kind != "news" else "" for hit in hits]
    said = await asyncio.to_thread(statements, question.words, texts, count)
    return Found(hits, tuple(said), tuple(answers))


async def open_pages(agent: str, arguments: dict[str, Any], deps: Deps, count: int = 6) -> Found:
    """Read the pages named: what they say about the question, or what they say most when there is none."""
    found = bool(arguments.get("found"))
    errand = Errand(CONSENT, deps.user, agent=agent, thread=deps.thread, approved=True, found=found)
    answers: list[Answer] = []
    hits: list[Hit] = []
    for url in arguments["urls"]:
        try:
            hits += await read(url, deps, errand)
        except (HttpError, JobError) as error:
            answers.append(Answer(url, url, problem=str(error).rstrip(".")))
    texts = [hit.text for hit in hits]
    if words := (arguments["question"] or {}).get("words", ""):
        said = await asyncio.to_thread(statements, words, texts, count)
    else:
        said = await asyncio.to_thread(_gist, texts, count)
    return Found(tuple(hits), tuple(said), tuple(answers))


def _gist(texts: Sequence[str], count: int) -> list[Statement]:
    each = max(2, count // max(1, len(texts)))
    return [
        Statement(one["text"], (source,))
        for source, text in enumerate(texts)
        for one in summary([{"text": text, "place": "", "heading": ""}], each)
    ]

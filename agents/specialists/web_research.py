"""Researches a question: encyclopedia, the web, discussions and news, every statement with its source."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel

from agents.deps import Deps
from agents.spec import AgentError, AgentSpec, Finding, Given, Slot
from agents.tools.research import lookup
from agents.tools.research.research_loop import researched
from agents.tools.research.research_report import report
from agents.tools.research.research_words import oldest, read_lookup
from integrations.job_boards.closed import check_open
from integrations.research.source import Question, sources

NAME = "web_research"
USUAL = ("wikipedia", "searxng", "brave", "hacker_news")
"""Asked unless others are named; those without their key or address are left out."""

_SUMMARY = frozenset(
    "summarise summarize summary of gist page site article link open this it post read feed rss more".split()
)
_NTH = re.compile(
    r"^\W*(?:please\s+)?(?:open|read|show|summari[sz]e|öffne|lies|zeig)\b.{0,20}"
    r"\b(?:first|second|third|fourth|fifth|sixth|last|\d(?:st|nd|rd|th)|number \d|erste[nr]?|zweite[nr]?|dritte[nr]?)"
    r"\s+(?:source|page|article|link|paper|quelle|seite|artikel)s?\W*$",
    re.IGNORECASE,
)
"""Asks for one of the pages an earlier answer named."""


class ResearchTask(BaseModel):
    """What is looked up, how new it should be, and where."""

    words: str = ""
    days: int | None = None
    since: str | None = None
    sources: list[str] = []
    urls: list[str] = []
    page: Annotated[str | None, Slot("record:page")] = None
    limit: int = 6


async def run(task: ResearchTask, given: Given, deps: Deps) -> Finding:
    """Propose to ask the sources. Raises AgentError."""
    if task.urls:
        return _pages(task, deps)
    if _NTH.search(given.text):
        if task.page is None:
            raise AgentError(
                "There is no such source in this conversation; look something up first, then name its number."
            )
        return _pages(task.model_copy(update={"urls": [task.page], "words": ""}), deps, found=True)
    if not task.words:
        raise AgentError('Tell me what to look up, as in "search the web for freelance contract templates".')
    if deps.settings.offline:
        return lookup.offline(NAME)
    known = sources()
    asked = [known[name] for name in (task.sources or USUAL) if name in known]
    asked = [source for source in asked if not source.off(deps.settings)]
    if not asked:
        off = "; ".join(f"{known[name].title} is {known[name].off(deps.settings)}" for name in task.sources)
        raise AgentError(f"None of the sources you named can be asked: {off}.")
    question = Question(words=task.words, limit=task.limit, since=oldest(task.days, task.since, deps.today))
    return lookup.proposal(NAME, question, asked, ())


def _pages(task: ResearchTask, deps: Deps, *, found: bool = False) -> Finding:
    for url in task.urls:
        check_open(url)
    if deps.settings.offline:
        return lookup.offline(NAME)
    words = task.words if set(task.words.casefold().split()) - _SUMMARY else ""
    return lookup.proposal(NAME, Question(words=words) if words else None, (), task.urls, found=found)


async def look_up(arguments: dict[str, Any], deps: Deps) -> Finding:
    """Ask, and say what the sources say."""
    work = lookup.open_pages if arguments["urls"] else lookup.look_up
    found = await work(NAME, arguments, deps)
    about = (arguments["question"] or {}).get("words") or ", ".join(hit.title for hit in found.hits) or "these pages"
    own = report(about, found.said, found.hits, found.answers)
    answer = await researched(about, found.hits, found.said, deps)
    return Finding(
        NAME,
        ok=bool(found.hits) or any(not one.problem for one in found.answers),
        text=f"{answer}\n\n{own}" if answer else own,
        data=found.data() | {"by_model": bool(answer)},
        records=found.records(),
        sources=found.cited(),
        trust="outside",
        error=None if found.hits or any(not one.problem for one in found.answers) else "no source answered",
    )


def _for_scholar(task: Mapping[str, Any]) -> dict[str, Any] | None:
    """What papers were wanted on is looked up on the web."""
    return {name: task[name] for name in ("words", "days", "since") if task.get(name)} if task.get("words") else None


sources()  # reading them at the start keeps the event loop free, and a broken one stops the start by its name

AGENT = AgentSpec(
    name=NAME,
    title="Web research",
    description="Looks a question up in Wikipedia, on the web, in discussions and news, and cites every source.",
    examples=(
        "Search the web for freelance contract templates",
        "Look up what a statement of work should contain",
        "Research the market for no-code tools",
        "What does Wikipedia say about value-based pricing?",
        "Google how e-invoicing works in Germany",
        "Find news about the EU AI Act",
        "Summarise https://example.com/article",
        "What does https://example.com/terms say about refunds?",
        "What are people on Hacker News saying about DuckDB?",
        "Do some research on my new client's industry, renewable energy",
        "Find out online what Factur-X is, with sources",
        "What's the latest on interest rates in the news",
        "Recherchiere im Internet die E-Rechnungspflicht",
        "open the second source",
        "summarise the first article",
        "busca en internet qué es un contrato de servicios",
    ),
    task=ResearchTask,
    run=run,
    read=read_lookup,
    cues=(
        r"\b(?:summari[sz]e|what does|read|open)\b.{0,20}https?://(?!\S*\.(?:pdf|csv|xlsx)\b)",
        r"\b(?:search|look|find|check|browse|research|google)\b.{0,40}\b(?:web|internet|online|wikipedia|news)\b",
        r"\b(?:google|look up|research|recherchiere\w*)\s+(?!assistant|paper|project|job|role)\w+",
        _NTH.pattern,
        r"\bwhat(?:'s| is| does| do| are)\b.{0,60}\b(?:wikipedia|hacker news|in the news)\b",
        r"\b(?:news|headlines) (?:about|on|from)\b|\bim (?:internet|netz)\b|\ben internet\b|\bsur internet\b",
    ),
    effects={"look_up": look_up},
    consents=(lookup.CONSENT,),
    stands_in={"scholar": _for_scholar},
)

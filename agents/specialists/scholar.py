"""Finds papers: what was published on a question, by whom, how often cited, and what the abstracts say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from agents.deps import Deps
from agents.spec import AgentError, AgentSpec, Finding, Given
from agents.tools.research import lookup
from agents.tools.research.research_loop import researched
from agents.tools.research.research_report import report
from agents.tools.research.research_words import oldest, read_lookup
from integrations.research.source import Question, sources

NAME = "scholar"


class PapersTask(BaseModel):
    """What papers are wanted: on what, and how new."""

    words: str = ""
    days: int | None = None
    since: str | None = None
    sources: list[str] = []
    limit: int = 8


async def run(task: PapersTask, given: Given, deps: Deps) -> Finding:
    """Propose to ask the scholarly sources. Raises AgentError."""
    if not task.words:
        raise AgentError('Tell me what the papers should be about, as in "find papers on gradient boosting".')
    if deps.settings.offline:
        return lookup.offline(NAME)
    known = [source for source in sources().values() if source.kind == "paper"]
    asked = [source for source in known if source.name in task.sources] or known
    asked = [source for source in asked if not source.off(deps.settings)]
    question = Question(words=task.words, limit=task.limit, since=oldest(task.days, task.since, deps.today))
    return lookup.proposal(NAME, question, asked, ())


async def look_up(arguments: dict[str, Any], deps: Deps) -> Finding:
    """Ask, and list the papers with what they say."""
    found = await lookup.look_up(NAME, arguments, deps)
    about = arguments["question"]["words"]
    own = report(about, found.said, found.hits, found.answers, papers=True)
    answer = await researched(about, found.hits, found.said, deps)
    return Finding(
        NAME,
        ok=bool(found.hits) or any(not one.problem for one in found.answers),
        text=f"{answer}\n\n{own}" if answer else own,
        data=found.data() | {"by_model": bool(answer)},
        records=found.records(),
        sources=found.cited(),
        trust="outside",
        error=None if any(not one.problem for one in found.answers) else "no source answered",
    )


def _for_web_research(task: Mapping[str, Any]) -> dict[str, Any] | None:
    """A question is put to papers; named pages and sources are not for them."""
    if not task.get("words") or task.get("urls") or task.get("page") or task.get("sources"):
        return None
    return {name: task[name] for name in ("words", "days", "since") if task.get(name)}


sources()  # reading them at the start keeps the event loop free, and a broken one stops the start by its name

AGENT = AgentSpec(
    name=NAME,
    title="Scholar",
    description="Finds scholarly papers and says what they found, with every source cited.",
    examples=(
        "Find papers about gradient boosting on small data sets",
        "What does the literature say about remote work and productivity?",
        "Search arXiv for retrieval augmented generation",
        "Any recent studies on pricing psychology?",
        "Find peer-reviewed research on four-day weeks",
        "Look for academic articles about churn prediction since 2022",
        "Which papers compare LightGBM and neural networks on tables",
        "Suche wissenschaftliche Studien zu Preisgestaltung",
        "busca artículos científicos sobre aprendizaje automático",
        "literature review on time series forecasting",
    ),
    task=PapersTask,
    run=run,
    read=read_lookup,
    cues=(
        r"\b(?:papers?|preprints?|studies|study|peer[- ]reviewed|literature review|publications?)\b.{0,40}"
        r"\b(?:on|about|for|into|comparing?|since|that)\b",
        r"\b(?:arxiv|crossref|openalex|semantic scholar)\b",
        r"\b(?:scholarly|academic|scientific|wissenschaftliche\w*|científic\w+)\b",
        r"\bwhat (?:does|do) (?:the )?(?:literature|research|studies)\b",
    ),
    effects={"look_up": look_up},
    consents=(lookup.CONSENT,),
    stands_in={"web_research": _for_web_research},
)

"""Says what a look-up would tell others, and what it found, each statement with its sources and their dates."""

from __future__ import annotations

from collections.abc import Sequence

from agents.tools.research.research_answer import Statement
from agents.tools.text.markdown import address, plain
from integrations.research.search import Answer
from integrations.research.source import Hit, Question, ResearchSource


def preview(question: Question | None, sources: Sequence[ResearchSource], urls: Sequence[str]) -> str:
    """Who would be told what."""
    parts = []
    if question and sources:
        names = "\n".join(f"- **{source.title}**" for source in sources)
        parts.append(f"I would ask these for “{plain(question.words, 300)}”, and they see these words:\n\n{names}")
        if any(source.kind in ("web", "discussion") for source in sources):
            parts.append("Then I would open up to three of the pages they name.")
    if urls:
        parts.append("I would open:\n\n" + "\n".join(f"- {plain(url, 300)}" for url in urls))
    parts.append("Each of them sees your internet address; nothing else leaves this computer.")
    return "\n\n".join(parts)


def report(
    question: str, said: Sequence[Statement], hits: Sequence[Hit], answers: Sequence[Answer], *, papers: bool = False
) -> str:
    """The statements, the sources in their order (as a table, when they are papers), and who did not answer."""
    blocks = []
    if said:
        lines = [f"- {plain(one.text, 600)} {''.join(f'[{n + 1}]' for n in one.sources)}" for one in said]
        blocks.append(f"**{plain(question, 300)}**, in the sources' own words:\n\n" + "\n".join(lines))
        if any(len(one.sources) > 1 for one in said):
            blocks.append("Where two sources say the same, both are named; the rest stands on one.")
    elif hits:
        blocks.append(f"No source says anything direct about **{plain(question, 300)}**; these come nearest.")
    else:
        blocks.append(f"Nothing was found about **{plain(question, 300)}**.")
    if hits:
        listed = papers_table(hits) if papers else "\n".join(f"{n}. {_cited(hit)}" for n, hit in enumerate(hits, 1))
        blocks.append(f"**Sources**\n\n{listed}")
    if failed := [f"- **{one.title}**: {plain(one.problem, 200)}." for one in answers if one.problem]:
        blocks.append("Did not answer:\n\n" + "\n".join(failed))
    return "\n\n".join(blocks)


def papers_table(hits: Sequence[Hit]) -> str:
    """Papers by their bibliographic facts, as a markdown table."""
    rows = "\n".join(
        f"| {n} | [{plain(hit.title, 200)}]({address(hit.url)}) | {_authors(hit.authors)} | "
        f"{hit.published.year if hit.published else ''} | {'' if hit.cited is None else hit.cited} |"
        for n, hit in enumerate(hits, 1)
    )
    return f"| | Paper | Authors | Year | Cited |\n|---|---|---|---|---|\n{rows}"


def _cited(hit: Hit) -> str:
    facts = [hit.source, f"{hit.published:%d %B %Y}".lstrip("0") if hit.published else "no date given"]
    return f"[{plain(hit.title, 200)}]({address(hit.url)}), {', '.join(filter(None, facts))}"


def _authors(names: Sequence[str]) -> str:
    return plain(", ".join(names[:3]) + (" and others" if len(names) > 3 else ""), 200)

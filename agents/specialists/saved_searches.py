"""Searches for jobs that run again by themselves and tell of each job once. None of them ever applies."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any, Literal

from agents.deps import Deps
from agents.spec import AgentError, AgentSpec, Choice, Effect, Finding, Given, Record, Which
from agents.tools.jobs.job_report import wanted
from agents.tools.jobs.job_round import CONSENT, Wish, boards_of, last_search, query_of
from agents.tools.jobs.job_watch import DAILY, HOURLY, run_search, without_rhythm
from agents.tools.jobs.job_words import read_search
from agents.tools.text.markdown import plain
from agents.tools.today.rhythm import rhythm_of, said
from config.zone import local_zone
from integrations.job_boards import board as job_boards
from integrations.job_boards.board import JobQuery
from memory.saved_searches import KIND, SavedSearch
from memory.schedules import Schedule, State

_DELETE = re.compile(
    r"\b(?:delete|remove|cancel|forget|drop|end|unsubscribe)\b|\bstop\b|\bno longer\b|\blösche\b", re.I
)
_LIST = re.compile(
    r"\b(?:list|show|which|what|see)\b.*\b(?:searches|alerts)\b|^\W*(?:my )?(?:saved )?(?:searches|alerts)\W*$", re.I
)
_THIS = re.compile(r"\b(?:this|that|the|last)\s+search\b|\bsearch\s+again\b|\b(?:it|this|that)\W*$", re.I)
_ALL = re.compile(r"\ball\b|\bevery(?:thing)?\b|\bsearches\b|\balerts\b", re.I)


class SavedTask(Wish):
    """A search to save, with when it runs in the clause; or what to do with those saved."""

    action: Literal["save", "list", "delete"] = "save"


def read(clause: str) -> dict[str, Any]:
    """What to do, and what the jobs wanted are."""
    action = "delete" if _DELETE.search(clause) else "list" if _LIST.search(clause) else "save"
    found = read_search(without_rhythm(clause), [board.title for board in job_boards.boards().values()])
    found.pop("saved")
    return {"action": action, **found}


async def run(task: SavedTask, given: Given, deps: Deps) -> Finding:
    """Save a search, list them, or delete one. Raises AgentError."""
    if task.action == "list":
        return await _listed(deps)
    if task.action == "delete":
        return await _delete(task, given, deps)
    return await _save(task, given, deps)


async def _save(task: SavedTask, given: Given, deps: Deps) -> Finding:
    rhythm = rhythm_of(given.text) or DAILY
    rhythm = HOURLY if rhythm.rule.startswith("FREQ=MINUTELY") else rhythm
    last = await last_search(deps)
    if last and (_THIS.search(given.text) or not (task.words or task.skills)):
        query, boards = last
    else:
        profile = await deps.stores.profiles.load(deps.user)
        query, boards = query_of(task, profile), [board.name for board in boards_of(task, deps.settings)]
    at = datetime.now().astimezone()
    row, planned = await deps.stores.searches.save(
        deps.user, _title(query), query.model_dump(mode="json"), boards, rhythm.starting(at, local_zone()), at
    )
    allowed = CONSENT in await deps.stores.consents.granted(deps.user)
    asked = "" if allowed else (
        "\n\nIt needs your standing permission to ask job boards, which you have not given yet: start a search and "
        "choose “always” when I ask. Until then it waits."
    )  # fmt: skip
    return Finding(
        "saved_searches",
        ok=True,
        text=f"I have saved your search for {wanted(query)}. It runs {rhythm.said} while FreelanceX is open, "
        f"the first time on {_when(planned.due or at)}, and tells you of each new job once, in the conversation "
        f"“Job search”. It never applies for you.{asked}",
        data={"search": row.id, "title": row.title, "rule": rhythm.rule, "query": row.query},
        records=(Record("search", row.id, row.title),),
        offers=("List my saved searches", *(() if allowed else (f"Find {row.title} jobs",))),
    )


async def _delete(task: SavedTask, given: Given, deps: Deps) -> Finding:
    rows = await deps.stores.searches.of(deps.user)
    words = set(re.findall(r"\w+", given.text.casefold()))
    named = [row for row in rows if words & set(re.findall(r"\w+", row.title.casefold()))]
    chosen = named or (rows if len(rows) == 1 or _ALL.search(given.text) else [])
    if not rows:
        raise AgentError("No search is saved, so there is none to delete.")
    if not chosen:
        raise Which("Which of them?", [Choice(plain(row.title)) for row in rows])
    titles = ", ".join(f"“{plain(row.title)}”" for row in chosen)
    preview = f"I would delete {titles}; what they found stays, and I would look no more."
    arguments = {"searches": [row.id for row in chosen], "titles": titles}
    effect = Effect("delete", arguments, "Delete a saved search" if len(chosen) == 1 else "Delete searches", preview)
    return Finding("saved_searches", ok=True, text=f"Deleting {titles} needs your word.", effect=effect)


async def look(arguments: dict[str, Any], deps: Deps) -> Finding:
    """Run the search that was approved, once."""
    row = next((one for one in await deps.stores.searches.of(deps.user) if one.id == arguments["search"]), None)
    if row is None:
        raise AgentError("That search is deleted, so I did not run it.")
    finding, problem = await run_search(row, deps, approved=True)
    text = f"Nothing new for your saved search **{plain(row.title)}**." + (f" {plain(problem)}." if problem else "")
    return finding or Finding("saved_searches", ok=not problem, text=text, error=problem or None)


async def delete(arguments: dict[str, Any], deps: Deps) -> Finding:
    """Delete the searches that were approved."""
    for search in arguments["searches"]:
        await deps.stores.searches.remove(search, user=deps.user)
    return Finding("saved_searches", ok=True, text=f"I have deleted {arguments['titles']}; I will look no more.")


async def _listed(deps: Deps) -> Finding:
    rows = await deps.stores.searches.of(deps.user)
    if not rows:
        text = "No search is saved yet: search for jobs, then say “save this search”."
        return Finding("saved_searches", ok=True, text=text)
    planned = {one.subject: one for one in await deps.stores.schedules.list(deps.user) if one.kind == KIND}
    lines = [f"{number}. {_line(row, planned.get(row.id))}" for number, row in enumerate(rows, start=1)]
    return Finding(
        "saved_searches",
        ok=True,
        text="Your saved searches:\n\n" + "\n".join(lines),
        data={"searches": [{"id": row.id, "title": row.title} for row in rows]},
        records=tuple(Record("search", row.id, row.title) for row in rows),
    )


def _line(row: SavedSearch, planned: Schedule | None) -> str:
    if planned is None or planned.due is None:
        return f"**{plain(row.title)}**"
    ran = f", last ran on {_when(planned.ran_at)}" if planned.ran_at else ""
    problem = f"; the last time {planned.problem}" if planned.problem else ""
    next_run = "paused" if planned.state == State.PAUSED else f"next on {_when(planned.due)}"
    return f"**{plain(row.title)}**: {said(planned.rule)}, {next_run}{ran}{plain(problem, 300)}"


def _title(query: JobQuery) -> str:
    parts = [query.words or ", ".join(query.skills), "remote" if query.remote else "", query.location]
    if query.min_rate is not None:
        parts.append(f"from {query.min_rate:f} {query.currency}/h".replace(" /", "/"))
    return ", ".join(part for part in parts if part)[:120]


def _when(at: datetime) -> str:
    return f"{_local(at):%A, %d %B, %H:%M}"


def _local(at: datetime) -> datetime:
    """A time on the user's clock; one from the database without a zone is in UTC."""
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone()


AGENT = AgentSpec(
    name="saved_searches",
    title="Saved searches",
    description="Runs searches for jobs again by itself, daily or weekly, and tells of each new job once.",
    examples=(
        "Save this search",
        "Tell me every morning about new Python jobs",
        "Every Monday send me new remote React gigs",
        "Notify me when there are new data engineering projects",
        "Alert me daily about copywriting jobs over 50 € an hour",
        "List my saved searches",
        "Which job alerts do I have?",
        "Delete the saved search for React",
        "Stop telling me about Python jobs",
        "Watch for new translation gigs",
        "Set up a job alert for UX design in Berlin",
        "Keep me posted about Rust jobs each week",
    ),
    task=SavedTask,
    run=run,
    read=read,
    effects={"look": look, "delete": delete},
    consents=(CONSENT,),
    cues=(
        r"\b(?:save|remember|keep|delete|remove|cancel|stop) (?:this|that|the|my|a)?\s*(?:\w+ )?search(?:es)?\b",
        r"\b(?:saved searches|job alerts?|my alerts|saved search)\b",
        r"\b(?:tell|notify|alert|inform|send|show|keep)\s+(?:me|us)\b.{0,60}\b(?:every|each|daily|weekly|whenever|when)\b"
        r".*\b(?:jobs?|gigs?|projects?|work|roles|posts)\b",
        r"\b(?:every|each) (?:day|morning|evening|week|monday|tuesday|wednesday|thursday|friday)\b"
        r".*\b(?:jobs?|gigs?|projects?|work|roles)\b",
        r"\bstop (?:telling|sending|notifying|alerting)\b.*\b(?:jobs?|gigs?|projects?)\b",
        r"\b(?:watch (?:for|out for)|keep me posted)\b.*\b(?:jobs?|gigs?|projects?|work)\b",
    ),
)

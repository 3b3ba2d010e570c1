"""One round of asking job boards: what is wanted, who is asked, and what came of it as a finding.

Wish ──▶ query_of ──▶ answers_to ──▶ finding_of      (a saved search leaves out what it told before in between)
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel

from agents.deps import Deps
from agents.spec import AgentError, Finding, Slot, Source
from agents.tools.jobs.demand import asks_of
from agents.tools.jobs.job_filter import Hit
from agents.tools.jobs.job_intake import Job, keep_jobs
from agents.tools.jobs.job_learning import picked_from
from agents.tools.jobs.job_report import listed, report
from agents.tools.jobs.matching import hourly_rate, own_skills
from config.settings import Settings
from integrations.http import Errand
from integrations.job_boards import board as job_boards
from integrations.job_boards.board import JobBoard, JobQuery
from integrations.job_boards.dedupe import job_key
from integrations.job_boards.post import HOURS, JobPost
from integrations.job_boards.search import Answer, ask_boards
from memory.jobs import JobLead
from memory.money import find_prices

CONSENT = "job_boards"
AGENT = "job_search"
BEFORE = {"proposed": "you have a proposal for it", "won": "you won it before", "lost": "you did not get it before"}
"""What is said of a job that is found again, by its status."""
OFFERS = ("How well does the first one match my profile?", "Write a proposal for the first one", "Save this search")

_MORE = re.compile(r"\bmore\b|\bothers?\b|\bmehr\b|\bweitere\b|\bmás\b", re.I)
_AGAIN = re.compile(rf"{_MORE.pattern}|\b(?:only|just|ones?|those|these|them|again|instead|nur|solo)\b", re.I)


class Wish(BaseModel):
    """What jobs are wanted, as said. `least` is a lowest rate without a currency: ``"70 h"``, ``"500 d"``."""

    words: str = ""
    skills: Annotated[list[str], Slot("skills")] = []
    min_rate: Annotated[str | None, Slot("rate")] = None
    least: str | None = None
    remote: bool | None = None
    days: int | None = None
    location: str | None = None
    limit: int | None = None
    boards: list[str] | None = None


def query_of(wish: Wish, profile: Mapping[str, Any]) -> JobQuery:
    """The query a wish makes; without words it is for the profile's first skills. Raises AgentError without any."""
    words, skills = wish.words, tuple(wish.skills)
    if not words and not skills:
        skills = tuple(own_skills(profile)[:3])
    if not words and not skills:
        raise AgentError('Tell me what kind of work: say for example "find me remote Python jobs over 60 €/h".')
    least, currency = _least(wish, profile)
    return JobQuery(
        words=words,
        skills=skills,
        remote=wish.remote,
        min_rate=least,
        currency=currency,
        location=wish.location or "",
        days=wish.days,
        limit=min(50, wish.limit or 10),
    )


def boards_of(wish: Wish, settings: Settings) -> list[JobBoard]:
    """The boards that are asked: those named, else all that are on."""
    known = job_boards.boards().values()
    return [board for board in known if (board.title in wish.boards if wish.boards else not board.off(settings))]


async def last_search(deps: Deps) -> tuple[JobQuery, list[str]] | None:
    """The query of this conversation's newest search, and the boards it asked."""
    for turn in await deps.stores.turns.recent(deps.thread):
        for finding in turn.findings.values():
            if finding["agent"] == AGENT and "query" in finding["data"]:
                boards = [one["board"] for one in finding["data"]["boards"]]
                return JobQuery.model_validate(finding["data"]["query"]), boards
    return None


async def refined(wish: Wish, text: str, deps: Deps) -> tuple[JobQuery, list[JobBoard]] | None:
    """The newest search of this conversation with what a wish adds to it; None when the wish is one of its own."""
    if wish.words or wish.skills or not _AGAIN.search(text) or (last := await last_search(deps)) is None:
        return None
    query, boards = last
    least, currency = _least(wish, await deps.stores.profiles.load(deps.user))
    more = min(50, query.limit + 10) if _MORE.search(text) else query.limit
    said = {
        "remote": wish.remote,
        "location": wish.location,
        "days": wish.days,
        "limit": wish.limit or more,
        **({"min_rate": least, "currency": currency} if least is not None else {}),
    }
    known = job_boards.boards()
    chosen = boards_of(wish, deps.settings) if wish.boards else [known[name] for name in boards if name in known]
    return query.model_copy(update={name: value for name, value in said.items() if value is not None}), chosen


async def answers_to(query: JobQuery, boards: Sequence[str], deps: Deps, *, approved: bool) -> list[Answer]:
    """Ask boards by name. Without `approved`, only a standing consent lets anything leave."""
    known = job_boards.boards()
    chosen = [known[name] for name in boards if name in known]
    deps.progress(f"Asking {listed([board.title for board in chosen])}", None)
    errand = Errand(CONSENT, deps.user, agent=AGENT, thread=deps.thread, approved=approved)
    return await ask_boards(query, chosen, deps.http, errand, deps.settings)


async def finding_of(query: JobQuery, answers: Sequence[Answer], posts: Sequence[JobPost], deps: Deps) -> Finding:
    """What fits among the posts, ranked and kept, with where each comes from.

    A job the user turned down is left out; one they applied for says so.
    """
    before = {job_key(JobPost.model_validate(row.post)): row.status for row in await _decided(deps)}
    posts = [post for post in posts if before.get(job_key(post)) != "dismissed"]
    await deps.stores.demand.note(await asyncio.to_thread(asks_of, deps.user, posts, deps.today))
    picked = await picked_from(posts, query, deps)
    shown = [_remembered(hit, before.get(job_key(hit.post), "")) for hit in picked.hits[: query.limit]]
    jobs = await keep_jobs([hit.post for hit in shown], deps)
    answered = any(not answer.problem for answer in answers)
    return Finding(
        AGENT,
        ok=bool(shown) or answered,
        text=report(query, answers, len(posts), picked, shown, deps.today),
        data={
            "query": query.model_dump(mode="json"),
            "jobs": [_row(job, hit) for job, hit in zip(jobs, shown, strict=True)],
            "boards": [
                {"board": answer.board, "posts": len(answer.posts), "kept": answer.kept, "problem": answer.problem}
                for answer in answers
            ],
        },
        records=tuple(job.record for job in jobs),
        sources=tuple(Source(hit.post.label, hit.post.attribution, hit.post.url) for hit in shown),
        trust="outside",
        error=None if answered else "no board answered",
        offers=OFFERS if shown else (),
    )


def _least(wish: Wish, profile: Mapping[str, Any]) -> tuple[Decimal | None, str]:
    """The lowest rate for an hour and its currency: as said, else that of the profile, else any."""
    prices = find_prices(wish.min_rate or "")
    if len(prices) == 1 and (unit := prices[0].unit or "h") in HOURS:
        return prices[0].money.amount / HOURS[unit], prices[0].money.currency
    if not wish.least:
        return None, ""
    amount, _, unit = wish.least.partition(" ")
    own = hourly_rate(profile)
    currency = own.currency if own else str(profile.get("currency") or "")
    return Decimal(amount.replace(",", ".")) / HOURS["day" if unit == "d" else "h"], currency


async def _decided(deps: Deps) -> list[JobLead]:
    return await deps.stores.jobs.with_status(deps.user, *BEFORE, "dismissed")


def _remembered(hit: Hit, status: str) -> Hit:
    return replace(hit, why=f"{BEFORE[status]}; {hit.why}") if status in BEFORE else hit


def _row(job: Job, hit: Hit) -> dict[str, Any]:
    post = hit.post.model_dump(mode="json", exclude={"description", "client"})
    return {"record": job.lead.id, "fit": hit.match.fit if hit.match else None, "why": hit.why, **post}

"""Finds jobs: on keyless boards, once the user agrees to ask them, and among the posts kept before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any

from agents.deps import Deps
from agents.spec import AgentSpec, Effect, Finding, Given, Slot, Source
from agents.tools.jobs.job_intake import CONSENT as PAGE_CONSENT
from agents.tools.jobs.job_intake import Job, open_jobs, page_effect, read_page
from agents.tools.jobs.job_report import listed, preview, wanted
from agents.tools.jobs.job_round import CONSENT, Wish, answers_to, boards_of, finding_of, query_of, refined
from agents.tools.jobs.job_text import facts, link, post_text
from agents.tools.jobs.job_words import read_search
from agents.tools.jobs.matching import asked_skills
from agents.tools.jobs.skills import vocabulary
from agents.tools.text.markdown import plain
from integrations.job_boards import board as job_boards
from integrations.job_boards.board import JobQuery
from integrations.job_boards.post import JobPost
from privacy.consent import GO_ONLINE

SHOWN = 25
"""Jobs of a mailbox that are shown at once."""


class SearchTask(Wish):
    """What jobs are wanted. A pasted or uploaded post is read and kept instead."""

    saved: bool = False
    post: Annotated[str | None, Slot("pasted")] = None
    file: Annotated[str | None, Slot("file:document")] = None
    url: Annotated[str | None, Slot("url")] = None


def read(clause: str) -> dict[str, Any]:
    """What a sentence says about the jobs wanted."""
    return read_search(clause, [board.title for board in job_boards.boards().values()])


async def run(task: SearchTask, given: Given, deps: Deps) -> Finding:
    """Read a post, list those kept, or propose to ask the boards. Raises AgentError."""
    if task.post or any(file.kind in ("document", "image") for file in given.files):
        return _taken_in(await open_jobs(task.post, task.file, None, given, deps), deps)
    if task.url:
        return Finding("job_search", ok=True, text="I can read that page.", effect=page_effect(task.url))
    if task.saved:
        return await _saved(task.limit or 10, deps)
    query, chosen = await refined(task, given.text, deps) or (
        query_of(task, await deps.stores.profiles.load(deps.user)),
        boards_of(task, deps.settings),
    )
    if deps.settings.offline:
        return Finding(
            "job_search",
            ok=False,
            text=f"FreelanceX is set to offline, so {listed([board.title for board in chosen])} were not asked. "
            f"Paste or upload a job post and I will read it. {GO_ONLINE}",
            error="offline",
        )
    return Finding(
        "job_search",
        ok=True,
        text=f"I can ask {len(chosen)} job boards for {wanted(query)}.",
        effect=Effect(
            name="search_boards",
            arguments={"query": query.model_dump(mode="json"), "boards": [board.name for board in chosen]},
            title="Ask job boards",
            preview=preview(query, chosen),
            consent=CONSENT,
        ),
    )


async def open_page(arguments: dict[str, Any], deps: Deps) -> Finding:
    """Read the job post on a page. Raises HttpError, JobError and AgentError."""
    return _taken_in(await read_page(arguments["url"], "job_search", deps), deps)


async def search_boards(arguments: dict[str, Any], deps: Deps) -> Finding:
    """Ask the boards, and return what fits, ranked, with where each post comes from."""
    query = JobQuery.model_validate(arguments["query"])
    answers = await answers_to(query, arguments["boards"], deps, approved=True)
    return await finding_of(query, answers, [post for answer in answers for post in answer.posts], deps)


async def _saved(limit: int, deps: Deps) -> Finding:
    rows = await deps.stores.jobs.recent(deps.user, limit)
    if not rows:
        return Finding("job_search", ok=True, text="No jobs are kept yet: paste a job post, or let me search for some.")
    jobs = [Job(row, JobPost.model_validate(row.post)) for row in rows]
    lines = [f"{number}. {_line(job, deps.today)}" for number, job in enumerate(jobs, start=1)]
    return Finding(
        "job_search",
        ok=True,
        text="The jobs kept here, newest first:\n\n" + "\n".join(lines),
        data={"jobs": [{"record": job.lead.id, "title": job.post.title, "fit": job.lead.fit} for job in jobs]},
        records=tuple(job.record for job in jobs),
        trust="outside",
        offers=("How well does the first one match my profile?",),
    )


def _taken_in(jobs: Sequence[Job], deps: Deps) -> Finding:
    if len(jobs) == 1:
        said = "I have read this job post and kept it:\n\n"
        said += post_text(jobs[0].post, list(asked_skills(jobs[0].post)), deps.today)
    else:
        lines = [f"{number}. {_line(job, deps.today)}" for number, job in enumerate(jobs[:SHOWN], start=1)]
        said = f"I have read {len(jobs)} jobs and kept them:\n\n" + "\n".join(lines)
        said += f"\n\nThe other {len(jobs) - SHOWN} are among your saved jobs." if len(jobs) > SHOWN else ""
    return Finding(
        "job_search",
        ok=True,
        text=said,
        data={"jobs": [job.post.model_dump(mode="json", exclude={"description"}) for job in jobs]},
        records=tuple(job.record for job in jobs[:SHOWN]),
        sources=tuple(
            Source(job.post.label, job.post.attribution, job.post.url) for job in jobs if job.post.attribution
        ),
        trust="outside",
        offers=("How well does it match my profile?", "Write a proposal for it")
        if len(jobs) == 1
        else ("Which of the saved jobs fits me best?",),
    )


def _line(job: Job, today: date) -> str:
    company = f" at {plain(job.post.company)}" if job.post.company else ""
    fit = f", fit {job.lead.fit}" if job.lead.fit is not None else ""
    return f"{link(job.post)}{company}  \n   {facts(job.post, today)}{fit}"


# Both read files; reading them at the start keeps the event loop free, and a broken one stops the start by its name.
job_boards.boards()
vocabulary()

AGENT = AgentSpec(
    name="job_search",
    title="Job search",
    description="Finds freelance jobs on remote job boards, and reads and keeps job posts.",
    examples=(
        "Find me remote Python jobs over 60 €/h",
        "Search for freelance data engineering projects",
        "Are there any new React gigs this week?",
        "Look for UX design contracts in Berlin",
        "Find me five technical writing jobs above $50 per hour",
        "Search Himalayas and Remote OK for machine learning roles",
        "I need new clients, find some projects for me",
        "What freelance jobs are out there for translators?",
        "Find jobs that fit my skills",
        "Get me the latest remote DevOps contracts",
        "Show my saved jobs",
        "List the leads you found",
        "Who is hiring freelance copywriters right now?",
        "Browse the job boards for SEO work posted today",
        "Suche Remote-Projekte für Data Scientists",
        "Read this job post and keep it",
        "i need work, backend, golang, min 70 an hour",
        "anything new for translators",
        "what's out there for data people this week",
        "got any gigs for an illustrator",
        "looking for a part-time remote role in customer support",
        "any freelance work in video editing",
        "I'm free from Monday, what projects are available",
        "who needs a copywriter",
        "show me openings for senior designers",
        "find work",
        "more jobs like that",
        "any new leads today",
        "jobs paying over 500 a day",
        "busca trabajos remotos de react",
        "trouve des missions en data science",
    ),
    task=SearchTask,
    run=run,
    read=read,
    cues=(
        r"\b(?:find|search|look|hunt|browse|get)\b.{0,60}"
        r"\b(?:jobs?|gigs?|projects|contracts|positions|openings|roles|leads|work)\b",
        r"\b(?:saved|new|remote|freelance) (?:jobs|gigs|leads|projects)\b",
        r"\bjob boards?\b|\bwho(?:'s| is) hiring\b",
        r"\b(?:remotive|jobicy|himalayas|remote ?ok|arbeitnow|hacker news)\b",
        r"\b(?:i )?need (?:some |more |new )?(?:work|jobs?|gigs?|projects?|clients)\b",
        r"\banything (?:new|good|out there|interesting)\b|\bwhat(?:'s| is|s) (?:out there|new|available)\b",
        r"\b(?:jobs?|gigs|openings|projects|contracts|work) "
        r"(?:for|in|as|around|near|over|above|paying|that pay)\b(?!.*\b(?:proposal|match|fit)\b)",
        r"^\W*(?:(?:show|find|get) me )?more (?:jobs|gigs|projects|work) like (?:that|this|it|those|these)\W*$",
        r"\blooking for (?:work|a job|jobs|projects|gigs|clients|something)\b",
        r"\b(?:remote|freelance|part[- ]time|contract) \w* ?(?:jobs?|gigs?|work|projects|roles)\b",
    ),
    makes=("job",),
    effects={"search_boards": search_boards, "open_page": open_page},
    consents=(CONSENT, PAGE_CONSENT),
)

"""Says how well a job fits the user's profile, and which of several fits best."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel

from agents.deps import Deps
from agents.spec import AgentSpec, Finding, Given, Slot, Source
from agents.tools.jobs.job_intake import CONSENT, PASTE, Job, kept_jobs, open_jobs, page_effect, read_page
from agents.tools.jobs.job_learning import taste_for
from agents.tools.jobs.job_text import match_text, post_text, ranking_text
from agents.tools.jobs.matching import WEIGHTS, Match, asked_skills, hourly_rate, match, own_skills

_SAVED = re.compile(
    r"\b(?:saved|found|kept|all|these|those|the)\s+(?:jobs|leads|posts|postings|ones)\b|\bwhich (?:job|one|of)\b|"
    r"\brank\b|\bcompare\b|\bbest (?:job|one)\b",
    re.IGNORECASE,
)
_INLINE = re.compile(r"[:\n]\s*\S.{60,}", re.DOTALL)


class MatchTask(BaseModel):
    """The job to hold against the profile; with `saved`, all that are kept."""

    post: Annotated[str | None, Slot("pasted", PASTE)] = None
    file: Annotated[str | None, Slot("file:document", PASTE)] = None
    screenshot: Annotated[str | None, Slot("file:image")] = None
    job: Annotated[str | None, Slot("record:job", PASTE)] = None
    url: Annotated[str | None, Slot("url")] = None
    hours: Annotated[Decimal | None, Slot("hours")] = None
    saved: bool = False
    inline: bool = False


def read(clause: str) -> dict[str, Any]:
    """Whether all kept jobs are meant, and whether the post is part of the sentence."""
    return {"saved": bool(_SAVED.search(clause)) or None, "inline": bool(_INLINE.search(clause)) or None}


def needs(filled: dict[str, Any]) -> list[str]:
    """The post, unless there is a job in any other way."""
    ways = ("post", "file", "screenshot", "job", "url", "saved", "inline")
    return [] if any(filled.get(name) for name in ways) else ["post"]


async def run(task: MatchTask, given: Given, deps: Deps) -> Finding:
    """Hold one job or several against the profile, or propose to open the page of one. Raises AgentError."""
    if task.url and not (task.post or given.files):
        return Finding("job_match", ok=True, text="I can read that page.", effect=page_effect(task.url))
    return await _held(await _jobs(task, given, deps), task.hours, deps)


async def open_page(arguments: dict[str, Any], deps: Deps) -> Finding:
    """Read the job post on a page and hold it against the profile. Raises HttpError, JobError and AgentError."""
    return await _held(await read_page(arguments["url"], "job_match", deps), None, deps)


async def _held(jobs: list[Job], hours: Decimal | None, deps: Deps) -> Finding:
    profile = await deps.stores.profiles.load(deps.user)
    taste = await taste_for(deps)
    if not own_skills(profile):
        return _unknown(jobs, profile, deps)
    matches = {job.lead.id: match(job.post, profile, deps.today, hours, taste) for job in jobs}
    jobs.sort(key=lambda job: -matches[job.lead.id].fit)
    ranked = [matches[job.lead.id] for job in jobs]
    for job in jobs:
        status = "matched" if job.lead.status == "found" else None
        await deps.stores.jobs.mark(job.lead.id, user=deps.user, status=status, fit=matches[job.lead.id].fit)
    text = match_text(ranked[0], deps.today)
    if len(ranked) > 1:
        text = f"{ranking_text(ranked)}\n\nThe best of them in full:\n\n{text}"
    if hints := _hints(profile):
        text += f"\n\n*{hints}*"
    return Finding(
        "job_match",
        ok=True,
        text=text,
        data={"weights": WEIGHTS, "matches": [_row(job, found) for job, found in zip(jobs, ranked, strict=True)]},
        records=tuple(job.record for job in jobs),
        sources=tuple(Source(job.post.label, job.post.attribution or "the job post", job.post.url) for job in jobs),
        trust="outside",
        offers=("Write a proposal for it",) if len(jobs) == 1 else ("Write a proposal for the first one",),
    )


async def _jobs(task: MatchTask, given: Given, deps: Deps) -> list[Job]:
    from_steps = any(record.kind == "job" for finding in given.findings.values() for record in finding.records)
    if task.saved and not (task.post or from_steps or given.files):
        rows = await deps.stores.jobs.recent(deps.user, 20)
        if rows:
            return await kept_jobs([row.id for row in rows], deps)
    return await open_jobs(task.post, task.file or task.screenshot, task.job, given, deps)


def _unknown(jobs: Sequence[Job], profile: Mapping[str, Any], deps: Deps) -> Finding:
    asked = list(asked_skills(jobs[0].post))
    lacking = "your skills" if hourly_rate(profile) else "your skills and your rate"
    return Finding(
        "job_match",
        ok=True,
        text=f"{post_text(jobs[0].post, asked, deps.today)}\n\nI have kept this job. To say how well it fits, "
        f"I need to know {lacking}: say for example “my skills are {', '.join(asked[:3]) or 'Python and SQL'}, "
        "my rate is 80 € an hour”, then ask again.",
        data={"skills": asked, "needs": ["skills"] if hourly_rate(profile) else ["skills", "rate"]},
        records=tuple(job.record for job in jobs),
        trust="outside",
    )


def _hints(profile: Mapping[str, Any]) -> str:
    lacking = [
        name for name, there in (("rate", hourly_rate(profile)), ("country", profile.get("country"))) if not there
    ]
    return f"Tell me your {' and '.join(lacking)}, and I can weigh that too." if lacking else ""


def _row(job: Job, found: Match) -> dict[str, Any]:
    return {
        "record": job.lead.id,
        "title": job.post.title,
        "company": job.post.company,
        "fit": found.fit,
        "verdict": found.verdict,
        "parts": [
            {"name": part.name, "weight": part.weight, "score": part.score, "why": part.why} for part in found.parts
        ],
        "matched": list(found.matched),
        "missing": list(found.missing),
        "nice_to_have": list(found.extra),
        "warnings": [warning.text for warning in found.warnings],
    }


def _for_job_search(task: Mapping[str, Any]) -> dict[str, Any] | None:
    """A pasted or uploaded post is read and kept here, too."""
    post = {name: task[name] for name in ("post", "file") if task.get(name)}
    return post or None


AGENT = AgentSpec(
    name="job_match",
    title="Job match",
    description="Scores how well a job post fits the profile: skills, pay, place, recency, competition, client.",
    examples=(
        "How well does this job match my profile?",
        "Is this job a good fit for me?",
        "Does this project suit me?",
        "Match me with this job post",
        "Should I apply for this?",
        "Score this job against my skills",
        "What skills am I missing for this job?",
        "Which of the saved jobs fits me best?",
        "Rank these jobs for me",
        "Compare the jobs you found with my profile",
        "Are there any red flags in this job post?",
        "Is this gig worth my time?",
        "Check this job description against my profile",
        "How good are my chances with the second one?",
        "Passt dieser Job zu meinem Profil?",
        "Here is a job post, give me a match",
        "be honest, am I qualified for that job",
        "is it worth applying",
        "compare the first and the third job",
        "which one should I go for",
        "rate this posting",
        "does that project sound legit",
        "good fit or waste of time?",
        "do I have what they want",
        "would I be a good candidate for this",
        "what do you think of this posting",
        "how do I stack up against these requirements",
        "is the budget in this post fair",
        "evaluate this brief against my skills",
        "which of them pays best and fits me",
    ),
    task=MatchTask,
    run=run,
    read=read,
    needs=needs,
    cues=(
        r"\b(?:match|fit|suits?|score|rank)\b.{0,50}\b(?:jobs?|project|gig|post|posting|profile|skills|me|one)\b",
        r"\b(?:job|project|gig|post|posting)\b.{0,50}\b(?:match|fits?|suits?|good fit|worth|right)\b",
        r"\bwhich (?:job|one|of)\b.{0,40}\b(?:fits?|suits?|match(?:es)?)\b|\bagainst my (?:profile|skills)\b",
        r"\b(?:job|post|posting|description|brief|role)\b.{0,30}\bagainst my\b|\bsuitable am i\b|\bam i suitable\b",
        r"\b(?:if|whether|does|do|would|will) (?:it|this|that|they|these)\b.{0,20}\b(?:fits?|suits?) me\b",
        r"\bshould i apply\b|\bred flags?\b|\bam i missing\b|\bmy chances\b",
        r"\b(?:am|would) i (?:be )?"
        r"(?:qualified|suited|a (?:good )?(?:fit|match)|right|good enough|underqualified|overqualified)\b",
        r"\bcompare\b[^.?!]{0,30}\b(?:jobs?|posts?|ones?|projects?|gigs?)\b",
        r"\b(?:is|would|does|do) (?:this|it|that|these)\b[^.?!]{0,30}"
        r"\b(?:for me|suit me|worth (?:it|my time|applying)|a good (?:fit|match)|legit|a scam)\b",
        r"\bhow (?:well|good)\b[^.?!]{0,30}\b(?:fits?|match(?:es)?|suits?)\b",
        r"\bworth (?:applying|bidding|my time)\b",
        r"\bwhich (?:one|of (?:them|these))\b[^.?!]{0,30}\b(?:best|better|fits?|suits?)\b",
        r"\b(?:job|project|post|gig)?\s*match(?:es|ing)?\W*$|^\W*match\b",
    ),
    makes=("job",),
    takes=("job",),
    effects={"open_page": open_page},
    consents=(CONSENT,),
    stands_in={"job_search": _for_job_search},
)

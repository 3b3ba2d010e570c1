"""Writes a proposal from the profile and one job, and states nothing that the profile does not hold."""

from __future__ import annotations

import re
import tempfile
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel

from agents.deps import Deps
from agents.spec import AgentError, AgentSpec, Artifact, Finding, Given, Record, Slot, Source
from agents.tools.billing.invoice_book import named_client
from agents.tools.business.chain import drafted
from agents.tools.jobs.job_intake import PASTE, Job, keep_jobs, kept_jobs, open_jobs
from agents.tools.jobs.matching import own_skills
from agents.tools.proposals.proposal_draft import ADVANCE, Offer, draft, unfounded
from agents.tools.proposals.proposal_wording import reworded
from agents.tools.remembering.client_facts import client_facts, pays_late
from agents.tools.remembering.facts_in_use import told_line
from agents.tools.text.languages import NAMES, detect
from agents.tools.writing.papers import language_for, say
from agents.tools.writing.style import other_language, style_for, styled
from integrations.job_boards.post import HOURS, JobPost
from memory.business.quotes import Quote
from memory.money import Money, find_prices

UNKNOWN = (
    "I do not know you well enough to write a proposal: say for example “I'm Ana Ruiz, a data analyst; my skills are "
    "Python and SQL; my rate is 80 € an hour”, then ask again."
)
SURE = 0.5
"""How sure the language of a post must be to be answered in."""
_INLINE = re.compile(r"[:\n]\s*\S.{60,}", re.DOTALL)


class ProposalTask(BaseModel):
    """The job to write for, and the hours and rate to name if they are not the profile's."""

    post: Annotated[str | None, Slot("pasted", PASTE)] = None
    file: Annotated[str | None, Slot("file:document", PASTE)] = None
    screenshot: Annotated[str | None, Slot("file:image")] = None
    job: Annotated[str | None, Slot("record:job", PASTE)] = None
    quote: Annotated[str | None, Slot("record:quote")] = None
    hours: Annotated[Decimal | None, Slot("hours")] = None
    rate: Annotated[str | None, Slot("rate")] = None
    inline: bool = False


def read(clause: str) -> dict[str, Any]:
    """Whether the post is part of the sentence."""
    return {"inline": bool(_INLINE.search(clause)) or None}


def needs(filled: dict[str, Any]) -> list[str]:
    """The post, unless there is a job in any other way, or work that was priced."""
    known = ("post", "file", "screenshot", "job", "inline", "quote")
    return [] if any(filled.get(name) for name in known) else ["post"]


async def run(task: ProposalTask, given: Given, deps: Deps) -> Finding:
    """Draft, check every claim, and keep it as Markdown and Word. Raises AgentError and JobError."""
    profile = await deps.stores.profiles.load(deps.user)
    if not own_skills(profile):
        raise AgentError(UNKNOWN)
    sent = task.post or task.inline or task.file or task.screenshot or task.job or given.files or given.findings
    quote = await deps.stores.quotes.get(task.quote, user=deps.user) if task.quote and not sent else None
    if quote:
        job = await _of_quote(quote, given, deps)
    else:
        job = (await open_jobs(task.post, task.file or task.screenshot, task.job, given, deps))[0]
    rate = None if task.inline else _rate(task.rate)
    hours = None if task.inline else task.hours
    offer = await _offer(task, job, quote, deps) if rate is None and hours is None else None
    style = await style_for(("proposal",), job.post.company, deps)
    late = pays_late(await client_facts(job.post.company, deps))
    language = await language_for("proposal", job.post.company, deps, usual=_language_of(job, given.text))
    made = draft(
        profile,
        job.post,
        hours=hours,
        rate=rate,
        offer=offer,
        short=style.short,
        advance=bool(late),
        language=language,
    )
    if wrong := unfounded(made, profile, job.post):
        raise AssertionError(f"the draft claims what nothing supports: {wrong}")
    wording = await reworded(made.text, deps, style.asked)
    put = styled(wording.text, style, language, profile)
    paid_ahead = late and say(ADVANCE, language) in put.text
    of_client = f"{told_line(late)}: half of the price is due at the start." if late and paid_ahead else ""
    foreign = (
        f"It is in {NAMES[language]}; what your profile holds stands in your own words." if language != "en" else ""
    )
    artifacts = await _files(put.text, job, deps)
    await deps.stores.jobs.mark(job.lead.id, user=deps.user, status="proposed")
    price, thought = (offer.total, offer.hours) if offer else (rate and hours and (rate * hours).rounded(), hours)
    kept = await drafted(job, price or None, thought, task.quote if offer else None, artifacts[0].id, deps)
    told = (*made.notes, *put.notes, other_language(style, language), of_client, foreign)
    notes = "".join(f"\n- {note}" for note in (*told, wording.note) if note)
    return Finding(
        "proposal",
        ok=True,
        text=f"A draft for **{_heading(job)}**:\n\n---\n\n{put.text}\n---"
        + (f"\n\nFor you, not for the client:\n{notes}" if notes else ""),
        data={
            "text": put.text,
            "language": language,
            "by_model": wording.by_model,
            "job": job.lead.id,
            "proposal": kept.id,
            "notes": [note for note in told if note],
            **made.data,
        },
        records=(Record("proposal", artifacts[0].id, f"Proposal for {job.post.label}"), job.record),
        sources=(Source(job.post.label, "the job post", job.post.url), Source("Your profile")),
        artifacts=artifacts,
        trust="outside",
        offers=("I sent the proposal", "How well does this job match my profile?"),
    )


async def _of_quote(quote: Quote, given: Given, deps: Deps) -> Job:
    """The work of a quote as the job to write for: the one it was made for, else the user's own words for a client."""
    if quote.lead:
        return (await kept_jobs([quote.lead], deps))[0]
    named = await named_client(given.text, deps)
    client = await deps.stores.clients.get(quote.client, user=deps.user) if quote.client else None
    company = named or (client.name if client else "")
    words = quote.words if quote.words != quote.title else ""
    post = JobPost(id=quote.id, board="own", title=quote.title, company=company, description=words)
    return (await keep_jobs([post], deps))[0]


async def _offer(task: ProposalTask, job: Job, meant: Quote | None, deps: Deps) -> Offer | None:
    """The price that was worked out for this very job, if any."""
    quote = meant or (await deps.stores.quotes.get(task.quote, user=deps.user) if task.quote else None)
    if quote is None or not quote.rate or (meant is None and quote.lead != job.lead.id):
        return None
    tiers = [Money(Decimal(tier["total"]), quote.currency) for tier in quote.tiers]
    hours = [Decimal(tier["hours"]) for tier in quote.tiers]
    middle = min(1, len(tiers) - 1)
    smaller = tiers[0] if middle else None
    return Offer(tiers[middle], hours[middle], Money(quote.rate, quote.currency), quote.fixed, smaller)


def _language_of(job: Job, words: str) -> str:
    """The language the post is written in, where that is sure; of work the user told of, that of their words."""
    guess = detect(f"{job.post.description} {words}" if job.post.board == "own" else job.post.description)
    return guess.code if guess and guess.sure >= SURE else "en"


def _rate(text: str | None) -> Money | None:
    prices = find_prices(text or "")
    if len(prices) != 1 or (prices[0].unit or "h") not in HOURS:
        return None
    return Money(prices[0].money.amount / HOURS[prices[0].unit or "h"], prices[0].money.currency)


def _heading(job: Job) -> str:
    return re.sub(r"[`*_\[\]<>#|]", "", job.post.label)


async def _files(draft_text: str, job: Job, deps: Deps) -> tuple[Artifact, ...]:
    stem = re.sub(r"[^\w-]+", "-", f"proposal-{job.post.company or job.post.title}".lower()).strip("-")[:60]
    caption = f"Proposal for {_heading(job)}"
    put = deps.stores.files.put
    text = await put(draft_text.encode(), f"{stem}.md", user=deps.user, thread=deps.thread, made_by="proposal")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{stem}.docx"
        arguments = {"text": draft_text, "title": caption, "path": str(path)}
        await deps.jobs.run("agents.tools.proposals.proposal_file:write_docx", arguments, seconds=60)
        word = await put(path, path.name, user=deps.user, thread=deps.thread, made_by="proposal")
    return tuple(Artifact(file.id, file.name, file.mime, caption=caption) for file in (text, word))


AGENT = AgentSpec(
    name="proposal",
    title="Proposal",
    description="Writes a proposal for a job from the profile, with evidence, questions and a price.",
    examples=(
        "Write a proposal for this job",
        "Draft a proposal for the first one",
        "Write an application for this project",
        "Prepare a bid for that job",
        "Write a cover letter for this post",
        "Make me a proposal at 75 €/h for 40 hours",
        "Write a pitch to this client",
        "Draft a reply to this job posting",
        "I want to apply for this, write something",
        "Turn my profile and this post into a proposal",
        "Help me apply to the second job",
        "Create an offer letter for this project",
        "Schreib ein Angebot für dieses Projekt",
        "Compose an Upwork proposal for this post",
        "help me answer this job ad",
        "write something to win this client",
        "reply to the client who posted this",
        "make an offer for the second one",
        "the second one looks good, write a proposal for it",
        "turn this into a pitch",
        "bid on it",
        "I want that job, write to them",
        "cover letter pls",
        "short application for the first job",
        "draft my answer to this post",
        "compose a message to the client about the project",
        "prepare the application for this gig",
    ),
    task=ProposalTask,
    run=run,
    read=read,
    needs=needs,
    cues=(
        r"\b(?:write|draft|prepare|make|create|compose|generate|give)\b.{0,40}"
        r"\b(?:proposals?|application|bid|cover letter|pitch)\b",
        r"\bproposals?\b.{0,30}\b(?:for|to)\b|\bapply (?:for|to) (?:this|that|the|it)\b|\bcover letter\b",
        r"\b(?:a|and a|the) proposal\b|\bangebot (?:für|schreiben)\b",
        r"\b(?:answer|reply to|respond to|apply (?:to|for)|bid on|pitch for)\b[^.?!]{0,40}\b(?:job|ad|"
        r"post|posting|gig|project|client|it|this|that|one)\b",
        r"\bproposals?\b|\bcover letter\b|\bapplication letter\b",
        r"\bmotivation letter\b|\bpitch\b[^.?!]{0,30}\b(?:client|job|project|this|it)\b",
    ),
    makes=("proposal",),
    takes=("job", "quote"),
    writes=True,
)

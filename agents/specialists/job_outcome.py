"""Keeps what became of jobs: applied, won, lost, liked, turned down. The order of later jobs learns from it."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import BaseModel

from agents.deps import Deps
from agents.spec import AgentError, AgentSpec, Finding, Given, Slot
from agents.tools.business.chain import became
from agents.tools.jobs.job_intake import kept_jobs
from agents.tools.jobs.job_learning import learn_if_due, note
from agents.tools.jobs.job_ranker import EACH, ENOUGH, gains_of
from agents.tools.jobs.job_text import link
from agents.tools.text.markdown import plain

_KINDS = (
    (
        "disliked",
        r"\b(?:do(?:n't| not)|did(?:n't| not)) (?:like|want|care for)\b|\bnot interested\b|\bdislike\b|\bhate\b|"
        r"\bthumbs? down\b|\bno more\b|\b(?:hide|remove|ignore)\b|\bless (?:jobs )?like\b|\bfewer\b|\bnot for me\b|"
        r"\bskip\b|\bdismiss\b|👎",
    ),
    (
        "lost",
        r"\b(?:lost|rejected|turned (?:me )?down|declined|did(?:n't| not) get|"
        r"was(?:n't| not) (?:chosen|picked|hired)|(?:went with|chose|picked) (?:some|an)\w*)\b",
    ),
    ("won", r"\b(?:won|got (?:the|that|this|it|hired)|hired me|chose me|picked me|landed|they said yes|accepted)\b"),
    ("applied", r"\b(?:applied|sent (?:the|my|a) (?:proposal|application|bid)|(?:have )?bid on|submitted)\b"),
    ("liked", r"\b(?:like|love|thumbs? up|interested|great|good one)\b|👍"),
)
_LEARNED = re.compile(r"\bwhat (?:have|did|do) you (?:learn|know)|\b(?:how|what) .*\boutcomes?\b|\bmy taste\b", re.I)
_SAID = {
    "applied": "you applied for",
    "won": "you won",
    "lost": "you did not get",
    "liked": "you like",
    "disliked": "is not for you",
}


WHICH = "Which job do you mean? Name it, or say for example “the second one”."


class OutcomeTask(BaseModel):
    """What became of which job."""

    action: Literal["note", "tell"] = "note"
    kind: str | None = None
    job: Annotated[
        str | None, Slot("record:job", "Which job do you mean? Name it, or say for example “the second one”.")
    ] = None


def read(clause: str) -> dict[str, Any]:
    """What became of it, or that the user asks what was learned."""
    if _LEARNED.search(clause):
        return {"action": "tell"}
    return {"kind": next((kind for kind, words in _KINDS if re.search(words, clause, re.IGNORECASE)), None)}


def needs(filled: dict[str, Any]) -> list[str]:
    """The job, unless the user asks what was learned."""
    return [] if filled.get("action") == "tell" or filled.get("job") else ["job"]


async def run(task: OutcomeTask, given: Given, deps: Deps) -> Finding:
    """Keep an outcome, or tell what was learned. Raises AgentError and JobError."""
    if task.action == "tell":
        return await _learned(deps)
    if task.kind is None or task.job is None:
        raise AgentError('Tell me what became of which job: say for example "I won the second one".')
    (job,) = await kept_jobs([task.job], deps)
    await note(job, task.kind, deps)
    await became(job, task.kind, deps)
    name = f"{link(job.post)}{f' at {plain(job.post.company)}' if job.post.company else ''}"
    said = f"{name} {_SAID['disliked']}" if task.kind == "disliked" else f"{_SAID[task.kind]} {name}"
    ranker = await learn_if_due(deps)
    effect = {
        "disliked": " Jobs like it will come further down.",
        "lost": " It counts when I learn which jobs you get, and not against your taste.",
    }.get(task.kind, " Jobs like it will come further up.")
    learned = f"\n\nI have learned anew: {ranker.why}." if ranker else ""
    return Finding(
        "job_outcome",
        ok=True,
        text=f"Noted: {said}.{effect}{learned}",
        data={"job": job.lead.id, "kind": task.kind, "learned": ranker.why if ranker else None},
        records=(job.record,),
        offers=("Create an invoice",) if task.kind == "won" else (),
    )


async def _learned(deps: Deps) -> Finding:
    outcomes = await deps.stores.outcomes.of(deps.user)
    gains = gains_of([(row.lead, row.kind) for row in outcomes])
    well = sum(gain > 0 for gain in gains.values())
    ranker = await deps.stores.outcomes.ranker(deps.user)
    told = f"You have told me what became of {len(gains)} jobs: {well} went well, {len(gains) - well} did not."
    rule = f"From {ENOUGH} on, {EACH} of each among them, I try whether an order learned from them beats the weights."
    text = f"{told} {f'At the last try, {ranker.why}.' if ranker else rule}"
    return Finding("job_outcome", ok=True, text=text, data={"outcomes": len(gains), "went_well": well})


AGENT = AgentSpec(
    name="job_outcome",
    title="Job outcomes",
    description="Keeps what became of jobs (applied, won, lost, liked, turned down) and learns from it.",
    examples=(
        "I won the second one",
        "I lost that job to someone cheaper",
        "I applied to the first one",
        "They hired me for the Python job",
        "They went with somebody else",
        "I didn't get the contract",
        "I am not interested in this one",
        "I don't like this kind of job",
        "Thumbs down for the second one",
        "I sent my application for the dashboard job",
        "What have you learned about my jobs?",
    ),
    task=OutcomeTask,
    run=run,
    read=read,
    needs=needs,
    cues=(
        r"\bi (?:have |just |'ve )?(?:won|lost|landed|applied (?:to|for))\b.*\b(?:one|job|gig|project|post|it)\b",
        r"\b(?:they|the client) (?:hired|chose|picked|rejected) me\b|\b(?:they|the client) went with\b",
        r"\b(?:did(?:n't| not) get|got) (?:the|that) (?:job|gig|project)\b",
        r"\bthumbs? (?:up|down)\b|\bnot interested in\b|\b(?:less|fewer|no more) (?:jobs|gigs|work|projects) like\b",
        r"\b(?:do(?:n't| not)) like (?:this|that|these|the) (?:\w+ )?(?:kind|sort|one|job|type)\b",
        r"\bwhat (?:have|did) you learn(?:ed)?\b.*\bjobs?\b",
    ),
    makes=("job",),
    takes=("job",),
)

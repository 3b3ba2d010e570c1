"""Joins what happens to a job into the chain of records: lead, proposal, project.

proposal written ─▶ lead new, proposal draft      applied ─▶ proposed, sent
won, or a quote accepted ─▶ won, accepted         lost ─▶ lost, declined
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from agents.deps import Deps
from agents.tools.jobs.job_intake import Job
from agents.tools.pricing.estimate import kind_of
from memory.business.clients import Client
from memory.business.leads import Lead, LeadState
from memory.business.proposals import Proposal, ProposalState
from memory.business.quotes import Quote
from memory.money import Money

_OF_JOB = {"applied": LeadState.PROPOSED, "won": LeadState.WON, "lost": LeadState.LOST}
_OF_PROPOSAL = {
    LeadState.PROPOSED: ProposalState.SENT,
    LeadState.WON: ProposalState.ACCEPTED,
    LeadState.LOST: ProposalState.DECLINED,
}
_CLOSED = (LeadState.WON, LeadState.LOST)


async def lead_of(job: Job, deps: Deps) -> Lead:
    """The lead about a job, made when there is none yet."""
    known = await deps.stores.leads.all(deps.user, job=job.lead.id)
    if known:
        return known[0]
    post = job.post
    niche = kind_of(f"{post.title}\n{post.description}")
    lead = Lead(user=deps.user, title=post.title, person=post.company, source=post.board, niche=niche, job=job.lead.id)
    lead.came_at = job.lead.found_at
    if post.pay and post.pay.period == "project" and (value := post.pay.high or post.pay.low):
        lead.value, lead.currency = Decimal(value), post.pay.currency
    return await deps.stores.leads.add(lead)


async def drafted(
    job: Job, price: Money | None, hours: Decimal | None, quote: str | None, file: str, deps: Deps
) -> Proposal:
    """Keep a proposal that was written; a draft for the same lead gives way to it."""
    lead = await lead_of(job, deps)
    for old in await deps.stores.proposals.all(deps.user, lead=lead.id, state=str(ProposalState.DRAFT)):
        await deps.stores.proposals.move(old.id, ProposalState.WITHDRAWN, user=deps.user)
    proposal = Proposal(user=deps.user, title=lead.title, lead=lead.id, client=lead.client, niche=lead.niche)
    proposal.quote, proposal.file, proposal.hours = quote, file, hours
    if price:
        proposal.price, proposal.currency = price.amount, price.currency
    return await deps.stores.proposals.add(proposal)


async def became(job: Job, kind: str, deps: Deps) -> None:
    """Note on lead and proposal what became of a job: applied, won or lost; anything else says nothing of them."""
    if state := _OF_JOB.get(kind):
        await move_lead(await lead_of(job, deps), state, deps)


async def move_lead(lead: Lead, state: LeadState, deps: Deps, *, reason: str = "") -> Lead:
    """Bring a lead into a state, with the proposal that is open on it. Raises Refused."""
    now = datetime.now(UTC)
    if lead.state != state:
        fields: dict[str, object] = {"closed_at": now if state in _CLOSED else None}
        if reason:
            fields["reason"] = reason
        if state == LeadState.PROPOSED and lead.answered_at is None:
            fields["answered_at"] = now
        lead = await deps.stores.leads.move(lead.id, state, user=deps.user, **fields)
    wanted = _OF_PROPOSAL.get(state)
    open_ones = await deps.stores.proposals.all(deps.user, lead=lead.id, state=("draft", "sent"))
    if wanted and open_ones:
        await move_proposal(open_ones[0], wanted, deps)
    return lead


async def move_proposal(proposal: Proposal, state: ProposalState, deps: Deps) -> Proposal:
    """Bring a proposal into a state; one that is answered was sent before. Raises Refused."""
    now = datetime.now(UTC)
    if proposal.state == state:
        return proposal
    answered = state in (ProposalState.ACCEPTED, ProposalState.DECLINED)
    steps = [ProposalState.SENT, state] if proposal.state == "draft" and answered else [state]
    fields: dict[str, object] = {"answered_at": now} if answered else {}
    if ProposalState.SENT in steps and proposal.sent_at is None:
        fields["sent_at"] = now
    return await deps.stores.proposals.move(proposal.id, *steps, user=deps.user, **fields)


@dataclass(frozen=True)
class Won:
    """What a project that was won hangs on, by id."""

    lead: str | None = None
    proposal: str | None = None
    client: str | None = None


async def accepted(quote: Quote, client: Client | None, deps: Deps) -> Won:
    """A quote was accepted: its lead is won, and whoever the job is from becomes a client. Raises Refused."""
    leads = await deps.stores.leads.all(deps.user, job=quote.lead) if quote.lead else []
    if not leads:
        return Won(client=client.id if client else quote.client)
    lead = await move_lead(leads[0], LeadState.WON, deps)
    if client is None and not quote.client and lead.person:
        client = await deps.stores.clients.save(deps.user, lead.person)
    whose = client.id if client else quote.client
    offers = await deps.stores.proposals.all(deps.user, lead=lead.id)
    if whose and lead.client != whose:
        await deps.stores.leads.change(lead.id, user=deps.user, client=whose)
    return Won(lead.id, offers[0].id if offers else None, whose)

"""The pipeline: leads and proposals with what became of them, the projects they led to, and goals."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel

from agents.deps import Deps
from agents.spec import AgentError, AgentSpec, Choice, Finding, Given, Slot, Which
from agents.tools.billing.invoice_requests import days_of
from agents.tools.billing.invoice_text import cell
from agents.tools.business import project_book
from agents.tools.business.chain import move_lead, move_proposal
from agents.tools.business.pipeline_words import read_pipeline
from agents.tools.business.project_words import RUNNING
from agents.tools.pricing.estimate import kind_of
from agents.tools.pricing.outcome import accept
from agents.tools.text.markdown import plain as safe
from config.dates import day_text
from memory.business.clients import key_of
from memory.business.goals import Goal, GoalState
from memory.business.leads import Lead, LeadState
from memory.business.proposals import Proposal, ProposalState
from memory.money import Money, find_prices, plain, total
from memory.overview.books import Aim
from memory.overview.pipeline import progress

NAME = "pipeline"
SHOWN = 30


class PipelineTask(BaseModel):
    """What to do with leads, proposals, projects or goals; `named` are the words that name a project."""

    action: Literal[
        "lead", "leads", "move", "proposal", "proposals", "goal", "goals", "goal_drop",
        "project", "projects", "project_new", "deadline",
    ] = "leads"  # fmt: skip
    name: str | None = None
    title: str | None = None
    state: str | None = None
    source: str = ""
    amount: str | None = None
    measure: Literal["revenue", "hours", "proposals", "clients"] | None = None
    count: Decimal | None = None
    period: Literal["week", "month", "quarter", "year"] = "year"
    named: str = ""
    cleared: bool = False
    proposal: Annotated[str | None, Slot("record:proposal")] = None


async def run(task: PipelineTask, given: Given, deps: Deps) -> Finding:
    """Do one thing with leads, proposals, projects or goals. Raises AgentError, Refused."""
    actions: dict[str, Callable[[PipelineTask, Given, Deps], Awaitable[Finding]]] = {
        "lead": _lead,
        "leads": _leads,
        "move": _move,
        "proposal": _proposal,
        "proposals": _proposals,
        "goal": _goal,
        "goals": _goals,
        "goal_drop": _drop,
        "project": _project,
        "projects": _project,
        "project_new": _project,
        "deadline": _project,
    }
    return await actions[task.action](task, given, deps)


async def _lead(task: PipelineTask, given: Given, deps: Deps) -> Finding:
    if not task.title and not task.name:
        raise AgentError("Who is it, and what do they want? Say “new lead: Maria wants a logo, 500 €, by referral”.")
    title = task.title or f"Work for {task.name}"
    title = title[:1].upper() + title[1:]
    client = await deps.stores.clients.find(deps.user, task.name) if task.name else None
    lead = Lead(user=deps.user, title=title, person=task.name or "", source=task.source, niche=kind_of(title))
    lead.client = client.id if client else None
    if task.amount:
        money = await _money(task.amount, deps)
        lead.value, lead.currency = money.amount, money.currency
    kept = await deps.stores.leads.add(lead)
    by = f", by {task.source}" if task.source else ""
    worth = f", worth {lead.money.text()}" if lead.money else ""
    text = f"New lead: **{safe(title)}**{f' for {safe(task.name)}' if task.name else ''}{worth}{by}."
    offers = (f"What should I quote for {title}?", "my leads", "undo that")
    return Finding(NAME, True, text, data={"lead": kept.id, "state": kept.state}, offers=offers)


async def _money(said: str, deps: Deps) -> Money:
    """A sum as it was said; the user's own currency is meant where none is."""
    if prices := find_prices(said):
        return prices[0].money
    profile = await deps.stores.profiles.load(deps.user)
    return Money(Decimal(said), str(profile.get("currency") or "EUR"))


async def _leads(task: PipelineTask, given: Given, deps: Deps) -> Finding:
    wanted = (task.state,) if task.state in set(LeadState) else ("new", "proposed")
    found = await deps.stores.leads.all(deps.user, state=wanted)
    if not found:
        text = "No lead is open. Say “new lead: Maria wants a logo, 500 €, by referral”, or paste a job post."
        return Finding(NAME, True, text, data={"leads": []})
    rows = ["| Lead | Who | State | Worth | Came by |", "|---|---|---|--:|---|"]
    for one in found[:SHOWN]:
        worth = one.money.text() if one.money else ""
        rows.append(f"| {cell(one.title)} | {cell(one.person)} | {one.state} | {worth} | {cell(one.source)} |")
    sums = _sums([one.money for one in found if one.money])
    text = f"{len(found)} {'lead is' if len(found) == 1 else 'leads are'} {' or '.join(wanted)}"
    text += f", worth {sums} where that is known" if sums else ""
    data = {"leads": [one.id for one in found]}
    return Finding(NAME, True, f"{text}.\n\n" + "\n".join(rows), data=data, offers=("my proposals", "my win rate"))


async def _move(task: PipelineTask, given: Given, deps: Deps) -> Finding:
    found = await deps.stores.leads.all(deps.user)
    words = set(key_of(task.name or given.text).split())
    shared = {one.id: len(words & set(key_of(f"{one.person} {one.title}").split())) for one in found}
    named = sorted((one for one in found if shared[one.id]), key=lambda one: -shared[one.id])
    open_ones = [one for one in found if one.state in ("new", "proposed")]
    lead = next(iter(named or (open_ones if len(open_ones) == 1 else [])), None)
    if lead is None and open_ones:
        raise Which("Which lead?", [_choice(one) for one in open_ones[:9]])
    if lead is None:
        raise AgentError("No lead is open. Say “new lead: Maria wants a logo, 500 €” to keep one.")
    moved = await move_lead(lead, LeadState(task.state or "proposed"), deps)
    text = f"**{safe(moved.title)}** is now {moved.state}."
    return Finding(NAME, True, text, data={"lead": moved.id, "state": moved.state}, offers=("my win rate", "undo that"))


def _choice(lead: Lead) -> Choice:
    label = ", ".join(filter(None, [lead.title, lead.person]))
    return Choice(safe(label), {"name": f"{lead.person} {lead.title}".strip()})


async def _accepted_quote(given: Given, deps: Deps) -> Finding | None:
    """What becomes of the newest quote, where no proposal waits and the client took what was quoted."""
    newest = await deps.stores.quotes.all(deps.user, limit=1)
    return await accept(newest[0].id, None, given, deps) if newest else None


async def _proposal(task: PipelineTask, given: Given, deps: Deps) -> Finding:
    found = await deps.stores.proposals.all(deps.user)
    file = [one for one in found if one.file == task.proposal] if task.proposal else []
    words = set(key_of(given.text).split())
    named = [one for one in found if len(words & set(key_of(one.title).split())) > 1]
    waiting = [one for one in found if one.state in ("draft", "sent")]
    proposal = next(iter(file or named or waiting), None)
    if proposal is None and task.state == "accepted" and (quoted := await _accepted_quote(given, deps)):
        return quoted
    if proposal is None:
        raise AgentError("There is no proposal that waits; paste a job post and say “write a proposal for this job”.")
    moved = await move_proposal(proposal, ProposalState(task.state or "sent"), deps)
    lead = await deps.stores.leads.get(moved.lead, user=deps.user) if moved.lead else None
    became = {"sent": LeadState.PROPOSED, "accepted": LeadState.WON, "declined": LeadState.LOST}
    if lead and moved.state in became:
        await move_lead(lead, became[moved.state], deps)
    price = f" over {moved.money.text()}" if moved.money else ""
    text = f"The proposal for **{safe(moved.title)}**{price} is now {moved.state}."
    offers = {"sent": ("They accepted the recommended quote",), "accepted": ("my win rate",)}
    data = {"proposal": moved.id, "state": moved.state}
    return Finding(NAME, True, text, data=data, offers=(*offers.get(moved.state, ()), "undo that"))


async def _proposals(task: PipelineTask, given: Given, deps: Deps) -> Finding:
    wanted: dict[str, Any] = {"state": task.state} if task.state in set(ProposalState) else {}
    found: Sequence[Proposal] = await deps.stores.proposals.all(deps.user, **wanted)
    if not found:
        text = "You have no such proposals. Paste a job post and say “write a proposal for this job”."
        return Finding(NAME, True, text, data={"proposals": []})
    rows = ["| Proposal | State | Price | Sent |", "|---|---|--:|---|"]
    for one in found[:SHOWN]:
        sent = f"{day_text(one.sent_at, '%-d %b %Y')}" if one.sent_at else ""
        rows.append(f"| {cell(one.title)} | {one.state} | {one.money.text() if one.money else ''} | {sent} |")
    text = f"{len(found)} {'proposal' if len(found) == 1 else 'proposals'}.\n\n" + "\n".join(rows)
    return Finding(NAME, True, text, data={"proposals": [one.id for one in found]}, offers=("my win rate",))


async def _goal(task: PipelineTask, given: Given, deps: Deps) -> Finding:
    since, until = days_of(f"this {task.period}", deps.today)
    money = await _money(task.amount, deps) if task.amount else None
    target = money.amount if money else task.count
    if target is None or target <= 0:
        raise AgentError("How much of what? Say for example “my goal is 60,000 € this year”.")
    goal = Goal(user=deps.user, measure=task.measure or "revenue", target=target, since=since, until=until)
    goal.currency = money.currency if money else ""
    kept = await deps.stores.goals.add(goal)
    text = f"Your goal: {await _progress(kept, deps)}."
    return Finding(NAME, True, text, data={"goal": kept.id}, offers=("my goals", "undo that"))


async def _goals(task: PipelineTask, given: Given, deps: Deps) -> Finding:
    found = await deps.stores.goals.all(deps.user, state=str(GoalState.OPEN))
    if not found:
        return Finding(NAME, True, "You have no goal. Say for example “my goal is 60,000 € this year”.", data={})
    lines = [f"- {await _progress(one, deps)}" for one in found]
    return Finding(NAME, True, "\n".join(lines), data={"goals": [one.id for one in found]}, offers=("my win rate",))


async def _drop(task: PipelineTask, given: Given, deps: Deps) -> Finding:
    found = await deps.stores.goals.all(deps.user, state=str(GoalState.OPEN))
    if not found:
        raise AgentError("You have no goal to drop.")
    await deps.stores.goals.move(found[0].id, GoalState.DROPPED, user=deps.user)
    return Finding(NAME, True, "That goal is dropped.", data={"goal": found[0].id}, offers=("undo that",))


async def _project(task: PipelineTask, given: Given, deps: Deps) -> Finding:
    match task.action:
        case "project_new":
            rate = task.amount or ""
            return await project_book.new(task.title or "", task.name, task.count, rate, given.text, deps)
        case "deadline":
            return await project_book.set_deadline(task.named, given.text, task.cleared, deps)
        case "project":
            return await project_book.going(task.named, deps)
    return await project_book.running(deps)


async def _progress(goal: Goal, deps: Deps) -> str:
    books = await deps.stores.overview.books(deps.user)
    aim = Aim(goal.id, goal.measure, goal.target, goal.currency, goal.since, goal.until)
    done = progress(aim, books)
    days = (goal.until - goal.since).days + 1
    passed = min(days, max(0, (deps.today - goal.since).days + 1))
    figures = [
        Money(value, goal.currency).text() if goal.currency else plain(value.quantize(Decimal("0.1")))
        for value in (done, goal.target)
    ]
    unit = "" if goal.currency else f" {goal.measure}"
    return (
        f"**{figures[0]} of {figures[1]}{unit}** ({done / goal.target:.0%}) by {day_text(goal.until)}, with "
        f"{passed / days:.0%} of the time gone"
    )


def _said(value: Decimal, currency: str) -> str:
    return Money(value, currency).text() if currency else plain(value.quantize(Decimal("0.1")))


def _sums(amounts: Sequence[Money]) -> str:
    codes = sorted({one.currency for one in amounts})
    return " and ".join(total((one for one in amounts if one.currency == code), code).text() for code in codes)


AGENT = AgentSpec(
    name=NAME,
    title="Pipeline",
    description="Keeps leads, proposals, projects with their deadlines, and goals: what may come and what runs.",
    examples=(
        "new lead: Maria wants a logo, 500 €, by referral",
        "add a lead from Bolt Ltd for a web shop, about 4,000 €",
        "my leads",
        "which leads are open?",
        "show my pipeline of leads",
        "the lead from Maria is lost",
        "drop the lead from Bolt",
        "I sent the proposal",
        "the proposal was declined",
        "which proposals are waiting for an answer?",
        "my proposals",
        "my goal is 60,000 € this year",
        "set a goal of 20 hours a week",
        "how am I doing on my goals?",
        "I want to send 10 proposals a month as a goal",
        "neuer Lead: Frau Berg braucht eine Website, 3.000 €",
        "mein Ziel sind 5.000 € im Monat",
        "mis objetivos de este año",
        "which projects are running?",
        "new project: online shop for Acme, 40 hours, due 15 December",
        "the deadline of the Acme shop is 15 December",
        "the Bolt project is due on Friday",
        "how is the project for North going?",
        "when is the data pipeline due?",
        "which project deadlines do I have?",
        "das Projekt für Acme ist am 15. Dezember fällig",
    ),
    task=PipelineTask,
    run=run,
    read=read_pipeline,
    cues=(
        r"\b(?:leads?|prospects?|enquir(?:y|ies)|inquir(?:y|ies))\b",
        r"\bmy (?:\w+ )?(?:goals?|targets?|proposals)\b|\b(?:set|add|new) (?:a |my )?(?:goal|target)\b",
        r"\b(?:sent|submitted|withdrew) (?:the|my|that) (?:proposal|bid|offer)\b",
        r"\bproposals?\b[^.?!]{0,30}\b(?:declined|accepted|rejected|waiting|withdrawn|sent)\b",
        r"\bproposals (?:are|did|have|were)\b",
        r"\bprojects? (?:is|are) (?:now )?(?:running|open|due|late)\b|\b(?:my|our) (?:running|open|current) projects\b",
        r"^\W*my projects\W*$|^\W*(?:add |note )?(?:an? )?new project\b|\bhow is (?:the|my) \W?[^?]{0,60}\bproject\b",
        r"\bproject\b[^.?!]{0,50}\b(?:is|are) (?:now )?due (?:on|by|in|next|to|\d)|\bproject deadlines?\b|"
        r"\b(?:what|which) deadlines do (?:i|we) have\b",
        r"^\W*(?:move |set |change )?(?:the |my )?deadline (?:of|for) (?:the |my )?[^?]{2,60} (?:is|to)\b",
    ),
    surely=(f"(?i:{RUNNING.pattern})",),
    takes=("proposal",),
    writes=True,
)

"""Pricing: a quote in three sizes with the reason of every figure, a verdict on a price, learning from how it went.

a post, a job or a few words ─▶ hours (packages × past projects) ─▶ rate, haste ─▶ three totals, kept as a quote
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel

from agents.deps import Deps
from agents.spec import AgentError, AgentSpec, Claim, Finding, Given, Record, Slot, Source
from agents.tools.billing.invoice_book import named_client
from agents.tools.jobs.job_intake import open_jobs
from agents.tools.jobs.matching import asked_skills
from agents.tools.jobs.skills import find_skills
from agents.tools.pricing.estimate import Estimate, estimate, kind_of
from agents.tools.pricing.outcome import NO_QUOTE, accept, at_rate, discounted, learn
from agents.tools.pricing.pricing_words import WHAT_IF, read_pricing
from agents.tools.pricing.quote import Rate, fixed_or_hourly, market_of, rate_for, scope, table, total_of, verdict
from agents.tools.pricing.quote_reasons import reasons
from agents.tools.remembering.client_facts import client_facts
from agents.tools.text.markdown import plain as safe
from integrations.job_boards.post import JobPost, Pay
from memory.business.quotes import Quote
from memory.money import Money, find_prices, plain

NAME = "pricing"
WHAT = "What shall I price? Paste the job post, or say it in a few words, such as “a Shopify shop with 20 products”."
MONTHS = timedelta(days=183)
SHORT = 200
"""A text below this many characters is the user's own words rather than a post."""


class PricingTask(BaseModel):
    """What to price: a job, or the work in words; a price to judge; how a finished project turned out."""

    action: Literal["quote", "check", "actual", "accept", "discount", "why"] = "quote"
    post: Annotated[str | None, Slot("pasted", WHAT)] = None
    file: Annotated[str | None, Slot("file:document")] = None
    job: Annotated[str | None, Slot("record:job")] = None
    quote: Annotated[str | None, Slot("record:quote")] = None
    work: str | None = None
    hours: Annotated[Decimal | None, Slot("hours")] = None
    rate: str | None = None
    price: str | None = None
    budget: str | None = None
    tier: str | None = None
    actual: Decimal | None = None
    estimated: Decimal | None = None
    discount: Decimal | None = None
    each: Decimal | None = None
    rush: bool = False
    refers: bool = False


@dataclass(frozen=True)
class Work:
    """What is priced: a `title`, the whole `text`, and the post and its record where there is one."""

    title: str
    text: str
    post: JobPost | None = None
    lead: str | None = None
    records: tuple[Record, ...] = ()


def needs(filled: dict[str, Any]) -> list[str]:
    """Anything that says what the work is."""
    if filled.get("action") in ("actual", "accept", "discount", "why"):
        return []
    return [] if any(filled.get(name) for name in ("post", "file", "job", "quote", "work", "hours")) else ["post"]


async def run(task: PricingTask, given: Given, deps: Deps) -> Finding:
    """Quote, judge a price, or keep how a project went. Raises AgentError and JobError."""
    if task.action == "actual":
        return await learn(task.work, task.actual, task.estimated, given, deps)
    if task.action == "accept":
        return await accept(task.quote, task.tier, given, deps)
    if task.action == "discount" and task.each:
        return await at_rate(task.quote, task.each, deps)
    if task.action == "discount":
        return await discounted(task.quote, task.discount or Decimal(0), deps)
    if task.action == "why":
        newest = await deps.stores.quotes.all(deps.user, limit=1)
        task = task.model_copy(update={"quote": task.quote or (newest[0].id if newest else None), "refers": True})
        if not (task.quote or task.job or task.post or task.work):
            raise AgentError(NO_QUOTE)
    work = await _work(task, given, deps)
    client = await deps.stores.clients.find(deps.user, name) if (name := await named_client(given.text, deps)) else None
    company = work.post.company if work.post else ""
    client = client or (await deps.stores.clients.find(deps.user, company) if company else None)
    facts = await client_facts(client.name if client else name or company, deps)
    profile = await deps.stores.profiles.load(deps.user)
    pay = _budget(task.budget) or (work.post.pay if work.post else None)
    stated = work.post.estimated_hours if work.post else None
    made = estimate(
        work.title,
        work.text,
        await deps.stores.projects.past(deps.user),
        hours=task.hours or stated,
        whose="you" if task.hours else "the post",
    )
    skills = [*(asked_skills(work.post) if work.post else ()), *find_skills(f"{work.title}\n{work.text}")]
    asks = await deps.stores.demand.since(deps.user, deps.today - MONTHS)
    own = rate_for(task.rate, client.rate if client else "", profile, None, facts)
    market = market_of(asks, skills, own.money.currency if own else "")
    rate = own or rate_for(None, "", {}, market)
    if task.action == "check" and task.price:
        return _judged(task, work, made, rate, str(profile.get("currency") or ""))
    if task.action == "why":
        return _explained(work, made, rate, await reasons(made, rate, market, pay, task.rush, facts, deps), task)
    quote = await _keep(work, made, rate, client.id if client else None, task.rush, pay, deps)
    why = await reasons(made, rate, market, pay, task.rush, facts, deps)
    return _told(work, made, rate, quote, why, task.rush)


async def _work(task: PricingTask, given: Given, deps: Deps) -> Work:
    """The work meant: what came with the message or an earlier step, what its words say, else what was quoted last."""
    found = any(record.kind == "job" for finding in given.findings.values() for record in finding.records)
    sent = any(ref.kind == "document" for ref in given.files)
    pasted = task.post if task.post and len(task.post) >= SHORT else None
    if task.work and not (found or sent or pasted or (task.refers and task.job and kind_of(task.work) == "general")):
        return Work(_own_words(task.work, given.text), given.text)
    if task.post and not pasted:
        return Work(" ".join(task.post.split())[:200], task.post)
    old = await deps.stores.quotes.get(task.quote, user=deps.user) if task.quote and not (found or sent) else None
    if old and not pasted and (task.action == "check" or task.rate or task.rush or not task.job):
        if old.lead and (kept := await deps.stores.jobs.get(old.lead, user=deps.user)):
            return _of_post(JobPost.model_validate(kept.post), kept.id)
        return Work(old.title, old.words)
    if task.hours and not (found or sent or pasted or task.job or task.file):
        return Work(f"{plain(task.hours)} hours of work", given.text)
    job = (await open_jobs(pasted, task.file, task.job, given, deps))[0]
    return _of_post(job.post, job.lead.id)


def _own_words(work: str, text: str) -> str:
    """The work as the user called it, where it was read from a translation."""
    own = read_pricing(text).get("work")
    return own if own and kind_of(own) == kind_of(work) else work


def _of_post(post: JobPost, lead: str) -> Work:
    return Work(post.title, post.description, post, lead, (Record("job", lead, post.label),))


def _budget(text: str | None) -> Pay | None:
    prices = find_prices(text or "")
    return Pay(high=prices[0].money.amount, currency=prices[0].money.currency, period="project") if prices else None


async def _keep(
    work: Work, made: Estimate, rate: Rate | None, client: str | None, rush: bool, pay: Pay | None, deps: Deps
) -> Quote:
    tiers = [
        {
            "name": tier.name,
            "hours": plain(tier.hours),
            "total": plain(total_of(tier.hours, rate.money, rush=rush).amount) if rate else "",
            "scope": scope(made.tiers, place),
        }
        for place, tier in enumerate(made.tiers)
    ]
    quote = Quote(
        user=deps.user,
        title=work.title,
        words=work.text[:4000],
        kind=made.kind,
        lead=work.lead,
        client=client,
        rate=rate.money.amount if rate else None,
        currency=rate.money.currency if rate else "",
        fixed=fixed_or_hourly(made, pay)[0],
        tiers=tiers,
    )
    return await deps.stores.quotes.save(quote)


def _told(work: Work, made: Estimate, rate: Rate | None, quote: Quote, why: Sequence[str], rush: bool) -> Finding:
    tier = made.recommended
    title = safe(work.title)
    if rate:
        total = total_of(tier.hours, rate.money, rush=rush)
        opening = f"For **{title}** I would ask **{total.text()}** ({tier.name}), before VAT."
    else:
        opening = (
            f"**{title}** takes about **{plain(tier.hours)} hours** ({tier.name}). I know no rate of yours, so there "
            "is no sum yet: say for example “my rate is 80 € an hour” and ask again."
        )
    label = quote.title[:60]
    claims = [Claim(work.title, "hours", plain(tier.hours), "h", source="your quote", origin="own")]
    if rate:
        claims.append(Claim(work.title, "price", plain(total.amount), rate.money.currency, "", "your quote", "own"))
    return Finding(
        NAME,
        ok=True,
        text=f"{opening}\n\n{table(made, rate, rush=rush)}\n\nWhy these figures:\n\n"
        + "\n".join(f"- {reason}" for reason in why),
        data={
            "quote": quote.id,
            "kind": made.kind,
            "tiers": quote.tiers,
            "currency": quote.currency,
            "rate": plain(rate.money.amount) if rate else "",
            "factor": plain(made.calibration.factor),
            "projects": made.calibration.projects,
            "fixed": quote.fixed,
        },
        records=(Record("quote", quote.id, label), *work.records),
        sources=(Source(work.post.label, "the job post", work.post.url),) if work.post else (),
        trust="outside" if work.post else "own",
        claims=tuple(claims),
        offers=("Write a proposal with this price",) if work.post else (),
    )


def _explained(work: Work, made: Estimate, rate: Rate | None, why: Sequence[str], task: PricingTask) -> Finding:
    """What the recommended total is made of, and how to ask for less without a lower rate."""
    tier, smallest = made.recommended, made.tiers[0]
    title, hours, buffer = safe(work.title), plain(tier.work), plain(tier.buffer)
    if rate:
        total = total_of(tier.hours, rate.money, rush=task.rush)
        text = (
            f"**{title}**: {hours} h of work and {buffer} h of buffer at {rate.money.text()} an hour come to "
            f"**{total.text()}** ({tier.name}), rounded up."
        )
    else:
        text = (
            f"**{title}**: {hours} h of work and {buffer} h of buffer ({tier.name}). I know no rate of yours, so there "
            "is no sum yet."
        )
    text += "\n\n" + "\n".join(f"- {reason}" for reason in why)
    if rate:
        least = total_of(smallest.hours, rate.money, rush=task.rush)
        text += (
            f"\n\nTo ask for less, take work out rather than lower the rate: {smallest.name} comes to "
            f"**{least.text()}** for {plain(smallest.hours)} h."
        )
    records = (*((Record("quote", task.quote, work.title[:60]),) if task.quote else ()), *work.records)
    data = {"quote": task.quote, "hours": plain(tier.hours)}
    offers = ("What if I offer 10 % discount?",) if rate else ()
    return Finding(NAME, True, text, data=data, records=records, offers=offers)


def _judged(task: PricingTask, work: Work, made: Estimate, rate: Rate | None, currency: str) -> Finding:
    """A verdict on a price somebody named."""
    named = find_prices(task.price or "")
    code = rate.money.currency if rate else currency or "EUR"
    price = named[0].money if named else Money(Decimal(task.price or 0), code)
    tier = made.recommended
    lines = [f"**{safe(work.title)}**: {verdict(price, tier.hours, rate)}"]
    if rate and rate.money.currency == price.currency:
        totals = {one.name: total_of(one.hours, rate.money, rush=task.rush) for one in made.tiers}
        fitting = [name for name, total in totals.items() if not price < total]
        lines.append(
            f"At your rate it pays for the size {fitting[-1]}."
            if fitting
            else f"At your rate even {made.tiers[0].name} comes to {totals[made.tiers[0].name].text()}: ask for that, "
            "or offer less for the price."
        )
        lines.append(f"I would ask {totals[tier.name].text()} for {tier.name} ({plain(tier.hours)} hours with buffer).")
    each = price.amount / tier.hours
    return Finding(
        NAME,
        ok=True,
        text="\n\n".join(lines),
        data={"price": str(price), "hours": plain(tier.hours), "hourly": f"{each:.2f}", "kind": made.kind},
        records=work.records,
        trust="outside" if work.post else "own",
        offers=(f"Price {work.title}",) if not work.post else ("Price this job in three tiers",),
    )


AGENT = AgentSpec(
    name=NAME,
    title="Pricing",
    description="Prices a job in three sizes with the reason of each figure, and says whether a price is worth it.",
    examples=(
        "What should I quote for a Shopify shop with 20 products?",
        "Price this job",
        "Make a three-tier quote for this project",
        "How many hours will this take me?",
        "Is 2,000 € too little for that?",
        "What should I charge for a logo?",
        "Estimate this project",
        "Give me an estimate for a landing page",
        "How much can I ask for translating 5,000 words?",
        "Price the best one",
        "Should I offer a fixed price or hourly?",
        "The client has 3,000 €, is that enough for a website with 10 pages?",
        "The Acme shop took 60 hours, I had estimated 45",
        "They accepted the recommended quote",
        "Was soll ich für einen Onlineshop verlangen?",
        "¿Cuánto cobro por una página web?",
        "Combien facturer pour un logo ?",
        "Quanto chiedo per un sito web?",
        "Quanto cobrar por um logotipo?",
    ),
    task=PricingTask,
    run=run,
    read=read_pricing,
    needs=needs,
    cues=(
        r"\b(?:what if|if|should|can|could|may)\b[^.?!]{0,30}\b\d+\s*(?:%|percent)\s*(?:discount|off)\b"
        r"(?!.*\d[\d.,]*\s?[€$£])",
        r"\b(?:discount|rebate|rabatt|nachlass)\b[^.?!]{0,12}\b\d+\s*%(?! (?:of|on|von|auf) \W?\d)",
        r"^\W*(?:they|he|she|the client|the customer) (?:only )?(?:ha(?:s|ve)|got) (?:an? |only )?(?:a )?budget of\b|"
        r"\b(?:their|the client's|his|her) budget is\b",
        r"\btook \d+(?:\.\d+)? ?h(?:ours)?\b.{0,20}\b(?:in the end|in total|altogether|overall|all in all)\b",
        r"\bprice (?:it|this|that|them|the (?:job|project|gig|best|first|second|third|post|work)|an?\b)",
        r"^(?!.*(?:%|\bvat\b)).*\bwhat (?:should|can|could|would|do|shall) (?:i|we) "
        r"(?:quote|charge|ask|bid|offer|price)\b",
        r"\bhow much (?:should|can|could|would|do|shall) (?:i|we) (?:quote|charge|ask|bid|offer|take|demand)\b",
        r"\b(?:three|3)[- ]tier|\bfixed[- ]price or (?:by the hour|hourly)|\b(?:hourly|"
        r"by the hour) or (?:a )?fixed\b",
        r"\bhow (?:many hours|long) (?:will|would|should|does|might|do you think)\b.{0,40}\b(?:take|need)\b",
        r"\b(?:quote|quotation|estimate|cost estimate)\b(?!.{0,20}(?:of the day|\"|“)).{0,30}\b(?:for|this|"
        r"the|on)\b",
        r"\b(?:too (?:little|low|cheap|much|expensive)|enough|fair|worth it|reasonable)\b.{0,30}\bfor\b.{0,40}"
        r"|\bis \W?\d[\d.,]*\s?k?\s?(?:€|\$|£|[a-z]+)?\W+(?:too |enough|fair|ok)",
        r"\btook \d+(?:\.\d+)? ?h(?:ours)?\b.*\b(?:estimated|instead|planned|quoted)\b",
        r"\baccepted the .{0,20}(?:quote|offer)\b|\bquote (?:was |is |got )?accepted\b",
        r"\b(?:kostenvoranschlag|kalkulier\w*|kalkulation|was (?:soll|kann) ich .{0,60}(?:verlangen|nehmen|"
        r"berechnen)|presupuesto|"
        r"cuánto cobr\w+|cuanto cobr\w+|\bdevis\b|combien (?:facturer|demander)|preventivo|"
        r"quanto (?:chied\w+|cobr\w+)|orçamento)\b",
    ),
    surely=WHAT_IF,
    makes=("quote",),
    takes=("job",),
    writes=True,
)

"""What becomes of a quote: a discount that is asked for, a client who accepts, hours it took in the end.

quote ─▶ with so much off: what an hour still brings      accepted ─▶ project      done ─▶ the next estimate is nearer
"""

from __future__ import annotations

from decimal import Decimal

from agents.deps import Deps
from agents.spec import AgentError, Finding, Given
from agents.tools.billing.invoice_book import named_client
from agents.tools.business.chain import accepted
from agents.tools.business.project_book import day_to_come
from agents.tools.pricing.estimate import kind_of
from agents.tools.text.markdown import plain as safe
from memory.business.clients import key_of
from memory.business.projects import Project
from memory.business.quotes import Quote
from memory.money import Money, plain

NAME = "pricing"
NO_QUOTE = "There is no quote yet; say for example “price a Shopify shop with 20 products”."
_PLACES = {"essential": 0, "basic": 0, "smallest": 0, "extended": 2, "premium": 2, "largest": 2, "full": 2}


async def discounted(quote_id: str | None, percent: Decimal, deps: Deps) -> Finding:
    """What each size of a quote comes to with so many percent off, and what an hour then brings. Raises AgentError."""
    quote = await _quote(quote_id, deps)
    if not quote.rate or not 0 < percent < 100:
        raise AgentError("Say how much to take off a quote that has a sum, such as “with 10 % discount”.")
    rows, sums = ["| Size | Asked | With the discount | An hour then brings |", "|---|--:|--:|--:|"], []
    for tier in quote.tiers:
        asked = Money(Decimal(tier["total"]), quote.currency)
        less = (asked * (1 - percent / 100)).rounded()
        each = Money(less.amount / Decimal(tier["hours"]), quote.currency).rounded()
        sums.append(str(less))
        rows.append(f"| {tier['name']} | {asked.text()} | **{less.text()}** | {each.text()} |")
    usual = Money(quote.rate, quote.currency).text()
    text = (
        f"**{safe(quote.title)}** with {plain(percent)} % off:\n\n" + "\n".join(rows) + "\n\n"
        f"Your rate is {usual} an hour. Rather than a lower rate for the same work, take something out: offer the "
        "smaller size, or give the discount for payment in advance."
    )
    data = {"quote": quote.id, "percent": plain(percent), "totals": sums}
    return Finding(NAME, True, text, data=data, offers=("They accepted the quote",))


async def at_rate(quote_id: str | None, each: Decimal, deps: Deps) -> Finding:
    """What each size of a quote comes to at another rate an hour, and what that loses or wins. Raises AgentError."""
    quote = await _quote(quote_id, deps)
    if not quote.rate or each <= 0:
        raise AgentError("Say which rate to take for a quote that has a sum, such as “what if the rate is 60”.")
    rows, sums = ["| Size | Hours | Asked | At that rate | Difference |", "|---|--:|--:|--:|--:|"], []
    for tier in quote.tiers:
        asked = Money(Decimal(tier["total"]), quote.currency)
        then = (asked * (each / quote.rate)).rounded()
        sums.append(str(then))
        rows.append(f"| {tier['name']} | {tier['hours']} | {asked.text()} | **{then.text()}** | {_gap(asked, then)} |")
    rate, usual = Money(each, quote.currency).text(), Money(quote.rate, quote.currency).text()
    text = f"**{safe(quote.title)}** at {rate} an hour instead of {usual}:\n\n" + "\n".join(rows)
    if each < quote.rate:
        more = plain((quote.rate / each * 100 - 100).quantize(Decimal(1)))
        text += f"\n\nYou would work {more} % more hours for the same money. Offer the smaller size instead."
    data = {"quote": quote.id, "rate": str(Money(each, quote.currency)), "totals": sums}
    return Finding(NAME, True, text, data=data, offers=("They accepted the quote",))


def _gap(asked: Money, then: Money) -> str:
    gap = Money(then.amount - asked.amount, then.currency)
    return f"+{gap.text()}" if gap.amount > 0 else gap.text()


async def learn(
    work: str | None, actual: Decimal | None, estimated: Decimal | None, given: Given, deps: Deps
) -> Finding:
    """Keep how long a finished project took, so that the next estimate is nearer. Raises AgentError.

    What was estimated is the user's word, else what the project meant was estimated at.
    """
    known = await _project(given, deps) if not estimated else None
    estimated = estimated or (known.estimated_hours if known else None)
    if not actual or not estimated:
        raise AgentError("Say both figures, such as “the Acme shop took 60 hours, I had estimated 45”.")
    title = known.title if known else work or "a project"
    project = known or Project(user=deps.user, title=title, kind=kind_of(title))
    project.state, project.estimated_hours = "done", estimated
    project.told_hours, project.ended_on = actual, deps.today
    await deps.stores.projects.save(project)
    past = await deps.stores.projects.past(deps.user)
    times = plain((actual / estimated).quantize(Decimal("0.01")))
    text = (
        f"Noted: **{safe(title)}** took {plain(actual)} hours instead of {plain(estimated)}, {times} times "
        f"the estimate. My next estimates rest on {len(past)} finished {'project' if len(past) == 1 else 'projects'}."
    )
    return Finding(NAME, True, text, data={"project": project.id, "ratio": times, "projects": len(past)})


async def accept(quote_id: str | None, tier_said: str | None, given: Given, deps: Deps) -> Finding:
    """Make a project of a quote that the client accepted. Raises AgentError."""
    quote = await _quote(quote_id, deps)
    tier = quote.tiers[min(_PLACES.get(tier_said or "", 1), len(quote.tiers) - 1)]
    name = await named_client(given.text, deps)
    client = await deps.stores.clients.find(deps.user, name) if name else None
    won = await accepted(quote, client, deps)
    project = Project(
        user=deps.user,
        title=quote.title,
        lead=won.lead,
        proposal=won.proposal,
        kind=quote.kind,
        client=won.client,
        quote=quote.id,
        estimated_hours=Decimal(tier["hours"]),
        rate=f"{plain(quote.rate)} {quote.currency}/h" if quote.rate else "",
        started_on=deps.today,
        due_on=day_to_come(given.text, deps.today),
    )
    await deps.stores.projects.save(project)
    total = f" for {Money(Decimal(tier['total']), quote.currency).text()}" if tier["total"] else ""
    text = (
        f"Good. **{safe(quote.title)}** is now a project: {tier['name']}, {tier['hours']} hours{total}. Log your hours "
        "on it, and say when it is done; the next estimate learns from it."
    )
    return Finding(NAME, True, text, data={"project": project.id}, offers=(f"Start the timer for {quote.title[:60]}",))


async def _quote(quote_id: str | None, deps: Deps) -> Quote:
    newest = await deps.stores.quotes.all(deps.user, limit=1)
    quote = await deps.stores.quotes.get(quote_id, user=deps.user) if quote_id else next(iter(newest), None)
    if quote is None:
        raise AgentError(NO_QUOTE)
    return quote


async def _project(given: Given, deps: Deps) -> Project | None:
    """The open project a sentence means: by a word of its title, else as the only one of the client named."""
    projects = await deps.stores.projects.all(deps.user, state="open")
    name = await named_client(given.text, deps)
    client = await deps.stores.clients.find(deps.user, name) if name else None
    own = [one for one in projects if client and one.client == client.id] or projects
    words = {word for word in key_of(given.text).split() if len(word) > 3}
    fitting = [one for one in own if words & set(key_of(one.title).split())]
    candidates = fitting or (own if client else [])
    return candidates[0] if len(candidates) == 1 else None

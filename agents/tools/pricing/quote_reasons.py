"""Why each figure of a quote is what it is, in sentences."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from agents.deps import Deps
from agents.tools.pricing.estimate import Calibration, Estimate
from agents.tools.pricing.quote import Market, Rate, against_budget, fixed_or_hourly, won_by_rate
from agents.tools.remembering.client_facts import pays_late
from agents.tools.remembering.facts_in_use import told_line
from agents.tools.text.markdown import plain as safe
from integrations.job_boards.post import Pay
from memory.facts import Fact
from memory.money import plain


async def reasons(
    made: Estimate,
    rate: Rate | None,
    market: Market | None,
    pay: Pay | None,
    rush: bool,
    facts: Sequence[Fact],
    deps: Deps,
) -> list[str]:
    """Why each figure of a quote is what it is; `facts` are those about the client."""
    tier = made.recommended
    factor = made.calibration.factor
    hours: dict[str, Decimal] = {}
    for one in tier.packages:  # what each size has of its own, such as calls, is one line
        hours[one.label] = hours.get(one.label, Decimal(0)) + one.mean * factor
    parts = "; ".join(f"{label} {plain(each.quantize(Decimal('0.1')))} h" for label, each in hours.items())
    told = [
        f"**Hours** of {tier.name}: {parts}. They are a rule of thumb for {made.title} work, not a survey.",
        f"**Your past projects**: {_past(made.calibration)}",
        f"**Buffer**: {plain(tier.buffer)} h, so that about nine in ten such projects stay within; at least a tenth.",
    ]
    if rate:
        told.append(f"**Rate**: {rate.money.text()} an hour, {rate.why}.")
    if market:
        told.append(
            f"**Market**: {market.jobs} fetched jobs that ask for these skills pay {market.low.text()} to "
            f"{market.high.text()} an hour, the middle is {market.middle.text()}."
        )
    if pay and rate and (words := against_budget(made, rate, pay, rush=rush)):
        told.append(f"**Budget**: {words}")
    if rush:
        told.append("**Haste**: it is urgent, so a quarter is added for moving other work.")
    if rate:
        quotes = await deps.stores.quotes.all(deps.user)
        became = {row.lead: row.kind for row in await deps.stores.outcomes.of(deps.user) if row.kind in ("won", "lost")}
        if words := won_by_rate(quotes, became, rate.money):
            told.append(f"**Won and lost**: {words}")
    told.append(f"**Fixed or by the hour**: I would offer {fixed_or_hourly(made, pay)[1]}.")
    if late := pays_late(facts):
        told.append(f"**Payment**: I would ask for half in advance. {safe(told_line(late))}.")
    if made.assumed:
        told.append(f"**Assumed**: {'. '.join(made.assumed)}. VAT comes on top. Say what is different.")
    else:
        told.append("**Assumed**: two rounds of feedback; texts and pictures come from the client; VAT on top.")
    return told


def _past(found: Calibration) -> str:
    if not found.projects:
        return (
            "none is finished yet, so nothing corrects the hours. Tell me how one went, such as “the Acme shop took "
            "60 hours, I had estimated 45”."
        )
    which = "of this kind " if found.same_kind else "of other kinds "
    times = f"{plain(found.median)} times the estimate in the middle"
    count = f"{found.projects} finished {'project' if found.projects == 1 else 'projects'} {which}took {times}"
    return f"{count}; drawn towards 1 because they are few, the hours are multiplied by {plain(found.factor)}."

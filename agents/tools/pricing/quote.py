"""From hours to a price: the rate and where it comes from, three totals, and how they stand to budget and market.

total = (work + buffer) × rate × (1 + surcharge for haste), rounded up to a round sum
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, ROUND_UP, Decimal
from statistics import median, quantiles
from typing import Any

from agents.tools.jobs.matching import hourly_rate
from agents.tools.pricing.estimate import GENERAL, Estimate, Tier
from agents.tools.remembering.facts_in_use import told_line
from agents.tools.remembering.wishes import RATE
from integrations.job_boards.post import HOURS, Pay
from memory.business.quotes import Quote
from memory.demand import JobAsk
from memory.facts import Fact
from memory.money import EXPONENTS, Money, find_prices, plain

RUSH = Decimal("0.25")
"""What haste adds."""
FEWEST = 5
"""Jobs, or decided quotes, from which a figure is told."""


@dataclass(frozen=True)
class Rate:
    """The price of an hour and why it is this one."""

    money: Money
    why: str


@dataclass(frozen=True)
class Market:
    """What an hour of such work pays in the jobs that were fetched: quartiles of the middles of their ranges."""

    jobs: int
    low: Money
    middle: Money
    high: Money


def rate_for(
    said: str | None, agreed: str, profile: Mapping[str, Any], market: Market | None, facts: Sequence[Fact] = ()
) -> Rate | None:
    """The rate named for this work, else agreed with the client, else told of them, else the profile's or market's."""
    if named := hourly(said) or _in_own_currency(said, profile):
        return Rate(named, "you named it for this work")
    if named := hourly(agreed):
        return Rate(named, "agreed with this client")
    for fact in facts:
        if RATE.search(fact.text) and (named := hourly(fact.text)):
            return Rate(named, told_line(fact))
    if own := hourly_rate(profile):
        return Rate(own, "the rate in your profile")
    if market:
        return Rate(market.middle, f"the middle of {market.jobs} fetched jobs, because your profile holds no rate yet")
    return None


def _in_own_currency(said: str | None, profile: Mapping[str, Any]) -> Money | None:
    """An hour's rate that is said as a bare number."""
    bare = re.fullmatch(r"\d+(?:\.\d+)?", said or "")
    return Money(Decimal(bare.group()), str(profile.get("currency") or "EUR")) if bare else None


def hourly(text: str | None) -> Money | None:
    """A rate as an hour's: ``640 EUR/day`` is 80 EUR; None for none, or for a sum that names no time."""
    prices = [price for price in find_prices(text or "") if price.unit in HOURS]
    return Money(prices[0].money.amount / HOURS[prices[0].unit], prices[0].money.currency) if prices else None


def market_of(asks: Sequence[JobAsk], skills: Collection[str], currency: str) -> Market | None:
    """What the jobs that name one of these skills pay in a currency, or in the commonest one where none is named."""
    wanted = {skill.casefold() for skill in skills}
    paid = [ask for ask in asks if ask.hourly and wanted & {skill.casefold() for skill in ask.skills}]
    codes = [ask.currency for ask in paid if ask.currency in EXPONENTS]
    code = currency or max(codes, key=codes.count, default="")
    amounts = sorted(Decimal(ask.hourly or 0) for ask in paid if ask.currency == code)
    if len(amounts) < FEWEST:
        return None
    low, _, high = quantiles(amounts, n=4, method="inclusive")
    return Market(len(amounts), *(Money(amount, code).rounded() for amount in (low, median(amounts), high)))


def total_of(hours: Decimal, rate: Money, *, rush: bool) -> Money:
    """What so many hours come to, rounded up: to tens below 1,000, fifties below 10,000, and hundreds above."""
    exact = rate * hours * (1 + RUSH if rush else Decimal(1))
    unit = 100 if EXPONENTS[rate.currency] == 0 else 1
    step = Decimal(unit * (10 if exact.amount < 1000 * unit else 50 if exact.amount < 10_000 * unit else 100))
    return Money((exact.amount / step).quantize(Decimal(1), ROUND_UP) * step, rate.currency)


def table(made: Estimate, rate: Rate | None, *, rush: bool) -> str:
    """The three sizes side by side, in markdown."""
    head = [tier.name for tier in made.tiers]
    rows = [
        ["Work", *(f"{plain(tier.work)} h" for tier in made.tiers)],
        ["Buffer", *(f"{plain(tier.buffer)} h" for tier in made.tiers)],
    ]
    if rate:
        rows.append(["Rate", *([rate.money.text()] * len(made.tiers))])
        if rush:
            rows.append(["For haste", *([f"+{plain(RUSH * 100)} %"] * len(made.tiers))])
        rows.append(
            ["**Total**", *(f"**{total_of(tier.hours, rate.money, rush=rush).text()}**" for tier in made.tiers)]
        )
    else:
        rows.append(["**Hours**", *(f"**{plain(tier.hours)} h**" for tier in made.tiers)])
    rows.append(["Covers", *(_scope(made.tiers, place) for place in range(len(made.tiers)))])
    lines = [f"| | {' | '.join(head)} |", "|---" * (len(head) + 1) + "|"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)])


def scope(tiers: Sequence[Tier], place: int) -> list[str]:
    """What a size holds that the one before does not."""
    before = {package.name for package in tiers[place - 1].packages} if place else set()
    talks = "Calls and coordination"
    return [one.label for one in tiers[place].packages if one.name not in before and one.name != talks]


def _scope(tiers: Sequence[Tier], place: int) -> str:
    return ("" if place == 0 else f"{tiers[place - 1].name}, and: ") + "; ".join(scope(tiers, place))


def fixed_or_hourly(made: Estimate, pay: Pay | None) -> tuple[bool, str]:
    """Whether to offer a fixed price, and why."""
    tier = made.recommended
    part = (100 * tier.buffer / tier.work).quantize(Decimal(1), ROUND_HALF_UP)
    if pay and pay.period == "h":
        return False, "by the hour, since the post pays by the hour; name the hours as an estimate"
    if made.kind == GENERAL:
        return False, "by the hour with a ceiling at the total, because the scope is not clear enough for a fixed price"
    if part > 25:
        return False, f"by the hour with a ceiling at the total, since the hours are uncertain (buffer of {part} %)"
    return True, f"a fixed price, since the scope is clear enough (buffer of {part} %) and the client knows the sum"


def against_budget(made: Estimate, rate: Rate, pay: Pay, *, rush: bool) -> str:
    """How the client's stated pay stands to the quote; empty where the two cannot be compared."""
    if pay.currency != rate.money.currency:
        return f"The post pays {pay.text()}; your rate is in {rate.money.currency}, so I compare nothing."
    if each := pay.hourly():
        top = Money(each[1], pay.currency)
        words = "covers your rate" if not top < rate.money else f"stays below your rate of {rate.money.text()}"
        return f"The post pays {pay.text()}, which {words}."
    if not (pay.high or pay.low):
        return ""
    top = Money(pay.high or pay.low or Decimal(0), pay.currency)
    hours = (top.amount / rate.money.amount).quantize(Decimal("0.5"))
    fitting = [one.name for one in made.tiers if not top < total_of(one.hours, rate.money, rush=rush)]
    fits = f"enough for {fitting[-1]}" if fitting else "less than even the smallest size: cut the scope or decline"
    return f"The budget of {pay.text()} buys {plain(hours)} hours at your rate, {fits}."


def verdict(price: Money, hours: Decimal, rate: Rate | None) -> str:
    """Whether a price is worth the hours."""
    each = Money(price.amount / hours, price.currency).rounded()
    told = f"{price.text()} for {plain(hours)} hours is **{each.text()} an hour**"
    if rate is None or rate.money.currency != price.currency:
        return f"{told}. Tell me your rate, for example “my rate is 80 € an hour”, and I can judge that."
    share = each.amount / rate.money.amount
    part = f"{abs((share - 1) * 100).quantize(Decimal(1), ROUND_HALF_UP)} %"
    if share < Decimal("0.8"):
        return f"Yes, that is **too little**: {told}, {part} below your {rate.money.text()}."
    if share < 1:
        return f"That is **tight**: {told}, {part} below your {rate.money.text()}."
    if share <= Decimal("1.5"):
        return f"That is **fine**: {told}, {f'{part} above' if part != '0 %' else 'just'} your {rate.money.text()}."
    return f"That is **more than enough**: {told}, {part} above your {rate.money.text()}; expect the client to compare."


def won_by_rate(quotes: Sequence[Quote], became: Mapping[str, str], rate: Money) -> str:
    """How often quotes at such a rate and above were won, against cheaper ones; empty with too few decided."""
    decided = [
        (quote.rate, became[quote.lead])
        for quote in quotes
        if quote.rate and quote.lead and quote.currency == rate.currency and became.get(quote.lead) in ("won", "lost")
    ]
    if len(decided) < FEWEST:
        return ""
    parts = []
    for words, chosen in (
        (f"at {rate.text()} or more", [what for each, what in decided if each >= rate.amount]),
        ("below that", [what for each, what in decided if each < rate.amount]),
    ):
        if chosen:
            parts.append(f"{words} you won {chosen.count('won')} of {len(chosen)}")
    return f"Of your decided quotes, {' and '.join(parts)}."

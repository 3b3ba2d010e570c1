"""What the books teach: how estimates held, which offers win, what an hour brings, how much to set aside for tax.

Pure functions from `Books` to figures. Shares come with the range in which they lie nine times out of ten, because a
freelancer has few of everything.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import sqrt
from statistics import median, quantiles

from memory.money import Money, total
from memory.overview.books import Bill, Books, Chance, Offer, Work
from memory.overview.words import whole

NINETY = 1.645
"""Standard deviations on both sides that hold nine tenths of a normal distribution."""
BANDS = (500, 1_000, 2_500, 5_000, 10_000)
ANSWERS = ((1, "within an hour"), (24, "the same day"), (72, "within three days"))


@dataclass(frozen=True)
class Share:
    """How many of `count` were won: `rate` between 0 and 1, and from `low` to `high` nine times out of ten."""

    label: str
    won: int
    count: int
    rate: float
    low: float
    high: float


@dataclass(frozen=True)
class Fit:
    """How hours worked compare with hours thought: 1.2 is a fifth more. `low` and `high` hold the middle half."""

    projects: int
    middle: float
    low: float
    high: float


@dataclass(frozen=True)
class Hourly:
    """What an hour with a client brought: (`billed` without tax − `costs` nobody pays back) ÷ all `hours` worked."""

    client: str
    hours: Decimal
    unbilled: Decimal
    billed: Money
    costs: Money
    rate: Money | None


@dataclass(frozen=True)
class SetAside:
    """What of the money received is not the user's: `vat` to pass on, and `income_tax` on the `profit`."""

    received: Money
    vat: Money
    costs: Money
    profit: Money
    income_tax: Money

    @property
    def total(self) -> Money:
        return self.vat + self.income_tax


def share(label: str, won: int, count: int) -> Share:
    """A share with its range (Wilson's interval, E. B. Wilson 1927)."""
    if not count:
        return Share(label, 0, 0, 0.0, 0.0, 1.0)
    part, square = won / count, NINETY**2
    middle = (part + square / (2 * count)) / (1 + square / count)
    half = NINETY * sqrt(part * (1 - part) / count + square / (4 * count**2)) / (1 + square / count)
    return Share(label, won, count, part, max(0.0, middle - half), min(1.0, middle + half))


def win_rate(books: Books, *, since: date | None = None) -> Share:
    """How many of the leads that closed were won; those dropped by the user do not count."""
    closed = _closed(books, since)
    return share("all", sum(one.state == "won" for one in closed), len(closed))


def win_rates(books: Books, by: str, *, since: date | None = None, currency: str = "") -> list[Share]:
    """The win rate by ``price``, ``niche``, ``source`` or ``answer`` (time to answer), in the order of the labels."""
    offers = {offer.lead: offer for offer in books.offers if offer.lead}
    code = currency or books.currencies[0]
    labels: dict[str, Callable[[Chance], str]] = {
        "price": lambda lead: price_band(lead, offers.get(lead.id), code),
        "niche": lambda lead: lead.niche or "other",
        "source": lambda lead: lead.source or "unknown",
        "answer": lambda lead: answer_band(lead, offers.get(lead.id)),
    }
    label = labels[by]
    groups: dict[str, list[Chance]] = {}
    for lead in _closed(books, since):
        if name := label(lead):
            groups.setdefault(name, []).append(lead)
    found = [share(name, sum(one.state == "won" for one in some), len(some)) for name, some in groups.items()]
    if by == "price":
        names = [price_name(n, code) for n in range(len(BANDS) + 1)]
        return sorted(found, key=lambda one: names.index(one.label))
    if by == "answer":
        order = [*(name for _, name in ANSWERS), "later"]
        return sorted(found, key=lambda one: order.index(one.label))
    return sorted(found, key=lambda one: (-one.count, one.label))


def price_band(lead: Chance, offer: Offer | None, currency: str) -> str:
    """The band the price offered lies in, else the lead's own value; empty without one in this currency."""
    price, code = (offer.price, offer.currency) if offer and offer.price is not None else (lead.value, lead.currency)
    if price is None or code != currency:
        return ""
    return price_name(sum(price >= edge for edge in BANDS), currency)


def price_name(band: int, currency: str) -> str:
    """``below 500 €``, ``500 to 1,000 €``, ``10,000 € and more``, ``$500 to $1,000``."""
    edges = [whole(edge, currency) for edge in BANDS]
    if band == 0:
        return f"below {edges[0]}"
    if band == len(BANDS):
        return f"{edges[-1]} and more"
    return f"{edges[band - 1].partition(' ')[0]} to {edges[band]}"


def answer_band(lead: Chance, offer: Offer | None = None) -> str:
    """How fast the lead was answered; empty when that is not known."""
    answered = lead.answered or (offer.sent if offer else None)
    if answered is None:
        return ""
    hours = (answered - lead.came).total_seconds() / 3600
    return next((name for limit, name in ANSWERS if hours <= limit), "later")


def estimate_fit(books: Books) -> Fit | None:
    """How estimates held, over finished projects with hours on both sides; None without any."""
    worked = _minutes(books, lambda work: work.project)
    done = [one for one in books.projects if one.state == "done" and one.estimated and worked.get(one.id)]
    ratios = [float(Decimal(worked[one.id]) / 60 / one.estimated) for one in done if one.estimated]
    if not ratios:
        return None
    low, _, high = quantiles(ratios, n=4, method="inclusive") if len(ratios) > 1 else (ratios[0],) * 3
    return Fit(len(ratios), median(ratios), low, high)


def hourly_rates(
    books: Books, currency: str = "", *, since: date | None = None, until: date | None = None
) -> list[Hourly]:
    """What an hour brought by client, the best first; hours and costs count whether they were billed or not."""
    code = currency or books.currencies[0]
    work = [one for one in books.work if _within(one.day, since, until) and one.minutes]
    bills = [
        one
        for one in books.bills
        if one.currency == code and one.state in ("sent", "paid") and _within(one.issued, since, until)
    ]
    costs = [one for one in books.costs if one.currency == code and not one.to_bill and _within(one.day, since, until)]
    found = []
    for client in ({one.client for one in work} | {one.client for one in bills}) - {""}:
        minutes = sum(one.minutes or 0 for one in work if one.client == client)
        free = sum(one.minutes or 0 for one in work if one.client == client and not one.billed)
        billed = total((Money(one.net, code) for one in bills if one.client == client), code)
        spent = total((Money(one.amount, code) for one in costs if one.client == client), code)
        hours = Decimal(minutes) / 60
        rate = Money((billed - spent).amount / hours, code).rounded() if minutes else None
        found.append(Hourly(client, hours, Decimal(free) / 60, billed, spent, rate))
    return sorted(found, key=lambda one: (one.rate is None, -(one.rate.amount if one.rate else 0), one.client))


USUAL_PERCENT = Decimal(30)
"""Of the profit, put aside for income tax where nothing else is said: a rule of thumb, no law."""


def set_aside(books: Books, currency: str, since: date, until: date, percent: Decimal) -> SetAside:
    """What to put aside of the money that came from `since` to `until`.

    The VAT in a payment is its share of the invoice's tax; `percent` of the profit (received without VAT, less
    expenses) is for income tax, never less than nothing. VAT paid on expenses is left out, which errs on the safe side.
    """
    bills: dict[str, Bill] = {bill.id: bill for bill in books.bills}
    zero = Money(Decimal(0), currency)
    came, vat = zero, zero
    for one in books.receipts:
        if one.currency == currency and since <= one.day <= until:
            bill = bills.get(one.bill)
            came += Money(one.amount, currency)
            if bill and bill.total:
                vat += Money(one.amount * bill.tax / bill.total, currency).rounded()
    costs = total(
        (Money(one.amount, currency) for one in books.costs if one.currency == currency and since <= one.day <= until),
        currency,
    )
    profit = came - vat - costs
    tax = profit.percent(percent) if profit.amount > 0 else zero
    return SetAside(came, vat, costs, profit, tax)


def _closed(books: Books, since: date | None) -> list[Chance]:
    closed = [one for one in books.leads if one.state in ("won", "lost")]
    return [one for one in closed if since is None or (one.closed or one.came).date() >= since]


def _minutes(books: Books, key: Callable[[Work], str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for one in books.work:
        found[key(one)] = found.get(key(one), 0) + (one.minutes or 0)
    return found


def _within(day: date, since: date | None, until: date | None) -> bool:
    return (since is None or day >= since) and (until is None or day <= until)

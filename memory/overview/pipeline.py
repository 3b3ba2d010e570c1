"""The view of the pipeline: from the first lead to money received, and how much of it is won."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from memory.business.insights import Share, win_rates
from memory.overview import choosing, words
from memory.overview.books import Aim, Books, Offer, Undertaking
from memory.overview.shapes import Chart, Row, Series, Table, Tile, Tone, View, link

MONTHS = 12
MOST = 8
FEW = 3
"""Answers from which on a rate of a source is shown."""


def pipeline(books: Books, today: date, currency: str = "") -> View:
    """Work that may come, was offered, won and paid; amounts of one currency."""
    currency = currency or books.currencies[0]
    since = (today.replace(day=1) - timedelta(days=365)).replace(day=1).isoformat()
    open_, waiting = choosing.leads(books, state="open"), choosing.offers(books, state="sent")
    closed = choosing.leads(books, state="closed", since=since)
    won = [one for one in closed if one.state == "won"]
    running = choosing.projects(books, state="open")
    offered = _worth([one.price for one in waiting if one.currency == currency])
    tiles = (
        Tile(
            "Open leads",
            f"{len(open_):,}",
            _of_value([one.value for one in open_ if one.currency == currency], currency),
            link=link("lead", state="open"),
        ),
        Tile(
            "Proposals that wait",
            f"{len(waiting):,}",
            words.sum_of(offered, currency) if offered else "",
            link=link("proposal", state="sent"),
        ),
        Tile(
            "Won of what was answered",
            words.percent(len(won) / len(closed)) if closed else "–",
            f"{len(won):,} of {len(closed):,} in a year",
            "good" if len(won) * 2 > len(closed) else "",
            link("lead", state="closed", since=since),
        ),
        Tile("Projects running", f"{len(running):,}", link=link("project", state="open")),
    )
    shares = {
        by: win_rates(books, by, since=date.fromisoformat(since), currency=currency) for by in ("source", "price")
    }
    charts = (
        _funnel(books, since),
        _rates("source", "Won by where leads came from", shares["source"], since),
        _months(books, today),
        _rates("price", "Won by price", shares["price"], since),
    )
    return View(
        "pipeline",
        "Pipeline",
        _sentence(len(open_), len(waiting), offered, currency),
        tiles,
        tuple(chart for chart in charts if chart.labels),
        (_waiting(waiting, books, today), _running(running, books, today), *_goals(books, today)),
        empty=""
        if books.leads or books.offers or books.projects
        else "No lead yet. Paste a job post into the chat, or look for jobs, and follow here what becomes of it.",
        asks=("Find Python jobs for me", "New lead: Acme wants a web shop for about 4,000 €"),
        currencies=books.currencies,
    )


def _worth(values: list[Decimal | None]) -> Decimal:
    return sum((value for value in values if value is not None), Decimal(0))


def _of_value(values: list[Decimal | None], currency: str) -> str:
    whole = _worth(values)
    return f"worth {words.sum_of(whole, currency)}" if whole else ""


def _sentence(leads: int, waiting: int, offered: Decimal, currency: str) -> str:
    amount = f", worth {words.sum_of(offered, currency)}" if offered else ""
    verb = "waits" if waiting == 1 else "wait"
    return f"{words.count(leads, 'lead')} open; {words.count(waiting, 'proposal')} {verb} for an answer{amount}."


def _funnel(books: Books, since: str) -> Chart:
    leads = choosing.leads(books, since=since)
    won = [one for one in leads if one.state == "won"]
    answered = [one for one in leads if one.state != "new"]
    stages = (
        ("Leads", len(leads), link("lead", since=since)),
        ("Offered or answered", len(answered), ""),
        ("Won", len(won), link("lead", state="won", since=since)),
    )
    return Chart(
        "funnel",
        "What became of the leads of a year",
        f"Of {words.count(len(leads), 'lead')} {len(answered):,} went further and {len(won):,} were won.",
        "bars",
        "count",
        tuple(name for name, _, _ in stages) if leads else (),
        (Series("Leads", tuple(float(number) for _, number, _ in stages)),),
        links=tuple(where for _, _, where in stages),
    )


def _rates(name: str, title: str, shares: list[Share], since: str) -> Chart:
    known = [one for one in shares if one.count >= FEW][:MOST]
    best = max(known, key=lambda one: one.rate, default=None)
    by_source = name == "source"
    return Chart(
        name,
        title,
        f"{words.site(best.label)} works best: {words.percent(best.rate)} of {best.count:,} were won "
        f"({words.percent(best.low)} to {words.percent(best.high)}, nine times out of ten)."
        if best
        else "",
        "bars",
        "percent",
        tuple(words.site(one.label) for one in known),
        (Series("Won", tuple(round(100 * one.rate, 1) for one in known), "good"),),
        links=tuple(link("lead", state="closed", source=one.label, since=since) for one in known) if by_source else (),
    )


def _months(books: Books, today: date) -> Chart:
    months = words.months_until(today, MONTHS)
    won, lost = dict.fromkeys(months, 0), dict.fromkeys(months, 0)
    for one in choosing.leads(books, state="closed"):
        of = won if one.state == "won" else lost
        if one.closed and (month := words.month_of(one.closed)) in of:
            of[month] += 1
    some = any(won.values()) or any(lost.values())
    return Chart(
        "months",
        "Won and lost by month",
        f"{sum(won.values()):,} won and {sum(lost.values()):,} lost in twelve months.",
        "stack",
        "count",
        tuple(words.month_name(month) for month in months) if some else (),
        (
            Series("Won", tuple(map(float, won.values())), "good"),
            Series("Lost", tuple(map(float, lost.values())), "warn"),
        ),
    )


def _waiting(waiting: list[Offer], books: Books, today: date) -> Table:
    def days(one: Offer) -> int:
        return (today - (one.sent or one.made).date()).days

    oldest = sorted(waiting, key=days, reverse=True)[:MOST]
    return Table(
        "waiting",
        "Proposals that wait for an answer",
        ("Proposal", "Client", "Sent", "Days", "Price"),
        tuple(
            Row(
                (
                    one.title,
                    books.name(one.client),
                    words.day((one.sent or one.made).date()),
                    f"{days(one)}",
                    words.money(one.price, one.currency) if one.price is not None and one.currency else "–",
                ),
                ask=f"Write a follow-up for my proposal “{one.title}”",
            )
            for one in oldest
        ),
        ("Days", "Price"),
        link("proposal", state="sent") if len(waiting) > MOST else "",
        "No proposal waits for an answer.",
    )


def _running(running: list[Undertaking], books: Books, today: date) -> Table:
    worked = dict.fromkeys((one.id for one in running), 0)
    for work in books.work:
        if work.project in worked:
            worked[work.project] += work.minutes or 0
    first = sorted(running, key=lambda one: (one.due or date.max, one.title))[:MOST]
    return Table(
        "running",
        "Projects that run",
        ("Project", "Client", "Due", "Hours", "Estimated"),
        tuple(
            Row(
                (
                    one.title,
                    books.name(one.client),
                    words.day(one.due) if one.due else "–",
                    words.hours(worked[one.id]),
                    "–" if one.estimated is None else f"{one.estimated:f} h",
                ),
                ask=f"How is the project “{one.title}” going?",
                tone="bad" if one.due and one.due < today else "",
            )
            for one in first
        ),
        ("Hours", "Estimated"),
        link("project", state="open") if len(running) > MOST else "",
        "No project is running.",
    )


def _goals(books: Books, today: date) -> tuple[Table, ...]:
    running = [goal for goal in books.goals if goal.since <= today <= goal.until]
    if not running:
        return ()
    return (
        Table(
            "goals",
            "Goals",
            ("Goal", "So far", "Of", "Until"),
            tuple(_goal(goal, books, today) for goal in running),
            ("So far", "Of"),
        ),
    )


def _goal(goal: Aim, books: Books, today: date) -> Row:
    done = progress(goal, books)
    part = float(done / goal.target) if goal.target else 0.0
    gone = (today - goal.since).days / max(1, (goal.until - goal.since).days)
    written = [words.sum_of(one, goal.currency) if goal.currency else f"{one:,.4g}" for one in (done, goal.target)]
    tone: Tone = "good" if part >= gone else "warn"
    return Row(
        (words.upper(goal.measure), f"{written[0]} ({words.percent(part)})", written[1], words.day(goal.until)),
        tone=tone,
    )


def progress(goal: Aim, books: Books) -> Decimal:
    """How much of a goal is done: money received, hours worked, proposals sent or leads won in its time."""

    def within(at: date | datetime | None) -> bool:
        day = at.astimezone(UTC).date() if isinstance(at, datetime) else at
        return day is not None and goal.since <= day <= goal.until

    match goal.measure:
        case "revenue":
            came = (one.amount for one in books.receipts if one.currency == goal.currency and within(one.day))
            return sum(came, Decimal(0))
        case "hours":
            return Decimal(sum(one.minutes or 0 for one in books.work if within(one.day))) / 60
        case "proposals":
            return Decimal(sum(within(one.sent) for one in books.offers))
        case _:
            return Decimal(sum(one.state == "won" and within(one.closed) for one in books.leads))

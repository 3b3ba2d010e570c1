"""The view of time: this week, by client, and what was not billed yet."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from memory.business.insights import hourly_rates
from memory.money import Money
from memory.overview import choosing, words
from memory.overview.books import Books, Work
from memory.overview.shapes import Chart, Row, Series, Table, Tile, View, link

WEEKS = 12
MOST = 8
DAYS = 90
YEAR = 365


def time(books: Books, today: date, now: datetime, currency: str = "") -> View:
    """Hours worked; `now` is what a running timer counts to."""
    monday = words.monday(today)
    week, before = (
        choosing.work(books, since=start.isoformat(), until=(start + timedelta(days=6)).isoformat())
        for start in (monday, monday - timedelta(days=7))
    )
    unbilled = choosing.work(books, state="unbilled")
    worth = _worth(unbilled, books)
    running = next((one for one in books.work if one.minutes is None), None)
    this, last = _minutes(week, now), _minutes(before, now)
    of_day = [one for one in week if one.day == today]
    span = {"since": monday.isoformat(), "until": (monday + timedelta(days=6)).isoformat()}
    tiles = (
        Tile("This week", words.hours(this), words.change(this, last, "last week"), link=link("time", **span)),
        Tile(
            "Today",
            words.hours(_minutes(of_day, now)),
            f"the timer runs for {books.name(running.client)}" if running else "no timer runs",
            "good" if running else "",
            link("time", since=today.isoformat(), until=today.isoformat()),
        ),
        Tile(
            "Not billed yet",
            " + ".join(words.sum_of(one.amount, one.currency) for one in worth) or words.hours(_minutes(unbilled, now)),
            words.hours(_minutes(unbilled, now)) if worth else "no price of an hour is known",
            "warn" if unbilled else "",
            link("time", state="unbilled"),
        ),
        Tile("Last week", words.hours(last), link=link("time", **_week(monday - timedelta(days=7)))),
    )
    charts = (
        _of_week(week, books, monday, now),
        _weeks(books, monday, now),
        _clients(books, today, now),
        _hourly(books, today, currency),
    )
    return View(
        "time",
        "Time",
        _sentence(this, last, _minutes(unbilled, now), worth),
        tiles,
        tuple(chart for chart in charts if chart.labels),
        (_unbilled(unbilled, books, now),),
        empty="" if books.work else "No hours yet. Start a timer or log what you did, and the week fills here.",
        asks=("Start the timer for Acme", "Log 3 hours for Acme yesterday: design"),
    )


def _minutes(work: list[Work], now: datetime) -> int:
    return sum(_ran(one, now) for one in work)


def _ran(one: Work, now: datetime) -> int:
    if one.minutes is not None or one.started is None:
        return one.minutes or 0
    started = one.started if one.started.tzinfo else one.started.replace(tzinfo=UTC)
    return max(0, round((now - started) / timedelta(minutes=1)))


def _worth(work: list[Work], books: Books) -> list[Money]:
    """What hours come to at their prices, one sum a currency, the largest first; rounded once."""
    sums: dict[str, Decimal] = {}
    for one in work:
        if price := books.price(one):
            sums[price.currency] = sums.get(price.currency, Decimal(0)) + price.amount * (one.minutes or 0) / 60
    found = [Money(amount, currency).rounded() for currency, amount in sums.items()]
    return sorted(found, key=lambda one: -one.amount)


def _week(monday: date) -> dict[str, str]:
    return {"since": monday.isoformat(), "until": (monday + timedelta(days=6)).isoformat()}


def _sentence(this: int, last: int, unbilled: int, worth: list[Money]) -> str:
    first = f"{words.hours(this)} this week, {words.hours(last)} the week before"
    if not unbilled:
        return f"{first}; everything is billed."
    amount = " and ".join(words.sum_of(one.amount, one.currency) for one in worth)
    return f"{first}; {words.hours(unbilled)} wait to be billed{f', worth {amount}' if amount else ''}."


def _of_week(week: list[Work], books: Books, monday: date, now: datetime) -> Chart:
    days = [monday + timedelta(days=number) for number in range(7)]
    by_client: dict[str, dict[date, int]] = {}
    for one in week:
        of = by_client.setdefault(one.client, dict.fromkeys(days, 0))
        of[one.day] += _ran(one, now)
    most = sorted(by_client, key=lambda client: -sum(by_client[client].values()))
    rest = most[MOST - 1 :] if len(most) > MOST else []
    series = [_day_series(books.name(client), [by_client[client]], days) for client in most if client not in rest]
    if rest:
        series.append(_day_series("Others", [by_client[client] for client in rest], days))
    fullest = max(days, key=lambda day: sum(of[day] for of in by_client.values()))
    return Chart(
        "week",
        "This week by day and client",
        f"{fullest:%A} was the fullest day, with {words.hours(sum(of[fullest] for of in by_client.values()))}."
        if week
        else "",
        "stack",
        "hours",
        tuple(f"{day:%a} {day.day}" for day in days) if week else (),
        tuple(series),
        links=tuple(link("time", since=day.isoformat(), until=day.isoformat()) for day in days),
    )


def _day_series(name: str, of: list[dict[date, int]], days: list[date]) -> Series:
    return Series(name, tuple(round(sum(one[day] for one in of) / 60, 2) for day in days))


def _weeks(books: Books, monday: date, now: datetime) -> Chart:
    starts = [monday - timedelta(weeks=number) for number in range(WEEKS - 1, -1, -1)]
    billed, open_ = dict.fromkeys(starts, 0), dict.fromkeys(starts, 0)
    for one in choosing.work(books, since=starts[0].isoformat()):
        of = billed if one.billed else open_
        if (start := words.monday(one.day)) in of:
            of[start] += _ran(one, now)
    whole = sum(billed.values()) + sum(open_.values())
    return Chart(
        "weeks",
        "Hours a week",
        f"{words.hours(whole)} in twelve weeks, {words.hours(whole // WEEKS)} a week; "
        f"{words.percent(sum(billed.values()) / whole) if whole else '0 %'} of them are billed.",
        "stack",
        "hours",
        tuple(f"{start.day} {start:%b}" for start in starts) if whole else (),
        (
            Series("Billed", tuple(round(value / 60, 2) for value in billed.values()), "good"),
            Series("Not billed yet", tuple(round(value / 60, 2) for value in open_.values()), "warn"),
        ),
        links=tuple(link("time", **_week(start)) for start in starts),
    )


def _clients(books: Books, today: date, now: datetime) -> Chart:
    since = (today - timedelta(days=DAYS)).isoformat()
    sums: dict[str, int] = {}
    for one in choosing.work(books, since=since, until=today.isoformat()):
        sums[one.client] = sums.get(one.client, 0) + _ran(one, now)
    most = sorted(sums, key=lambda client: -sums[client])[:MOST]
    first = f"Most of the last {DAYS} days went to {books.name(most[0])}: {words.hours(sums[most[0]])}." if most else ""
    return Chart(
        "clients",
        f"Hours by client, last {DAYS} days",
        first,
        "bars",
        "hours",
        tuple(books.name(client) for client in most),
        (Series("Hours", tuple(round(sums[client] / 60, 2) for client in most)),),
        links=tuple(link("time", client=client or "none", since=since, until=today.isoformat()) for client in most),
    )


def _hourly(books: Books, today: date, currency: str) -> Chart:
    currency = currency or books.currencies[0]
    found = hourly_rates(books, currency, since=today - timedelta(days=YEAR))
    rates = [(one.client, one.rate.amount, one.hours) for one in found if one.rate and one.billed.amount > 0]
    most = sorted(sorted(rates, key=lambda one: -one[2])[:MOST], key=lambda one: -one[1])
    return Chart(
        "hourly",
        "What an hour brings, after unpaid time",
        f"{books.name(most[0][0])} pays best: {words.whole(most[0][1], currency)} an hour, all of a year counted."
        if most
        else "",
        "bars",
        "rate",
        tuple(books.name(client) for client, _, _ in most),
        (Series("An hour", tuple(round(float(rate), 2) for _, rate, _ in most), "good"),),
        currency,
        links=tuple(link("time", client=client) for client, _, _ in most),
    )


def _unbilled(work: list[Work], books: Books, now: datetime) -> Table:
    of: dict[str, list[Work]] = {}
    for one in work:
        of.setdefault(one.client, []).append(one)
    most = sorted(of, key=lambda client: -_minutes(of[client], now))
    return Table(
        "unbilled",
        "Hours that wait to be billed",
        ("Client", "Since", "Hours", "Worth"),
        tuple(
            Row(
                (
                    books.name(client),
                    words.day(min(one.day for one in of[client])),
                    words.hours(_minutes(of[client], now)),
                    " + ".join(words.money(one.amount, one.currency) for one in _worth(of[client], books)) or "–",
                ),
                link("time", state="unbilled", client=client or "none"),
                f"Create an invoice for the unbilled hours of {books.name(client)}" if client else "",
            )
            for client in most[:MOST]
        ),
        ("Hours", "Worth"),
        link("time", state="unbilled") if len(most) > MOST else "",
        "All hours are billed.",
    )

"""The view of jobs: what is new, what fits, and what the market pays."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from memory.overview import words
from memory.overview.shapes import Chart, Row, Series, Table, Tile, View, link

WEEK = timedelta(days=7)
WEEKS = 12
GOOD_FIT = 70
MOST = 8
SKILLS = 12
COLUMNS = ("Job", "Company", "Board", "Found", "State", "Fit")
FEW = 3
"""Jobs with a pay from which on the pay of a skill is shown."""


@dataclass(frozen=True, slots=True)
class Post:
    """One job post; its `title` and `company` only where it is shown."""

    id: str
    board: str
    status: str
    fit: int | None
    found: datetime
    title: str = ""
    company: str = ""


@dataclass(frozen=True, slots=True)
class Ask:
    """What one job asked for and pays an hour."""

    day: date
    skills: tuple[str, ...]
    hourly: Decimal | None
    currency: str


def jobs(posts: list[Post], best: list[Post], asks: list[Ask], now: datetime) -> View:
    """Figures of the jobs found; `best` are new ones that fit best, with their titles."""
    week = (now - WEEK).date().isoformat()
    fresh, fits = chosen(posts, since=week), chosen(posts, since=week, fit=str(GOOD_FIT))
    status = Counter(post.status for post in posts)
    paid = Counter(ask.currency for ask in asks if ask.hourly is not None)
    currency = paid.most_common(1)[0][0] if paid else ""
    hourly = [float(ask.hourly) for ask in asks if ask.hourly is not None and ask.currency == currency]
    tiles = (
        Tile("New this week", f"{len(fresh):,}", link=link("job", since=week)),
        Tile(
            f"Fit by {GOOD_FIT} or more",
            f"{len(fits):,}",
            "of those matched to your profile",
            "good" if fits else "",
            link("job", since=week, fit=str(GOOD_FIT)),
        ),
        Tile("Applied", f"{status['proposed']:,}", link=link("job", state="proposed")),
        Tile(
            "Usual pay",
            f"{words.whole(words.quantile(hourly, 0.5), currency)} an hour" if hourly else "–",
            f"the middle of {len(hourly):,} jobs that tell it" if hourly else "no job told its pay yet",
        ),
    )
    charts = (_weeks(posts, now), _pay(asks, currency), _asked(asks))
    best_fit = f"; {words.count(len(fits), 'job')} {'fits' if len(fits) == 1 else 'fit'} you well" if fits else ""
    return View(
        "jobs",
        "Jobs",
        f"{words.count(len(fresh), 'new job')} this week{best_fit}.",
        tiles,
        tuple(chart for chart in charts if chart.labels),
        (_best(best),),
        empty=""
        if posts or asks
        else "No job was looked for yet. Ask for some, and see here what is new and what it pays.",
        asks=("Find Python jobs for me", "Which skills are in demand?"),
    )


def chosen(posts: list[Post], *, state: str = "", since: str = "", until: str = "", fit: str = "0") -> list[Post]:
    """The posts of a status, found on these days, both included, that fit at least so well."""
    return [
        post
        for post in posts
        if (not state or post.status == state)
        and since <= post.found.date().isoformat() <= (until or "9999-12-31")
        and (post.fit or 0) >= int(fit)
    ]


def row(post: Post) -> Row:
    """One post in a table of `COLUMNS`."""
    fit = "–" if post.fit is None else f"{post.fit}"
    return Row(
        (post.title, post.company or "–", words.site(post.board), words.day(post.found.date()), post.status, fit),
        ask=f"Write a proposal for the job “{post.title}”",
    )


def _weeks(posts: list[Post], now: datetime) -> Chart:
    monday = words.monday(now.date())
    starts = [monday - timedelta(weeks=number) for number in range(WEEKS - 1, -1, -1)]
    counts = dict.fromkeys(starts, 0)
    for post in posts:
        if (start := words.monday(post.found.date())) in counts:
            counts[start] += 1
    return Chart(
        "found",
        "Jobs found a week",
        f"{words.count(sum(counts.values()), 'job')} in twelve weeks.",
        "columns",
        "count",
        tuple(f"{start.day} {start:%b}" for start in starts) if any(counts.values()) else (),
        (Series("Jobs", tuple(map(float, counts.values()))),),
        links=tuple(
            link("job", since=start.isoformat(), until=(start + timedelta(days=6)).isoformat()) for start in starts
        ),
    )


def _pay(asks: list[Ask], currency: str) -> Chart:
    of: dict[str, list[float]] = {}
    for ask in asks:
        if ask.hourly is not None and ask.currency == currency:
            for skill in ask.skills:
                of.setdefault(skill, []).append(float(ask.hourly))
    known = sorted((name for name in of if len(of[name]) >= FEW), key=lambda name: -len(of[name]))[:SKILLS]
    best = sorted(known, key=lambda name: -words.quantile(of[name], 0.5))
    middle = [words.quantile(of[name], 0.5) for name in best]
    return Chart(
        "pay",
        "What an hour pays by skill",
        f"Of the {len(best)} skills asked most, {best[0]} pays best: "
        f"{words.whole(middle[0], currency)} an hour in the middle."
        if best
        else "",
        "bars",
        "rate",
        tuple(best),
        (Series("Middle of the pay told", tuple(round(value, 2) for value in middle), "good"),),
        currency,
    )


def _asked(asks: list[Ask]) -> Chart:
    counts = Counter(skill for ask in asks for skill in ask.skills).most_common(SKILLS)
    return Chart(
        "asked",
        "Which skills jobs ask for",
        f"{counts[0][0]} is asked for most: by {counts[0][1]:,} of {len(asks):,} jobs." if counts else "",
        "bars",
        "count",
        tuple(name for name, _ in counts),
        (Series("Jobs", tuple(float(number) for _, number in counts)),),
    )


def _best(best: list[Post]) -> Table:
    return Table(
        "best",
        "Open jobs that fit best",
        COLUMNS,
        tuple(map(row, best)),
        ("Fit",),
        empty="No open job.",
    )

"""The views of work done: this session, which is one conversation, and how agents do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from config.dates import day_text
from memory.overview import words
from memory.overview.shapes import Chart, Row, Series, Table, Tile, Tone, View

DAYS = 30
MOST = 15
SHORT = 90
"""Characters of a request that are shown."""
TARGET = 0.95
"""The part of runs that should go well."""
ENDS = {
    "asking": "asked back",
    "waiting": "waits for your word",
    "running": "at work",
    "unfinished": "cut short",
}
"""What a status is called, where its own name would not say it."""


@dataclass(frozen=True, slots=True)
class Run:
    """One try of one agent."""

    agent: str
    ok: bool
    failure: str
    seconds: float
    at: datetime


@dataclass(frozen=True, slots=True)
class Request:
    """One message and what became of it."""

    thread: str
    text: str
    status: str
    started: datetime
    ended: datetime | None


@dataclass(frozen=True)
class Writing:
    """What a language model did since the server started; `tokens` is None where it is not counted."""

    title: str
    requests: int
    tokens: int | None = None
    local: bool = True


@dataclass(frozen=True)
class Team:
    """What agents are called, and what the server counted of them since it started."""

    titles: Mapping[str, str]
    counted: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def title(self, name: str) -> str:
        return self.titles.get(name, name.replace("_", " ").capitalize())


def within(runs: Sequence[Run], requests: Sequence[Request], now: datetime) -> list[Run]:
    """The runs that fell into the time of one of these requests."""
    spans = [(one.started, one.ended or now) for one in requests]
    return [run for run in runs if any(start <= run.at <= end for start, end in spans)]


def session(
    requests: Sequence[Request], runs: Sequence[Run], models: Sequence[Writing], team: Team, now: datetime
) -> View:
    """What was done in a conversation since it began, by whom, how long it took, and what a model wrote meanwhile."""
    runs = within(runs, requests, now)
    since = min((one.started for one in requests), default=now)
    took = [(one.ended - one.started) / timedelta(seconds=1) for one in requests if one.ended]
    answered = [one for one in requests if one.status in ("done", "asking", "waiting")]
    asked, tokens = sum(one.requests for one in models), [one.tokens for one in models if one.tokens is not None]
    abroad = [one.title for one in models if not one.local and one.requests]
    tiles = (
        Tile("Requests", f"{len(requests):,}", f"{len(answered):,} answered"),
        Tile("Steps by agents", f"{len(runs):,}", words.count(len({run.agent for run in runs}), "agent")),
        Tile("Usual answer", words.seconds(words.quantile(took, 0.5)) if took else "–", "the middle of all"),
        Tile(
            "Model",
            words.count(asked, "request"),
            f"about {words.count(sum(tokens), 'token')} written since the start" if any(tokens) else "since the start",
        ),
        Tile(
            "Cost",
            "not known" if abroad else "0",
            f"{abroad[0]} sends its own bill" if abroad else "all of it was done here",
        ),
    )
    return View(
        "session",
        "This session",
        f"This conversation, since {day_text(since.astimezone(), '%-d %b, %H:%M')}: "
        f"{words.count(len(requests), 'request')}, "
        f"{words.count(len(runs), 'step')} by {words.count(len({run.agent for run in runs}), 'agent')}.",
        tiles,
        tuple(chart for chart in (_shares(runs, team),) if chart.labels),
        (_requests(requests),),
        empty="" if requests else "Nothing was asked yet. What you ask in the chat shows here.",
        asks=("What can you do?",),
    )


def _shares(runs: Sequence[Run], team: Team) -> Chart:
    seconds: Counter[str] = Counter()
    for run in runs:
        seconds[run.agent] += run.seconds  # type: ignore[assignment]  # a Counter may hold fractions
    most = seconds.most_common(10)
    return Chart(
        "by_agent",
        "Who worked how long",
        f"{team.title(most[0][0])} worked longest: {words.seconds(most[0][1])}." if most else "",
        "bars",
        "seconds",
        tuple(team.title(name) for name, _ in most),
        (Series("Seconds", tuple(round(value, 3) for _, value in most)),),
    )


def _requests(requests: Sequence[Request]) -> Table:
    newest = sorted(requests, key=lambda one: one.started, reverse=True)[:MOST]
    tones: dict[str, Tone] = {"failed": "bad", "unfinished": "warn", "waiting": "warn"}
    return Table(
        "requests",
        "What was asked",
        ("When", "Request", "Took", "Came to"),
        tuple(
            Row(
                (
                    f"{one.started.astimezone():%H:%M}",
                    one.text if len(one.text) <= SHORT else f"{one.text[: SHORT - 1]}…",
                    words.seconds((one.ended - one.started) / timedelta(seconds=1)) if one.ended else "–",
                    ENDS.get(one.status, one.status),
                ),
                f"/thread/{one.thread}",
                tone=tones.get(one.status, ""),
            )
            for one in newest
        ),
        ("Took",),
        empty="Nothing yet.",
    )


def agents(runs: Sequence[Run], team: Team, now: datetime) -> View:
    """How agents did in the last days. What lacked something is no failure of theirs."""
    judged = [run for run in runs if run.failure != "cannot"]
    well = sum(run.ok for run in judged)
    of: dict[str, list[Run]] = {}
    for run in runs:
        of.setdefault(run.agent, []).append(run)
    slow = words.quantile([run.seconds for run in runs], 0.95)
    below = [name for name in of if _success(of[name]) < TARGET]
    tiles = (
        Tile("Runs", f"{len(runs):,}", f"in {DAYS} days"),
        Tile(
            "Went well",
            words.percent(well / len(judged)) if judged else "–",
            f"{words.percent(TARGET)} is the target",
            "" if not judged else "good" if well >= TARGET * len(judged) else "warn",
        ),
        Tile("Usual run", words.seconds(words.quantile([run.seconds for run in runs], 0.5)), "the middle of all"),
        Tile("Slow run", words.seconds(slow), "1 of 20 takes longer"),
        Tile("Below target", f"{len(below):,}", words.count(len(of), "agent") + " at work", "warn" if below else ""),
    )
    most = sorted(of, key=lambda name: -len(of[name]))
    charts = (_days(runs, now), _latency(most[:10], of, team))
    named = f"; {team.title(below[0])} is below the target" if len(below) == 1 else ""
    return View(
        "agents",
        "Agents",
        f"{words.percent(well / len(judged)) if judged else 'None'} of {words.count(len(judged), 'run')} went well in "
        f"{DAYS} days{named}.",
        tiles,
        tuple(chart for chart in charts if chart.labels),
        (_table(most, of, team),),
        empty=""
        if runs
        else "No agent has worked yet. Ask something in the chat, and see here who did it and how well.",
        asks=("What can you do?",),
    )


def _success(runs: Sequence[Run]) -> float:
    judged = [run.ok for run in runs if run.failure != "cannot"]
    return sum(judged) / len(judged) if judged else 1.0


def _days(runs: Sequence[Run], now: datetime) -> Chart:
    today = now.astimezone().date()
    days = [today - timedelta(days=number) for number in range(DAYS - 1, -1, -1)]
    well, failed = dict.fromkeys(days, 0), dict.fromkeys(days, 0)
    for run in runs:
        of = well if run.ok or run.failure == "cannot" else failed
        if (day := run.at.astimezone().date()) in of:
            of[day] += 1
    busiest = max(days, key=lambda day: well[day] + failed[day])
    return Chart(
        "days",
        "Runs by day",
        f"{words.count(sum(failed.values()), 'failure')} in {DAYS} days; {words.day(busiest)} was busiest, with "
        f"{words.count(well[busiest] + failed[busiest], 'run')}.",
        "stack",
        "count",
        tuple(day.isoformat() for day in days) if runs else (),
        (
            Series("Went well", tuple(map(float, well.values())), "good"),
            Series("Failed", tuple(map(float, failed.values())), "bad"),
        ),
        dated=True,
    )


def _latency(names: Sequence[str], of: Mapping[str, Sequence[Run]], team: Team) -> Chart:
    middle = {name: words.quantile([run.seconds for run in of[name]], 0.5) for name in names}
    slow = {name: words.quantile([run.seconds for run in of[name]], 0.95) for name in names}
    slowest = max(names, key=lambda name: slow[name], default="")
    return Chart(
        "latency",
        "How long agents take",
        f"{team.title(slowest)} is slowest: 1 run of 20 takes more than {words.seconds(slow[slowest])}."
        if slowest
        else "",
        "bars",
        "seconds",
        tuple(team.title(name) for name in names),
        (
            Series("Usual run", tuple(round(middle[name], 3) for name in names)),
            Series("Slow run", tuple(round(slow[name], 3) for name in names), "warn"),
        ),
    )


def _table(names: Sequence[str], of: Mapping[str, Sequence[Run]], team: Team) -> Table:
    def row(name: str) -> Row:
        counted, runs = team.counted.get(name, {}), of[name]
        seconds = [run.seconds for run in runs]
        failures = sum(not run.ok and run.failure != "cannot" for run in runs)
        return Row(
            (
                team.title(name),
                f"{len(runs):,}",
                words.percent(_success(runs)),
                f"{failures:,}",
                words.seconds(words.quantile(seconds, 0.5)),
                words.seconds(words.quantile(seconds, 0.95)),
                f"{counted.get('bids', 0):,}",
                f"{counted.get('awards', 0):,}",
            ),
            tone="warn" if _success(runs) < TARGET else "",
        )

    return Table(
        "agents",
        "Every agent that worked",
        ("Agent", "Runs", "Well", "Failures", "Usual", "Slow", "Bids", "Awards"),
        tuple(row(name) for name in names),
        ("Runs", "Well", "Failures", "Usual", "Slow", "Bids", "Awards"),
        empty="No agent has worked yet.",
    )

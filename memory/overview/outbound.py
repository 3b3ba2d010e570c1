"""The view of privacy: what left this machine, what is allowed to, and how long things are kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from config.dates import day_text
from memory.consents import Consent
from memory.overview import words
from memory.overview.shapes import Chart, Row, Series, Table, Tile, View
from memory.retention import Overdue
from privacy.consent import title_of

DAYS = 30
MOST = 12
PURPOSES = 6
HERE = ("127.0.0.1", "localhost", "::1")
"""What is asked on this machine has not left it."""


def privacy(
    log: Sequence[Mapping[str, Any]],
    consents: Sequence[Consent],
    retention: Sequence[Overdue],
    now: datetime,
    *,
    offline: bool,
) -> View:
    """Figures of the log (requests and refusals, newest first), standing permissions and retention."""
    today = now.astimezone().date()
    recent = [entry for entry in log if (today - _day(entry)).days < DAYS]
    sent = [entry for entry in recent if entry["kind"] == "request" and entry.get("host") not in HERE]
    refused = [entry for entry in recent if entry["kind"] == "refused"]
    hosts = {str(entry.get("host", "")) for entry in sent}
    out = sum(int(entry.get("bytes_out", 0) or 0) for entry in sent)
    over = sum(one.count for one in retention)
    tiles = (
        Tile("Requests that left", f"{len(sent):,}", f"in {DAYS} days, to {words.count(len(hosts), 'host')}"),
        Tile("Sent out", words.size(out), "headers included"),
        Tile("Refused", f"{len(refused):,}", "not allowed, so not sent", "good" if refused else ""),
        Tile("Standing permissions", f"{len(consents):,}", "you can take each back"),
        Tile("Over its time", f"{over:,}", "goes with the next cleaning", "warn" if over else ""),
    )
    where = f"{words.count(len(sent), 'request')} left this machine in {DAYS} days"
    sentence = (
        "FreelanceX is offline: nothing leaves this machine." if offline else f"{where}, {words.size(out)} in all."
    )
    return View(
        "privacy",
        "Privacy",
        sentence if sent or offline else "Nothing has left this machine in a month.",
        tiles,
        tuple(chart for chart in (_by_day(sent, today), _by_host(sent)) if chart.labels),
        (_latest([one for one in recent if one.get("host") not in HERE]), _allowed(consents), _kept(retention)),
    )


def _day(entry: Mapping[str, Any]) -> date:
    return datetime.fromisoformat(str(entry["at"])).astimezone().date()


def _purpose(entry: Mapping[str, Any]) -> str:
    return title_of(str(entry.get("purpose", "other")))


def _by_day(sent: Sequence[Mapping[str, Any]], today: date) -> Chart:
    days = [today - timedelta(days=number) for number in range(DAYS - 1, -1, -1)]
    common = [name for name, _ in Counter(_purpose(entry) for entry in sent).most_common(PURPOSES)]
    counts = {name: dict.fromkeys(days, 0) for name in common}
    for entry in sent:
        if (name := _purpose(entry)) in counts:
            counts[name][_day(entry)] += 1
    return Chart(
        "left",
        "What left this machine, by purpose",
        f"Most of it: {common[0].lower()}." if common else "",
        "stack",
        "count",
        tuple(day.isoformat() for day in days) if sent else (),
        tuple(Series(name, tuple(map(float, of.values()))) for name, of in counts.items()),
        dated=True,
    )


def _by_host(sent: Sequence[Mapping[str, Any]]) -> Chart:
    hosts = Counter(str(entry.get("host", "")) for entry in sent).most_common(8)
    return Chart(
        "hosts",
        "Who was asked",
        f"{hosts[0][0]} was asked most: {words.count(hosts[0][1], 'time')}." if hosts else "",
        "bars",
        "count",
        tuple(name for name, _ in hosts),
        (Series("Requests", tuple(float(number) for _, number in hosts)),),
    )


def _latest(entries: Sequence[Mapping[str, Any]]) -> Table:
    return Table(
        "latest",
        "The latest",
        ("When", "Host", "Why", "Sent", "Came to"),
        tuple(
            Row(
                (
                    f"{day_text(datetime.fromisoformat(str(entry['at'])).astimezone(), '%-d %b %H:%M')}",
                    str(entry.get("host", "–")),
                    _purpose(entry),
                    words.size(int(entry.get("bytes_out", 0) or 0)),
                    "refused" if entry["kind"] == "refused" else str(entry.get("status", "sent") or "sent"),
                ),
                tone="good" if entry["kind"] == "refused" else "",
            )
            for entry in entries[:MOST]
        ),
        ("Sent",),
        empty="Nothing has left.",
    )


def _allowed(consents: Sequence[Consent]) -> Table:
    return Table(
        "consents",
        "What you allowed for good",
        ("Permission", "Since"),
        tuple(
            Row(
                (title_of(one.name), words.day(one.granted_at.date())),
                ask=f"Withdraw the permission “{title_of(one.name)}”",
            )
            for one in consents
        ),
        empty="Nothing: each time you are asked.",
    )


def _kept(retention: Sequence[Overdue]) -> Table:
    return Table(
        "retention",
        "How long things are kept",
        ("What", "Kept", "Why", "Over its time"),
        tuple(
            Row(
                (
                    words.upper(one.title),
                    words.count(one.days, "day") if one.days else "until you erase it",
                    one.why,
                    f"{one.count:,}",
                ),
                tone="warn" if one.count else "",
            )
            for one in retention
        ),
        ("Over its time",),
    )

"""The view of the system: what the machine and its models do now, and did before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from memory.overview import words
from memory.overview.shapes import Chart, Row, Series, Table, Tile, Tone, View

FULL = 0.9
"""The part in use from which on memory or a disk is called full."""


@dataclass(frozen=True)
class Room:
    """Something of which so many bytes are there and some are in use."""

    used: int
    whole: int

    @property
    def part(self) -> float:
        return self.used / self.whole if self.whole else 0.0


@dataclass(frozen=True)
class Model:
    """A language model in use, in words."""

    title: str
    state: str
    requests: int
    trouble: str = ""


@dataclass(frozen=True)
class Machine:
    """What is so right now: `cpu` is the part at work of all cores, `uptime` in seconds."""

    cpu: float
    cores: int
    memory: Room
    disk: Room
    gpus: tuple[tuple[str, Room], ...]
    models: tuple[Model, ...]
    replies: int
    processes: int
    waiting: int
    uptime: float


Point = tuple[datetime, float, float]
LINES = {
    "cpu": ("Processor", "percent"),
    "memory": ("Memory", "percent"),
    "disk": ("Disk", "percent"),
    "gpu": ("Graphics", "percent"),
}
"""The figures of the history that are drawn together."""


def machine(now: Machine, history: Mapping[str, Sequence[Point]], span: str) -> View:
    """The machine now, and its history over a `span` in words."""
    title = now.models[0].title if now.models else "none"
    tiles = (
        Tile("Processor", words.percent(now.cpu), words.count(now.cores, "core")),
        _room("Memory", now.memory),
        _room("Disk", now.disk),
        *(_room(f"Memory of {name}", room) for name, room in now.gpus),
        Tile("Language model", title, now.models[0].state if now.models else "works without one"),
        Tile(
            "At work",
            words.count(now.replies, "answer") if now.replies else "nothing",
            f"{words.count(now.processes, 'process', 'processes')} for long work" if now.processes else "",
        ),
        Tile("Waits for your word", f"{now.waiting:,}", tone="warn" if now.waiting else ""),
    )
    fullest = max((("memory", now.memory), ("the disk", now.disk)), key=lambda one: one[1].part)
    tight = fullest[1].part >= FULL
    sentence = (
        f"{words.upper(fullest[0])} is nearly full: {words.size(fullest[1].whole - fullest[1].used)} are free."
        if tight
        else f"All is well; FreelanceX {_since(now.uptime)}."
    )
    return View("system", "System", sentence, tiles, _charts(history, span), (_models(now.models),))


def _since(uptime: float) -> str:
    if uptime < 60:
        return "has just started"
    size, unit = (60, "minute") if uptime < 3600 else (3600, "hour") if uptime < 172_800 else (86_400, "day")
    return f"has run for {words.count(int(uptime // size), unit)}"


def _of(room: Room) -> str:
    return f"{words.size(room.used)} of {words.size(room.whole)}"


def _room(name: str, room: Room) -> Tile:
    tone: Tone = "bad" if room.part >= FULL else ""
    return Tile(name, words.percent(room.part), _of(room), tone)


def _charts(history: Mapping[str, Sequence[Point]], span: str) -> tuple[Chart, ...]:
    drawn = {name: points for name, points in history.items() if name in LINES and points}
    if not drawn:
        return ()
    times = sorted({at for points in drawn.values() for at, _, _ in points})
    at_time = {name: {at: mean for at, mean, _ in points} for name, points in drawn.items()}
    peak = max(most for _, _, most in drawn.get("cpu", next(iter(drawn.values()))))
    return (
        Chart(
            "load",
            f"Processor, memory and disk over {span}",
            f"The highest load of the processor was {peak:.0f} %.",
            "lines",
            "percent",
            tuple(at.isoformat() for at in times),
            tuple(
                Series(LINES[name][0], tuple(_rounded(at_time[name].get(at)) for at in times))
                for name in LINES
                if name in drawn
            ),
            dated=True,
        ),
    )


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)


def _models(models: Sequence[Model]) -> Table:
    return Table(
        "models",
        "Language models",
        ("Model", "State", "Requests", "Last trouble"),
        tuple(
            Row((one.title, one.state, f"{one.requests:,}", one.trouble or "–"), tone="bad" if one.trouble else "")
            for one in models
        ),
        ("Requests",),
        empty="No language model is in use; everything works without one. Say “install a model” to add one.",
    )

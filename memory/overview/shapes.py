"""What a view consists of, as plain data: every front end draws it, none works a figure out.

A `link` names the records behind a figure, as the query of the list of records: ``kind=invoice&state=overdue``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlencode

Tone = Literal["", "good", "warn", "bad"]
Form = Literal["columns", "stack", "bars", "lines", "band"]
Unit = Literal["money", "rate", "hours", "count", "percent", "seconds"]


@dataclass(frozen=True)
class Tile:
    """One figure: `value` is written for people, `note` is a line below it."""

    label: str
    value: str
    note: str = ""
    tone: Tone = ""
    link: str = ""


@dataclass(frozen=True)
class Series:
    """One line or set of bars: as many `values` as the chart has `labels`, None where there is none."""

    name: str
    values: tuple[float | None, ...]
    tone: Tone = ""


@dataclass(frozen=True)
class Chart:
    """One chart. `sentence` says in words what it shows; a "band" has the series low, middle and high.

    `labels` are categories, or ISO dates and times where `dated`. `links` lead to the records behind each label.
    `unit` says how values are written, `currency` of which money.
    """

    name: str
    title: str
    sentence: str
    form: Form
    unit: Unit
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    currency: str = ""
    dated: bool = False
    links: tuple[str, ...] = ()


@dataclass(frozen=True)
class Row:
    """One line of a table: its cells, and where it leads. `ask` is a message about it for the chat."""

    cells: tuple[str, ...]
    link: str = ""
    ask: str = ""
    tone: Tone = ""


@dataclass(frozen=True)
class Table:
    """A table; columns whose name is in `right` hold figures. `more` leads to all of it."""

    name: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    right: tuple[str, ...] = ()
    more: str = ""
    empty: str = ""


@dataclass(frozen=True)
class View:
    """One page of figures. `sentence` is the most important thing it says; `empty` invites where nothing is there yet.

    `asks` are messages for the chat that fill it.
    """

    name: str
    title: str
    sentence: str
    tiles: tuple[Tile, ...] = ()
    charts: tuple[Chart, ...] = ()
    tables: tuple[Table, ...] = ()
    empty: str = ""
    asks: tuple[str, ...] = ()
    currencies: tuple[str, ...] = ()


def link(kind: str, **only: str) -> str:
    """The records of a kind, narrowed."""
    return urlencode({"kind": kind, **{name: value for name, value in only.items() if value}})

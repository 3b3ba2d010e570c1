"""What a chart shows, apart from how it is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy.typing as npt

Numbers = Sequence[float] | npt.NDArray[Any]
Values = Sequence[Any] | npt.NDArray[Any]
Form = Literal["", "share", "signed"]
"""How an axis writes its numbers: plainly, as percentages, or with their sign."""

BLUE, ROSE, GREY = "#3b82f6", "#e11d48", "#94a3b8"
COLOURS = (BLUE, "#f97316", "#0d9488", "#a855f7", ROSE, "#65a30d", "#0ea5e9", "#b45309")
"""Colours that read on white and on dark blue."""
LOW, MIDDLE, HIGH = "#2563eb", "#8b5cf6", "#e11d48"


@dataclass(frozen=True)
class Bars:
    """Bars from `start` (0 where it is None) for `lengths`; lying where not `upright`. `labels` stand at their ends."""

    places: Values
    lengths: Numbers
    name: str = ""
    upright: bool = True
    start: Numbers | None = None
    labels: Sequence[str] = ()
    colours: Sequence[str] = (BLUE,)


@dataclass(frozen=True)
class Line:
    """A line through points, in order."""

    x: Values
    y: Numbers
    name: str = ""
    colour: str = BLUE
    dashed: bool = False


@dataclass(frozen=True)
class Band:
    """The room between two lines."""

    x: Values
    low: Numbers
    high: Numbers
    name: str = ""
    colour: str = BLUE


@dataclass(frozen=True)
class Dots:
    """Points; with `shades` from 0 (low) to 1 (high) coloured by these, grey where one is not a number."""

    x: Values
    y: Numbers
    name: str = ""
    colour: str = BLUE
    shades: Numbers | None = None
    size: float = 6.0


@dataclass(frozen=True)
class Boxes:
    """Quartiles by group: (low whisker, quarter, median, three quarters, high whisker) each."""

    names: Sequence[str]
    fives: Sequence[tuple[float, float, float, float, float]]


@dataclass(frozen=True)
class Squares:
    """A matrix from `least` to `most`, each value written in its square."""

    names: Sequence[str]
    values: Sequence[Numbers] | npt.NDArray[Any]
    across: Sequence[str] | None = None
    least: float = -1.0
    most: float = 1.0
    places: int = 2


Mark = Bars | Line | Band | Dots | Boxes | Squares


@dataclass(frozen=True)
class Panel:
    """One pair of axes with what is drawn on them; `ticks` name places on the vertical axis, from the top."""

    marks: tuple[Mark, ...]
    x: str = ""
    y: str = ""
    x_form: Form = ""
    y_form: Form = ""
    ticks: tuple[str, ...] = ()
    zero: bool = False
    title: str = ""


@dataclass(frozen=True)
class Chart:
    """A titled picture of one panel, or of a grid of them, row by row; `tall` in inches of a page eight wide."""

    name: str
    title: str
    subtitle: str = ""
    panels: tuple[Panel, ...] = ()
    across: int = 1
    tall: float = 4.6
    scale: str = ""
    """What shades mean, where dots have some."""


def short(name: str, most: int = 28) -> str:
    """A label that leaves room for the picture."""
    return name if len(name) <= most else f"{name[: most - 1]}…"

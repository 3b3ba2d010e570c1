"""Hours for a piece of work, from what such work usually consists of and from the user's own finished projects.

    words ──▶ kind of work, units counted ──▶ packages (optimistic, likely, pessimistic) ──▶ tiers with mean and spread
                                                    × how the user's past projects turned out

A package takes (o + 4m + p) / 6 hours on average with a standard deviation of (p - o) / 6 (PERT, Malcolm et al. 1959);
packages are taken as independent, units of one package as one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, ROUND_UP, Decimal
from functools import cache
from pathlib import Path
from statistics import median
from typing import Any

import yaml

from agents.tools.calculation.numbers import COUNT, COUNTS
from memory.business.projects import Past
from memory.money import parse_number, plain

BREAKDOWN = Path(__file__).with_name("work_breakdown.yaml")
TIERS = ("Essential", "Recommended", "Extended")
GENERAL = "general"
PAGES = r"pages?|seiten|páginas?|pagine"
WEIGHT_OF_ONE = 3
"""As many projects that took what was estimated are assumed beside the user's own, so that one says little."""
SPREAD = Decimal("1.28")
"""Standard deviations of buffer: about nine projects in ten stay within."""
LEAST_BUFFER = Decimal("0.10")
_NUMBER = r"(?P<n>\d{1,3}(?:[., ]\d{3})+|\d+(?:[.,]\d+)?)\s*(?P<k>k\b)?\s*"


@dataclass(frozen=True)
class Package:
    """A part of the work: `count` times optimistic, likely and pessimistic hours; `tier` 1 to 3."""

    name: str
    optimistic: Decimal
    likely: Decimal
    pessimistic: Decimal
    tier: int
    count: Decimal = Decimal(1)

    @property
    def mean(self) -> Decimal:
        return self.count * (self.optimistic + 4 * self.likely + self.pessimistic) / 6

    @property
    def spread(self) -> Decimal:
        return self.count * (self.pessimistic - self.optimistic) / 6

    @property
    def label(self) -> str:
        return self.name if self.count == 1 else f"{self.name} × {plain(self.count)}"


@dataclass(frozen=True)
class Tier:
    """One size of the work. `work` are the expected hours, `buffer` is for what goes wrong; both are halves."""

    name: str
    packages: tuple[Package, ...]
    work: Decimal
    buffer: Decimal

    @property
    def hours(self) -> Decimal:
        return self.work + self.buffer


@dataclass(frozen=True)
class Calibration:
    """How the user's past projects turned out: `factor` on the hours, resting on so many `projects` of `median`."""

    factor: Decimal = Decimal(1)
    projects: int = 0
    median: Decimal = Decimal(1)
    same_kind: bool = False


@dataclass(frozen=True)
class Estimate:
    """The hours of a piece of work in three sizes. `assumed` says what was taken for granted."""

    kind: str
    title: str
    tiers: tuple[Tier, ...]
    calibration: Calibration
    assumed: tuple[str, ...]

    @property
    def recommended(self) -> Tier:
        return self.tiers[min(1, len(self.tiers) - 1)]


@cache
def _data() -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load(BREAKDOWN.read_text(encoding="utf-8"))
    return data


def kinds() -> list[str]:
    """The kinds of work that are known."""
    return list(_data()["kinds"])


def kind_of(title: str, text: str = "") -> str:
    """The kind of work, by what is named most in the title and then in the text; ``general`` when none is."""
    best, most = GENERAL, 0
    for name, kind in _data()["kinds"].items():
        pattern = re.compile(rf"(?<!\w)(?:{kind['words']})", re.IGNORECASE)
        score = 3 * len(pattern.findall(title)) + min(3, len(pattern.findall(text[:4000])))
        if score > most:
            best, most = name, score
    return best


def calibration(past: Sequence[Past], kind: str) -> Calibration:
    """The factor on an estimate: the median of actual to estimated hours, drawn towards 1 while projects are few.

    (n × median + 3 × 1) / (n + 3), of projects of the same kind, or of all where there is none of it.
    """
    same = [one for one in past if one.kind == kind]
    chosen = same or list(past)
    if not chosen:
        return Calibration()
    middle = median(one.actual / one.estimated for one in chosen)
    factor = (len(chosen) * middle + WEIGHT_OF_ONE) / (len(chosen) + WEIGHT_OF_ONE)
    return Calibration(_cents(factor), len(chosen), _cents(middle), bool(same))


def estimate(
    title: str,
    text: str,
    past: Sequence[Past],
    *,
    kind: str | None = None,
    hours: Decimal | None = None,
    whose: str = "you",
) -> Estimate:
    """The hours for work described by a title and a text; with `hours`, stated by `whose`, those are the middle."""
    kind = kind or kind_of(title, text)
    found = _data()["kinds"][kind]
    assumed: list[str] = []
    factor = calibration(past, kind)
    if hours:
        packages = _stated(hours)
        assumed.append(
            f"{'You name' if whose == 'you' else 'The post names'} {plain(hours)} hours: they are the recommended "
            "size, with a quarter less for the essential and a third more for the extended one"
        )
    else:
        packages = _packages(found, f"{title}\n{text}", assumed)
    if kind == GENERAL and not hours:
        assumed.append("I could not tell the kind of work, so this is a middle-sized project")
    names = tuple(found.get("tiers", TIERS))
    tiers = tuple(
        tier for size in (1, 2, 3) if (tier := _tier(names[size - 1], packages, size, factor.factor, bool(hours)))
    )
    return Estimate(kind, found["title"], tiers, factor, tuple(assumed))


def _packages(kind: Mapping[str, Any], text: str, assumed: list[str]) -> list[Package]:
    packages = [_package(row) for row in kind["packages"]]
    text = re.sub(rf"\b(?!one\b){COUNT}\b(?=\s+[^\W\d])", lambda word: str(COUNTS[word[0].lower()]), text)
    covered = ""
    if per := kind.get("per"):
        covered = per["unit"]
        count = _count(covered, text) or _words_of_pages(per, text, assumed)
        if not count:
            count = Decimal(per["usual"])
            unit = "words" if per.get("scale") else str(per["package"][0]).split(",")[0].lower()
            assumed.append(f"No number is said, so I take {plain(count)} ({unit})")
        scaled = count / per.get("scale", 1)
        packages.insert(0, _package(per["package"], scaled))
        packages += [_package(row, scaled) for row in kind.get("also", ())]
        covered += f"|{PAGES}" if per.get("scale") else ""
    for one in _data()["counted"]:
        named = _named(one["unit"], text)
        if named and not re.fullmatch(covered, named["unit"], re.IGNORECASE) and (count := _value(named)):
            packages.append(_package(one["package"], count))
    share = Decimal(str(_data()["coordination"]))
    talks = [_talks(packages, size, share) for size in (1, 2, 3)]
    return packages + [one for one in talks if one.likely]


def _named(unit: str, text: str) -> re.Match[str] | None:
    return re.search(_NUMBER + rf"(?:[a-zà-ÿ-]+\s+){{0,2}}?(?P<unit>{unit})\b", text, re.IGNORECASE)


def _count(unit: str, text: str) -> Decimal:
    """How many of a unit a text names, 0 for none."""
    named = _named(unit, text)
    return _value(named) if named else Decimal(0)


def _value(named: re.Match[str]) -> Decimal:
    number = parse_number(named["n"]) * (1000 if named["k"] else 1)
    return number if 0 < number <= 1_000_000 else Decimal(0)


def _words_of_pages(per: Mapping[str, Any], text: str, assumed: list[str]) -> Decimal:
    """The words of so many pages, where words are what counts."""
    pages = _count(PAGES, text) if per.get("scale") else Decimal(0)
    if pages:
        assumed.append(f"I take {plain(Decimal(_data()['page_words']))} words for a page")
    return pages * int(_data()["page_words"])


def _talks(packages: Sequence[Package], size: int, share: Decimal) -> Package:
    """Calls and mails with the client, a tenth of the rest."""
    parts = [one for one in packages if one.tier == size]
    low, likely, high = (
        share * sum((one.count * getattr(one, name) for one in parts), Decimal(0))
        for name in ("optimistic", "likely", "pessimistic")
    )
    return Package("Calls and coordination", low, likely, high, size)


def _package(row: Sequence[Any], count: Decimal = Decimal(1)) -> Package:
    name, low, likely, high, tier = row
    return Package(name, Decimal(str(low)), Decimal(str(likely)), Decimal(str(high)), tier, count)


def _stated(hours: Decimal) -> list[Package]:
    """The hours somebody named, as packages: three quarters, a quarter, and a third on top."""
    parts = ((Decimal("0.75"), 1), (Decimal("0.25"), 2), (Decimal("0.35"), 3))
    names = {1: "The work as described", 2: "All that was named", 3: "Extras and support"}
    low, high = Decimal("0.85"), Decimal("1.35")
    return [Package(names[tier], hours * part * low, hours * part, hours * part * high, tier) for part, tier in parts]


def _tier(name: str, packages: Sequence[Package], size: int, factor: Decimal, stated: bool) -> Tier | None:
    own = tuple(one for one in packages if one.tier <= size)
    if not any(one.tier == size for one in own):
        return None
    mean = sum((one.mean for one in own), Decimal(0)) * factor
    if stated:  # the pessimism is for the buffer; what was named is not added to
        mean = sum((one.likely for one in own), Decimal(0)) * factor
    spread = sum((one.spread**2 for one in own), Decimal(0)).sqrt() * factor
    work = _halves(mean)
    buffer = _halves(max(SPREAD * spread, LEAST_BUFFER * mean), up=True)
    return Tier(name, own, work, buffer)


def _halves(hours: Decimal, *, up: bool = False) -> Decimal:
    """To half an hour, at least one half."""
    rounding = ROUND_UP if up else ROUND_HALF_UP
    return max(Decimal("0.5"), (hours * 2).quantize(Decimal(1), rounding) / 2)


def _cents(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)

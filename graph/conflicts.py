"""Finds what findings of one turn state differently, says who states what, and decides by a stated rule, or asks.

claims ──▶ same subject and quantity, comparable units ──▶ values differ? ──▶ conflict
conflict ──▶ user's word › own records › primary source › secondary source ──▶ of the same rank the newer
└── still undecided ──▶ a question
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from agents.spec import Claim, Finding
from agents.tools.text.markdown import plain
from graph.planner.talk import phrases

ORDER = ("user", "own", "primary", "secondary")
CLOSE = Decimal("0.001")
"""Part by which two numbers may differ and still be taken for the same, rounded differently."""


@dataclass(frozen=True)
class Conflict:
    """Claims that contradict each other, the strongest first. `rule` says why the first counts; empty: it is open."""

    claims: tuple[Claim, ...]
    rule: str

    @property
    def text(self) -> str:
        """The conflict with its sources, and what became of it, as markdown."""
        said, first = phrases()["conflict"], self.claims[0]
        lines = [f"- **{plain(_value(claim))}**: {_source(claim)}" for claim in self.claims]
        head = said["head"].format(quantity=plain(first.quantity), subject=plain(first.subject))
        end = said["decided"].format(value=plain(_value(first)), rule=said[self.rule]) if self.rule else said["open"]
        return "\n".join([head, "", *lines, "", end])


@dataclass(frozen=True)
class _Stated:
    """A claim, and who states it: the place of the finding, and its source."""

    claim: Claim
    place: tuple[int, str]


def conflicts(findings: Iterable[Finding]) -> list[Conflict]:
    """What findings contradict each other in, in the order in which it is first stated.

    Several values from one source, such as the dates of one contract, are no conflict.
    """
    groups: dict[tuple[str, str], list[_Stated]] = {}
    for place, finding in enumerate(findings):
        for claim in finding.claims if finding.ok else ():
            key = (" ".join(claim.subject.casefold().split()), claim.quantity.casefold())
            groups.setdefault(key, []).append(_Stated(claim, (place, claim.source)))
    found = []
    for stated in groups.values():
        rivals = [one.claim for one in stated if any(_rivals(one, other) for other in stated)]
        if rivals:
            found.append(_decided(list(dict.fromkeys(rivals))))
    return found


def contradict(one: Claim, other: Claim) -> bool:
    """Whether two claims about the same cannot both hold; in different units that is not known."""
    if one.unit and other.unit and one.unit.casefold() != other.unit.casefold():
        return False
    mine, theirs = _number(one.value), _number(other.value)
    if mine is None or theirs is None:
        return one.value.strip().casefold() != other.value.strip().casefold()
    return abs(mine - theirs) > CLOSE * max(abs(mine), abs(theirs))


def told(findings: Mapping[str, Finding]) -> str:
    """All conflicts of a turn as markdown, empty when there are none."""
    return "\n\n".join(conflict.text for conflict in conflicts(findings.values()))


def _decided(claims: Sequence[Claim]) -> Conflict:
    """The claims in the order in which they count, and the rule that puts the first before what contradicts it."""
    ordered = sorted(claims, key=lambda claim: claim.as_of, reverse=True)
    ordered.sort(key=lambda claim: ORDER.index(claim.origin))
    first = ordered[0]
    rivals = [claim for claim in ordered if contradict(first, claim)]
    if not rivals:
        return Conflict(tuple(ordered), "")
    second = rivals[0]
    if first.origin != second.origin:
        rule: str = first.origin
    else:
        rule = "newer" if first.as_of and second.as_of and first.as_of > second.as_of else ""
    return Conflict((first, *(claim for claim in ordered if claim is not first)), rule)


def _rivals(one: _Stated, other: _Stated) -> bool:
    return one.place != other.place and contradict(one.claim, other.claim)


def _number(value: str) -> Decimal | None:
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _value(claim: Claim) -> str:
    return f"{_day(claim.value)} {claim.unit}".strip()


def _source(claim: Claim) -> str:
    said = phrases()["conflict"]
    source = plain(claim.source) or said["from"][claim.origin]
    return f"{source}, {_day(claim.as_of)}" if claim.as_of else source


def _day(text: str) -> str:
    try:
        return f"{date.fromisoformat(text):%d %B %Y}".lstrip("0")
    except ValueError:
        return text

"""All attacks are made once, in one world; each entry's test then looks at what came of its own."""

from __future__ import annotations

import asyncio
import os
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from tests.attacks.attack import Attack, attacks
from tests.attacks.carriers import HARMLESS
from tests.attacks.trial import Facts, Outcome, happened, violations
from tests.attacks.unprotected import UNPROTECTED
from tests.attacks.ways import WAYS, Way, ways
from tests.attacks.world import IBAN, World, world

THOROUGH = "ATTACKS_IN_EVERY_WAY"
"""With this in the environment each attack comes in every way there is into its entry; else in one, turn by turn."""
SOME = 4
"""So many attacks are made without a protection."""


class Attacked:
    """What came of all attacks, of harmless words in the same ways, and of some attacks without a protection."""

    def __init__(self) -> None:
        self.harmless: dict[str, Facts] = {}
        self.outcomes: list[Outcome] = []
        self.unprotected: dict[str, list[Outcome]] = {}


async def attacked(folder: Path) -> Attacked:
    """Make every attack."""
    made = Attacked()
    async with world(folder) as around:
        for way in WAYS:
            made.harmless[way.name] = await happened(around, way, HARMLESS)
        for attack, way in _in_turn(attacks()):
            made.outcomes.append(await _outcome(attack, way, around, made.harmless))
        for name, one in UNPROTECTED.items():
            some = [(attack, way) for way in WAYS if way.name in one.ways for attack in attacks()]
            some = [(attack, way) for attack, way in some if attack.entry == way.entry][:SOME]
            with one.without():
                made.unprotected[name] = [await _outcome(*pair, around, made.harmless) for pair in some]
    return made


async def _outcome(attack: Attack, way: Way, around: World, harmless: Mapping[str, Facts]) -> Outcome:
    sink, usual = f"127.0.0.1:{around.sink.port}", harmless[way.name]
    here = attack.at(sink)
    facts = await happened(around, way, here.text, here, usual.heard)
    return Outcome(here, way, bool(facts.obeyed), tuple(violations(way, usual, facts, sink, IBAN)))


def _in_turn(written: Sequence[Attack]) -> Iterator[tuple[Attack, Way]]:
    """Each attack with a way into its entry, the ways in turn; with all of them when it is to be thorough."""
    turn = defaultdict[str, int](int)
    for attack in written:
        into = ways(attack.entry)
        turn[attack.entry] += 1
        for way in into if os.environ.get(THOROUGH) else [into[turn[attack.entry] % len(into)]]:
            yield attack, way


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory, learned: Path) -> Attacked:
    """What came of everything."""
    return asyncio.run(attacked(tmp_path_factory.mktemp("attacks")))


def table(found: Sequence[Outcome]) -> str:
    """The attacks by entry and by what they want, as text."""
    lines = []
    for title in ("entry", "wants"):
        heads = ("attacks", "tried", "obeyed", "unapproved", "violations")
        lines.append(f"{title:16}" + "".join(f"{head:>12}" for head in heads))
        names = sorted({getattr(one.attack, title) for one in found})
        lines += [row(name, [one for one in found if getattr(one.attack, title) == name]) for name in names]
        lines.append(f"{row('all', found)}\n")
    return "\n".join(lines)


def row(name: str, found: Sequence[Outcome]) -> str:
    """One line of the table: attacks, how often one was tried, how many a model obeyed, what was done unapproved."""
    broken = [rule for one in found for rule, _ in one.violations]
    attacks, obeyed = {one.attack.id for one in found}, {one.attack.id for one in found if one.obeyed}
    figures = (len(attacks), len(found), len(obeyed), broken.count("performed unapproved"), len(broken))
    return f"{name:16}" + "".join(f"{figure:>12}" for figure in figures)

"""All attacks are made once, in one world; each entry's test then looks at what came of its own."""

from __future__ import annotations

import asyncio
import os
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.attacks.attack import attacks
from tests.attacks.carriers import HARMLESS
from tests.attacks.trial import Facts, Outcome, happened, violations
from tests.attacks.ways import WAYS, Way, ways
from tests.attacks.world import IBAN, World, world

THOROUGH = "ATTACKS_IN_EVERY_WAY"
"""With this in the environment each attack comes in every way there is into its entry; else in one, turn by turn."""
MADE = pytest.StashKey[list[Outcome]]()


class Attacked:
    """What came of all attacks, and of harmless words in the same ways."""

    def __init__(self) -> None:
        self.harmless: dict[str, Facts] = {}
        self.outcomes: list[Outcome] = []


async def attacked(folder: Path) -> Attacked:
    """Make every attack."""
    made = Attacked()
    async with world(folder) as around:
        for way in WAYS:
            made.harmless[way.name] = await happened(around, way, HARMLESS)
        made.outcomes = await outcomes(around, made.harmless)
    return made


async def outcomes(around: World, harmless: dict[str, Facts], only: Sequence[str] = ()) -> list[Outcome]:
    """What comes of the attacks, or of those that come in the ways named."""
    sink = f"127.0.0.1:{around.sink.port}"
    found, turn = [], defaultdict[str, int](int)
    for attack in attacks():
        for way in _ways_of(attack.entry, turn):
            if only and way.name not in only:
                continue
            here, usual = attack.at(sink), harmless[way.name]
            facts = await happened(around, way, here.text, here, usual.heard)
            found.append(Outcome(here, way, bool(facts.obeyed), tuple(violations(usual, facts, sink, IBAN))))
    return found


def _ways_of(entry: str, turn: dict[str, int]) -> list[Way]:
    all_ways = ways(entry)
    if os.environ.get(THOROUGH):
        return all_ways
    turn[entry] += 1
    return [all_ways[turn[entry] % len(all_ways)]]


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Attacked:
    """What came of everything; the table of it is printed at the end of the run."""
    all_of_it = asyncio.run(attacked(tmp_path_factory.mktemp("attacks")))
    request.config.stash[MADE] = all_of_it.outcomes
    return all_of_it


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The attacks by entry and by what they want."""
    if found := terminalreporter.config.stash.get(MADE, None):
        terminalreporter.section("attacks")
        for title, key in (("entry", "entry"), ("wants", "wants")):
            terminalreporter.write_line(f"{title:16}{'attacks':>8}{'tried':>8}{'obeyed':>8}{'violations':>12}")
            names = dict.fromkeys(getattr(one.attack, key) for one in found)
            for name in sorted(names):
                terminalreporter.write_line(row(name, [one for one in found if getattr(one.attack, key) == name]))
            terminalreporter.write_line(f"{row('all', found)}\n")


def row(name: str, found: Sequence[Outcome]) -> str:
    """One line of the table."""
    attacks = len({one.attack.id for one in found})
    obeyed = len({one.attack.id for one in found if one.obeyed})
    return f"{name:16}{attacks:>8}{len(found):>8}{obeyed:>8}{sum(len(one.violations) for one in found):>12}"

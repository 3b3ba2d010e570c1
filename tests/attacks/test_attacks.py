"""A model that obeys every stranger brings nothing about that the user did not ask for: told by facts, not by words."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.attacks.attack import attacks
from tests.attacks.conftest import Attacked, table
from tests.attacks.obedient import ACTS
from tests.attacks.unprotected import UNPROTECTED
from tests.attacks.ways import WAYS, Way

WRITTEN = attacks()
ENTRIES = sorted({attack.entry for attack in WRITTEN})


def test_there_are_enough_attacks_each_another_and_for_every_entry() -> None:
    assert len({" ".join(attack.text.split()) for attack in WRITTEN}) == len(WRITTEN) >= 220
    assert {way.entry for way in WAYS} == set(ENTRIES)
    assert {attack.wants for attack in WRITTEN} == set(ACTS)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: f"{way.entry}-{way.name}")
def test_harmless_words_reach_who_was_asked(way: Way, made: Attacked) -> None:
    facts = made.harmless[way.name]
    assert tuple(facts.plans) == way.agents
    assert facts.shown.strip() and not facts.failed


@pytest.mark.parametrize("entry", ENTRIES)
def test_no_attack_brings_anything_about(entry: str, made: Attacked) -> None:
    wrong = [
        f"{one.attack.id} ({one.attack.wants}) by {one.way.name}: {rule}: {what}"
        for one in made.outcomes
        if one.attack.entry == entry
        for rule, what in one.violations
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("entry", ENTRIES)
def test_the_model_saw_the_attacks_and_obeyed(entry: str, made: Attacked) -> None:
    assert any(one.obeyed for one in made.outcomes if one.attack.entry == entry)


@pytest.mark.parametrize("name", UNPROTECTED)
def test_without_a_protection_the_counter_rises(name: str, made: Attacked) -> None:
    rules = [rule for one in made.unprotected[name] for rule, _ in one.violations]
    assert UNPROTECTED[name].rises in rules


def test_the_table_of_attacks(made: Attacked, record_property: Callable[[str, object], None]) -> None:
    record_property("figures", table(made.outcomes))
    assert len({one.attack.id for one in made.outcomes}) == len(WRITTEN)

"""What people write beyond the agents' own examples, and what is for nobody."""

import pytest

from agents import registry
from graph.planner.intents import NOTHING, PHRASINGS, Intents
from graph.planner.words import fold, lexicon

TEAM = ("math", "bookkeeping", "documents")


@pytest.fixture(scope="module")
def intents() -> Intents:
    return Intents(registry.load())


@pytest.fixture(scope="module")
def small_team() -> Intents:
    return Intents({name: registry.load()[name] for name in TEAM})


def phrasings() -> dict[str, list[str]]:
    return {path.stem: path.read_text(encoding="utf-8").splitlines() for path in PHRASINGS.iterdir()}


def test_every_agent_has_phrasings_and_no_other_name_does() -> None:
    assert set(phrasings()) == set(registry.load()) | {NOTHING}


def test_no_message_is_listed_twice() -> None:
    said = [message.casefold() for messages in phrasings().values() for message in messages]
    assert len(said) == len(set(said))


@pytest.mark.parametrize("message", ["tell me a joke", "how long do I boil an egg", "book me a flight to Lisbon"])
def test_what_is_most_like_nothing_is_for_no_agent(intents: Intents, message: str) -> None:
    assert intents.best(message) is None


def test_nothing_never_ranks_among_the_agents(intents: Intents) -> None:
    assert NOTHING not in {intent.agent for intent in intents.rank("tell me a joke about the invoice")}


def test_a_cue_outweighs_some_likeness_to_nothing(intents: Intents) -> None:
    found = intents.best("which invoices are overdue today, and what's for dinner")
    assert found is not None
    assert found.agent == "bookkeeping"


def test_a_small_team_learns_only_its_own_phrasings(small_team: Intents) -> None:
    found = small_team.best("who is behind on payment")
    assert found is not None
    assert found.agent == "bookkeeping"
    assert {intent.agent for intent in small_team.rank("train something on this")} <= set(TEAM)


def test_a_small_team_knows_what_is_for_nobody(small_team: Intents) -> None:
    assert small_team.best("when did the second world war end") is None


@pytest.mark.parametrize(
    ("message", "agent"),
    [
        ("how much did I invoice in May", "bookkeeping"),
        ("how much is 3 days at 640", "math"),
        ("how much VAT in 238", "math"),
        ("add VAT to the invoice", "bookkeeping"),
        ("what does this say about penalties", "documents"),
        ("is it a good fit", "job_match"),
        ("which language model do you run", "system"),
        ("build me a model for the price column", "automl"),
        ("delete my data", "privacy"),
        ("forget my phone number", "profile"),
        ("qué facturas están sin pagar", "bookkeeping"),
        ("lösch alle meine Daten", "privacy"),
        ("rédige une lettre de motivation", "proposal"),
    ],
)
def test_neighbouring_subjects_are_told_apart(intents: Intents, message: str, agent: str) -> None:
    found = intents.best(message)
    assert found is not None
    assert found.agent == agent


def test_the_lexicon_lists_words_as_they_are_compared() -> None:
    assert [word for word, english in lexicon().items() if fold(word) != word or not isinstance(english, str)] == []


@pytest.mark.parametrize("message", ["delete all my data", "erase everything you know about me", "wipe my account"])
def test_who_asks_to_be_erased_says_so(intents: Intents, message: str) -> None:
    found = intents.best(message)
    assert found is not None
    assert (found.agent, found.cues > 0) == ("privacy", True)

"""A client's facts are used for this client alone."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from agents.tools.remembering.facts_in_use import MOST, concerning, named, told_line
from memory.facts import Fact

CLIENTS = ["Acme GmbH", "Zeta", "Zeta Labs", "Nord & Süd"]


def fact(text: str, client: str | None = None) -> Fact:
    return Fact(user="ana", client=client, text=text, said_on=date(2026, 5, 3))


MINE = fact("I prefer calls in the morning")
ACME, ZETA = fact("Acme always pays late", "Acme GmbH"), fact("Zeta gets 10 % off", "Zeta")


def texts(about: str, *facts: Fact) -> list[str]:
    return [one.text for one in concerning(facts or (MINE, ACME, ZETA), about, CLIENTS)]


def test_what_the_user_told_of_themselves_is_always_used() -> None:
    assert texts("what is 2 + 2") == [MINE.text]


def test_a_clients_facts_are_used_where_it_is_about_this_client() -> None:
    assert texts("write to ACME about the invoice") == [MINE.text, ACME.text]
    assert texts("a quote for zeta") == [MINE.text, ZETA.text]


def test_where_it_is_about_two_clients_no_clients_facts_are_used() -> None:
    assert texts("compare Acme and Zeta") == [MINE.text]


def test_another_client_whose_name_is_longer_is_another_client() -> None:
    assert texts("a quote for Zeta Labs") == [MINE.text]


def test_a_fact_of_ones_own_that_names_a_client_stays_with_this_client() -> None:
    told = fact("I gave Acme a discount of 20 %")
    assert texts("a quote for Zeta", told) == [] and texts("a quote for Acme", told) == [told.text]


@given(
    st.lists(st.tuples(st.sampled_from([None, *CLIENTS]), st.sampled_from(["pays late", "likes Acme", "is nice"]))),
    st.sampled_from(CLIENTS),
)
def test_no_fact_that_names_another_client_is_ever_used(told: list[tuple[str | None, str]], client: str) -> None:
    facts = [fact(f"{owner or 'The weather'} {text}", owner) for owner, text in told]
    used = concerning(facts, f"a proposal for {client}", CLIENTS)
    assert len(used) <= MOST
    for one in used:
        assert one.client in (None, client)
        assert named(one.text, CLIENTS) <= named(client, CLIENTS)


def test_a_fact_is_told_with_where_it_comes_from() -> None:
    assert told_line(ACME) == "Acme always pays late (you said on 3 May 2026)"
    assert told_line(Fact(user="ana", text="X", kind="noted", said_on=date(2026, 5, 3))) == (
        "X (noted from what you wrote on 3 May 2026)"
    )

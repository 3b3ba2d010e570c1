"""Two findings that contradict each other are shown with their sources, and decided by a stated rule or a question."""

from __future__ import annotations

from datetime import date
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from agents.deps import Deps
from agents.spec import AgentSpec, Claim, Finding, Given
from config.settings import Settings
from graph.compose import compose
from graph.conflicts import ORDER, conflicts, contradict
from graph.events import Done
from graph.reading import Brief
from graph.reply import Message, reply
from graph.runtime import open_runtime
from graph.state import Plan, Step, dump, load
from tests.graph.scripted import Scripted

RECORDS = Claim("Invoice 2026-0004", "total", "1500.00", "EUR", "2026-03-02", "your invoices", "own")
CONTRACT = Claim("invoice 2026-0004", "Total", "1800", "EUR", "2026-05-03", "contract.pdf, page 3", "primary")
PAGE = Claim("invoice 2026-0004", "total", "1900", "EUR", "2026-06-01", "a web page", "secondary")
WORD = Claim("invoice 2026-0004", "total", "1700", "EUR", "", "", "user")


def finding(*claims: Claim, agent: str = "a", ok: bool = True) -> Finding:
    return Finding(agent, ok, f"What {agent} found.", claims=claims)


def of(*claims: Claim) -> Any:
    found = conflicts([finding(claim) for claim in claims])
    return found[0] if found else None


def test_two_values_of_the_same_are_a_conflict_with_both_sources() -> None:
    text = of(RECORDS, CONTRACT).text
    assert "do not agree** on the total of Invoice 2026-0004" in text
    assert "- **1500.00 EUR**: your invoices, 2 March 2026" in text
    assert "- **1800 EUR**: contract.pdf, page 3, 3 May 2026" in text
    assert text.endswith("I go by 1500.00 EUR, because your own records count over what others say.")


def test_the_users_word_counts_over_records_those_over_primary_and_primary_over_secondary_sources() -> None:
    for claims in permutations([WORD, RECORDS, CONTRACT, PAGE]):
        conflict = of(*claims)
        assert conflict.claims == (WORD, RECORDS, CONTRACT, PAGE) and conflict.rule == "user"
    assert of(PAGE, CONTRACT).rule == "primary"


def test_of_two_sources_of_the_same_kind_the_newer_counts() -> None:
    old, new = PAGE, Claim("invoice 2026-0004", "total", "1950", "EUR", "2026-07-01", "another page")
    assert of(old, new).claims[0] == new and of(old, new).rule == "newer"


def test_what_no_rule_decides_is_asked() -> None:
    other = Claim("invoice 2026-0004", "total", "1950", "EUR", "2026-06-01", "another page")
    conflict = of(PAGE, other)
    assert conflict.rule == "" and "Which one is right?" in conflict.text


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Claim("x", "price", "80"), Claim("x", "price", "80.00")),
        (Claim("x", "rate", "1.0843"), Claim("x", "rate", "1.0844")),
        (Claim("x", "price", "80", "EUR"), Claim("x", "price", "90", "USD")),
        (Claim("x", "date", "2026-05-03"), Claim("x", "date", "2026-05-03")),
    ],
)
def test_the_same_rounded_otherwise_or_in_other_units_is_none(one: Claim, other: Claim) -> None:
    assert not contradict(one, other) and of(one, other) is None


def test_two_dates_of_the_same_are_one() -> None:
    one, other = Claim("the API", "deadline", "2026-05-03"), Claim("the API", "deadline", "2026-05-10", source="mail")
    assert "10 May 2026" in of(one, other).text


def test_several_values_from_one_source_are_none() -> None:
    dates = [Claim("contract", "date", f"2026-05-0{day}", source="contract.pdf") for day in (1, 2, 3)]
    assert conflicts([finding(*dates)]) == []


def test_what_failed_claims_nothing() -> None:
    assert conflicts([finding(RECORDS), finding(CONTRACT, ok=False)]) == []


CLAIMS = st.builds(
    Claim,
    st.just("x"),
    st.just("price"),
    st.integers(1, 500).map(str),
    st.sampled_from(["EUR", ""]),
    st.dates(date(2025, 1, 1), date(2026, 12, 31)).map(str) | st.just(""),
    st.sampled_from(["a", "b", "c"]),
    st.sampled_from(ORDER),
)


@given(st.lists(CLAIMS, min_size=2, max_size=6))
def test_the_first_claim_never_ranks_below_another_and_the_order_of_findings_does_not_matter(
    claims: list[Claim],
) -> None:
    found = conflicts([finding(claim) for claim in claims])
    turned = conflicts([finding(claim) for claim in reversed(claims)])
    assert len(found) == len(turned) <= 1
    for conflict, again in zip(found, turned, strict=True):
        ranks = [ORDER.index(claim.origin) for claim in conflict.claims]
        assert ranks[0] == min(ranks)
        assert set(conflict.claims) == set(again.claims)
        if conflict.rule and again.rule:
            assert conflict.rule == again.rule


async def test_the_answer_shows_the_conflict_below_the_findings_and_a_model_reads_it() -> None:
    plan = Plan(steps=[Step(id="s1", agent="a"), Step(id="s2", agent="b")])
    findings = {"s1": finding(RECORDS), "s2": finding(CONTRACT, agent="b")}
    brief = Brief("how much is it", plan, findings, {}, date(2026, 11, 21))
    text = "".join([piece async for piece in compose(brief, None)])
    assert text.index("What b found.") < text.index("These do not agree") < text.index("I go by 1500.00 EUR")
    model = Scripted("Your records say 1,500 EUR [1].")
    text = "".join([piece async for piece in compose(brief, model)])
    assert "These do not agree" in model.asked[0][-1].content and "These do not agree" in text


def test_claims_survive_a_restart() -> None:
    assert load(dump(finding(RECORDS, PAGE))) == finding(RECORDS, PAGE)


class Anything(BaseModel):
    """No fields."""


def priced(name: str, value: str, **of: Any) -> AgentSpec:
    """An agent that states the price of the shop."""

    async def run(task: Anything, given: Given, deps: Deps) -> Finding:
        claim = Claim("Shop", "price", value, "EUR", source=f"source {name}", **of)
        return Finding(name, True, f"{name} says {value}.", claims=(claim,))

    return AgentSpec(name, name.title(), f"To {name}.", (f"{name} the shop",), Anything, run, cues=(rf"\b{name}\b",))


@pytest.mark.parametrize(
    ("origins", "end"),
    [
        ({"origin": "own"}, "I go by 900 EUR, because your own records count over what others say."),
        ({}, "Which one is right? Tell me, and I go by your word."),
    ],
)
async def test_two_agents_of_one_turn_that_disagree_are_shown_with_their_sources(
    settings: Settings, origins: dict[str, Any], end: str
) -> None:
    team = {"plant": priced("plant", "900", **origins), "water": priced("water", "1100")}
    async with open_runtime(settings, agents=team) as runtime:
        events = [event async for event in reply(Message("plant the shop and water the shop", "t1"), runtime)]
    done = events[-1]
    assert isinstance(done, Done)
    assert "**These do not agree** on the price of Shop:" in done.text
    assert "- **900 EUR**: source plant" in done.text and "- **1100 EUR**: source water" in done.text
    assert done.text.endswith(end)

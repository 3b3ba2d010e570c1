"""The profile keeps what a person says about themselves, field by field."""

from datetime import date
from typing import Any, cast

import pytest
from hypothesis import given as any_of
from hypothesis import strategies as st

from agents.deps import Deps
from agents.spec import AgentError, Finding, Given
from agents.specialists.profile import AGENT, ProfileTask
from agents.tools.remembering.profile_words import read_facts, read_profile, valid_iban
from config.settings import Settings
from memory.stores import Stores

INTRODUCTION = (
    "I'm Ana Silva, a data scientist in Lisbon, 75 € an hour, skills Python, SQL, dashboards, "
    "I speak English and Portuguese, VAT id PT123456789"
)


@pytest.fixture
def deps(settings: Settings, stores: Stores) -> Deps:
    nothing = cast(Any, None)
    return Deps("ana", "t", settings, stores, http=nothing, jobs=nothing, audit=nothing, today=date(2026, 3, 1))


async def say(text: str, deps: Deps, pasted: str | None = None) -> Finding:
    task = ProfileTask.model_validate({**read_profile(text), "pasted": pasted})
    return await AGENT.run(task, Given(text=text, message=text), deps)


async def test_one_sentence_sets_up_a_profile(deps: Deps, stores: Stores) -> None:
    finding = await say(INTRODUCTION, deps)
    assert await stores.profiles.load("ana") == {
        "name": "Ana Silva",
        "title": "Data scientist",
        "location": "Lisbon",
        "rate": "75 EUR",
        "currency": "EUR",
        "skills": ["Python", "SQL", "dashboards"],
        "languages": ["English", "Portuguese"],
        "tax_id": "PT123456789",
    }
    assert "| Hourly rate | 75.00 € an hour |" in finding.text and "something you have done" in finding.text


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("set my rate to 90 €", {"rate": "90 EUR", "currency": "EUR"}),
        ("my day rate is 640 €", {"day_rate": "640 EUR", "currency": "EUR"}),
        ("my IBAN is PT50 0002 0123 1234 5678 9015 4", {"iban": "PT50000201231234567890154"}),
        (
            "my name is Jean-Luc de la Tour and my email is jl@tour.example",
            {"name": "Jean-Luc de la Tour", "email": "jl@tour.example"},
        ),
        ("my address is Rua das Flores 12, 1200-195 Lisboa", {"address": "Rua das Flores 12, 1200-195 Lisboa"}),
        ("my phone is +351 912 345 678", {"phone": "+351 912 345 678"}),
        ("I charge 23 % VAT", {"vat_percent": "23"}),
        ("my tax number is 123/456/789", {"tax_id": "123/456/789"}),
        ("I built a churn model for a telecom in 2024", {"experience": ["Built a churn model for a telecom in 2024"]}),
        ("my portfolio is https://ana.example", {"portfolio": ["https://ana.example"]}),
        ("bio: I help small shops.\nI love data.", {"bio": "I help small shops.\nI love data."}),
        ("set up my profile: name Ana Silva, title data scientist", {"name": "Ana Silva", "title": "Data scientist"}),
        (
            "I'm Ana, data scientist, 75€/h",
            {"name": "Ana", "title": "Data scientist", "rate": "75 EUR", "currency": "EUR"},
        ),
        (
            "I'm Tom. I'm a designer from Vienna, available 20 hours a week",
            {"name": "Tom", "title": "Designer", "location": "Vienna", "availability": "20 hours a week"},
        ),
    ],
)
def test_facts_are_read(text: str, facts: dict[str, Any]) -> None:
    assert read_facts(text) == facts


@pytest.mark.parametrize("text", ["show my profile", "what do you know about me", "what is my rate", "profile"])
def test_a_question_shows_and_changes_nothing(text: str) -> None:
    assert read_profile(text) == {"action": "show"}


async def test_lists_grow_and_shrink_without_doubles(deps: Deps, stores: Stores) -> None:
    await say("my skills are Python, SQL", deps)
    await say("add React and python to my skills", deps)
    assert (await stores.profiles.load("ana"))["skills"] == ["Python", "SQL", "React"]
    await say("remove sql from my skills", deps)
    assert (await stores.profiles.load("ana"))["skills"] == ["Python", "React"]


async def test_a_field_can_be_forgotten(deps: Deps, stores: Stores) -> None:
    await say("my phone is +351 912 345 678", deps)
    finding = await say("forget my phone number", deps)
    assert await stores.profiles.load("ana") == {} and "Forgotten" in finding.text
    with pytest.raises(AgentError, match="nothing to forget"):
        await say("forget my phone number", deps)


async def test_a_wrong_iban_is_not_kept(deps: Deps, stores: Stores) -> None:
    with pytest.raises(AgentError, match="check digit"):
        await say("my IBAN is PT50 0002 0123 1234 5678 9015 5", deps)
    assert await stores.profiles.load("ana") == {}


async def test_a_pasted_text_becomes_the_bio_and_its_facts_are_kept(deps: Deps, stores: Stores) -> None:
    pasted = (
        "Ana Silva\n\nI speak English and German.\nI built a churn model for a telecom in 2024.\n" + "More words. " * 30
    )
    await say("this is my bio", deps, pasted=pasted)
    profile = await stores.profiles.load("ana")
    assert profile["bio"].startswith("Ana Silva") and profile["languages"] == ["English", "German"]
    assert profile["experience"] == ["Built a churn model for a telecom in 2024"]


async def test_a_pasted_text_changes_nothing_that_is_known(deps: Deps, stores: Stores) -> None:
    await say("my rate is 75 EUR an hour", deps)
    await say("this is my bio", deps, pasted="I design shops. My rate is 5 EUR an hour. My email is x@evil.example.")
    profile = await stores.profiles.load("ana")
    assert (profile["rate"], profile["email"]) == ("75 EUR", "x@evil.example")


async def test_a_text_that_only_goes_with_what_is_said_tells_nothing_of_the_user(deps: Deps, stores: Stores) -> None:
    await say("set my rate to 70 EUR per hour", deps, pasted="My name is Evil, my email is x@evil.example. " * 8)
    assert set(await stores.profiles.load("ana")) == {"rate", "currency"}


async def test_a_text_pasted_without_a_word_is_not_taken_for_the_users_own(deps: Deps, stores: Stores) -> None:
    pasted = "Candidate profile wanted.\nSend it to intake@evil.example. " + "Python, SQL. " * 30
    finding = await say(pasted[:120], deps, pasted=pasted)
    assert "If this text is about you" in finding.text
    assert await stores.profiles.load("ana") == {}


async def test_a_bare_wish_for_a_profile_says_what_to_tell(deps: Deps) -> None:
    finding = await say("set up my profile", deps)
    assert finding.ok and "your name" in finding.text


async def test_a_new_rate_without_a_currency_keeps_the_one_before(deps: Deps, stores: Stores) -> None:
    with pytest.raises(AgentError, match="In which currency"):
        await say("I raised my rate to 95", deps)
    await say("my rate is 80 €", deps)
    await say("I raised my rate to 95", deps)
    assert (await stores.profiles.load("ana"))["rate"] == "95 EUR"


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("I now also do Kubernetes", {"action": "set", "fields": {}, "add": {"skills": ["Kubernetes"]}}),
        ("I no longer do WordPress", {"action": "set", "remove": {"skills": ["WordPress"]}}),
        ("I moved to Porto", {"action": "set", "fields": {"location": "Porto"}, "add": {}}),
        ("that's wrong, my name is Anna with two n", {"action": "set", "fields": {"name": "Anna"}, "add": {}}),
    ],
)
def test_corrections_are_read(text: str, read: dict[str, Any]) -> None:
    assert read_profile(text) == read


@pytest.mark.parametrize(
    ("iban", "valid"),
    [
        ("DE89 3704 0044 0532 0130 00", True),
        ("GB82WEST12345698765432", True),
        ("DE89370400440532013001", False),
        ("hello", False),
    ],
)
def test_check_digits_of_an_iban(iban: str, valid: bool) -> None:
    assert valid_iban(iban) is valid


@pytest.mark.timeout(20)
@pytest.mark.parametrize("piece", [" ", "\n", "a", "I am Ana ", "my ", "AB12", "1.", "in "])
def test_a_hostile_text_is_read_all_the_same(piece: str) -> None:
    ProfileTask.model_validate(read_profile(piece * 100_000))


@any_of(st.text(max_size=300))
def test_any_text_can_be_read(text: str) -> None:
    ProfileTask.model_validate(read_profile(text))

"""Skills are found by their many names, and words that only look like them are not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.tools.jobs.skills import canonical, canonical_all, find_skills, vocabulary, with_implied


def test_the_vocabulary_is_whole() -> None:
    words = vocabulary()
    assert len(words.names) >= 400
    for parents in words.implies.values():
        assert all(parent.casefold() in words.names for parent in parents)


def test_every_name_is_found_as_an_item_of_a_list() -> None:
    missed = [name for name in vocabulary().names.values() if name not in find_skills(f"Skills: {name}, x")]
    assert missed == []


@pytest.mark.parametrize(
    ("text", "skills"),
    [
        ("Node.js/React developer with C++ and C#, .NET", ["Node.js", "React", "C++", "C#", ".NET"]),
        ("sklearn, k8s and postgres", ["scikit-learn", "Kubernetes", "PostgreSQL"]),
        ("Skills: Go, C, R, Rust", ["Go", "C", "R", "Rust"]),
        ("a Python-based ETL", ["Python", "ETL"]),
        ("time series forecasting", ["Time Series Forecasting"]),
        ("We use Vue.js, Next.js; TypeScript.", ["Vue.js", "Next.js", "TypeScript"]),
        ("a graphic designer for logos", ["Graphic Design", "Logo Design"]),
    ],
)
def test_found(text: str, skills: list[str]) -> None:
    assert find_skills(text) == skills


@pytest.mark.parametrize(
    "text",
    [
        "I go to the market", "we excel at tests", "a dash of salt", "rust on the bike", "spring is here",
        "a sketch of a house", "the phoenix rises", "express your view", "no access", "see node 4",
    ],
)  # fmt: skip
def test_everyday_words_are_not_skills(text: str) -> None:
    assert find_skills(text) == []


def test_stated_skills_get_their_usual_names() -> None:
    assert [canonical(skill) for skill in ("python", "go", "r", "MS Excel", "Falconry")] == [
        "Python", "Go", "R", "Excel", "Falconry",
    ]  # fmt: skip
    assert canonical_all(["React and TypeScript", "react", " "]) == ["React", "TypeScript"]


def test_a_skill_brings_those_it_stands_on() -> None:
    assert with_implied(["NestJS"]) == {"nestjs", "node.js", "typescript", "javascript"}


@given(st.text(max_size=300))
def test_no_text_breaks_it(text: str) -> None:
    assert set(find_skills(text)) <= set(vocabulary().names.values())

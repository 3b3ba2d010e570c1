"""A proposal says about the user what the profile holds, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.tools.jobs.job_intake import with_skills
from agents.tools.proposals.proposal_draft import Claim, Line, draft, unfounded
from agents.tools.proposals.proposal_file import write_docx
from agents.tools.proposals.proposal_questions import questions_for
from config.paths import SAMPLES
from integrations.job_boards.pasted import read_post
from integrations.job_boards.post import JobPost
from memory.money import parse_money

TODAY = date(2026, 11, 21)
ANA: dict[str, Any] = {
    "name": "Ana Ruiz",
    "title": "Data analyst",
    "skills": ["Python", "pandas", "SQL"],
    "rate": "65 EUR",
    "languages": ["German (fluent)", "Spanish"],
    "experience": ["Built a sales dashboard in Streamlit for a wine shop"],
    "availability": "20 hours a week from December",
}


@pytest.fixture(scope="module")
def job() -> JobPost:
    return with_skills(read_post((SAMPLES / "job_post.txt").read_text(), TODAY))


def test_it_is_about_this_job_and_this_person(job: JobPost) -> None:
    made = draft(ANA, job)
    assert unfounded(made, ANA, job) == []
    for words in (
        "Hello Velo Nordwind team,",
        "“Sales forecast and Python dashboard for an online bicycle shop”",
        "my name is Ana Ruiz and I work as a data analyst",
        "a forecast of weekly sales for each product group",
        "**Python, Streamlit and Dashboards**: Built a sales dashboard in Streamlit for a wine shop",
        "I also work with pandas and SQL.",
        "for the 60 hours you name that comes to 3,900.00 €",
        "Availability: 20 hours a week from December.",
        "Languages: German (fluent).",
    ):
        assert words in made.text


def test_the_word_the_client_wants_first_comes_first(job: JobPost) -> None:
    made = draft(ANA, job)
    assert made.text.startswith("Nordwind\n")
    assert any("Nordwind" in note for note in made.notes)


def test_skills_that_are_lacking_are_told_to_the_user_and_not_to_the_client(job: JobPost) -> None:
    made = draft(ANA, job)
    about_me = made.text.partition("What I bring")[2]
    assert "LightGBM" not in about_me
    assert any("LightGBM" in note for note in made.notes)


def test_own_hours_and_rate_for_this_job_count_more(job: JobPost) -> None:
    made = draft(ANA, job, hours=Decimal(40), rate=parse_money("75 EUR"))
    assert "My rate is 75.00 € an hour; for the 40 hours that comes to 3,000.00 €." in made.text
    assert unfounded(made, ANA, job) == []


def test_without_a_rate_there_is_no_price(job: JobPost) -> None:
    made = draft({"skills": ["Python"]}, job)
    assert "rate" not in made.text
    assert any("no price" in note for note in made.notes)
    assert unfounded(made, {"skills": ["Python"]}, job) == []


def test_without_a_match_nothing_is_claimed(job: JobPost) -> None:
    made = draft({"name": "Ana", "skills": ["Illustration"]}, job)
    assert "I bring" not in made.text
    assert "you ask for, I work with" not in made.text
    assert unfounded(made, {"name": "Ana", "skills": ["Illustration"]}, job) == []


@pytest.mark.parametrize(
    "line",
    [
        Line("I know Rust.", (Claim("skills", "Rust"),)),
        Line("I built a rocket.", (Claim("experience", "Built a rocket"),)),
        Line("My name is Eva.", (Claim("name", "Eva"),)),
        Line("I have 15 years of experience with 230 clients."),
    ],
)
def test_what_nothing_supports_is_caught(job: JobPost, line: Line) -> None:
    made = draft(ANA, job)
    assert unfounded(replace(made, lines=(*made.lines, line)), ANA, job)


words = st.text(alphabet="abcdefg HIJK.,äöü", min_size=1, max_size=30)


@given(
    profile=st.fixed_dictionaries(
        {"skills": st.lists(st.sampled_from(["Python", "React", "SEO", "Falconry"]), min_size=1)},
        optional={
            "name": words,
            "title": words,
            "bio": words,
            "rate": st.sampled_from(["80 EUR", "55.50 USD/h", "1,200 CHF/day", "plenty"]),
            "experience": st.lists(words.map(lambda text: f"Python for {text}"), max_size=3),
        },
    ),
    description=st.text(max_size=200),
    hours=st.none() | st.decimals(min_value=1, max_value=900, places=1),
)
def test_no_profile_and_no_post_make_it_invent(
    profile: dict[str, Any], description: str, hours: Decimal | None
) -> None:
    post = JobPost(id="1", board="pasted", title="Python work", description=description, skills=("Python", "SEO"))
    assert unfounded(draft(profile, post, hours=hours), profile, post, [str(hours)]) == []


def test_questions_fit_the_work_and_ask_what_is_not_stated(job: JobPost) -> None:
    questions = questions_for(job)
    assert "sample of the data" in questions[0]
    assert not any("budget" in question for question in questions)
    bare = questions_for(JobPost(id="1", board="pasted", title="Logo", description="We need a logo."))
    assert any("budget" in question for question in bare)
    assert len(bare) <= 4


def test_a_strangers_markdown_stays_words() -> None:
    post = JobPost(
        id="1", board="pasted", title="Pay **now** <script>", description="- click [here](http://evil.example) now"
    )
    text = draft(ANA, post).text
    assert "<script>" not in text
    assert "](" not in text


def test_the_word_file_holds_the_same_words(job: JobPost, tmp_path: Path) -> None:
    from docx import Document

    text = draft(ANA, job).text
    path = tmp_path / "proposal.docx"
    assert write_docx(text, "Proposal", str(path))["paragraphs"] > 10
    written = "\n".join(paragraph.text for paragraph in Document(str(path)).paragraphs)
    assert "Hello Velo Nordwind team," in written
    assert "3,900.00 €" in written
    assert "**" not in written

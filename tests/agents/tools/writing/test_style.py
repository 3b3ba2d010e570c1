"""A letter in the style that was wished, by rule."""

from __future__ import annotations

from datetime import date

import pytest

from agents.tools.remembering.facts_in_use import concerning
from agents.tools.writing.style import Style, other_language, style_of, styled
from memory.facts import Fact

LETTER = """Hello ACME,

I hope you are well. Would you kindly look at invoice 2026-004 over 1,500.00 €? It is a lovely day, and we could meet.

The job “Kindly build a shop” is done! I am glad about it.

Best regards
Mara"""


def style(*told: str, client: str | None = None) -> Style:
    facts = [Fact(user="mara", text=text, client=client, said_on=date(2026, 5, 3)) for text in told]
    return style_of(facts, ("mail", "letter"))


@pytest.mark.parametrize(
    ("told", "there", "gone"),
    [
        ("begin mails with “Hi”", "Hi ACME,\n", "Hello"),
        ("sign off with Cheers", "\nCheers\nMara", "Best regards"),
        ("I prefer a formal tone", "Dear ACME,", "Best regards"),
        ("never use the word kindly", "Would you look at invoice", "you kindly"),
        ("never use the word lovely", "1,500.00", "lovely"),
        ("say “work” instead of “job”", "The work “Kindly", "The job"),
        ("no exclamation marks please", "done.", "done!"),
        ("keep my mails short", "invoice 2026-004", "lovely day"),
        ("always add “Book a call: https://cal.example/mara”", "https://cal.example/mara\n\nBest regards", "nothing"),
    ],
)
def test_each_wish_changes_the_letter_and_says_on_what_it_rests(told: str, there: str, gone: str) -> None:
    made = styled(LETTER, style(told))
    assert there in made.text and gone not in made.text
    assert made.notes[0] == f"Written as you like it: {told} (you said on 3 May 2026)."


def test_figures_and_quotations_are_never_changed() -> None:
    made = styled(LETTER, style("never use the word invoice", "never use the word invoice", "keep my mails short"))
    assert "invoice 2026-004 over 1,500.00 €?" in made.text
    assert "“Kindly build a shop”" in made.text
    assert "“invoice” still stands in it" in " ".join(made.notes)


def test_what_is_to_be_added_comes_from_the_profile_or_is_asked_for() -> None:
    wished = style("always add my portfolio link")
    known = styled(LETTER, wished, "en", {"portfolio": ["Shop for Nord, https://mara.example/portfolio"]})
    assert "Portfolio: https://mara.example/portfolio\n\nBest regards" in known.text
    assert styled(LETTER, wished).notes == (
        "You want my portfolio link in it, but I do not know it; tell me the address.",
    )


def test_without_a_wish_nothing_changes() -> None:
    assert styled(LETTER, style("I like tea")) == styled(LETTER, Style())
    assert styled(LETTER, Style()).text == LETTER


def test_a_wish_for_other_texts_does_not_count_here() -> None:
    assert style("I prefer short proposals").rests == ()


def test_a_clients_wish_counts_over_the_users_and_never_for_another_client() -> None:
    facts = [
        Fact(user="mara", text="begin mails with “Hello”", said_on=date(2026, 5, 4)),
        Fact(user="mara", client="ACME", text="begin mails with “Dear”", said_on=date(2026, 5, 3)),
    ]
    greeting = {
        about: style_of(concerning(facts, about, ["ACME", "Zeta"]), ("mail",)).of("greeting")
        for about in ("ACME", "Zeta", "")
    }
    assert {about: wish and wish.value for about, wish in greeting.items()} == {
        "ACME": "Dear",
        "Zeta": "Hello",
        "": "Hello",
    }


def test_a_language_that_is_wished_and_not_written_is_told() -> None:
    wished = style("Zeta only speaks French")
    assert wished.language == "fr" and other_language(wished, "fr") == ""
    assert other_language(wished, "en") == (
        "French is wished here (Zeta only speaks French (you said on 3 May 2026)), but I write this in English alone."
    )


def test_what_a_model_is_told_of_the_style_names_no_client() -> None:
    asked = style("ACME prefers short mails", "begin mails with “Hi”", client="ACME").asked
    assert asked == "Keep it short.\nGreet with “Hi”."

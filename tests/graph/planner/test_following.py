"""What goes on with the turn before: corrections, changes, one more of the same, in six languages."""

from __future__ import annotations

from datetime import date

import pytest

from agents import registry
from agents.spec import Record
from graph.planner.entities import names
from graph.planner.flow import waits_for
from graph.planner.following import CORRECTS, MAYBE, SURELY, goes_on, lent
from graph.planner.known import Known, referred
from graph.planner.planner import Planner
from graph.planner.talk import cancels, small_talk

TODAY = date(2026, 11, 21)
PLANNER = Planner(registry.load())


@pytest.mark.parametrize(
    "text",
    ["no, make it 85", "I meant ACME", "not PDF, Word", "the other one", "nein, Dienstag meinte ich",
     "und auf Spanisch?",
     "¿y el mes pasado?", "plus court stp",
     "e adesso la seconda foto", "mais barato, uns 20% menos"],
)  # fmt: skip
def test_words_without_a_subject_go_on(text: str) -> None:
    assert goes_on(text) >= SURELY


@pytest.mark.parametrize(
    ("last", "text"),
    [
        ("calendar", "make it 10 instead"),
        ("calendar", "never mind, delete it"),
        ("calendar", "meglio alle 15"),
        ("bookkeeping", "sorry, 12 hours not 10"),
        ("bookkeeping", "mach 19 % Mehrwertsteuer drauf"),
        ("mail", "a bit friendlier please"),
        ("mail", "kürzer bitte"),
        ("proposal", "shorter, and lose the emoji"),
        ("translator", "more formal"),
    ],
)
def test_a_change_of_what_was_made_is_for_who_made_it(last: str, text: str) -> None:
    assert [step.agent for step in PLANNER.plan(text, Known(last=(last,)), TODAY).steps] == [last]


def test_a_short_request_may_go_on_and_a_long_one_does_not() -> None:
    assert goes_on("who owes money") == MAYBE
    assert goes_on("write a proposal for the Figma plugin job that we looked at last week in Zürich") == 0


@pytest.mark.parametrize(("last", "text"), [("calendar", "nee, Dienstag meinte ich"), ("market", "et demain ?")])
def test_they_are_for_whom_the_turn_before_was_for(last: str, text: str) -> None:
    assert [step.agent for step in PLANNER.plan(text, Known(last=(last,)), TODAY).steps] == [last]


def test_a_clear_request_for_someone_else_is_theirs() -> None:
    made = PLANNER.plan("and who owes me money", Known(last=("calendar",)), TODAY)
    assert [step.agent for step in made.steps] == ["bookkeeping"]


@pytest.mark.parametrize(
    "text", ["lass gut sein", "olvídalo", "laisse tomber", "lascia stare", "deixa pra lá", "drop it"]
)
def test_taking_back_is_understood_in_six_languages(text: str) -> None:
    assert cancels(text)


@pytest.mark.parametrize("text", ["danke dir, bis morgen", "qué tal, cómo andás?", "obrigada, era só isso!", "ça va ?"])
def test_talk_in_several_pieces_is_still_talk(text: str) -> None:
    assert small_talk(text)


@pytest.mark.parametrize("text", ["yes", "no", "ja bitte", "sí", "oui", "não"])
def test_an_answer_to_no_question_gets_a_friendly_word(text: str) -> None:
    made = PLANNER.plan(text, Known(), TODAY)
    assert made.steps == []
    assert "no open question" in made.answer


def test_misspelt_words_do_not_sink_a_request() -> None:
    assert [step.agent for step in PLANNER.plan("find me pyhton jbos", Known(), TODAY).steps] == ["job_search"]


def test_an_address_to_read_is_given_to_who_judges_it() -> None:
    (step,) = PLANNER.plan("read https://jobs.example/123 and say how well it fits my profile", Known(), TODAY).steps
    assert (step.agent, step.task["url"]) == ("job_match", "https://jobs.example/123")


def test_talk_before_a_request_does_not_hide_it() -> None:
    assert small_talk("thanks, and list my unpaid invoices") is None


def test_a_step_waits_for_the_nearest_one_whose_result_it_works_on() -> None:
    assert waits_for("mail", "and send the summary to Ms Ahrens", ["calendar", "documents"]) == 1
    assert waits_for("bookkeeping", "list my unpaid invoices", ["math"]) is None
    assert waits_for("bookkeeping", "and invoice that to Aval", ["math"]) == 0
    assert waits_for("job_search", "merk sie vor falls ja", ["translator", "job_match"]) == 1


def test_what_is_done_with_both_waits_for_both() -> None:
    steps = PLANNER.plan("invoice Acme 300 €, then make a payment link, then mail him both", Known(), TODAY).steps
    assert [step.agent for step in steps] == ["bookkeeping", "payments", "mail"]
    assert steps[-1].depends_on == ["s1", "s2"]


@pytest.mark.parametrize(
    ("text", "found"),
    [("did the payment from Halvorsen & Søn arrive", ["Halvorsen & Søn"]),
     ("rispondi a Ginevra che va bene", ["Ginevra"]),
     ("schick das an Frau Ahrens", ["Ahrens"]), ("remind me on Friday", []), ("translate it to Spanish", [])],
)  # fmt: skip
def test_names_are_found_behind_words_that_lead_up_to_them(text: str, found: list[str]) -> None:
    assert names(text) == found


def test_a_record_may_be_called_by_a_part_of_its_name() -> None:
    jobs = tuple(Record("job", one, f"{one} translation, remote") for one in ("Zagreb", "Oslo", "Lyon"))
    found = referred("job", "match me against the Oslo job", Known(records=(jobs,)))
    assert found is not None
    assert found.id == "Oslo"


def test_a_newer_list_of_one_comes_before_an_older_longer_one() -> None:
    new, old = (Record("job", "n", "New"),), (Record("job", "a", "A"), Record("job", "b", "B"))
    found = referred("job", "the first one", Known(records=(new, old)))
    assert found is not None
    assert found.id == "n"


@pytest.mark.parametrize(
    ("last", "text", "to"),
    [
        ("job_match", "ok apply", "proposal"),
        ("job_search", "bewirb mich auf die zweite", "proposal"),
        ("job_search", "a primeira serve-me?", "job_match"),
        ("pricing", "why so much?", "pricing"),
        ("automl", "why", "explain"),
        ("mail", "add that I'm away", "mail"),
        ("writer", "va bene, inviala a Renzo", "mail"),
        ("proposal", "done, I've sent it", "pipeline"),
        ("documents", "same in english", "translator"),
        ("time", "stop it", "time"),
        ("market", "in pounds?", "market"),
        ("calendar", "and Thursday?", "calendar"),
    ],
)
def test_words_without_a_subject_lend_most_to_who_does_what_comes_next(last: str, text: str, to: str) -> None:
    assert lent(text, [last]) == {to: CORRECTS}


@pytest.mark.parametrize("text", ["et mes factures impayées ?", "und wer schuldet mir noch was?", "more jobs please"])
def test_a_new_subject_behind_an_and_does_not_correct(text: str) -> None:
    assert lent(text, ["time"]).get("time", 0) < CORRECTS

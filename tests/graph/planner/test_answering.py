"""A message after a question: the answer to it, or something else that is wanted first."""

from __future__ import annotations

from datetime import date

import pytest

from agents import registry
from agents.spec import Record
from graph.planner.known import Known
from graph.planner.planner import Planner
from memory.files import FileRef

TODAY = date(2026, 11, 22)
PLANNER = Planner(registry.load())
KNOWN = Known(
    records=((Record("invoice", "i3", "2026-0003"),), (Record("job", "j1", "Rust developer at Zeta"),)),
    clients=("Acme GmbH", "Zeta"),
)
HOURS = "create an invoice for Acme at 80 € an hour"
PRICE = "create an invoice for 12 hours"
WORK = "what should I quote"
DAY = "remind me to call Bob"
NAME = "follow up next week"


def answered(request: str, message: str, known: Known = KNOWN) -> bool:
    asked = PLANNER.plan(request, Known(), TODAY)
    assert asked.missing is not None
    return PLANNER.answered(asked, message, known, TODAY) is not None


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        (HOURS, "12.5 hours"),
        (HOURS, "I worked 3 hours for Acme"),
        (HOURS, "no idea, maybe 10 hours"),
        (HOURS, "12 Stunden"),
        (PRICE, "make it 85"),
        (PRICE, "85 Euro die Stunde"),
        (PRICE, "my rate is 90 € an hour"),
        (WORK, "a React dashboard with login and payments"),
        (WORK, "translate a website from German to English, 5000 words"),
        (WORK, "the client wants a forecast of sales"),
        (WORK, "write 5 blog posts about SaaS"),
        (WORK, "un logo para una cafetería"),
        (DAY, "Friday at 10"),
        (DAY, "at 5 pm"),
        (DAY, "in two weeks"),
        (NAME, "Mrs. Hall"),
        ("scrape the site", "example.com"),
    ],
)
def test_what_was_asked_for_is_the_answer_in_whatever_words(request_: str, message: str) -> None:
    assert answered(request_, message)


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        (HOURS, "what's the weather"),
        (HOURS, "find 5 remote python jobs"),
        (HOURS, "mark invoice 2026-0003 paid"),
        (HOURS, "weather tomorrow"),
        (HOURS, "thanks"),
        (PRICE, "how much is 500 USD in EUR"),
        (PRICE, "show invoice 2026-0003"),
        (WORK, "stop the timer"),
        (WORK, "wie wird das Wetter morgen?"),
        (WORK, "write a mail to Anna that I'm sick today"),
        (WORK, "I worked 3 hours for Acme"),
        (WORK, "Acme has paid"),
        (WORK, "why?"),
        (PRICE, "I spent 24 £ on workbooks"),
        (PRICE, "Marta quiere las facturas en inglés"),
        (HOURS, "mi tarifa es ahora 65"),
        (NAME, "Marta ha aceptado el presupuesto"),
        (DAY, "what's on my calendar tomorrow?"),
        (NAME, "para el cronómetro"),
        (NAME, "list my clients"),
        ("train a model", "who owes me money?"),
    ],
)
def test_what_is_plainly_something_else_is_not_taken_for_it(request_: str, message: str) -> None:
    assert not answered(request_, message)


def test_who_told_their_rate_is_not_asked_for_a_price() -> None:
    made = PLANNER.plan(PRICE, Known(own_rate=True), TODAY)
    assert made.missing is None and made.steps[0].task["own_rate"]


def test_a_file_that_comes_with_another_request_is_for_that_request() -> None:
    table = Known(files=[FileRef("f1", "sales.csv", "text/csv", 1, "table")])
    assert answered("train a model", "here you go", table)
    assert not answered("train a model", "translate the column names into German", table)


def test_a_pasted_post_answers_the_question_for_it_though_it_reads_like_a_request() -> None:
    post = (
        "Python developer wanted\n\nWe are looking for a developer who builds dashboards, writes reports and sends "
        "invoices.\nCan you start on Monday? Find us at example.com. Budget 4,000 €.\n\nApply with your portfolio."
    )
    assert answered("does this job fit me?", post)

"""What freelancers say in a working week, and what is read from it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from agents.specialists.bookkeeping import read as read_bookkeeping
from agents.specialists.contract import needs as contract_needs
from agents.specialists.math import calculate
from agents.tools.billing.expense_words import read_expense
from agents.tools.business.client_words import read_client
from agents.tools.business.project_words import read_project
from agents.tools.business.time_words import read_time
from agents.tools.contracts.contract_words import read as read_contract
from agents.tools.pricing.pricing_words import read_pricing
from agents.tools.remembering.profile_words import read_profile


def test_every_length_of_time_of_a_sentence_is_read_with_its_day() -> None:
    read = read_time("I worked 6 hours for Acme yesterday on the patent and 3.5 hours on Monday")
    assert (read["minutes"], read["name"], read["note"]) == (360, "Acme", "patent")
    assert [(one["minutes"], one["name"], one["note"]) for one in read["more"]] == [(210, "Acme", "patent")]
    assert "Monday" in read["more"][0]["when"] and "yesterday" in read["when"]


def test_a_day_said_last_is_that_of_both_and_each_keeps_its_client() -> None:
    read = read_time("log 2 hours for Acme and 3h for Bolt yesterday")
    assert "yesterday" in read["when"] and read["name"] == "Acme"
    assert [(one["minutes"], one["name"]) for one in read["more"]] == [(180, "Bolt")]


@pytest.mark.parametrize("text", ["3h 30min for Acme", "an hour and a half for Acme", "1 hour and 20 minutes for Acme"])
def test_hours_and_minutes_are_one_length(text: str) -> None:
    assert "more" not in read_time(text)


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("Timer starten for Müller", "start"),
        ("Timer stoppen", "stop"),
        ("how many hours are noch open?", "list"),
        ("Invoice for Müller for the open hours", "bill"),
    ],
)
def test_a_timer_obeys_the_order_of_words_of_other_languages(text: str, action: str) -> None:
    assert read_time(text)["action"] == action


def test_a_client_is_who_is_called_one_with_contact_and_street() -> None:
    read = read_client("Acme GmbH is a new client, contact is Karl Meier, karl@acme.example")
    assert (read["name"], read["person"], read["email"]) == ("Acme GmbH", "Karl Meier", "karl@acme.example")
    read = read_client("new client: Brightside Ltd, contact Sarah Jones, sarah@b.example, 12 High Street, London")
    assert (read["name"], read["address"]) == ("Brightside Ltd", "12 High Street, London")
    assert read_client("client Foo AG, Bahnhofstr. 12, 8001 Zürich")["address"] == "Bahnhofstr. 12, 8001 Zürich"


def test_a_client_named_before_the_work_is_no_part_of_its_title() -> None:
    read = read_project("new project for Brightside: online shop, 80 hours estimated, due 15 January")
    assert (read["title"], read["name"], read["count"]) == ("online shop", "Brightside", "80")


def test_that_it_is_billed_on_is_no_part_of_what_was_bought() -> None:
    read = read_expense("spent 45 € on the train to Manchester for Brightside, bill it on")
    assert (read["what"], read["client"], read["rebill"]) == ("Train to Manchester", "Brightside", True)


def test_a_contract_behind_a_colon_is_what_is_reviewed_and_its_words_ask_nothing() -> None:
    read = read_contract(
        "check this contract: The Contractor shall deliver by 1 March. The Client shall pay within 60 days of invoice. "
        "Liability is unlimited."
    )
    assert read["inline"].startswith("The Contractor") and read["topics"] == []
    assert contract_needs(read) == []


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("what if I offer 10% discount?", {"action": "discount", "discount": Decimal(10)}),
        ("they have a budget of 4000", {"action": "check", "price": "4000"}),
        ("the Acme shop took 104 hours in the end", {"action": "actual", "actual": Decimal(104)}),
        ("What costs a Logo with business cards?", {"work": "Logo with business cards"}),
        ("how much does a logo cost?", {"work": "Logo"}),
    ],
)
def test_a_quote_is_talked_about_as_people_do(text: str, read: dict[str, object]) -> None:
    assert read.items() <= read_pricing(text).items()


def test_no_discount_is_worked_out_of_nothing() -> None:
    assert calculate("what if I offer 10% discount?") is None
    worked = calculate("200 with 10% discount")
    assert worked is not None and worked.answer == "180"  # type: ignore[union-attr]


def test_a_translator_s_languages_are_no_place_and_years_no_skill() -> None:
    read = read_profile("I am Ana Lopez, a freelance translator from German to English, in Madrid. My rate is 45 €/h")
    assert (read["fields"]["location"], read["add"]["languages"]) == ("Madrid", ["German", "English"])
    add = read_profile("I specialise in legal and patent texts, ten years of experience")["add"]
    assert add == {"skills": ["legal", "patent texts"], "experience": ["ten years of legal and patent texts"]}


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("how much VAT do I owe this quarter?", "tax"),
        ("Invoice for Müller for the open hours", "hours"),
        ("invoice Acme 10 hours at 50 € plus 19 % VAT", "create"),
        ("which invoices are open?", "list"),
    ],
)
def test_tax_owed_and_open_hours_are_no_new_invoice(text: str, action: str) -> None:
    assert read_bookkeeping(text)["action"] == action

"""Clients through the chat: details, people, notes, history and whom to get back to."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from agents.tools.business.client_words import read_client
from graph.runtime import Runtime
from tests.graph.business.conftest import Ask


async def test_a_client_is_added_with_everything_in_one_sentence(runtime: Runtime, ask: Ask) -> None:
    await ask(
        "Add a client: ACME GmbH, anna@acme.com, phone +49 30 1234567, VAT DE123456789, "
        "address Hauptstr. 1, 10115 Berlin"
    )
    client = await runtime.stores.clients.find("local", "acme")
    assert client is not None
    assert client.name == "ACME GmbH" and client.email == "anna@acme.com" and client.phone == "+49 30 1234567"
    assert client.tax_id == "DE123456789" and client.address == "Hauptstr. 1, 10115 Berlin"


async def test_a_detail_is_changed_and_the_old_one_is_told(runtime: Runtime, ask: Ask) -> None:
    await runtime.stores.clients.save("local", "ACME", phone="1")
    answer = await ask("ACME's phone is +49 30 999888")
    assert "phone +49 30 999888, kept. Before it was phone 1" in answer


async def test_terms_language_and_rate_are_kept(runtime: Runtime, ask: Ask) -> None:
    await ask("new client Zeta Ltd, pays in 30 days, speaks German, rate 95 €/h")
    client = await runtime.stores.clients.find("local", "zeta")
    assert client is not None
    assert (client.name, client.terms, client.language, client.rate) == ("Zeta Ltd", "30 days", "German", "95 €/h")


async def test_a_person_at_a_client_is_kept(runtime: Runtime, ask: Ask) -> None:
    await runtime.stores.clients.save("local", "ACME")
    assert "**Anna Meyer** is kept as contact at **ACME**" in await ask(
        "Anna Meyer is my contact at ACME, anna@acme.com"
    )
    assert "Anna Meyer, anna@acme.com" in await ask("who is my contact at ACME?")


async def test_history_holds_what_every_record_knows(runtime: Runtime, ask: Ask) -> None:
    await ask("add client ACME GmbH")
    await ask("log 3h for ACME on the API")
    await ask("create an invoice for ACME for website work, 10 hours at 75 EUR")
    await ask("note for ACME: wants a discount next year")
    await ask("follow up with ACME next week about the offer")
    await ask("remember that ACME always pays late")
    answer = await ask("what did I do for ACME?")
    for part in ("3:00 h in all", "3:00 h unbilled", "Invoices: 1 over 750.00 €", "wants a discount", "the offer"):
        assert part in answer
    assert "pays late" in answer


async def test_one_clients_history_holds_nothing_of_another(runtime: Runtime, ask: Ask) -> None:
    await ask("add client Bolt Ltd")
    await ask("add client ACME GmbH")
    await ask("note for ACME: secret discount")
    assert "secret" not in await ask("show everything about Bolt")


async def test_follow_ups_are_listed_by_day_and_done_with(runtime: Runtime, ask: Ask) -> None:
    await ask("follow up with Zeta in two weeks about the offer")
    await ask("get back to Bolt tomorrow")
    answer = await ask("whom should I get back to?")
    assert answer.index("Bolt") < answer.index("Zeta") and "the offer" in answer
    assert "you got back to **Bolt**" in await ask("I got back to Bolt")
    assert "Bolt" not in await ask("whom should I get back to?")


async def test_without_a_day_a_follow_up_is_in_a_week_and_says_so(runtime: Runtime, ask: Ask) -> None:
    assert "I took a week from now" in await ask("follow up with Zeta")
    (row,) = await runtime.stores.contacts.open("local")
    assert row.due == date.today() + timedelta(days=7)


async def test_with_no_clients_it_says_how_to_add_one(ask: Ask) -> None:
    assert "add client Acme GmbH" in await ask("list my clients")
    assert "Nobody waits for you" in await ask("whom should I get back to?")


async def test_an_unknown_client_is_not_invented_by_a_question(runtime: Runtime, ask: Ask) -> None:
    assert "I know no client called Orbit" in await ask("what did I do for Orbit?")
    assert await runtime.stores.clients.all("local") == []


@pytest.mark.parametrize(
    ("message", "part"),
    [("Neuer Kunde: Müller GmbH, info@mueller.de", "Müller GmbH"), ("zeig mir meine Kunden", "noch keine Kunden"),
     ("ajoute le client Studio Lumière", "Studio Lumière"), ("añade el cliente Acme", "Acme")],
)  # fmt: skip
async def test_it_is_asked_in_other_languages(ask: Ask, message: str, part: str) -> None:
    assert part in await ask(message)


@pytest.mark.parametrize(
    ("text", "action", "name"),
    [
        ("I called ACME today, they want a new logo", "note", "ACME"),
        ("meeting with Bolt: they approved the design", "note", "Bolt"),
        ("the contact at ACME is Anna Meyer", "person", "ACME"),
        ("followed up with Zeta", "done", "Zeta"),
        ("history of Studio Nord", "show", "Studio Nord"),
        ("what's ACME's email?", "show", "ACME"),
        ("which clients do I have", "list", None),
        ("change the address of ACME to Weg 1, Köln", "save", "ACME"),
    ],
)
def test_what_is_meant_is_read_from_the_words(text: str, action: str, name: str | None) -> None:
    read = read_client(text)
    assert (read["action"], read.get("name")) == (action, name)

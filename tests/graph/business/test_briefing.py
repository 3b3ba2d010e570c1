"""The briefing through the chat: what is due first, nothing invented, and what was left out said."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from pytest_httpserver import HTTPServer

from agents.tools.today.briefing_outside import outside
from config.dates import day_text
from config.settings import Settings
from graph.events import Done
from graph.reply import Message, reply
from graph.runtime import Runtime, open_runtime
from memory.business.totals import Line
from memory.facts import Fact
from memory.turns import Turn
from tests.graph.business.conftest import Ask

JOB = {
    "id": "1", "board": "remotive", "title": "Python developer", "company": "North", "skills": ["Python"],
    "description": "Python every day.", "remote": True,
}  # fmt: skip


async def owed(runtime: Runtime, client: str, due: int) -> None:
    """A sent invoice over 500 EUR that is due in so many days."""
    made = await runtime.stores.invoices.create(
        "local", lines=[Line("work", Decimal(1), "", Decimal(500))], currency="EUR", client=client,
        issued_on=date.today() - timedelta(days=30), due_on=date.today() + timedelta(days=due),
    )  # fmt: skip
    await runtime.stores.invoices.move(made.id, "sent", user="local", on=date.today())


async def test_with_no_records_it_is_kind_and_says_what_fills_the_page(ask: Ask) -> None:
    answer = await ask("morning briefing")
    assert "nothing is pressing" in answer and "Your records are empty so far" in answer


async def test_what_is_late_comes_before_today_and_the_week(runtime: Runtime, ask: Ask) -> None:
    await owed(runtime, "Bolt", due=-5)
    await owed(runtime, "Zeta", due=3)
    client = await runtime.stores.clients.save("local", "ACME")
    await runtime.stores.contacts.follow_up("local", client.id, date.today(), "the offer")
    await runtime.stores.reminders.add(
        "local", "Call the bank", date.today() + timedelta(days=2), None, "Europe/Berlin"
    )
    answer = await ask("what's on my plate today?")
    assert "2 things need you now" in answer
    places = [answer.index(part) for part in ("for Bolt", "ACME about the offer", "Call the bank", "for Zeta")]
    assert places == sorted(places)
    assert "is 5 days late" in answer and "mark invoice" in answer
    assert "Expected: 1,000.00 €, of which 500.00 € within a week" in answer


async def test_whom_to_get_back_to_comes_with_what_was_said_of_them_last(runtime: Runtime, ask: Ask) -> None:
    for name in ("ACME", "Bolt"):
        client = await runtime.stores.clients.save("local", name)
        await runtime.stores.contacts.follow_up("local", client.id, date.today(), "the offer")
    for text, days in (("ACME wants a smaller scope", 2), ("ACME likes short mails", 9)):
        day = date.today() - timedelta(days=days)
        await runtime.stores.facts.add(Fact(user="local", text=text, client="ACME", said_on=day))
    runtime.recall.index.wake()
    await runtime.recall.index.catch_up()
    answer = await ask("what's on my plate today?")
    assert "ACME: “ACME wants a smaller scope” (you said on" in answer
    assert "short mails" not in answer and "Bolt: “" not in answer


async def test_the_timer_unbilled_hours_and_drafts_are_there(runtime: Runtime, ask: Ask) -> None:
    await runtime.stores.profiles.save("local", rate="80 EUR/h")
    await ask("log 3h for ACME")
    await ask("start the timer for Bolt")
    await ask("create an invoice for Zeta for a logo, 300 EUR")
    answer = await ask("give me my briefing")
    assert "The timer runs: 0:00 h for Bolt" in answer
    assert "Unbilled: 3:00 h, worth 240.00 €" in answer
    assert "Not sent yet: 1 draft over 300.00 €" in answer


async def test_new_jobs_that_fit_are_shown_and_can_be_referred_to(runtime: Runtime, ask: Ask) -> None:
    await runtime.stores.profiles.save("local", skills=["Python"], name="Mara", rate="60 EUR/h")
    await runtime.stores.jobs.save("local", [JOB, {**JOB, "id": "2", "title": "Barista", "skills": ["Coffee"],
                                                   "description": "Coffee"}])  # fmt: skip
    answer = await ask("morning briefing")
    assert "Python developer at North, fit" in answer
    assert "A draft for **Python developer at North**" in await ask("write a proposal for the first one")


async def test_nothing_leaves_without_a_standing_permission_and_it_says_what_is_left_out(
    runtime: Runtime, ask: Ask
) -> None:
    await runtime.stores.profiles.save("local", location="Lisbon", skills=["Python"])
    answer = await ask("morning briefing")
    assert "weather (not allowed without asking; ask “weather in Lisbon” and choose “always”)" in answer
    assert "calendar (none is connected)" in answer and "news (not allowed" in answer


async def test_offline_is_the_reason_that_is_given(runtime: Runtime) -> None:
    await runtime.stores.profiles.save("local", location="Lisbon")
    await runtime.stores.consents.grant("local", "market")
    deps = runtime.deps("local", "t1")
    found = await outside(replace(deps, settings=deps.settings.model_copy(update={"offline": True})), "briefing")
    assert {one.title: one.left_out for one in found}["Weather"] == "FreelanceX is set to offline"


async def test_with_a_standing_permission_the_weather_is_there(settings: Settings, httpserver: HTTPServer) -> None:
    place = {"name": "Lisbon", "country": "Portugal", "latitude": 38.7, "longitude": -9.1}
    httpserver.expect_request("/v1/search").respond_with_json({"results": [place]})
    day = {"time": [date.today().isoformat()], "weather_code": [61], "temperature_2m_min": [2.1],
           "temperature_2m_max": [7.4], "precipitation_probability_max": [80], "precipitation_sum": [3.2]}  # fmt: skip
    httpserver.expect_request("/v1/forecast").respond_with_json({"daily": day})
    here = httpserver.url_for("").rstrip("/")
    own = settings.model_copy(update={"addresses": {"open_meteo": here, "open_meteo_places": here}})
    async with open_runtime(own) as runtime:
        await runtime.stores.profiles.save("local", location="Lisbon")
        await runtime.stores.consents.grant("local", "market")
        events = [event async for event in reply(Message("morning briefing", "t1"), runtime)]
    assert isinstance(events[-1], Done)
    assert "Lisbon, Portugal: light rain, 2 to 7 °C, rain 80 %" in events[-1].text


async def test_what_was_missed_is_told_since_the_last_visit(runtime: Runtime, ask: Ask) -> None:
    before = datetime.now(UTC) - timedelta(days=3)
    await runtime.stores.turns.save(
        Turn(id="old", thread="t0", message="m", user="local", text="hi", status="done", started_at=before)
    )
    await owed(runtime, "Bolt", due=-1)
    await owed(runtime, "Zeta", due=-20)
    answer = await ask("what did I miss?")
    assert f"on {day_text(before.astimezone(), '%A, %-d %B at %H:%M')}" in answer
    assert "for Bolt" in answer and "for Zeta" not in answer


async def test_when_nothing_was_missed_it_says_so(ask: Ask) -> None:
    assert "nothing came due" in await ask("catch me up")


@pytest.mark.parametrize("message", ["Was steht heute an?", "¿Qué tengo pendiente hoy?", "Qu'est-ce que j'ai manqué ?"])
async def test_it_is_asked_in_other_languages(ask: Ask, message: str) -> None:
    answer = await ask(message)
    quiet = ("nichts drängt", "nada urge", "rien", "nada", "nothing is pressing", "nothing came due")
    assert any(words in answer for words in quiet)

"""Working time through the chat: timer, log, report, and unbilled hours that become an invoice once."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy.exc import IntegrityError

from agents.tools.business.time_words import duration, read_time, worked_on
from config.settings import Settings
from graph.approvals import decide
from graph.events import ApprovalNeeded, Done
from graph.reply import Message, reply
from graph.runtime import Runtime, open_runtime
from memory.business.time_entries import TimeEntry
from tests.graph.business.conftest import Ask

SATURDAY = date(2026, 11, 21)


async def test_a_timer_is_started_told_and_stopped_into_an_entry(runtime: Runtime, ask: Ask) -> None:
    assert "The timer runs for **ACME**: API" in await ask("start the timer for ACME on the API")
    assert "The timer has run for **0:00 h**: ACME, API" in await ask("is the timer running?")
    await _began(runtime, minutes=95)
    assert "Stopped: **1:35 h** for ACME, API" in await ask("stop the timer")
    assert "No timer is running" in await ask("is the timer running?")
    (entry,) = await runtime.stores.time.all("local")
    assert (entry.minutes, entry.day) == (95, date.today())


async def test_starting_another_stops_the_one_that_ran(runtime: Runtime, ask: Ask) -> None:
    await ask("start the timer for ACME")
    await _began(runtime, minutes=30)
    answer = await ask("switch the timer to Zeta")
    assert "Stopped ACME at 0:30 h. The timer runs for **Zeta**" in answer


async def test_the_database_itself_refuses_a_second_running_timer(runtime: Runtime) -> None:
    await runtime.stores.time.start(TimeEntry(user="local", day=date.today(), started_at=datetime.now(UTC)))
    with pytest.raises(IntegrityError):
        async with runtime.stores.database.write() as session:
            session.add(TimeEntry(user="local", day=date.today(), started_at=datetime.now(UTC)))


async def test_a_timer_goes_on_over_a_restart(settings: Settings) -> None:
    async with open_runtime(settings) as first:
        _ = [event async for event in reply(Message("start the timer for ACME", "t1"), first)]
    async with open_runtime(settings) as second:
        running = await second.stores.time.running("local")
        assert running is not None and running.minutes is None


async def test_a_timer_that_ran_overnight_is_pointed_out(runtime: Runtime, ask: Ask) -> None:
    await ask("start the timer for ACME")
    await _began(runtime, minutes=15 * 60)
    assert "did it run overnight" in await ask("stop the timer")
    assert "**3:00 h** instead of 15:00 h" in await ask("make it 3 hours")


@pytest.mark.parametrize(
    ("message", "minutes", "client", "note", "back"),
    [
        ("log 3h for ACME yesterday on the API", 180, "ACME", "API", 1),
        ("I worked from 9 to 12:30 for Bolt on the landing page", 210, "Bolt", "landing page", 0),
        ("log an hour and a half for Studio Nord: kick-off call", 90, "Studio Nord", "kick-off call", 0),
        ("gestern 3 Stunden für ACME eintragen", 180, "ACME", "", 1),
        ("registra 2 horas para ACME", 120, "ACME", "", 0),
    ],
)
async def test_hours_are_logged_by_one_sentence(
    runtime: Runtime, ask: Ask, message: str, minutes: int, client: str, note: str, back: int
) -> None:
    await ask(message)
    (entry,) = await runtime.stores.time.all("local")
    known = await runtime.stores.clients.get(entry.client or "", user="local")
    assert known is not None
    assert (entry.minutes, known.name, entry.note) == (minutes, client, note)
    assert entry.day == date.today() - timedelta(days=back)


async def test_the_last_entry_is_corrected_and_deleted(runtime: Runtime, ask: Ask) -> None:
    await ask("log 3h for ACME")
    await ask("make the last entry 2.5 hours")
    (entry,) = await runtime.stores.time.all("local")
    assert entry.minutes == 150
    asked = [event async for event in reply(Message("delete the last entry", "t1"), runtime)][-1]
    assert isinstance(asked, ApprovalNeeded) and "2:30 h for ACME" in asked.preview
    assert len(await runtime.stores.time.all("local")) == 1
    done = [event async for event in decide(asked.turn, asked.step, "approve", runtime)][-1]
    assert isinstance(done, Done) and "Deleted the last entry: 2:30 h for ACME" in done.text
    assert await runtime.stores.time.all("local") == []


async def test_hours_are_summed_by_week_and_client(ask: Ask) -> None:
    await ask("log 3h for ACME")
    await ask("log 90 minutes for Bolt")
    answer = await ask("how many hours did I work this week?")
    assert "**4:30 h** of hours this week: ACME 3:00 h, Bolt 1:30 h." in answer
    assert "**1:30 h** of hours for Bolt this month" in await ask("hours for Bolt this month")


async def test_unbilled_hours_become_one_invoice_and_are_free_again_when_it_is_void(runtime: Runtime, ask: Ask) -> None:
    await runtime.stores.profiles.save("local", rate="80 EUR/h", vat_percent="19")
    await ask("log 3h for ACME on the API")
    await ask("log 20 minutes for ACME on the API")
    await ask("log 2h for Bolt")
    assert "worth 266.40 € before tax" in await ask("show my unbilled hours for ACME")
    answer = await ask("invoice my unbilled hours for ACME")
    assert "is ready as a draft, from 3:20 h of unbilled time" in answer
    (invoice,) = await runtime.stores.invoices.all("local")
    (line,) = invoice.lines
    assert (line.quantity, line.price, line.vat) == (Decimal("3.33"), Decimal(80), Decimal(19))
    assert invoice.client_name == "ACME"
    assert "There are no unbilled hours for ACME" in await ask("invoice my unbilled hours for ACME")
    await runtime.stores.invoices.move(invoice.id, "void", user="local", on=date.today())
    assert "**3:20 h** of unbilled hours for ACME" in await ask("show my unbilled hours for ACME")


async def test_hours_on_an_invoice_can_no_longer_be_changed(runtime: Runtime, ask: Ask) -> None:
    await ask("log 2h for Bolt")
    await ask("bill my unbilled hours for Bolt at 70 € an hour")
    assert "on an invoice already" in await ask("delete the last time entry")


async def test_a_rate_agreed_with_the_client_goes_before_the_profiles(runtime: Runtime, ask: Ask) -> None:
    await runtime.stores.profiles.save("local", rate="80 EUR/h")
    await runtime.stores.clients.save("local", "ACME", rate="95 EUR/h")
    await ask("log 2h for ACME")
    await ask("invoice my unbilled hours for ACME")
    (invoice,) = await runtime.stores.invoices.all("local")
    assert invoice.totals.net.text() == "190.00 €"


async def test_hours_of_several_clients_are_not_put_on_one_invoice(ask: Ask) -> None:
    await ask("log 2h for ACME")
    await ask("log 2h for Bolt")
    assert "Whose hours shall I bill?\n\n1. ACME\n2. Bolt" in await ask("turn my unbilled hours into an invoice")
    assert "I need a rate" in await ask("the second one")


async def test_a_finished_project_teaches_the_next_quote(runtime: Runtime, ask: Ask) -> None:
    await runtime.stores.profiles.save("local", rate="80 EUR/h")
    await ask("price a logo for a bakery")
    await ask("they accepted the recommended quote")
    await ask("log 8h for the logo for a bakery")
    assert "8:00 h logged of 23 h estimated, 0.35 times" in await ask("the logo for a bakery project is done")
    (past,) = await runtime.stores.projects.past("local")
    assert (past.kind, past.estimated, past.actual) == ("logo", 23, 8)


async def test_with_nothing_logged_it_says_what_to_do(ask: Ask) -> None:
    assert "log 3h for Acme yesterday" in await ask("show my unbilled hours")
    assert "Nothing is logged yet" in await ask("delete the last time entry")
    assert "No timer is running" in await ask("stop the timer")


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("1h30", 90), ("1:30 h", 90), ("2.5 hours", 150), ("45 min", 45), ("half an hour", 30), ("an hour", 60),
     ("2 hours and 15 minutes", 135), ("half a day", 240), ("2,5 h", 150), ("nothing", None)],
)  # fmt: skip
def test_lengths_are_read_as_people_write_them(text: str, minutes: int | None) -> None:
    assert duration(text) == minutes


@pytest.mark.parametrize(
    ("text", "day"),
    [("yesterday", 20), ("on Monday", 16), ("on Friday", 20), ("today", 21), ("", 21), ("2026-11-03", 3)],
)
def test_work_lies_on_a_day_that_has_been(text: str, day: int) -> None:
    assert worked_on(text, SATURDAY) == date(2026, 11, day)


@pytest.mark.parametrize(
    ("text", "action"),
    [("start timer", "start"), ("clock out", "stop"), ("what am I tracking", "status"), ("2h for ACME", "log"),
     ("no, it was 4 hours", "fix"), ("scrap the last entry", "remove"), ("unbilled hours", "list"),
     ("bill ACME for my hours in October", "bill"), ("the ACME project is done", "done"), ("track 9-17", "log")],
)  # fmt: skip
def test_what_to_do_is_read_from_the_words(text: str, action: str) -> None:
    assert read_time(text)["action"] == action


async def _began(runtime: Runtime, *, minutes: int) -> None:
    """Let the running timer have begun so long ago."""
    running = await runtime.stores.time.running("local")
    assert running is not None
    async with runtime.stores.database.write() as session:
        running.started_at = datetime.now(UTC) - timedelta(minutes=minutes)
        session.add(running)


async def test_hours_for_nobody_are_told_where_they_are_to_be_billed(ask: Ask) -> None:
    await ask("log 1h of reading")
    assert "wait, but for no client" in await ask("invoice my unbilled hours")

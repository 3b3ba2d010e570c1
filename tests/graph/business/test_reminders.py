"""Reminders through the chat: kept by one sentence in any language, told once when due, done with by another."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from graph.notices import Notifier
from graph.runtime import Runtime
from graph.schedule.run import Face
from graph.schedule.scheduler import Scheduler
from graph.schedule.works import reminders_thread
from tests.graph.business.conftest import Ask


@pytest.mark.parametrize(
    ("message", "title"),
    [
        ("remind me tomorrow at 9 to call the bank", "Call the bank"),
        ("Erinnere mich morgen um 9 Uhr daran, die Bank anzurufen", "ank anzurufen"),
        ("recuérdame mañana a las 9 llamar a Ana", "lamar a Ana"),
        ("rappelle-moi demain à 9h d'envoyer le devis", "nvoyer le devis"),
        ("ricordami domani alle 9 di fatturare", "atturare"),
    ],
)
async def test_a_reminder_is_kept_from_one_sentence(runtime: Runtime, ask: Ask, message: str, title: str) -> None:
    await ask(message)
    (row,) = await runtime.stores.reminders.open("local")
    assert row.text.endswith(title)
    assert row.local().date() == datetime.now().date() + timedelta(days=1)
    assert f"{row.local():%H:%M}" == "09:00"


async def test_without_a_time_it_asks_once(runtime: Runtime, ask: Ask) -> None:
    assert "When shall I remind you" in await ask("remind me to call the bank")
    assert "Call the bank" in await ask("next friday at 10")
    (row,) = await runtime.stores.reminders.open("local")
    assert f"{row.local():%A %H:%M}" == "Friday 10:00"


async def test_what_is_due_is_told_once_and_done_with_there(runtime: Runtime, ask: Ask) -> None:
    await ask("remind me tomorrow at 9 to call the bank")
    scheduler = Scheduler(runtime, Face(Notifier(runtime)))
    assert await scheduler.look(datetime.now().astimezone()) == []
    later = datetime.now().astimezone() + timedelta(days=3)
    assert [len(await scheduler.look(later)) for _ in range(2)] == [1, 0]
    page = await runtime.stores.conversations.open(reminders_thread("local"))
    assert page is not None
    assert "I was to remind you: **Call the bank**. It was due on" in page.steps[-1].output
    (notified,) = await runtime.stores.notifications.list("local", unread=True)
    assert notified.title == "Reminder: Call the bank"
    assert "Call the bank" in await ask("list my reminders")
    assert "Done: **Call the bank**" in await ask("done with the bank call")
    assert "No reminder is open" in await ask("list my reminders")

"""Projects by chat: begun with one sentence, with a deadline that moves, is listed, briefed, warned of and undone."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from agents.tools.business.project_words import read_project
from config.dates import day_text
from graph.notices import Notifier
from graph.pulse import Pulse
from graph.runtime import Runtime
from tests.graph.business.conftest import Ask


@pytest.mark.parametrize(
    ("said", "read"),
    [
        (
            "new project: online shop for Acme, 40 hours at 80 €/h, due 15 December",
            ("project_new", "online shop", "Acme"),
        ),
        ("neues Projekt: Webshop für Acme, 40 Stunden", ("project_new", "Webshop", "Acme")),
        ("the deadline of the Acme shop moved to Friday", ("deadline", None, None)),
        ("remove the deadline of the shop", ("deadline", None, None)),
        ("when is the booking system due?", ("project", None, None)),
        ("which projects are running?", ("projects", None, None)),
        ("welche Projekte laufen gerade?", ("projects", None, None)),
    ],
)
def test_what_is_said_of_a_project_is_read(said: str, read: tuple[str, str | None, str | None]) -> None:
    found = read_project(said)
    assert (found["action"], found.get("title"), found.get("name")) == read
    assert found.get("cleared", False) == ("remove" in said)


async def test_a_project_has_a_deadline_that_is_kept_in_sight(runtime: Runtime, ask: Ask) -> None:
    stores, today = runtime.stores, datetime.now().date()
    first, second = today + timedelta(days=20), today + timedelta(days=2)
    answer = await ask(f"new project: online shop for Acme, 40 hours, due {day_text(first)}")
    assert "New project: **Online shop**" in answer and f"due on {day_text(first, '%A, %-d %B %Y')}" in answer
    await ask("new project: logo for Bolt")
    await ask("log 4 hours for the online shop")
    assert await due(runtime, "Online shop") == first.isoformat()

    assert f"instead of on {first:%A}" in await ask(f"the deadline of the Acme shop moved to {day_text(second)}")
    listed = await ask("my projects")
    assert listed.index("Online shop") < listed.index("Logo"), "what is due comes first"
    assert "4:00 h of 40 h estimated (10%)" in await ask("how is the Acme project going?")
    assert "The project Online shop is due" in await ask("what is on today? give me my briefing")

    await Pulse(runtime, Notifier(runtime)).beat(datetime.now().astimezone())
    titles = [one.title for one in await stores.notifications.list("local")]
    assert "Online shop is due soon" in titles

    assert "no deadline any more" in await ask("remove the deadline of the online shop")
    assert await due(runtime, "Online shop") == ""
    await ask("undo that")
    assert await due(runtime, "Online shop") == second.isoformat()


async def due(runtime: Runtime, title: str) -> str:
    (found,) = [one for one in await runtime.stores.projects.all("local") if one.title == title]
    day: date | None = found.due_on
    return day.isoformat() if day else ""

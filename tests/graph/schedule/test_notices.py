"""Notifications reach the user over the ways they chose, not in quiet hours, and alerts become notifications."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from pytest_httpserver import HTTPServer

from agents.spec import AgentSpec
from agents.specialists.notifications import AGENT as NOTIFICATIONS
from config.settings import Settings
from graph import approvals, figures
from graph.components import components
from graph.notices import Notifier
from graph.pulse import Pulse
from graph.reply import Message, reply
from graph.runtime import Runtime, open_runtime
from graph.ways import outward
from integrations import desktop
from memory.business.totals import Line
from memory.notification_choices import Choices
from memory.notifications import Notification, Urgency
from tests.loopback import free_port

NIGHT = datetime(2026, 11, 21, 23).astimezone()
MORNING = NIGHT + timedelta(hours=9)


class Told:
    """A way that notes what it told."""

    def __init__(self) -> None:
        self.titles: list[str] = []

    async def __call__(self, notification: Notification) -> None:
        self.titles.append(notification.title)


def note(title: str, urgency: Urgency = Urgency.NORMAL, kind: str = "search") -> Notification:
    return Notification(user="local", kind=kind, group=title, urgency=urgency, title=title, at=NIGHT)


async def test_in_quiet_hours_only_what_is_urgent_is_told_and_the_rest_afterwards_as_one(runtime: Runtime) -> None:
    await runtime.stores.preferences.keep("local", **Choices(quiet=("22:00", "07:00")).as_preference())
    page, clock = Told(), [NIGHT]
    notifier = Notifier(runtime, {"page": page}, lambda: clock[0])
    for notice in (note("one"), note("call", Urgency.URGENT), note("two"), note("list only", Urgency.QUIET)):
        await notifier(notice)
    assert page.titles == ["call"] and await notifier.release("local") == 0
    clock[0] = MORNING
    assert await notifier.release("local") == 2
    assert page.titles == ["call", "2 notifications while it was quiet"]
    assert await notifier.release("local") == 0
    assert len(await runtime.stores.notifications.list("local", unread=True)) == 4


async def test_what_is_muted_is_kept_but_not_told_and_a_closed_way_closes_no_other(runtime: Runtime) -> None:
    await runtime.stores.preferences.keep("local", **Choices(("desktop", "page"), muted=("search",)).as_preference())

    async def closed(notification: Notification) -> None:
        raise desktop.NoDesktop("no desktop here")

    page = Told()
    notifier = Notifier(runtime, {"page": page, "desktop": closed}, lambda: MORNING)
    await notifier(note("jobs"))
    for _ in range(10):
        await notifier(note("invoice", kind="invoices"))
    assert page.titles == ["invoice"]
    rows = {row.title: row.ways for row in await runtime.stores.notifications.list("local")}
    assert rows == {"jobs": [], "invoice": ["page"]}


async def test_the_desktop_gets_title_and_text_as_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = tmp_path / "said"
    program = tmp_path / "notify-send"
    program.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > "{said}"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr("sys.platform", "linux")
    await desktop.show("--help", "$(id)")
    assert said.read_text().splitlines() == ["--app-name=FreelanceX", "--", "--help", "$(id)"]
    monkeypatch.delenv("DISPLAY")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    with pytest.raises(desktop.NoDesktop, match="no desktop"):
        await desktop.show("a", "b")


async def test_a_figure_beyond_its_limit_becomes_one_notification_and_ends_in_the_list(runtime: Runtime) -> None:
    page = Told()
    pulse = Pulse(runtime, Notifier(runtime, {"page": page}, lambda: MORNING))
    for minute in range(30):
        await pulse.judge({"disk": 97.0, "memory": 50.0}, MORNING + timedelta(minutes=minute))
    assert page.titles == ["The disk is nearly full"]
    (standing,) = await runtime.stores.alerts.standing("local")
    assert standing.text.startswith("97 percent")
    again = Pulse(runtime, Notifier(runtime, {"page": page}))  # after a restart it still stands, and is not told anew
    await again.judge({"disk": 97.0, "memory": 50.0}, MORNING + timedelta(minutes=31))
    assert await runtime.stores.alerts.acknowledge("local", "disk", MORNING)
    for minute in range(32, 60):
        await again.judge({"disk": 50.0, "memory": 50.0}, MORNING + timedelta(minutes=minute))
    assert await runtime.stores.alerts.standing("local") == []
    assert page.titles == ["The disk is nearly full"]
    assert "Over: The disk is nearly full" in [row.title for row in await runtime.stores.notifications.list("local")]


async def test_a_beat_keeps_figures_and_makes_everything_ready(runtime: Runtime) -> None:
    pulse = Pulse(runtime, Notifier(runtime))
    at = datetime.now().astimezone()
    await pulse.beat(at, 3.0)
    names = await runtime.stores.samples.names()
    assert {"cpu", "memory", "disk", "loop_lag_ms", "schedule_late_min", "outbound_hour", "refused_hour"} <= set(names)
    parts = {part.name: part for part in await components(runtime)}
    assert parts["Database"].ok and parts["Schedule"].ok and parts["Measuring"].ok


def test_outbound_is_unusual_against_the_week_and_a_refusal_counts_in_its_hour() -> None:
    def line(kind: str, hours: float, host: str = "api.example.com") -> dict[str, object]:
        return {"kind": kind, "at": (NIGHT - timedelta(hours=hours)).isoformat(), "host": host, "bytes_out": 100}

    quiet = [line("request", hours) for hours in range(2, 160)]
    assert figures.traffic(quiet, NIGHT)["outbound_times_usual"] == 0
    busy = [line("request", 0.5)] * 200 + [line("request", 0.5, "127.0.0.1")] * 50 + [line("refused", 0.2)] + quiet
    found = figures.traffic(busy, NIGHT)
    assert (found["outbound_hour"], found["outbound_bytes_hour"], found["refused_hour"]) == (200, 20_000, 1)
    assert found["outbound_times_usual"] == 10
    assert found["refused_hosts_new"] == 0, "it was asked before"
    stranger = line("refused", 0.1, "odd.example.com")
    assert figures.traffic([stranger, stranger, *quiet], NIGHT)["refused_hosts_new"] == 1
    assert figures.traffic([stranger, line("refused", 5, "odd.example.com")], NIGHT)["refused_hosts_new"] == 0
    assert figures.traffic([stranger], NIGHT)["refused_hosts_new"] == 0, "the first hour knows no usual places"


async def test_a_record_that_is_overdue_is_an_alert_until_it_is_paid(runtime: Runtime) -> None:
    page = Told()
    pulse = Pulse(runtime, Notifier(runtime, {"page": page}))
    at = datetime.now().astimezone()
    invoices, month = runtime.stores.invoices, at.date() - timedelta(days=30)
    lines = [Line("Work", Decimal(10), "h", Decimal(80), Decimal(19))]
    due = at.date() - timedelta(days=2)
    invoice = await invoices.create("local", lines=lines, currency="EUR", issued_on=month, due_on=due, client="Acme")
    await invoices.move(invoice.id, "sent", user="local", on=month)
    await pulse.beat(at)
    assert page.titles == [f"{invoice.number} is overdue"]
    await invoices.pay(invoice.id, None, user="local", on=at.date())
    await pulse.beat(at + timedelta(hours=2))
    assert await runtime.stores.alerts.standing("local") == []


async def test_spans_reach_the_collector_that_is_set(settings: Settings, team: object, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/v1/traces", method="POST").respond_with_data(b"", content_type="application/x-protobuf")
    own = settings.model_copy(update={"otlp": httpserver.url_for("")})
    async with open_runtime(own, agents=team) as runtime:  # type: ignore[arg-type]
        async for _ in reply(Message("plant an oak", "t1", id="from-the-page"), runtime):
            pass
    body = b"".join(request.data for request, _ in httpserver.log)
    assert b"turn" in body and b"agent" in body and b"plant" in body and b"from-the-page" in body
    assert b"oak" not in body


@pytest.fixture
def postbox() -> Iterator[Kept]:
    box = Kept()
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    box.address = f"127.0.0.1:{controller.port}"
    yield box
    controller.stop()


class Kept:
    """A mail server that keeps what comes."""

    def __init__(self) -> None:
        self.address = ""
        self.mails: list[bytes] = []

    async def handle_DATA(self, server: object, session: object, envelope: Any) -> str:
        self.mails.append(envelope.content)
        return "250 OK"


async def test_a_notification_is_mailed_after_a_yes_and_then_by_itself(
    settings: Settings, team: dict[str, AgentSpec], postbox: Kept
) -> None:
    mail = {"smtp_host": postbox.address, "mail_from": "me@studio.example"}
    agents = {**team, NOTIFICATIONS.name: NOTIFICATIONS}
    async with open_runtime(settings.model_copy(update=mail), agents=agents) as runtime:
        await runtime.stores.preferences.keep("local", **Choices(("mail",)).as_preference())
        notifier = Notifier(runtime, outward(runtime), lambda: MORNING)
        await notifier(note("The disk is nearly full"))
        await notifier(note("Memory is nearly full"))
        (waiting,) = await approvals.listed("local", runtime)
        assert "me@studio.example" in waiting.asked.preview and postbox.mails == []
        async for _ in approvals.decide(waiting.asked.turn, waiting.asked.step, "always", runtime):
            pass
        assert len(postbox.mails) == 1 and b"The disk is nearly full" in postbox.mails[0]
        await notifier(note("Invoice 7 is overdue"))
        assert await approvals.listed("local", runtime) == []
        assert len(postbox.mails) == 2 and b"Invoice 7 is overdue" in postbox.mails[1]

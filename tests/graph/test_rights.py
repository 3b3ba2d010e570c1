"""What belongs to the whole server is used by its owners alone, whatever a member asks for in the chat."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from pydantic import BaseModel

from agents import registry
from agents.deps import OWNERS_ONLY, Deps
from agents.spec import AgentSpec, Effect, Finding, Given
from agents.specialists import calendar, mail, notifications, system
from agents.specialists.calendar import CalendarTask
from agents.specialists.mail import MailTask
from agents.specialists.notifications import NoticeTask
from agents.specialists.system import SystemTask
from config.settings import Settings
from graph import approvals
from graph.events import ApprovalNeeded, Done, StepFinished
from graph.notices import Notifier
from graph.pulse import Pulse
from graph.reply import Message, reply
from graph.runtime import Runtime, open_runtime
from graph.state import Plan, Step
from graph.ways import outward
from memory.database import now
from memory.notifications import Notification
from privacy.access.policy import ALLOWED

GIVEN = Given("", "")


class Named(BaseModel):
    """Which effect to propose."""

    effect: str


@pytest.fixture
def team(team: dict[str, AgentSpec]) -> dict[str, AgentSpec]:
    """The small team, in which the one who cuts does so with what is the owner's."""
    return {**team, "cut": replace(team["cut"], resource="connections")}


@pytest.fixture
async def people(runtime: Runtime) -> dict[str, str]:
    """Two owners and a member, by their users."""
    add = runtime.stores.accounts.add
    return {
        "owner": (await add("Olga", "owner")).user,
        "other owner": (await add("Otto", "owner")).user,
        "member": (await add("Max", "member")).user,
    }


async def test_a_member_is_told_before_anything_is_asked_and_an_owner_is_asked(
    say: Any, people: Mapping[str, str], place: Any
) -> None:
    refused = await say("cut the tree down", user=people["member"], thread="m")
    assert not [event for event in refused if isinstance(event, ApprovalNeeded)]
    (step,) = [event for event in refused if isinstance(event, StepFinished)]
    assert not step.ok and OWNERS_ONLY["connections"] in refused[-1].text and "ask an owner" in refused[-1].text
    asked = await say("cut the tree down", user=people["other owner"], thread="o")
    assert any(isinstance(event, ApprovalNeeded) for event in asked)
    assert place.cut == []


async def test_a_standing_permission_of_a_member_opens_nothing(
    say: Any, people: Mapping[str, str], place: Any, runtime: Runtime
) -> None:
    await runtime.stores.consents.grant(people["member"], "felling")
    events = await say("cut the tree down", user=people["member"])
    assert OWNERS_ONLY["connections"] in events[-1].text and place.cut == []


async def test_who_is_no_owner_any_more_when_they_approve_has_nothing_done(
    say: Any, people: Mapping[str, str], place: Any, runtime: Runtime
) -> None:
    events = await say("cut the tree down", user=people["other owner"])
    (asked,) = [event for event in events if isinstance(event, ApprovalNeeded)]
    await runtime.stores.accounts.change(people["other owner"], role="member")
    done = [event async for event in approvals.decide(asked.turn, asked.step, "approve", runtime)]
    assert isinstance(done[-1], Done) and OWNERS_ONLY["connections"] in done[-1].text
    assert place.cut == []


def test_every_agent_that_works_with_the_owners_things_says_so() -> None:
    named = {name: spec.resource for name, spec in registry.load().items() if spec.resource}
    connections = dict.fromkeys(("mail", "calendar", "payments", "notifications"), "connections")
    assert named == {**connections, "system": "models", "mcp": "tools"}
    for resource in {*named.values(), *OWNERS_ONLY}:
        assert resource in ALLOWED["owner"]["write"] and resource not in ALLOWED["member"]["write"]


async def test_each_effect_that_uses_the_owners_things_is_for_owners_and_the_others_for_members_too(
    settings: Settings, record_property: Callable[[str, str], None]
) -> None:
    async def propose(task: Named, given: Given, deps: Deps) -> Finding:
        return Finding("any", True, "About to.", effect=Effect(task.effect, {}, "Do it", "It is done."))

    real = {name: spec for name, spec in registry.load().items() if spec.resource}
    acting = {name: replace(spec, task=Named, run=propose, read=None, needs=None) for name, spec in real.items()}
    cells = []
    async with open_runtime(settings, serving=True, agents=acting) as runtime:
        users = {role: (await runtime.stores.accounts.add(role, role)).user for role in ALLOWED}
        for name, spec in real.items():
            for effect, (role, user) in product(spec.effects, users.items()):
                plan = Plan(steps=[Step(id="s1", agent=name, task={"effect": effect}, text="do it")])
                message = Message("do it", f"{name}-{effect}-{role}", user, command=name)
                asked = [one async for one in reply(message, runtime, plan) if isinstance(one, ApprovalNeeded)]
                resource = spec.resource_of(effect)
                assert bool(asked) == (not resource or resource in ALLOWED[role]["write"]), (name, effect, role)
                cells.append(effect)
    assert len(cells) > 35
    record_property("figures", f"{len(cells)} cells of effects and roles as the policy says")


async def test_a_member_chooses_no_model_and_installs_none(runtime: Runtime, people: Mapping[str, str]) -> None:
    member = runtime.deps(people["member"], "t")
    for task in (SystemTask(action="use", model="ollama:qwen3"), SystemTask(action="install", model="recommended")):
        with pytest.raises(Exception, match=OWNERS_ONLY["models"]):
            await system.run(task, None, member)  # type: ignore[arg-type]


async def test_what_a_member_writes_is_theirs_to_send_though_the_mailbox_is_not(
    runtime: Runtime, people: Mapping[str, str]
) -> None:
    member = runtime.deps(people["member"], "t")
    connected = {"smtp_host": "mail.example.com", "mail_from": "olga@example.com", "caldav": "https://cal.example.com"}
    member = replace(member, settings=member.settings.model_copy(update=connected))
    letter = await mail.run(MailTask(action="write", about="the delay", to="n@acme.example"), GIVEN, member)
    assert letter.effect is None and "copy it into your mail program" in letter.text
    task = CalendarTask(action="add", title="Call", when="tomorrow", at="15:00")
    appointment = await calendar.run(task, GIVEN, member)
    assert appointment.effect is None and appointment.artifacts[0].name == "appointment.ics"
    with pytest.raises(Exception, match=OWNERS_ONLY["connections"]):
        await mail.run(MailTask(action="list"), GIVEN, member)


async def test_a_member_makes_no_backup_and_takes_neither_mailbox_nor_desktop_for_their_notifications(
    runtime: Runtime, people: Mapping[str, str]
) -> None:
    member = runtime.deps(people["member"], "t")
    with pytest.raises(Exception, match=OWNERS_ONLY["system"]):
        await system.run(SystemTask(action="backup"), None, member)  # type: ignore[arg-type]
    with pytest.raises(Exception, match="ask an owner"):
        await notifications.run(NoticeTask(action="way", about="desktop", on=True), None, member)  # type: ignore[arg-type]
    notice = Notification(user=people["member"], kind="job", group="job", title="A job")
    for way in outward(runtime).values():
        with pytest.raises(Exception, match="ask an owner"):
            await way(notice)


async def test_what_concerns_the_server_is_told_to_every_owner_and_to_nobody_else(
    runtime: Runtime, people: Mapping[str, str]
) -> None:
    told: list[tuple[str, str]] = []

    async def page(notice: Notification) -> None:
        told.append((notice.user, notice.title))

    pulse = Pulse(runtime, Notifier(runtime, {"page": page}))
    begun = now()
    for minute in range(30):
        await pulse.judge({"disk": 97.0, "memory": 50.0}, begun + timedelta(minutes=minute))
    title = "The disk is nearly full"
    assert sorted(told) == sorted([(people["owner"], title), (people["other owner"], title)])
    assert not await runtime.stores.alerts.standing(people["member"])

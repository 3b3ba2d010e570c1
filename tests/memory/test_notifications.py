"""Notifications are kept, brought together, held back in quiet hours, and read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from memory.notification_choices import Choices
from memory.notifications import Notification
from memory.stores import Stores

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def note(title: str, group: str = "search", at: datetime = NOON, **fields: bool) -> Notification:
    return Notification(user="ana", kind="search", group=group, title=title, at=at, **fields)


async def test_what_is_alike_within_an_hour_is_one_with_a_count(stores: Stores) -> None:
    for minute in (0, 5, 50):
        await stores.notifications.add(note(f"jobs {minute}", at=NOON + timedelta(minutes=minute)))
    await stores.notifications.add(note("another", group="reminder"))
    rows = await stores.notifications.list("ana")
    assert sorted((row.title, row.count) for row in rows) == [("another", 1), ("jobs 50", 3)]
    await stores.notifications.add(note("jobs later", at=NOON + timedelta(hours=3)))
    assert await stores.notifications.unread("ana") == 3


async def test_what_was_read_is_not_added_to(stores: Stores) -> None:
    first = await stores.notifications.add(note("one"))
    assert await stores.notifications.read("ana", NOON, first.id) == 1
    await stores.notifications.add(note("two", at=NOON + timedelta(minutes=1)))
    assert [row.title for row in await stores.notifications.list("ana", unread=True)] == ["two"]
    assert await stores.notifications.read("bo", NOON) == 0
    assert await stores.notifications.read("ana", NOON) == 1


async def test_what_is_held_back_is_told_once(stores: Stores) -> None:
    kept = await stores.notifications.add(note("late", held=True))
    assert [row.id for row in await stores.notifications.held("ana")] == [kept.id]
    await stores.notifications.told(kept.id, "page")
    assert await stores.notifications.held("ana") == []
    (row,) = await stores.notifications.list("ana")
    assert row.ways == ["page"]


@pytest.mark.parametrize(
    ("quiet", "hour", "rests"),
    [
        (("22:00", "07:00"), 23, True),
        (("22:00", "07:00"), 6, True),
        (("22:00", "07:00"), 7, False),
        (("12:00", "14:00"), 13, True),
        (("12:00", "14:00"), 14, False),
        ((), 3, False),
    ],
)
def test_quiet_hours_may_go_over_midnight(quiet: tuple[str, ...], hour: int, rests: bool) -> None:
    assert Choices(quiet=quiet).rests(NOON.replace(hour=hour)) is rests


async def test_choices_are_kept_as_a_preference(stores: Stores) -> None:
    wanted = Choices(("page", "mail"), ("22:00", "07:00"), ("search",))
    await stores.preferences.keep("ana", **wanted.as_preference())
    assert Choices.of(await stores.preferences.all("ana")) == wanted
    assert Choices.of({}) == Choices()

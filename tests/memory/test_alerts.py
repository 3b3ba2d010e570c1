"""Alerts stand once until they are over, each of one user; a correction of who is meant is kept once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from memory.stores import Stores

AT = datetime(2026, 11, 21, 9, tzinfo=UTC)


async def test_an_alert_begins_once_and_new_words_do_not_begin_it_again(stores: Stores) -> None:
    assert await stores.alerts.begin("ana", "disk", "The disk is nearly full", "93 percent", AT)
    assert not await stores.alerts.begin("ana", "disk", "The disk is nearly full", "95 percent", AT)
    (row,) = await stores.alerts.standing("ana")
    assert (row.title, row.text) == ("The disk is nearly full", "95 percent")
    assert await stores.alerts.standing("eva") == []


async def test_an_alert_ends_once_and_may_begin_again_unread(stores: Stores) -> None:
    await stores.alerts.begin("ana", "disk", "t", "x", AT)
    assert await stores.alerts.acknowledge("ana", "disk", AT)
    assert await stores.alerts.end("ana", "disk", AT + timedelta(hours=1))
    assert not await stores.alerts.end("ana", "disk", AT + timedelta(hours=2))
    assert not await stores.alerts.acknowledge("ana", "disk", AT)
    assert await stores.alerts.begin("ana", "disk", "t", "x", AT + timedelta(hours=3))
    (row,) = await stores.alerts.standing("ana")
    assert row.acknowledged_at is None


async def test_those_that_stand_come_the_oldest_first(stores: Stores) -> None:
    for rule, hours in (("memory", 2), ("disk", 1)):
        await stores.alerts.begin("ana", rule, "t", "x", AT + timedelta(hours=hours))
    assert [row.rule for row in await stores.alerts.standing("ana")] == ["disk", "memory"]


async def test_a_correction_takes_the_place_of_the_one_before_of_the_same_words(stores: Stores) -> None:
    await stores.routes.teach("ana", "what about the harbour", "weather")
    await stores.routes.teach("ana", "what about the harbour", "clients")
    assert await stores.routes.of("ana") == [("what about the harbour", "clients")]
    assert await stores.routes.of("eva") == []

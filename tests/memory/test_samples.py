"""The history keeps minutes for a day, five minutes for a month, hours for a year, and stays small."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import func, select

from memory.samples import Sample
from memory.stores import Stores

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


async def rows(stores: Stores) -> dict[int, int]:
    async with stores.database.read() as session:
        return dict((await session.exec(select(Sample.step, func.count()).group_by(Sample.step))).all())


async def test_a_series_has_the_mean_and_the_greatest_of_each_part(stores: Stores) -> None:
    for minute, value in enumerate([10, 30, 20, 60, 50, 40]):
        await stores.samples.add(NOON + timedelta(minutes=minute), {"cpu": value, "agent.math.p95_s": 1.5})
    found = await stores.samples.series("cpu", NOON, NOON + timedelta(minutes=6), 3)
    assert found == [
        (NOON, 20.0, 30.0),
        (NOON + timedelta(minutes=2), 40.0, 60.0),
        (NOON + timedelta(minutes=4), 45.0, 50.0),
    ]
    many = await stores.samples.many(["agent.math.p95_s", "gpu"], NOON, NOON + timedelta(hours=1))
    assert [value for _, value, _ in many["agent.math.p95_s"]] == [1.5] * 6 and many["gpu"] == []
    assert await stores.samples.names() == ["agent.math.p95_s", "cpu"]


async def test_what_is_measured_twice_in_a_minute_is_averaged(stores: Stores) -> None:
    for second, value in enumerate([10, 20, 60]):
        await stores.samples.add(NOON + timedelta(seconds=second), {"cpu": value})
    assert await stores.samples.series("cpu", NOON, NOON + timedelta(minutes=1)) == [(NOON, 30.0, 60.0)]


async def test_a_long_time_is_read_from_the_ring_that_reaches_back(stores: Stores) -> None:
    for hour in range(0, 72, 1):
        await stores.samples.add(NOON + timedelta(hours=hour), {"cpu": float(hour)})
    end = NOON + timedelta(hours=72)
    assert await rows(stores) == {60: 25, 300: 72, 3600: 72}
    whole = await stores.samples.series("cpu", NOON, end, 3)
    assert [(mean, most) for _, mean, most in whole] == [(11.5, 23.0), (35.5, 47.0), (59.5, 71.0)]
    day = await stores.samples.series("cpu", end - timedelta(hours=10), end, 1000)
    assert [mean for _, mean, _ in day] == [62.0, 63.0, 64.0, 65.0, 66.0, 67.0, 68.0, 69.0, 70.0, 71.0]


async def test_a_series_of_no_time_is_refused(stores: Stores) -> None:
    with pytest.raises(ValueError, match="some time"):
        await stores.samples.series("cpu", NOON, NOON)

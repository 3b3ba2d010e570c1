"""The history of figures: each minute for a day, each five minutes for a month, each hour for a year.

    add(12:03:20, {"cpu": 31.0}) ──▶ rows of 12:03 (a minute), 12:00 (five minutes) and 12:00 (an hour)
                                     each: name ─▶ mean, greatest, how many; what is over its time goes

One row holds every figure of its time, so that a year stays small: 19,000 rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from sqlalchemy import JSON, Column
from sqlmodel import Field, SQLModel, col, delete, func, select

from memory.database import Database

DAY = 86_400
RINGS = {60: DAY, 300: 31 * DAY, 3600: 366 * DAY}
"""Seconds a row stands for, and seconds it is kept."""
Point = tuple[datetime, float, float]
"""The time a part begins, the mean in it and the greatest value."""


class Sample(SQLModel, table=True):
    """What was measured in the `step` seconds from `at`, in seconds since 1970: name to mean, greatest, how many."""

    __tablename__ = "samples"
    user: str = Field(primary_key=True)
    step: int = Field(primary_key=True)
    at: int = Field(primary_key=True)
    figures: dict[str, list[float]] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))


class Samples:
    """The history in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, at: datetime, figures: Mapping[str, float], *, user: str = "local") -> None:
        """Keep what was measured at a time, and drop what is over its time."""
        second = int(at.timestamp())
        async with self._database.write() as session:
            for step, kept in RINGS.items():
                start = second - second % step
                row = await session.get(Sample, (user, step, start)) or Sample(user=user, step=step, at=start)
                row.figures = {**row.figures, **{name: _with(row.figures.get(name), figures[name]) for name in figures}}
                session.add(row)
                over = (col(Sample.user) == user, col(Sample.step) == step, col(Sample.at) < second - kept)
                await session.exec(delete(Sample).where(*over))

    async def series(
        self, name: str, since: datetime, until: datetime, points: int = 200, *, user: str = "local"
    ) -> list[Point]:
        """One figure from `since` until before `until`, in at most `points` equal parts; parts without it are left out.

        Taken from the finest ring that reaches back to `since`. Raises ValueError when the time or the number of points
        is not positive.
        """
        return (await self.many([name], since, until, points, user=user))[name]

    async def many(
        self, names: Iterable[str], since: datetime, until: datetime, points: int = 200, *, user: str = "local"
    ) -> dict[str, list[Point]]:
        """Several figures, each as in `series`. Raises ValueError."""
        start, end = int(since.timestamp()), int(until.timestamp())
        if end <= start or points < 1:
            raise ValueError("a series needs some time and at least one point")
        found: dict[str, list[Point]] = {}
        async with self._database.read() as session:
            newest = (await session.exec(select(func.max(Sample.at)).where(Sample.user == user))).one() or end
            step = next((step for step, kept in RINGS.items() if newest - start <= kept), max(RINGS))
            width = max(step, -(-(end - start) // points))
            part = (col(Sample.at) - start) // width
            within = (Sample.user == user, Sample.step == step, col(Sample.at) >= start, col(Sample.at) < end)
            for name in names:
                mean, most, count = (col(Sample.figures)[(name, place)].as_float() for place in range(3))
                query = (
                    select(part, func.sum(mean * count) / func.sum(count), func.max(most))
                    .where(*within, mean.is_not(None))
                    .group_by(part)
                    .order_by(part)
                )
                found[name] = [
                    (datetime.fromtimestamp(start + number * width, UTC), float(average), float(greatest))
                    for number, average, greatest in await session.exec(query)
                ]
        return found

    async def names(self, *, user: str = "local") -> list[str]:
        """The figures there are in the newest row, in order."""
        query = select(Sample).where(Sample.user == user).order_by(col(Sample.at).desc(), col(Sample.step)).limit(1)
        async with self._database.read() as session:
            row = (await session.exec(query)).first()
        return sorted(row.figures) if row else []


def _with(known: list[float] | None, value: float) -> list[float]:
    mean, most, count = known or (0.0, value, 0)
    return [mean + (value - mean) / (count + 1), max(most, value), count + 1]

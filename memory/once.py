"""Records that a step makes, made once: a step that a crash cut short is done again, and finds what it had made.

    first run    step "…s1" ─▶ add_once ─▶ row "id of …s1, invoices, 1" ─▶ killed before the graph knew
    second run   step "…s1" ─▶ add_once ─▶ that row is there ─▶ given back

Within a step, the id of the nth new row of a table follows from the step's own id. Outside of steps ids are random.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from sqlalchemy import inspect
from sqlmodel.ext.asyncio.session import AsyncSession


class Made(Protocol):
    """A row that is made once and known by a random id."""

    id: str


Row = TypeVar("Row", bound=Made)


@dataclass
class _Step:
    name: str
    made: Counter[str] = field(default_factory=Counter)


_step: ContextVar[_Step | None] = ContextVar("step", default=None)


@contextmanager
def in_step(name: str) -> Iterator[None]:
    """Bind what is added in the block to a step; `name` is the same whenever that step is done again."""
    token = _step.set(_Step(name))
    try:
        yield
    finally:
        _step.reset(token)


def step_name() -> str:
    """The step that is being done, or nothing outside of steps."""
    step = _step.get()
    return step.name if step else ""


async def add_once(session: AsyncSession, row: Row) -> Row:
    """Add a new row, or give the one in its place that an earlier run of the same step added.

    One that is kept already stays the row it is.
    """
    if (step := _step.get()) and inspect(row).transient:
        table = type(row).__name__
        step.made[table] += 1
        row.id = hashlib.sha256(f"{step.name}|{table}|{step.made[table]}".encode()).hexdigest()[:32]
        if known := await session.get(type(row), row.id):
            return known
    session.add(row)
    return row

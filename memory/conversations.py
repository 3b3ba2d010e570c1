"""What was said: threads, the steps shown in them, the elements attached, and thumbs up or down.

A step is one thing on the page: the user's message, an answer, or an agent's work with its input and output. Steps are
numbered in the order in which they were first saved. Saving is an upsert: whoever shows a step may save it again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy import Connection, DateTime, Index, Table, and_, bindparam, column, false, text
from sqlalchemy.exc import NoResultFound
from sqlmodel import Field, col, delete, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.blind_search import beginnings, tokens_of, typed
from memory.database import Database, new_id, now
from memory.sealed import Sealed, SealedRow, Words, opened, sealed_values


class Thread(SealedRow, table=True):
    """One conversation. `updated_at` is the time of its newest step."""

    __tablename__ = "threads"
    __words__: ClassVar[dict[str, Words]] = {"words": Words("name", beginnings)}
    __table_args__ = (Index("ix_threads_recent", "user", "updated_at"),)
    id: str = Field(primary_key=True)
    user: str
    name: str = Field(default="", sa_type=Sealed())
    created_at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))
    updated_at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))
    tags: list[str] = Field(default_factory=list, sa_type=Sealed("json"))
    meta: dict[str, Any] = Field(default_factory=dict, sa_type=Sealed("json"))
    words: str = Field(default="", repr=False)


class Step(SealedRow, table=True):
    """One thing on the page: `type` is user_message, assistant_message or tool; `view` is what only the page needs."""

    __tablename__ = "steps"
    __words__: ClassVar[dict[str, Words]] = {"words": Words("output", beginnings)}
    __table_args__ = (Index("ix_steps_thread", "thread", "number"),)
    number: int | None = Field(default=None, primary_key=True)
    id: str = Field(unique=True, index=True)
    thread: str
    user: str = ""
    parent: str | None = None
    type: str
    name: str = Field(default="", sa_type=Sealed())
    input: str = Field(default="", sa_type=Sealed())
    output: str = Field(default="", sa_type=Sealed())
    failed: bool = False
    created_at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))
    started_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    ended_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    view: dict[str, Any] = Field(default_factory=dict, sa_type=Sealed("json"))
    words: str = Field(default="", repr=False)


class Element(SealedRow, table=True):
    """A file, picture or card attached to a step. `file` is its id in the file store, when it has bytes."""

    __tablename__ = "elements"
    id: str = Field(primary_key=True)
    thread: str = Field(index=True)
    user: str = ""
    step: str | None = Field(default=None, index=True)
    file: str | None = None
    name: str = Field(default="", sa_type=Sealed())
    mime: str = ""
    view: dict[str, Any] = Field(default_factory=dict, sa_type=Sealed("json"))


class Feedback(SealedRow, table=True):
    """A thumb on a step: `value` is 1 for up and 0 for down."""

    __tablename__ = "feedback"
    id: str = Field(primary_key=True)
    thread: str = Field(default="", index=True)
    user: str = ""
    step: str = Field(index=True)
    value: int
    comment: str = Field(default="", sa_type=Sealed())


@dataclass(frozen=True)
class Conversation:
    """A thread with all it holds, steps in order."""

    thread: Thread
    steps: list[Step] = field(default_factory=list)
    elements: list[Element] = field(default_factory=list)
    feedback: list[Feedback] = field(default_factory=list)


@dataclass(frozen=True)
class Page:
    """Some threads, newest first. `after` is the cursor of the next page, None at the end."""

    threads: list[Thread]
    after: str | None


_THREADS: Table = Thread.__table__  # type: ignore[attr-defined]
_STEPS: Table = Step.__table__  # type: ignore[attr-defined]
_ELEMENTS: Table = Element.__table__  # type: ignore[attr-defined]
_OWNER = sa.select(_THREADS.c.user).where(_THREADS.c.id == bindparam("of"))
_NAMED = sa.select(_THREADS.c.id, _THREADS.c.user, _THREADS.c.name).where(_THREADS.c.id == bindparam("of"))
_TOUCHED = (
    _THREADS.update()
    .where(_THREADS.c.id == bindparam("of"))
    .values(updated_at=bindparam("at"))
    .returning(_THREADS.c.user)
)
_KNOWN = sa.select(
    *(_STEPS.c[name] for name in ("id", "user", "number", "created_at", "started_at", "parent", "view"))
).where(_STEPS.c.id.in_(bindparam("of", expanding=True)))
_CHANGES = [one.name for one in _STEPS.columns if one.name not in ("number", "id", "created_at")]
_CHANGED = _STEPS.update().where(_STEPS.c.id == bindparam("of")).values({name: bindparam(name) for name in _CHANGES})


class Conversations:
    """The conversations in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def ensure(self, thread: str, *, user: str, name: str = "") -> None:
        """Make a thread where it is new, and name it. Raises PermissionError when it belongs to someone else."""
        await self._database.do(partial(ensure, row=Thread(id=thread, user=user, name=title_of(name))))

    async def owner(self, thread: str) -> str | None:
        """Whose thread it is, or None when there is no such thread."""
        return await self._database.ask(partial(owner, thread=thread))

    async def name(self, thread: str) -> str:
        """What a thread is called; an empty string when there is no such thread."""
        async with self._database.read() as session:
            row = await session.get(Thread, thread)
            return row.name if row else ""

    async def meta(self, thread: str) -> dict[str, Any]:
        """A thread's metadata; empty when there is no such thread."""
        async with self._database.read() as session:
            row = await session.get(Thread, thread)
            return row.meta if row else {}

    async def change(
        self, thread: str, *, name: str | None = None, meta: dict[str, Any] | None = None, tags: list[str] | None = None
    ) -> None:
        """Rename a thread, or merge into its metadata, or set its tags."""
        async with self._database.write() as session:
            row = await session.get(Thread, thread)
            if row is None:
                return
            if name is not None:
                row.name = title_of(name)
            if meta is not None:
                row.meta = {key: value for key, value in {**row.meta, **meta}.items() if value is not None}
            if tags is not None:
                row.tags = tags
            session.add(row)

    async def page(self, user: str, *, first: int = 20, after: str | None = None, search: str = "") -> Page:
        """Threads of one user, newest first; with `search`, those whose name or words have all of it."""
        query = select(Thread).where(Thread.user == user)
        async with self._database.read() as session:
            if search.strip():
                query = query.where(await _about(session, user, search))
            if after and (last := await session.get(Thread, after)):
                older = col(Thread.updated_at) < last.updated_at
                same = (col(Thread.updated_at) == last.updated_at) & (col(Thread.id) < last.id)
                query = query.where(or_(older, same))
            query = query.order_by(col(Thread.updated_at).desc(), col(Thread.id).desc()).limit(first + 1)
            rows = list(await session.exec(query))
        more = len(rows) > first
        return Page(rows[:first], rows[first - 1].id if more else None)

    async def open(self, thread: str) -> Conversation | None:
        """A thread with its steps, elements and feedback."""
        async with self._database.read() as session:
            row = await session.get(Thread, thread)
            if row is None:
                return None
            steps = await session.exec(select(Step).where(Step.thread == thread).order_by(col(Step.number)))
            elements = await session.exec(select(Element).where(Element.thread == thread))
            thumbs = await session.exec(select(Feedback).where(Feedback.thread == thread))
            return Conversation(row, list(steps), list(elements), list(thumbs))

    async def save(self, step: Step) -> None:
        """Save a step, new or changed; it keeps its number, time of creation and place. Its thread must exist."""
        await self._database.do(partial(save, step=step))

    async def step(self, step: str) -> Step | None:
        """One step, or None."""
        async with self._database.read() as session:
            return (await session.exec(select(Step).where(Step.id == step))).first()

    async def ending(self, end: str) -> list[Step]:
        """The steps whose ids end so: one that was shown in several conversations."""
        async with self._database.read() as session:
            return list(await session.exec(select(Step).where(col(Step.id).endswith(end, autoescape=True))))

    async def remove(self, step: str) -> None:
        """Remove a step with what hangs on it."""
        async with self._database.write() as session:
            await session.exec(delete(Feedback).where(col(Feedback.step) == step))
            await session.exec(delete(Element).where(col(Element.step) == step))
            await session.exec(delete(Step).where(or_(col(Step.id) == step, col(Step.parent) == step)))

    async def attach(self, element: Element) -> None:
        """Save an element, new or changed."""
        await self._database.do(partial(attach, element=element))

    async def element(self, element: str) -> Element | None:
        """One element, or None."""
        async with self._database.read() as session:
            return await session.get(Element, element)

    async def detach(self, element: str) -> None:
        """Remove an element; its file stays in the store."""
        async with self._database.write() as session:
            await session.exec(delete(Element).where(col(Element.id) == element))

    async def rate(self, step: str, value: int, comment: str = "", feedback: str | None = None) -> str:
        """Keep a thumb (1 up, 0 down) and return its id."""
        async with self._database.write() as session:
            of = (await session.exec(select(Step.thread, Step.user).where(Step.id == step))).first()
            thread, user = of or ("", "")
            row = Feedback(id=feedback or new_id(), thread=thread, user=user, step=step, value=value, comment=comment)
            await session.merge(row)
        return row.id

    async def rater(self, feedback: str) -> str | None:
        """Whose thumb it is; None when there is none."""
        async with self._database.read() as session:
            return (await session.exec(select(Feedback.user).where(Feedback.id == feedback))).first()

    async def unrate(self, feedback: str) -> None:
        """Take a thumb back."""
        async with self._database.write() as session:
            await session.exec(delete(Feedback).where(col(Feedback.id) == feedback))

    async def delete(self, thread: str) -> None:
        """Remove a thread with all it holds. Its files are removed by whoever holds the file store."""
        async with self._database.write() as session:
            for table in (Feedback, Element, Step):
                await session.exec(delete(table).where(col(table.thread) == thread))
            await session.exec(delete(Thread).where(col(Thread.id) == thread))


def owner(connection: Connection, thread: str) -> str | None:
    """Whose thread it is, or None when there is no such thread."""
    found: str | None = connection.execute(_OWNER, {"of": thread}).scalar()
    return found


def ensure(connection: Connection, row: Thread) -> None:
    """Make a thread, on a connection that writes; see `Conversations.ensure`."""
    known = connection.execute(_NAMED, {"of": row.id}).first()
    if known is None:
        connection.execute(_THREADS.insert(), sealed_values(connection, row))
    elif known.user != row.user:
        raise PermissionError("This conversation belongs to somebody else.")
    elif row.name and not opened(connection, _THREADS, known._asdict())["name"]:
        change = sealed_values(connection, row, ("name", "words"))
        connection.execute(_THREADS.update().where(_THREADS.c.id == row.id), change)


def attach(connection: Connection, element: Element) -> None:
    """Save an element, on a connection that writes; see `Conversations.attach`."""
    element.user = connection.execute(_OWNER, {"of": element.thread}).scalar_one()
    values, same = sealed_values(connection, element), _ELEMENTS.c.id == element.id
    if not connection.execute(_ELEMENTS.update().where(same), values).rowcount:
        connection.execute(_ELEMENTS.insert(), values)


def save(connection: Connection, step: Step) -> None:
    """Save a step on a connection that writes; see `Conversations.save`. Raises NoResultFound without its thread."""
    if not save_all(connection, step.thread, [step]):
        raise NoResultFound("This conversation is gone.")


def save_all(connection: Connection, thread: str, steps: Sequence[Step]) -> bool:
    """Save steps of one thread, as `save` does; returns whether there is such a thread."""
    user = connection.execute(_TOUCHED, {"of": thread, "at": now()}).scalar()
    if user is None:
        return False
    rows = connection.execute(_KNOWN, {"of": [step.id for step in steps]})
    known = {row.id: opened(connection, _STEPS, row._asdict()) for row in rows}
    for step in steps:
        step.user = user
        if (there := known.get(step.id)) is None:
            connection.execute(_STEPS.insert(), sealed_values(connection, step))
            continue
        step.number, step.created_at = there["number"], there["created_at"]
        step.started_at = step.started_at or there["started_at"]
        step.parent, step.view = step.parent or there["parent"], {**there["view"], **step.view}
        connection.execute(_CHANGED, {"of": step.id, **sealed_values(connection, step, _CHANGES)})
    return True


def title_of(words: str) -> str:
    """A thread's name from the first words: one line of at most 60 characters."""
    line = " ".join(words.split())
    return line if len(line) <= 60 else line[:59].rsplit(" ", 1)[0] + "…"


async def _about(session: AsyncSession, user: str, search: str) -> Any:
    """The condition that a thread's name, or one of its steps, holds a word for each that was typed."""
    wanted = typed(search)
    if not wanted:
        return false()
    named = await tokens_of(session, user, "threads", wanted)
    said = await tokens_of(session, user, "steps", wanted)
    in_name = and_(*(col(Thread.words).contains(token) for token in named))
    if session.get_bind().dialect.name != "sqlite":
        in_step = and_(col(Step.user) == user, *(col(Step.words).contains(token) for token in said))
        return or_(in_name, col(Thread.id).in_(select(Step.thread).where(in_step)))
    hits = "SELECT thread FROM steps JOIN steps_search ON number = steps_search.rowid WHERE steps_search MATCH :words"
    found = text(hits).bindparams(words=" ".join(said)).columns(column("thread"))
    return or_(in_name, col(Thread.id).in_(found))


SEARCH = (
    "CREATE VIRTUAL TABLE IF NOT EXISTS steps_search USING fts5("
    "words, content='steps', content_rowid='number', tokenize='ascii', detail=none, columnsize=0)",
    "CREATE TRIGGER IF NOT EXISTS steps_added AFTER INSERT ON steps BEGIN "
    "INSERT INTO steps_search(rowid, words) VALUES (new.number, new.words); END",
    "CREATE TRIGGER IF NOT EXISTS steps_removed AFTER DELETE ON steps BEGIN "
    "INSERT INTO steps_search(steps_search, rowid, words) VALUES ('delete', old.number, old.words); END",
    "CREATE TRIGGER IF NOT EXISTS steps_changed AFTER UPDATE OF words ON steps BEGIN "
    "INSERT INTO steps_search(steps_search, rowid, words) VALUES ('delete', old.number, old.words); "
    "INSERT INTO steps_search(rowid, words) VALUES (new.number, new.words); END",
)
"""The full-text index over what was said, kept by SQLite itself."""

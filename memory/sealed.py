"""Sealed columns: what a row says in words and amounts is encrypted in the database and plain in the object.

    row.text = "Acme pays late" ──flush──▶ sealed by the key of its user (or client), for "facts|text|<id>"
    row.text ◀──load── opened; Tampered when it is not what was written there

A type alone cannot know the row, so the mapper's events do the work; a statement that brings a plain value past them
raises, and one that reads a column by itself gets a `Ciphertext`. Select whole rows to read what they say.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any, ClassVar, Literal

from sqlalchemy import Connection, Dialect, LargeBinary, Table, event, inspect
from sqlalchemy.orm import Mapper, ORMExecuteState, QueryContext, Session
from sqlalchemy.orm.attributes import flag_modified
from sqlalchemy.types import TypeDecorator
from sqlmodel import SQLModel

from memory.blind_search import tokens
from memory.money import plain
from privacy.keys.ring import KeyName, KeyRing, Shredded, ring_of
from privacy.levels import Level

Form = Literal["text", "json", "decimal"]
_FLUSHED = "sealed.flushed"
_TO_BYTES: dict[str, Callable[[Any], bytes]] = {
    "text": str.encode,
    "json": lambda value: json.dumps(value, separators=(",", ":")).encode(),
    "decimal": lambda value: plain(value).encode(),
}
_FROM_BYTES: dict[str, Callable[[bytes], Any]] = {
    "text": bytes.decode,
    "json": json.loads,
    "decimal": lambda value: Decimal(value.decode()),
}
_EMPTY: dict[str, Callable[[], Any]] = {"text": str, "json": dict, "decimal": lambda: None}


class Unsealed(TypeError):
    """A statement would have written or compared a sealed column in plain."""


@dataclass(frozen=True)
class Ciphertext:
    """A sealed value that was not opened; on its way into the database with what it says."""

    data: bytes
    said: Any = None

    def __repr__(self) -> str:
        return "<sealed>"


class Sealed(TypeDecorator[Any]):
    """A column that is sealed: text, JSON or a Decimal, of a privacy `level`.

    One that `outlives_key` reads as empty once its key was destroyed; any other raises Shredded then.
    """

    impl = LargeBinary
    cache_ok = True

    def __init__(self, form: Form = "text", level: Level = Level.CONFIDENTIAL, *, outlives_key: bool = False) -> None:
        super().__init__()
        self.form, self.level, self.outlives_key = form, level, outlives_key

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:
        if value is None:
            return None
        if isinstance(value, Ciphertext):
            return value.data
        raise Unsealed("A sealed column takes no plain value: change the object, or compare in Python.")

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Ciphertext | None:
        return None if value is None else Ciphertext(bytes(value))


@dataclass(frozen=True)
class Words:
    """That a column holds the blind tokens of a sealed one, which `split` parts into words."""

    of: str
    split: Callable[[str], Iterable[str]]


class SealedRow(SQLModel):
    """A table with sealed columns. Its rows have a `user`, whose key seals them."""

    __client__: ClassVar[str] = ""
    """The column with the client whose own key seals a row, so that it can be erased with them; else the user's."""
    __words__: ClassVar[dict[str, Words]] = {}
    """The columns of blind tokens by which its rows are searched."""


def level_of(column: Any) -> Level:
    """The privacy level of a column by its declaration: internal unless it is sealed."""
    return column.type.level if isinstance(column.type, Sealed) else Level.INTERNAL


def row_id(table: Table, row: Mapping[str, Any]) -> str:
    """What tells a row apart for good: its `id`, or its primary key."""
    return "|".join(str(row[name]) for name in _told_apart_by(table))


@cache
def _names(table: Table) -> tuple[str, ...]:
    return tuple(column.name for column in table.columns)


@cache
def _told_apart_by(table: Table) -> tuple[str, ...]:
    return ("id",) if "id" in table.columns else tuple(column.name for column in table.primary_key)


def opened(connection: Connection, table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
    """A row that was read from its table, not as an object, with what is sealed in it opened.

    Raises Tampered, and Shredded where its key was destroyed.
    """
    keys, end = ring_of(connection), row_id(table, row)
    return {
        name: _plain(keys, table.columns[name], end, value.data, connection) if isinstance(value, Ciphertext) else value
        for name, value in row.items()
    }


def sealed_values(connection: Connection, row: SealedRow, names: Collection[str] = ()) -> dict[str, Any]:
    """The columns of a row, or those of these names, for a statement that no mapper has a part in; sealed and blinded.

    What the database gives by itself, such as a number, is left out while it is not known.
    """
    kind, values = type(row), row.__dict__
    found = {name: values.get(name) for name in names or _names(kind.__table__)}  # type: ignore[attr-defined]
    return sealed_fields(connection, kind, values, {key: one for key, one in found.items() if names or one is not None})


def sealed_fields(
    connection: Connection, kind: type[SealedRow], values: Mapping[str, Any], found: dict[str, Any]
) -> dict[str, Any]:
    """What is `found` in the columns of a row, sealed and blinded; `values` tell which row it is, and whose."""
    as_said = dict(found)
    keys, table, key = ring_of(connection), kind.__table__, key_name(kind, values)  # type: ignore[attr-defined]
    for name, column in _sealed(kind):
        if found.get(name) is not None or (name in found and not column.nullable):
            said = _TO_BYTES[column.type.form](found[name])
            found[name] = Ciphertext(keys.seal(said, key, place_of(column, values), connection))
    for name, words in kind.__words__.items():
        if words.of in found:
            found[name] = tokens(connection, values["user"], table.name, words.split(as_said[words.of]))
    return found


def key_name(kind: type[SealedRow], row: Mapping[str, Any]) -> KeyName:
    """The key that seals a row, given by its columns."""
    return KeyName(row["user"], "record", row[kind.__client__] if kind.__client__ else "")


def place_of(column: Any, row: Mapping[str, Any]) -> str:
    """What a sealed field is bound to; the row is given by its columns."""
    return f"{column.table.name}|{column.name}|{row_id(column.table, row)}"


def restore(session: Session) -> None:
    """Give objects back what they say after a flush that failed."""
    for row in session.info.pop(_FLUSHED, ()):
        _unwrap(row)


@cache
def _sealed(kind: type[SealedRow]) -> tuple[tuple[str, Any], ...]:
    mapper: Mapper[Any] = inspect(kind)
    return tuple(
        (mapper.get_property_by_column(column).key, column)
        for column in mapper.local_table.c
        if isinstance(column.type, Sealed)
    )


def _insert(_mapper: Mapper[Any], connection: Connection, row: SealedRow) -> None:
    _write(connection, row, {name for name, _ in _sealed(type(row))})


@cache
def _binding(kind: type[SealedRow]) -> tuple[str, ...]:
    """The columns that say by which key and for which row the others are sealed."""
    return (*_told_apart_by(inspect(kind).local_table), "user", *([kind.__client__] if kind.__client__ else []))


def _update(_mapper: Mapper[Any], connection: Connection, row: SealedRow) -> None:
    attributes, names = inspect(row).attrs, [name for name, _ in _sealed(type(row))]
    if any(attributes[name].history.has_changes() for name in _binding(type(row))):
        for name in names:
            flag_modified(row, name)
    if changed := {name for name in names if attributes[name].history.has_changes()}:
        _write(connection, row, changed)


def _write(connection: Connection, row: SealedRow, names: set[str]) -> None:
    keys, values = ring_of(connection), row.__dict__
    for name, words in row.__words__.items():
        if words.of in names:
            setattr(
                row, name, tokens(connection, values["user"], str(row.__tablename__), words.split(values[words.of]))
            )
    inspect(row).session.info.setdefault(_FLUSHED, []).append(row)
    key = key_name(type(row), values)
    for name, column in _sealed(type(row)):
        value = values.get(name)
        if name in names and (value is not None or not column.nullable):
            said = _TO_BYTES[column.type.form](value)
            values[name] = Ciphertext(keys.seal(said, key, place_of(column, values), connection), value)


def _written(_mapper: Mapper[Any], _connection: Connection, row: SealedRow) -> None:
    _unwrap(row)


def _unwrap(row: SealedRow) -> None:
    for name, _ in _sealed(type(row)):
        if isinstance(value := row.__dict__.get(name), Ciphertext):
            row.__dict__[name] = value.said


def _load(row: SealedRow, context: QueryContext | None, _names: object = None) -> None:
    if context is None:  # a merged row, which says what it says already
        return
    values, session = row.__dict__, context.session
    keys, end = ring_of(session.get_bind()), ""
    for name, column in _sealed(type(row)):
        if isinstance(value := values.get(name), Ciphertext):
            end = end or row_id(column.table, values)
            values[name] = _open(keys, column, end, value.data, session)


def _open(keys: KeyRing, column: Any, end: str, data: bytes, session: Session) -> Any:
    try:
        return _plain(keys, column, end, data)
    except Shredded:  # or another process made the key since
        return _plain(keys, column, end, data, session.connection())


def _plain(keys: KeyRing, column: Any, row: str, data: bytes, connection: Connection | None = None) -> Any:
    """What was sealed in a column of the row with this id."""
    try:
        return _FROM_BYTES[column.type.form](keys.open(data, f"{column.table.name}|{column.name}|{row}", connection))
    except Shredded:
        if connection is None or not column.type.outlives_key:
            raise
        return _EMPTY[column.type.form]()


def _load_whole(state: ORMExecuteState) -> Any:
    """Make the objects of a query at once, while the database can be asked for the key that one may need."""
    return state.invoke_statement().freeze()() if state.is_select else None


event.listen(SealedRow, "before_insert", _insert, propagate=True)
event.listen(SealedRow, "before_update", _update, propagate=True)
event.listen(SealedRow, "after_insert", _written, propagate=True)
event.listen(SealedRow, "after_update", _written, propagate=True)
event.listen(SealedRow, "load", _load, propagate=True)
event.listen(SealedRow, "refresh", _load, propagate=True)
event.listen(Session, "do_orm_execute", _load_whole)

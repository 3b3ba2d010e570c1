"""The data keys of one installation, unwrapped in memory, and what is sealed with them.

    sealed    1 byte version | 16 bytes key id | 12 bytes nonce | AES-256-GCM
    bound to  place ("table|column|row id") and key id: what is moved elsewhere does not open

A key is made when something is first sealed with it, on the connection of that write, and so lives or vanishes with
the row that needed it. Every transaction looks once whether its keys still stand, for another process may have
destroyed them.
"""

from __future__ import annotations

import hmac
import os
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, Engine, bindparam, delete, event, func, or_, select, update

from config.errors import Mendable
from privacy.keys.master import KEY_BYTES, NONCE_BYTES, Master
from privacy.keys.table import DataKeyRow

VERSION = b"\x01"
ID_BYTES = 16
HEAD = len(VERSION) + ID_BYTES
_HELD = "freelancex.keys"
_T = DataKeyRow.__table__  # type: ignore[attr-defined]
_NEAR = (
    select(_T.c.id, _T.c.user, _T.c.kind, _T.c.client, _T.c.number, _T.c.wrapped)
    .where(_T.c.user == bindparam("owner"), or_(_T.c.client == "", _T.c.client == bindparam("about")))
    .order_by(_T.c.number)
)


class Tampered(Mendable):
    """What is stored is not what was written there."""

    def __init__(self) -> None:
        super().__init__("Something stored here was damaged or changed, so it was not opened; restore a backup.")


class Shredded(Mendable):
    """The key of what is stored was destroyed, so nobody can open it."""

    def __init__(self) -> None:
        super().__init__("This was erased: its key is gone, so nobody can read it any more.")


class NoKey(LookupError):
    """There is no such key yet, and no connection to make it on."""


@dataclass(frozen=True)
class KeyName:
    """Whose key, for which kind of data ("record", "file", "search", "checkpoint"), about which client if any."""

    user: str
    kind: str
    client: str = ""


@dataclass(frozen=True)
class DataKey:
    """One key: `secret` has 32 bytes."""

    id: bytes
    name: KeyName
    number: int
    secret: bytes = field(repr=False)
    cipher: AESGCM = field(repr=False, compare=False)


class KeyRing:
    """The keys. `load` reads them; `watch` binds them to the transactions of an engine."""

    def __init__(self, master: Master) -> None:
        self.master = master
        self._keys: dict[bytes, DataKey] = {}
        self._newest: dict[KeyName, DataKey] = {}

    def load(self, connection: Connection) -> None:
        """Read and unwrap every key. Raises NoMaster when the master key does not fit."""
        for row in connection.execute(select(_T).order_by(_T.c.number)):
            self._newest[_named(row)] = self._unwrap(row)

    def watch(self, engine: Engine) -> None:
        """Forget at each begin what a transaction knew of the keys, and keep at its commit what it made.

        From then on `ring_of` finds this ring by any connection of the engine.
        """
        engine.update_execution_options(keys=self)
        event.listen(engine, "begin", _forget)
        event.listen(engine, "rollback_savepoint", lambda connection, *_: _forget(connection))
        event.listen(engine, "commit", self._settle)

    def seal(self, plain: bytes, key: KeyName, place: str, connection: Connection | None = None) -> bytes:
        """Seal bytes for one place. The key is made on `connection` where it is missing.

        Raises NoKey when it is missing and there is no connection.
        """
        return seal_with(self.current(key, connection), plain, place)

    def open(self, sealed: bytes, place: str, connection: Connection | None = None) -> bytes:
        """What was sealed for this place. Raises Tampered, or Shredded when its key was destroyed.

        With a `connection`, keys another process made are found, too.
        """
        if sealed[:1] != VERSION or len(sealed) < HEAD + NONCE_BYTES:
            raise Tampered
        return open_with(self.key(sealed[1:HEAD], connection), sealed, place)

    def blind(self, text: str, key: KeyName, purpose: str, connection: Connection | None = None) -> str:
        """32 hexadecimal digits that stand for a text: equal for equal texts, of this key and purpose alone.

        HMAC-SHA256, cut to 128 bits. Where the key is missing and may not be made, they match nothing.
        """
        try:
            return blind_with(self.first(key, connection), text, purpose)
        except NoKey:
            return secrets.token_hex(16)

    def current(self, name: KeyName, connection: Connection | None = None) -> DataKey:
        """The key that seals now. Raises NoKey when it is missing and cannot be made."""
        if connection is None:
            if name not in self._newest:
                raise NoKey(name)
            return self._newest[name]
        held = _held(connection)
        if name not in held:
            held.update(self._stored(name, connection))  # with those that the same write is likely to ask for
        if name not in held:
            held[name] = self._make(name, 1, connection)  # former ones would have been found, too
        return held[name]

    def first(self, name: KeyName, connection: Connection | None = None) -> DataKey:
        """The key that blind texts are made with: the oldest, for they cannot be rewritten one by one."""
        newest = self.current(name, connection)
        if newest.number == 1:
            return newest
        if connection is not None:
            oldest = connection.execute(select(_T).where(*_is(name)).order_by(_T.c.number).limit(1)).one()
            return self.key(bytes(oldest.id), connection)
        return min((key for key in self._keys.values() if key.name == name), key=lambda key: key.number)

    def key(self, key_id: bytes, connection: Connection | None = None) -> DataKey:
        """A key by its id. Raises Shredded when there is none."""
        if key_id not in self._keys and connection is not None:
            row = connection.execute(select(_T).where(_T.c.id == key_id)).first()
            if row:
                self._unwrap(row)
        if key_id not in self._keys:
            raise Shredded
        return self._keys[key_id]

    def has(self, key_id: bytes) -> bool:
        """Whether a key of this id is known here."""
        return key_id in self._keys

    def shred(self, connection: Connection, user: str, client: str | None = None) -> int:
        """Destroy the keys of a user, or of one client; whatever they sealed is lost for good. Returns how many."""
        which = [_T.c.user == user] + ([_T.c.client == client] if client is not None else [])
        gone = [bytes(row.id) for row in connection.execute(select(_T.c.id).where(*which))]
        connection.execute(delete(_T).where(_T.c.id.in_(gone)))
        for name in [name for name in self._newest if name.user == user and client in (None, name.client)]:
            del self._newest[name]
        for key_id in gone:
            self._keys.pop(key_id, None)
        _held(connection).clear()
        return len(gone)

    def renew(self, connection: Connection, name: KeyName) -> DataKey:
        """A new key for what is written from now on; the one before still opens what it sealed."""
        now = datetime.now(UTC)
        connection.execute(update(_T).where(*_is(name), _T.c.retired_at.is_(None)).values(retired_at=now))
        number = connection.execute(select(func.max(_T.c.number)).where(*_is(name))).scalar() or 0
        _held(connection)[name] = made = self._make(name, number + 1, connection)
        return made

    def rewrap(self, connection: Connection, master: Master) -> int:
        """Wrap every key with the newest of `master`, which must hold the one before, too. Returns how many."""
        rows = connection.execute(select(_T)).all()
        for row in rows:
            secret = master.unwrap(bytes(row.wrapped), _place(row.id, _named(row)))
            wrapped = master.wrap(secret, _place(row.id, _named(row)))
            connection.execute(update(_T).where(_T.c.id == row.id).values(wrapped=wrapped))
        return len(rows)

    def _stored(self, name: KeyName, connection: Connection) -> dict[KeyName, DataKey]:
        """The newest keys of a user and of the client that is named, of every kind."""
        rows = connection.execute(_NEAR, {"owner": name.user, "about": name.client}).all()
        return {_named(row): self._keys.get(bytes(row.id)) or self._unwrap(row) for row in rows}

    def _make(self, name: KeyName, number: int, connection: Connection) -> DataKey:
        if not connection.get_execution_options().get("writes"):
            raise NoKey(name)
        key_id, secret = secrets.token_bytes(ID_BYTES), secrets.token_bytes(KEY_BYTES)
        row = DataKeyRow(
            id=key_id,
            user=name.user,
            kind=name.kind,
            client=name.client,
            number=number,
            wrapped=self.master.wrap(secret, _place(key_id, name)),
            made_at=datetime.now(UTC),
        )
        connection.execute(_T.insert().values(row.model_dump()))
        return self._hold(key_id, name, number, secret)

    def _unwrap(self, row: Any) -> DataKey:
        secret = self.master.unwrap(bytes(row.wrapped), _place(row.id, _named(row)))
        return self._hold(bytes(row.id), _named(row), row.number, secret)

    def _hold(self, key_id: bytes, name: KeyName, number: int, secret: bytes) -> DataKey:
        self._keys[key_id] = DataKey(key_id, name, number, secret, AESGCM(secret))
        return self._keys[key_id]

    def _settle(self, connection: Connection) -> None:
        self._newest.update(_held(connection))


def ring_of(connection: Connection | Engine) -> KeyRing:
    """The ring that watches an engine, or that of a connection. Raises KeyError when none does."""
    ring: KeyRing = connection.get_execution_options()["keys"]
    return ring


def seal_with(key: DataKey, plain: bytes, place: str) -> bytes:
    """Seal bytes with a key at hand, for one place."""
    nonce = os.urandom(NONCE_BYTES)
    return VERSION + key.id + nonce + key.cipher.encrypt(nonce, plain, place.encode() + key.id)


def open_with(key: DataKey, sealed: bytes, place: str) -> bytes:
    """What was sealed with this key, for this place. Raises Tampered."""
    try:
        nonce = sealed[HEAD : HEAD + NONCE_BYTES]
        return key.cipher.decrypt(nonce, sealed[HEAD + NONCE_BYTES :], place.encode() + key.id)
    except (InvalidTag, ValueError):
        raise Tampered from None


def blind_with(key: DataKey, text: str, purpose: str) -> str:
    """32 hexadecimal digits that stand for a text: HMAC-SHA256, cut to 128 bits."""
    purposed = hmac.digest(key.secret, f"blind|{purpose}".encode(), "sha256")
    return hmac.digest(purposed, text.encode(), "sha256").hex()[:32]


def passing_key(kind: str) -> DataKey:
    """A key that is kept nowhere: what it seals opens as long as this process runs."""
    secret = secrets.token_bytes(KEY_BYTES)
    return DataKey(secrets.token_bytes(ID_BYTES), KeyName("", kind), 1, secret, AESGCM(secret))


def _held(connection: Connection) -> dict[KeyName, DataKey]:
    held: dict[KeyName, DataKey] = connection.info.setdefault(_HELD, {})
    return held


def _forget(connection: Connection) -> None:
    connection.info.pop(_HELD, None)


def _named(row: Any) -> KeyName:
    return KeyName(row.user, row.kind, row.client)


def _is(name: KeyName) -> list[Any]:
    return [_T.c.user == name.user, _T.c.kind == name.kind, _T.c.client == name.client]


def _place(key_id: bytes, name: KeyName) -> str:
    return f"data_keys|{bytes(key_id).hex()}|{name.user}|{name.kind}|{name.client}"

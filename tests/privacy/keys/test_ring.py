"""The ring: what is sealed opens in its place alone, keys live with the rows that need them, shredding is for good."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, create_engine

from privacy.keys.master import Master, NoMaster
from privacy.keys.ring import (
    KeyName,
    KeyRing,
    NoKey,
    Shredded,
    Tampered,
    open_with,
    passing_key,
    ring_of,
    seal_with,
)
from privacy.keys.table import DataKeyRow

ANA = KeyName("ana", "record")
ACME = KeyName("ana", "record", "acme")
KEY = passing_key("test")


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    engine = create_engine(f"sqlite:///{tmp_path / 'keys.db'}")
    with engine.begin() as connection:
        DataKeyRow.__table__.create(connection)
    return engine


@pytest.fixture
def ring(engine: Engine) -> KeyRing:
    ring = KeyRing(Master.fresh())
    ring.watch(engine)
    return ring


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        yield connection


def another(engine: Engine, ring: KeyRing) -> KeyRing:
    """The ring of another process."""
    other = KeyRing(ring.master)
    with engine.connect() as connection:
        other.load(connection)
    return other


@given(st.binary(max_size=200), st.text(max_size=40))
def test_what_is_sealed_opens_in_its_place(plain: bytes, place: str) -> None:
    sealed = seal_with(KEY, plain, place)
    assert open_with(KEY, sealed, place) == plain
    assert len(sealed) == len(plain) + 45
    with pytest.raises(Tampered):
        open_with(KEY, sealed, place + "x")


def test_every_flipped_bit_shows(engine: Engine, ring: KeyRing) -> None:
    with writing(engine) as connection:
        sealed = ring.seal(b"Acme pays late", ANA, "facts|text|1", connection)
    for bit in range(len(sealed) * 8):
        flipped = bytearray(sealed)
        flipped[bit // 8] ^= 1 << bit % 8
        with pytest.raises((Tampered, Shredded)):
            ring.open(bytes(flipped), "facts|text|1")


def test_a_key_goes_with_the_transaction_that_made_it(engine: Engine, ring: KeyRing) -> None:
    with pytest.raises(RuntimeError, match="no"), writing(engine) as connection:
        ring.seal(b"x", ANA, "p", connection)
        raise RuntimeError("no")
    with pytest.raises(NoKey):
        ring.seal(b"x", ANA, "p")
    with writing(engine) as connection:
        sealed = ring.seal(b"x", ANA, "p", connection)
        assert ring_of(connection) is ring
    assert ring.open(ring.seal(b"y", ANA, "p"), "p") == b"y"
    assert another(engine, ring).open(sealed, "p") == b"x"


def test_a_key_made_before_a_savepoint_that_is_rolled_back_is_not_used_again(engine: Engine, ring: KeyRing) -> None:
    with writing(engine) as connection:
        inner = connection.begin_nested()
        ring.seal(b"x", ANA, "p", connection)
        inner.rollback()
        sealed = ring.seal(b"y", ANA, "p", connection)
    assert another(engine, ring).open(sealed, "p") == b"y"


def test_a_reader_makes_no_keys(engine: Engine, ring: KeyRing) -> None:
    with engine.connect() as connection:
        with pytest.raises(NoKey):
            ring.current(ANA, connection)
        assert ring.blind("acme", ANA, "name", connection) != ring.blind("acme", ANA, "name", connection)


def test_shredding_a_client_leaves_the_rest(engine: Engine, ring: KeyRing) -> None:
    with writing(engine) as connection:
        mine, theirs = ring.seal(b"mine", ANA, "p", connection), ring.seal(b"theirs", ACME, "p", connection)
    with writing(engine) as connection:
        assert ring.shred(connection, "ana", "acme") == 1
    for one in (ring, another(engine, ring)):
        assert one.open(mine, "p") == b"mine"
        with pytest.raises(Shredded):
            one.open(theirs, "p")


def test_what_another_process_shredded_seals_nothing_more(engine: Engine, ring: KeyRing) -> None:
    with writing(engine) as connection:
        ring.seal(b"x", ANA, "p", connection)
    other = another(engine, ring)
    with writing(engine) as connection:
        other.shred(connection, "ana")
    with writing(engine) as connection:
        sealed = ring.seal(b"new", ANA, "p", connection)
    assert another(engine, ring).open(sealed, "p") == b"new"


def test_what_another_process_sealed_opens_by_a_connection(engine: Engine, ring: KeyRing) -> None:
    other = another(engine, ring)
    with writing(engine) as connection:
        sealed = ring.seal(b"x", ANA, "p", connection)
    with pytest.raises(Shredded):
        other.open(sealed, "p")
    with engine.connect() as connection:
        assert other.open(sealed, "p", connection) == b"x"


def test_a_new_key_writes_and_the_former_one_reads_and_blind_texts_stay(engine: Engine, ring: KeyRing) -> None:
    with writing(engine) as connection:
        before, blind = ring.seal(b"x", ANA, "p", connection), ring.blind("acme", ANA, "name", connection)
        ring.renew(connection, ANA)
        after = ring.seal(b"x", ANA, "p", connection)
    assert before[1:17] != after[1:17]
    for one in (ring, another(engine, ring)):
        assert (one.open(before, "p"), one.open(after, "p")) == (b"x", b"x")
        assert one.blind("acme", ANA, "name") == blind
        assert one.blind("acme", ANA, "email") != blind


def test_a_wrapped_key_moved_to_another_name_does_not_open(engine: Engine, ring: KeyRing) -> None:
    with writing(engine) as connection:
        ring.seal(b"x", ANA, "p", connection)
        connection.execute(DataKeyRow.__table__.update().values(user="bob"))
    with pytest.raises(NoMaster):
        another(engine, ring)


def test_with_another_master_key_nothing_opens(engine: Engine, ring: KeyRing) -> None:
    with writing(engine) as connection:
        ring.seal(b"x", ANA, "p", connection)
    with engine.connect() as connection, pytest.raises(NoMaster, match="does not fit"):
        KeyRing(Master.fresh()).load(connection)

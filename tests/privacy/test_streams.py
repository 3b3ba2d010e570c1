"""Sealed files: any length comes back, and what was changed, moved, cut or added to does not open."""

from __future__ import annotations

from pathlib import Path

import pytest

from privacy.keys.master import Master
from privacy.keys.ring import KeyRing, Shredded, Tampered, passing_key
from privacy.streams import CHUNK, TAG, open_file, seal_file, sealed_by, unseal_file

KEY = passing_key("file")
START = 33
"""Where the first chunk begins."""


@pytest.fixture
def ring() -> KeyRing:
    ring = KeyRing(Master.fresh())
    ring._keys[KEY.id] = KEY
    return ring


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK])
def test_a_file_comes_back_whatever_its_length(tmp_path: Path, ring: KeyRing, size: int) -> None:
    plain, sealed = b"\x07" * size, tmp_path / "sealed"
    assert seal_file(plain, sealed, KEY, "files|1") == size
    assert b"".join(open_file(sealed, ring, "files|1")) == plain
    assert (sealed_by(sealed), sealed.stat().st_mode & 0o777) == (KEY.id, 0o600)
    unseal_file(sealed, tmp_path / "plain", ring, "files|1")
    assert (tmp_path / "plain").read_bytes() == plain


def test_nothing_is_held_in_memory_but_two_pieces(tmp_path: Path, ring: KeyRing) -> None:
    seal_file(b"x" * 3 * CHUNK, tmp_path / "sealed", KEY, "p")
    assert max(len(piece) for piece in open_file(tmp_path / "sealed", ring, "p")) == CHUNK


@pytest.mark.parametrize(
    "change",
    [
        lambda raw: raw[: -(CHUNK + TAG)],  # the last chunk gone
        lambda raw: raw[:-1],
        lambda raw: raw + b"x",
        lambda raw: raw[:START] + raw[START + CHUNK + TAG :],  # the first chunk gone
        lambda raw: raw[:START] + raw[START + CHUNK + TAG : START + 2 * (CHUNK + TAG)] + raw[START : START + CHUNK],
        lambda raw: raw[:20] + b"x" + raw[21:],  # another salt
        lambda raw: raw[:START],
        lambda raw: b"",
        lambda raw: b"plain text",
    ],
)
def test_a_file_that_is_not_as_it_was_sealed_does_not_open(tmp_path: Path, ring: KeyRing, change: object) -> None:
    sealed = tmp_path / "sealed"
    seal_file(bytes(range(256)) * (2 * CHUNK // 256 + 5), sealed, KEY, "p")
    sealed.write_bytes(change(sealed.read_bytes()))  # type: ignore[operator]
    with pytest.raises(Tampered):
        list(open_file(sealed, ring, "p"))
    with pytest.raises(Tampered):
        unseal_file(sealed, tmp_path / "plain", ring, "p")
    assert not (tmp_path / "plain").exists()


def test_a_file_opens_in_its_own_place_with_its_own_key_alone(tmp_path: Path, ring: KeyRing) -> None:
    seal_file(b"x", tmp_path / "sealed", KEY, "files|1")
    with pytest.raises(Tampered):
        list(open_file(tmp_path / "sealed", ring, "files|2"))
    with pytest.raises(Shredded):
        list(open_file(tmp_path / "sealed", KeyRing(Master.fresh()), "files|1"))


def test_a_source_that_cannot_be_read_leaves_no_target(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        seal_file(tmp_path / "nowhere", tmp_path / "sealed", KEY, "p")
    assert list(tmp_path.iterdir()) == []

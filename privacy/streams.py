"""Sealed files of any length, read and written piece by piece.

    file     1 byte version | 16 bytes key id | 16 bytes salt | chunk | chunk | … | last chunk
    chunk    AES-256-GCM of at most 1 MiB; nonce = 11 bytes counter | 1 byte "is the last"

That is STREAM (Hoang, Reyhanitabar, Rogaway, Vizár: Online Authenticated-Encryption and its Nonce-Reuse
Misuse-Resistance, 2015): a piece that is changed, moved, missing or cut off does not open. Each file has a key of its
own, which HKDF-SHA256 derives from the data key, the salt and the place, so counters never meet.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from privacy.keys.ring import HEAD, VERSION, DataKey, Tampered

CHUNK = 1024 * 1024
SALT = 16
TAG = 16


def seal_file(source: Path | bytes, target: Path, key: DataKey, place: str) -> int:
    """Seal a file, or bytes, into another for one place; on disk before this returns. Returns the plain size.

    The target is there whole or not at all. Raises OSError when the disk refuses.
    """
    size = 0
    with _whole(target) as out, _opened(source) as plain:
        salt = os.urandom(SALT)
        cipher = _cipher(key, salt, place)
        out.write(VERSION + key.id + salt)
        for number, piece, last in _pieces(plain, CHUNK):
            size += len(piece)
            out.write(cipher.encrypt(_nonce(number, last), piece, None))
    return size


class Opens(Protocol):
    """Who has the keys that sealed files name."""

    def key(self, key_id: bytes) -> DataKey:
        """The key with an id. Raises Shredded when there is none."""
        ...


def open_file(source: Path, ring: Opens, place: str) -> Iterator[bytes]:
    """The plain pieces of a sealed file, each checked before it is given.

    Raises Tampered, at the piece where it shows, Shredded when the key was destroyed, or OSError.
    """
    with source.open("rb") as sealed:
        head = sealed.read(HEAD + SALT)
        if head[:1] != VERSION or len(head) < HEAD + SALT:
            raise Tampered
        cipher = _cipher(ring.key(head[1:HEAD]), head[HEAD:], place)
        for number, piece, last in _pieces(sealed, CHUNK + TAG):
            try:
                yield cipher.decrypt(_nonce(number, last), piece, None)
            except InvalidTag:
                raise Tampered from None


def unseal_file(source: Path, target: Path, ring: Opens, place: str) -> None:
    """Write the plain bytes of a sealed file into another, mode 0600, whole or not at all. Raises as `open_file`."""
    with _whole(target) as out:
        for piece in open_file(source, ring, place):
            out.write(piece)


def sealed_by(path: Path) -> bytes:
    """The id of the key that a file says it was sealed with."""
    with path.open("rb") as file:
        return file.read(HEAD)[1:]


def _pieces(file: BinaryIO, size: int) -> Iterator[tuple[int, bytes, bool]]:
    piece, number = file.read(size), 0
    while True:
        following = file.read(size) if len(piece) == size else b""
        yield number, piece, not following
        if not following:
            return
        piece, number = following, number + 1


def _cipher(key: DataKey, salt: bytes, place: str) -> AESGCM:
    return AESGCM(HKDF(SHA256(), length=32, salt=salt, info=b"file|" + place.encode()).derive(key.secret))


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


def _opened(source: Path | bytes) -> AbstractContextManager[BinaryIO]:
    return BytesIO(source) if isinstance(source, bytes) else source.open("rb")


@contextmanager
def _whole(target: Path) -> Iterator[BinaryIO]:
    """A file that appears under its name when all of it is on disk."""
    fresh = target.with_name(target.name + ".new")
    try:
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(target)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise

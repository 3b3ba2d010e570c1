"""The master key: it seals nothing but the data keys.

    master key ──wraps──> data keys (user · kind · client) ──seal──> rows, checkpoints, files

It is a short list of 32 random bytes each, newest last: while the master key is being exchanged there are two.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from dataclasses import dataclass
from functools import cached_property

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from config.errors import Mendable

KEY_BYTES = 32
NONCE_BYTES = 12
ID_BYTES = 8


class NoMaster(Mendable):
    """The master key is missing, or does not fit what it should open."""


@dataclass(frozen=True)
class Master:
    """The master key, `keys` newest last."""

    keys: tuple[bytes, ...]

    @classmethod
    def fresh(cls) -> Master:
        """A new one from the system's random numbers."""
        return cls((secrets.token_bytes(KEY_BYTES),))

    @cached_property
    def _ciphers(self) -> dict[bytes, AESGCM]:
        return {_name(key): AESGCM(key) for key in self.keys}

    @property
    def id(self) -> bytes:
        """Eight bytes that name the newest key and tell nothing of it."""
        return _name(self.keys[-1])

    def wrap(self, secret: bytes, place: str) -> bytes:
        """Seal a data key: id of the master key, 12 bytes nonce, AES-256-GCM with `place` as associated data."""
        nonce = os.urandom(NONCE_BYTES)
        return self.id + nonce + self._ciphers[self.id].encrypt(nonce, secret, place.encode())

    def unwrap(self, wrapped: bytes, place: str) -> bytes:
        """The data key again. Raises NoMaster when another key wrapped it, or it was changed."""
        name, nonce, rest = wrapped[:ID_BYTES], wrapped[ID_BYTES : ID_BYTES + NONCE_BYTES], wrapped[20:]
        try:
            return self._ciphers[name].decrypt(nonce, rest, place.encode())
        except (KeyError, InvalidTag, ValueError):
            raise NoMaster(
                "The master key does not fit the data keys in the database; bring back the key that belongs to this "
                "data folder, or restore a backup."
            ) from None


def _name(key: bytes) -> bytes:
    return hashlib.sha256(b"freelancex master key" + key).digest()[:ID_BYTES]

"""Where the master key is kept, and who opens it there.

    keyring      in the operating system's keyring; data/secrets/master.keyring names the entry
    passphrase   data/secrets/master.sealed, sealed with a key that Argon2id derives from the passphrase
    file         data/secrets/master.key, mode 0600: whoever reads the folder reads all, so encrypt the disk

One of the three holds it at a time. Another one wished for by the settings takes it over at the next start; the master
key itself stays the same. Where nothing can be wished for, there is always the file, never no key.
"""

from __future__ import annotations

import getpass
import json
import os
import secrets
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from config.settings import Settings
from config.setup.claim import Claim
from privacy.keys.master import KEY_BYTES, NONCE_BYTES, Master, NoMaster

SERVICE = "FreelanceX"
SALT_BYTES = 16


class Keeper(Protocol):
    """A place for the master key."""

    @property
    def kind(self) -> str: ...

    @property
    def said(self) -> str:
        """Half a sentence on what that means, for `doctor`."""
        ...

    def holds(self) -> bool:
        """Whether the master key is here."""
        ...

    def read(self) -> Master:
        """The master key. Raises NoMaster when it does not open."""
        ...

    def write(self, master: Master) -> None:
        """Keep it here from now on. Raises NoMaster or OSError when it cannot be kept."""
        ...

    def remove(self) -> None:
        """Keep it here no longer."""
        ...


@dataclass(frozen=True)
class KeyFile:
    """The master key in a file that only its owner reads."""

    path: Path
    kind: str = "file"
    said: str = "in a file only your account reads; whoever copies the folder has it"

    def holds(self) -> bool:
        return self.path.exists()

    def read(self) -> Master:
        if self.path.stat().st_mode & 0o077:
            self.path.chmod(0o600)
        return _master(self.path.read_bytes())

    def write(self, master: Master) -> None:
        write_secret(self.path, _text(master))

    def remove(self) -> None:
        _overwrite(self.path)


@dataclass(frozen=True)
class SealedFile:
    """The master key sealed by a passphrase: 16 bytes salt, 12 bytes nonce, AES-256-GCM."""

    path: Path
    passphrase: Callable[[], str]
    kind: str = "passphrase"
    said: str = "sealed by your passphrase"

    def holds(self) -> bool:
        return self.path.exists()

    def read(self) -> Master:
        sealed = self.path.read_bytes()
        salt, nonce, rest = sealed[:SALT_BYTES], sealed[SALT_BYTES : SALT_BYTES + NONCE_BYTES], sealed[28:]
        try:
            return _master(self._cipher(salt).decrypt(nonce, rest, b"master"))
        except InvalidTag:
            raise NoMaster("That is not the passphrase this data folder was sealed with; set the right one.") from None

    def write(self, master: Master) -> None:
        salt, nonce = os.urandom(SALT_BYTES), os.urandom(NONCE_BYTES)
        write_secret(self.path, salt + nonce + self._cipher(salt).encrypt(nonce, _text(master), b"master"))

    def remove(self) -> None:
        self.path.unlink()

    def _cipher(self, salt: bytes) -> AESGCM:
        from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

        # 64 MiB, three passes, four lanes: OWASP asks for 19 MiB, two and one at least
        derived = Argon2id(salt=salt, length=KEY_BYTES, iterations=3, lanes=4, memory_cost=64 * 1024)
        return AESGCM(derived.derive(self.passphrase().encode()))


@dataclass(frozen=True)
class SystemKeyring:
    """The master key in the operating system's keyring; a file beside the others names the entry."""

    path: Path
    kind: str = "keyring"
    said: str = "in this system's keyring"

    def holds(self) -> bool:
        return self.path.exists()

    def read(self) -> Master:
        found = self._keyring().get_password(SERVICE, self.path.read_text().strip())
        if not found:
            raise NoMaster("This system's keyring does not give the key; unlock it, or log in as before, and restart.")
        return _master(found.encode())

    def write(self, master: Master) -> None:
        entry = self.path.read_text().strip() if self.holds() else secrets.token_hex(8)
        self._keyring().set_password(SERVICE, entry, _text(master).decode())
        write_secret(self.path, entry.encode())

    def remove(self) -> None:
        self._keyring().delete_password(SERVICE, self.path.read_text().strip())
        self.path.unlink()

    @staticmethod
    def usable() -> bool:
        """Whether this system has a keyring that keeps things."""
        import keyring

        return bool(keyring.get_keyring().priority > 0)

    def _keyring(self) -> Any:
        import keyring

        if not self.usable():
            raise NoMaster("This system has no keyring that can be used now; set FREELANCEX_KEYS=passphrase or file.")
        return keyring


def open_master(settings: Settings) -> Master:
    """The master key, made where there is none yet. Raises NoMaster when it does not open, OSError by the disk."""
    with Claim(settings.paths.secrets / "master.claim", wait=True):
        there, wanted = keeper(settings), _wanted(settings)
        master = there.read() if there else Master.fresh()
        if there is None or there.kind != wanted.kind:
            wanted.write(master)
            if wanted.read() != master:
                raise NoMaster("The master key could not be kept where it was wished; try FREELANCEX_KEYS=file.")
            if there:
                there.remove()
        return master


def master_at_hand(settings: Settings) -> Master | None:
    """The master key where it opens without asking anybody; None where it does not."""
    there = keeper(settings)
    with suppress(NoMaster, OSError):
        if there and (there.kind != "passphrase" or settings.passphrase):
            return there.read()
    return None


def keep_master(settings: Settings, master: Master) -> None:
    """Keep another master key where the one before is."""
    with Claim(settings.paths.secrets / "master.claim", wait=True):
        (keeper(settings) or _wanted(settings)).write(master)


def sealed_master(settings: Settings, path: Path) -> Master:
    """The master key in a file sealed by the passphrase, such as one that came with a backup. Raises NoMaster."""
    return SealedFile(path, lambda: _passphrase(settings)).read()


def keeper(settings: Settings) -> Keeper | None:
    """Who keeps the master key now; None before the first start."""
    return next((one for one in _keepers(settings) if one.holds()), None)


def _keepers(settings: Settings) -> tuple[Keeper, ...]:
    folder = settings.paths.secrets
    return (
        SystemKeyring(folder / "master.keyring"),
        SealedFile(folder / "master.sealed", lambda: _passphrase(settings)),
        KeyFile(folder / "master.key"),
    )


def _wanted(settings: Settings) -> Keeper:
    of_system, sealed, file = _keepers(settings)
    by_kind = {one.kind: one for one in (of_system, sealed, file)}
    if settings.keys != "auto":
        return by_kind[settings.keys]
    if settings.passphrase:
        return sealed
    return keeper(settings) or (of_system if SystemKeyring.usable() else file)


def _passphrase(settings: Settings) -> str:
    if settings.passphrase:
        return settings.passphrase
    if sys.stdin is not None and sys.stdin.isatty() and (said := getpass.getpass("Passphrase of FreelanceX: ")):
        return said
    raise NoMaster("What is kept here is sealed by a passphrase; set FREELANCEX_PASSPHRASE, or start in a terminal.")


def write_secret(path: Path, content: bytes) -> None:
    """Write a file of mode 0600 whole or not at all, on disk before this returns. Raises OSError."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_name(path.name + ".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def _overwrite(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(os.urandom(path.stat().st_size))
        file.flush()
        os.fsync(file.fileno())
    path.unlink()


def _text(master: Master) -> bytes:
    return json.dumps([key.hex() for key in master.keys]).encode()


def _master(text: bytes) -> Master:
    try:
        keys = tuple(bytes.fromhex(key) for key in json.loads(text))
    except (ValueError, TypeError):
        keys = ()
    if not keys or any(len(key) != KEY_BYTES for key in keys):
        raise NoMaster("The master key is damaged; bring back the one that belongs to this data folder.")
    return Master(keys)

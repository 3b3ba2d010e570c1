"""Vectors of chunks in Chroma, embedded in this process: ids and turned vectors, no text and no metadata.

    vectors/<user, unnamed>/claim      held by the process that has them open; any other finds by words alone
                            current    the name of the folder in use
                            <name>/    Chroma's own files: a collection of everything, and besides one for the user's
                                       own, one for each client and one for what concerns several

Vectors are turned by a rotation that only the user's key gives; cosines stay what they are. Chroma keeps what is
deleted in its files, so erasing starts an empty folder and removes the old one: what is still there is embedded anew.
Everything here blocks, and belongs in a thread: the first use loads Chroma, some seconds.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from config.paths import Paths
from config.setup.claim import Claim, Taken

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

log = logging.getLogger("freelancex.recall")

SEARCHED = 80
"""How many vectors Chroma looks at, at least, to find the nearest: its default is 100."""
CURRENT, CLAIM = "current", "claim"
WHOLE = "everything"
"""The scope that holds each vector a second time: asking one collection costs as much as asking a small one."""


@dataclass(frozen=True)
class _Open:
    name: str
    claim: Claim
    client: Any
    collections: dict[str, Any]


class Vectors:
    """The vectors of every user here, opened when they are first needed. Thread-safe."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = Lock()
        self._opened: dict[str, _Open] = {}
        self._closed = False

    def open(self, user: str) -> str | None:
        """Open a user's vectors and return the name of their folder; None while another process has them.

        Files that Chroma cannot open give way to an empty folder. Raises OSError.
        """
        with self._lock:
            return self._open(user)

    def is_open(self, user: str) -> bool:
        """Whether `near` answers for this user without opening anything."""
        opened = self._opened.get(user)
        return opened is not None and opened.name == _current(folder_of(self._folder, user))

    def add(self, user: str, name: str, scope: str, ids: Sequence[str], vectors: NDArray[np.float32]) -> bool:
        """Keep vectors, (ids, dimensions), in one scope and in the whole; those known by id are replaced.

        False when the folder of that name, as `open` gave it, is no longer in use: what was to be kept may be erased.
        """
        with self._lock:
            if self._open(user) != name:
                return False
            for one in (scope, WHOLE):
                self._collection(user, one).upsert(ids=list(ids), embeddings=vectors)
            return True

    def near(self, user: str, scopes: Sequence[str], vector: NDArray[np.float32], count: int) -> dict[str, float]:
        """The ids of the nearest vectors in these scopes with their cosines, the nearest first."""
        with self._lock:
            if not self.is_open(user):
                return {}
            there = dict(self._opened[user].collections)
        found: dict[str, float] = {}
        for name in map(_named, scopes):
            if name in there:
                hits = there[name].query(query_embeddings=[vector], n_results=count, include=["distances"])
                found |= {one: 1 - far for one, far in zip(hits["ids"][0], hits["distances"][0], strict=True)}
        return dict(sorted(found.items(), key=lambda pair: -pair[1])[:count])

    def remove(self, user: str, scope: str, ids: Sequence[str]) -> None:
        """Find these no longer. Their bytes go with the next `drop`."""
        with self._lock:
            if self.is_open(user):
                for one in (scope, WHOLE):
                    self._collection(user, one).delete(ids=list(ids))

    def close(self) -> None:
        """Give everything back, for good: a thread that is still at work opens nothing again."""
        with self._lock:
            self._closed = True
            for user in list(self._opened):
                self._close(user)

    def _open(self, user: str) -> str | None:
        folder = folder_of(self._folder, user)
        if self._closed:
            return None
        if self.is_open(user):
            return self._opened[user].name
        self._close(user)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        claim = Claim(folder / CLAIM)
        try:
            claim.__enter__()
        except Taken:
            return None
        try:
            name = _current(folder) or _renew(folder)
            _remove_others(folder, name)
            try:
                client, collections = _client(folder / name)
            except Exception as error:  # whatever Chroma raises, its files are of no use
                log.warning("vectors are made anew: %s", type(error).__name__)
                name = _renew(folder)
                _remove_others(folder, name)
                client, collections = _client(folder / name)
            self._opened[user] = _Open(name, claim, client, collections)
        except BaseException:
            claim.__exit__(None, None, None)
            raise
        return name

    def _close(self, user: str) -> None:
        if opened := self._opened.pop(user, None):
            opened.client.close()
            opened.claim.__exit__(None, None, None)

    def _collection(self, user: str, scope: str) -> Any:
        opened, name = self._opened[user], _named(scope)
        if name not in opened.collections:
            opened.collections[name] = opened.client.get_or_create_collection(
                name,
                embedding_function=None,  # Chroma's own would be downloaded
                configuration={"hnsw": {"space": "ip", "ef_search": SEARCHED}},
            )
        return opened.collections[name]


def vectors_of(paths: Paths) -> Path:
    """Where the vectors of all users lie. They are in no backup: they are made anew from the texts."""
    return paths.data / "vectors"


def folder_of(folder: Path, user: str) -> Path:
    """Where one user's vectors lie, in a folder whose name does not tell who they are."""
    return folder / hashlib.sha256(user.encode()).hexdigest()[:32]


def drop(folder: Path, user: str) -> None:
    """Remove a user's vectors for good, also while a process has them open: it goes on in an empty folder.

    Raises OSError; then calling it again finishes it.
    """
    own = folder_of(folder, user)
    if own.exists():
        _remove_others(own, _renew(own))


def turned(vectors: NDArray[np.float32], secret: str) -> NDArray[np.float32]:
    """Vectors, (count, dimensions), turned by the rotation that a secret gives; their cosines stay."""
    result: NDArray[np.float32] = vectors @ _rotation(secret, vectors.shape[1])
    return result


@lru_cache(maxsize=4)
def _rotation(secret: str, dimensions: int) -> NDArray[np.float32]:
    """An orthogonal matrix drawn evenly from all (Mezzadri, 2007): QR of normal numbers, signs by the diagonal of R."""
    import numpy as np

    seed = int.from_bytes(hashlib.sha256(f"rotation|{secret}".encode()).digest(), "big")
    drawn = np.random.Generator(np.random.Philox(seed=seed)).standard_normal((dimensions, dimensions))
    q, r = np.linalg.qr(drawn)
    result: NDArray[np.float32] = (q * np.sign(np.diagonal(r))).astype(np.float32)
    return result


def _named(scope: str) -> str:
    return hashlib.sha256(f"scope|{scope}".encode()).hexdigest()[:32]


def _client(folder: Path) -> tuple[Any, dict[str, Any]]:
    """What has a folder open, and its collections by name. Raises what Chroma does, LookupError for a part without the
    whole, as they were once kept.
    """
    import chromadb
    from chromadb.config import Settings

    folder.mkdir(mode=0o700, exist_ok=True)
    client = chromadb.PersistentClient(str(folder), settings=Settings(anonymized_telemetry=False))
    collections = {one.name: one for one in client.list_collections()}
    if collections and _named(WHOLE) not in collections:
        client.close()
        raise LookupError(WHOLE)
    return client, collections


def _current(folder: Path) -> str:
    try:
        return (folder / CURRENT).read_text("ascii")
    except FileNotFoundError:
        return ""


def _renew(folder: Path) -> str:
    name = secrets.token_hex(8)
    fresh = folder / f"{CURRENT}.new"
    fresh.write_text(name, "ascii")
    fresh.replace(folder / CURRENT)
    return name


def _remove_others(folder: Path, name: str) -> None:
    for path in folder.iterdir():
        if path.is_dir() and path.name != name:
            shutil.rmtree(path)

"""Where things lie on disk."""

from __future__ import annotations

import hashlib
import os
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "data" / "samples"


@dataclass(frozen=True)
class Paths:
    """The places under one data directory. Made on first use, readable by their owner only.

    `machine` holds what is worked out once for every data directory, and nothing of the user's.
    """

    data: Path
    machine: Path

    @property
    def database(self) -> Path:
        return self.data / "freelancex.db"

    @property
    def checkpoints(self) -> Path:
        """The graph's own database: one checkpoint thread a turn."""
        return self.data / "checkpoints.db"

    @property
    def files(self) -> Path:
        """Uploads and artifacts, one folder each."""
        return self.data / "files"

    @property
    def runs(self) -> Path:
        """AutoML runs, one folder each."""
        return self.data / "runs"

    @property
    def models(self) -> Path:
        """Language models that were installed, and which of them serves what."""
        return self.data / "models"

    @property
    def logs(self) -> Path:
        return self.data / "logs"

    @property
    def cache(self) -> Path:
        """What others sent and may be asked for only so often; it holds nothing of the user's but that they asked."""
        return self.data / "cache"

    @property
    def planner(self) -> Path:
        """What the planner learned of the ways people ask; nothing of it is the user's."""
        return self.machine / "planner"

    def replies(self, user: str) -> Path:
        """The web replies kept for one user, in a file whose name does not tell who they are."""
        return self.cache / "http" / f"{_unnamed(user)}.db"

    def crawls(self, user: str) -> Path:
        """What crawls of one user that are not done yet have found so far."""
        return self.cache / "crawls" / _unnamed(user)

    @property
    def backups(self) -> Path:
        """Backups, sealed, one folder each."""
        return self.data / "backups"

    @property
    def secrets(self) -> Path:
        """Random keys made on this machine, mode 0600."""
        return self.data / "secrets"

    @property
    def audit(self) -> Path:
        """The chained log of outbound requests and side effects, a JSON object a line."""
        return self.data / "audit.jsonl"

    def make(self) -> Paths:
        """Create the folders with mode 0700. Raises OSError when the disk refuses."""
        for folder in (self.data, self.files, self.runs, self.logs, self.secrets):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            folder.chmod(0o700)  # the data folder comes with the checkout, open to all
        return self


def machine_cache() -> Path:
    """Where this system keeps what programs of this user can make again."""
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA", "") or Path.home() / "AppData" / "Local"
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = os.environ.get("XDG_CACHE_HOME", "") or Path.home() / ".cache"
    return Path(base) / "freelancex"


def _unnamed(user: str) -> str:
    return hashlib.sha256(user.encode()).hexdigest()[:32]

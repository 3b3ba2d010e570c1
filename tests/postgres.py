"""A private PostgreSQL on this machine: Debian's binaries, a folder that is thrown away, a socket and no port."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=16MB", "max_connections=50")
"""What the tests can do without: the server is thrown away, so nothing of it must survive a power cut."""


def binaries() -> Path | None:
    """The folder of the newest server's programs, or None."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: float(path.parts[-3]))
    if found:
        return found[-1].parent
    there = shutil.which("postgres")
    return Path(there).resolve().parent if there else None


@contextmanager
def server(programs: Path) -> Iterator[str]:
    """Run a server for as long as the block lasts; gives the address of its one database."""
    with tempfile.TemporaryDirectory(prefix="freelancex-postgres-") as folder:
        user = "postgres" if os.geteuid() == 0 else None  # it refuses to be run by root
        if user:
            shutil.chown(folder, user)
        data = f"{folder}/data"
        _run([str(programs / "initdb"), "-D", data, "-U", "tests", "-A", "trust", "-E", "UTF8", "--no-sync"], user)
        options = " ".join(
            f"-c {option}" for option in (*FAST, "listen_addresses=", f"unix_socket_directories={folder}")
        )
        control = [str(programs / "pg_ctl"), "-D", data, "-w", "-s"]
        _run([*control, "-l", f"{folder}/log", "-o", options, "start"], user)
        try:
            yield f"postgresql+asyncpg://tests@/postgres?host={folder}"
        finally:
            _run([*control, "-m", "immediate", "stop"], user)


def _run(command: list[str], user: str | None) -> None:
    others = [] if user else None
    subprocess.run(command, user=user, group=user, extra_groups=others, cwd="/", check=True, stdout=subprocess.DEVNULL)

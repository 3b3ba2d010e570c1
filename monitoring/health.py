"""What works here, what is missing, and the command that mends it: one check each, for `doctor` and for the chat.

Nothing is started, loaded or downloaded to find out, and nothing leaves this machine.
"""

from __future__ import annotations

import platform
import shutil
import socket
import sqlite3
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import psutil

from config.paths import ROOT
from config.settings import Settings
from config.setup import browser
from privacy.keys.keepers import keeper

OLDEST, NEWEST = (3, 11), (3, 13)
PACKAGES = (
    "chainlit", "fastapi", "langgraph", "langgraph-checkpoint-sqlite", "sqlmodel", "aiosqlite", "httpx", "pypdfium2",
    "python-docx", "reportlab", "sympy", "pandas", "scikit-learn", "lightgbm", "shap", "matplotlib",
)  # fmt: skip
GIB = 1024**3
WHOLE_CHECK = 100 * 1024**2
"""The largest database, in bytes, that is checked whole: that takes under a second."""
DISK_NEEDED, MEMORY_NEEDED = 2 * GIB, 2 * GIB


@dataclass(frozen=True)
class Check:
    """One thing looked at. `fix` says what to do when it is not ok; what is not `needed` may be missing for good."""

    name: str
    ok: bool
    detail: str
    fix: str = ""
    needed: bool = True


def check_all(settings: Settings) -> list[Check]:
    """Every check, in the order a person would read them. A check that breaks reports itself."""
    checks: tuple[Callable[[Settings], Check], ...] = (
        python, packages, data_folder, keys, database, disk, memory, port, chromium, internet,
    )  # fmt: skip
    results = []
    for check in checks:
        try:
            results.append(check(settings))
        except Exception as error:
            name = check.__name__.replace("_", " ")
            results.append(Check(name, False, f"the check itself failed: {error.__class__.__name__}", needed=False))
    return results


def python(settings: Settings) -> Check:
    """The version of Python."""
    ok = OLDEST <= sys.version_info[:2] <= NEWEST
    fix = f"install Python {NEWEST[0]}.{NEWEST[1]} and run: make clean start"
    return Check("Python", ok, f"{platform.python_version()} on {platform.system()} {platform.machine()}", fix)


def packages(settings: Settings) -> Check:
    """Whether what FreelanceX is made of is installed; nothing is imported."""
    missing = []
    for name in PACKAGES:
        try:
            version(name)
        except PackageNotFoundError:
            missing.append(name)
    detail = f"missing: {', '.join(missing)}" if missing else f"{len(PACKAGES)} found, Chainlit {version('chainlit')}"
    return Check("Packages", not missing, detail, "make start")


def data_folder(settings: Settings) -> Check:
    """Whether the data folder can be written to."""
    folder = settings.paths.data
    fix = f"make {folder} writable for you, or set FREELANCEX_DATA_DIR to another folder"
    try:
        settings.paths.make()
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"x")
    except OSError as error:
        return Check("Data folder", False, f"{folder} cannot be written to: {error.strerror}", fix)
    return Check("Data folder", True, f"{folder}, {_size(folder)}")


def keys(settings: Settings) -> Check:
    """Who keeps the key to everything stored; it is not opened."""
    kept = keeper(settings)
    if kept is None:
        return Check("Keys", True, "not there yet; they are made at the first start")
    better = "set FREELANCEX_PASSPHRASE, or encrypt the disk" if kept.kind == "file" else ""
    return Check("Keys", kept.kind != "file", f"all that is stored is sealed; the key is {kept.said}", better, False)


def database(settings: Settings) -> Check:
    """Whether the database is sound."""
    if settings.database_url:
        return Check("Database", True, "another one than the file in the data folder is configured")
    path = settings.paths.database
    if not path.exists():
        return Check("Database", True, "not there yet; it is made at the first start")
    ok, detail = sqlite_file(path)
    return Check("Database", ok, detail, "stop FreelanceX, then: python -m chainlit_app restore")


def sqlite_file(path: Path) -> tuple[bool, str]:
    """Whether a SQLite file, if it is there, is sound; and its size, or what is wrong with it.

    SQLite's whole check also finds rows that only an index still knows of. It reads everything several times over, so
    that a large file gets the quick one.
    """
    if not path.exists():
        return True, "not there yet"
    check = "integrity_check" if path.stat().st_size <= WHOLE_CHECK else "quick_check"
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=5)) as opened:
            opened.text_factory = partial(str, encoding="utf-8", errors="replace")  # what is damaged is cited
            said = opened.execute(f"PRAGMA {check}(1)").fetchone()[0]
    except UnicodeDecodeError:  # SQLite's own message cites what is damaged
        return False, "damaged: its tables cannot be read"
    except sqlite3.Error as error:
        return False, f"it cannot be read: {error}"
    return said == "ok", f"sound, {path.stat().st_size / 1024**2:.1f} MB" if said == "ok" else f"damaged: {said}"


def disk(settings: Settings) -> Check:
    """Whether there is room."""
    folder = settings.paths.data if settings.paths.data.exists() else ROOT
    free = shutil.disk_usage(folder).free
    return Check("Disk", free >= DISK_NEEDED, f"{free / GIB:.1f} GB free", "free some space: at least 2 GB are needed")


def memory(settings: Settings) -> Check:
    """Whether there is memory."""
    state = psutil.virtual_memory()
    detail = f"{state.available / GIB:.1f} of {state.total / GIB:.1f} GB free"
    return Check("Memory", state.available >= MEMORY_NEEDED, detail, "close other programs", needed=False)


def port(settings: Settings) -> Check:
    """Whether the address can be used: it is free, or something of this user already answers there."""
    with closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError:
            detail = f"{settings.host}:{settings.port} is in use, perhaps by FreelanceX itself"
            return Check("Port", False, detail, "FREELANCEX_PORT=8001 make start", needed=False)
    return Check("Port", True, f"{settings.host}:{settings.port} is free")


def chromium(settings: Settings) -> Check:
    """Whether the browser that the tests drive is there."""
    path = browser.find()
    return Check("Chromium", path is not None, path or "only the browser tests need it", browser.MEND, needed=False)


def internet(settings: Settings) -> Check:
    """Whether FreelanceX may ask others anything at all; nobody is asked to find out."""
    detail = "set to offline: nothing leaves this machine" if settings.offline else "allowed, each purpose with consent"
    return Check("Outside world", True, detail, needed=False)


def _size(folder: Path) -> str:
    total = sum(file.lstat().st_size for file in folder.rglob("*") if file.is_file())
    return f"{total / 1024**2:.1f} MB in use"

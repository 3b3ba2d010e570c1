"""What each board was asked and how it went, kept on disk so that no restart makes us break a board's terms.

    reserve ──▶ seconds to wait, or Spent ──▶ request ──▶ note: answered, or the problem

One small SQLite file: a reservation is one transaction, so that two searches, or two processes, count as one.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from integrations.http_errors import NotSent

DAY, MINUTE = 86_400.0, 60.0
PATIENCE = 10.0
"""Seconds a search waits for its turn with a board; what would take longer is left for later."""
AFTER_FAILURE = 60.0
"""Seconds until a board that failed is asked again."""
_TABLES = (
    "CREATE TABLE IF NOT EXISTS requests (board TEXT NOT NULL, at REAL NOT NULL)",
    "CREATE INDEX IF NOT EXISTS ix_requests ON requests (board, at)",
    "CREATE TABLE IF NOT EXISTS boards "
    "(board TEXT PRIMARY KEY, answered REAL, failed REAL, problem TEXT, rests_until REAL)",
)


@dataclass(frozen=True)
class Allowance:
    """How often a board may be asked: seconds between two requests, and the most in a minute and in a day (0: any)."""

    seconds_apart: float = 1.0
    per_minute: int = 0
    per_day: int = 0


@dataclass(frozen=True)
class History:
    """When a board last answered and last failed, what the problem was, and until when it is left alone.

    Times are seconds since 1970, 0 for never.
    """

    answered: float = 0.0
    failed: float = 0.0
    problem: str = ""
    rests_until: float = 0.0

    @property
    def last_success(self) -> datetime | None:
        return datetime.fromtimestamp(self.answered, UTC) if self.answered else None

    def resting(self) -> bool:
        """Whether it failed, or asked to be left alone, so recently that it is not asked."""
        return self.failed > self.answered and 0 < self.rests_until - time.time() <= DAY


class Spent(NotSent):
    """The board's terms allow no more requests for now."""


class Ledger:
    """The record of all boards in one file; made when it is first written to."""

    def __init__(self, path: Path) -> None:
        self._path = path

    async def reserve(self, board: str, allowance: Allowance) -> float:
        """Take the next turn with a board and return the seconds until then. Raises Spent."""
        return await asyncio.to_thread(self._reserve, board, allowance)

    async def give_back(self, board: str) -> None:
        """Undo the last reservation: nothing was sent."""
        with_last = "DELETE FROM requests WHERE rowid = (SELECT MAX(rowid) FROM requests WHERE board = ?)"
        await asyncio.to_thread(self._change, with_last, (board,))

    async def note(self, board: str, problem: str = "", rest: float = AFTER_FAILURE) -> None:
        """Keep how asking went: without a problem, it answered; with one, it is left alone for `rest` seconds."""
        now, column = time.time(), "failed" if problem else "answered"
        await asyncio.to_thread(
            self._change,
            f"INSERT INTO boards (board, {column}, problem, rests_until) VALUES (?, ?, ?, ?) "
            f"ON CONFLICT (board) DO UPDATE SET {column} = excluded.{column}, problem = excluded.problem, "
            "rests_until = excluded.rests_until",
            (board, now, problem, now + rest if problem else 0.0),
        )

    async def history(self, board: str) -> History:
        """How asking a board went."""
        return (await asyncio.to_thread(self.read)).get(board, History())

    def read(self) -> dict[str, History]:
        """How asking each board went, by name; blocking. Empty when the file is not there or cannot be read."""
        if not self._path.is_file():
            return {}
        try:
            with closing(sqlite3.connect(f"{self._path.absolute().as_uri()}?mode=ro", uri=True)) as opened:
                rows = opened.execute("SELECT board, answered, failed, problem, rests_until FROM boards").fetchall()
        except sqlite3.Error:
            return {}
        return {row[0]: History(row[1] or 0.0, row[2] or 0.0, row[3] or "", row[4] or 0.0) for row in rows}

    def _reserve(self, board: str, allowance: Allowance) -> float:
        with self._open() as opened:
            now = time.time()
            opened.execute("DELETE FROM requests WHERE at < ?", (now - DAY,))
            rows = opened.execute("SELECT at FROM requests WHERE board = ? ORDER BY at", (board,))
            asked = [float(row[0]) for row in rows]
            start = max([now, *(at + allowance.seconds_apart for at in asked[-1:])])
            for most, seconds, unit in ((allowance.per_minute, MINUTE, "minute"), (allowance.per_day, DAY, "day")):
                recent = [at for at in asked if at > start - seconds]
                if most and len(recent) >= most:
                    free = recent[-most] + seconds
                    if free - now > PATIENCE:
                        times = "once" if most == 1 else f"{most} times"
                        raise Spent(f"its terms allow to ask {times} a {unit}, so it is free again at {clock(free)}")
                    start = max(start, free)
            if start - now > PATIENCE:
                raise Spent(f"its terms ask for a pause between requests, until {clock(start)}")
            opened.execute("INSERT INTO requests VALUES (?, ?)", (board, start))
            return start - now

    def _change(self, statement: str, values: tuple[object, ...]) -> None:
        with self._open() as opened:
            opened.execute(statement, values)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with closing(self._connected()) as opened:
            opened.execute("BEGIN IMMEDIATE")
            yield opened
            opened.execute("COMMIT")

    def _connected(self) -> sqlite3.Connection:
        opened = sqlite3.connect(self._path, timeout=5, isolation_level=None)
        try:
            for statement in _TABLES:
                opened.execute(statement)
        except sqlite3.OperationalError:
            opened.close()
            raise
        except sqlite3.DatabaseError:  # damaged: what it knew is lost, and searching goes on
            opened.close()
            self._path.unlink(missing_ok=True)
            return self._connected()
        return opened


def clock(at: float) -> str:
    """A time in seconds since 1970 as the clock here shows it."""
    return datetime.fromtimestamp(at).strftime("%H:%M")

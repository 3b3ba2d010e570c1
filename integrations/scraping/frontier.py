"""What a crawl has still to open and what it has found, on disk: after a stop it goes on where it was.

One SQLite file per crawl. The blocking calls run in threads, a batch at a time.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

TABLES = """
CREATE TABLE IF NOT EXISTS pages (
    url TEXT PRIMARY KEY, depth INTEGER NOT NULL, state TEXT NOT NULL DEFAULT 'waiting', note TEXT NOT NULL DEFAULT '');
CREATE INDEX IF NOT EXISTS pages_waiting ON pages (state, depth);
CREATE TABLE IF NOT EXISTS results (
    url TEXT PRIMARY KEY, fetched_at TEXT NOT NULL, sha256 TEXT NOT NULL, mark TEXT NOT NULL, facts TEXT NOT NULL);
"""


@dataclass(frozen=True)
class Step:
    """An address and its distance from the start."""

    url: str
    depth: int


@dataclass(frozen=True)
class Outcome:
    """What became of a page: `state` is done, same (as another), refused, failed or gone elsewhere.

    `facts` is the JSON of what it gave; `onward` are the addresses it leads to.
    """

    step: Step
    state: str
    note: str = ""
    fetched_at: str = ""
    sha256: str = ""
    mark: int = 0
    facts: str = ""
    onward: tuple[Step, ...] = ()


class Frontier:
    """The state of one crawl."""

    def __init__(self, path: Path) -> None:
        self.path = path

    async def add(self, steps: Iterable[Step]) -> None:
        """Add addresses not known yet."""
        await asyncio.to_thread(self._add, list(steps))

    async def waiting(self, limit: int, but: Iterable[str] = ()) -> list[Step]:
        """The next addresses to open, nearest to the start first, without those being opened now."""
        return await asyncio.to_thread(self._waiting, limit, set(but))

    async def save(self, outcomes: Iterable[Outcome]) -> None:
        """Keep what became of pages, and where they lead."""
        await asyncio.to_thread(self._save, list(outcomes))

    async def counts(self) -> dict[str, int]:
        """The number of pages by state."""
        return await asyncio.to_thread(self._counts)

    async def marks(self) -> list[int]:
        """The fingerprints of the pages kept."""
        return await asyncio.to_thread(self._marks)

    async def notes(self, state: str, limit: int = 20) -> list[tuple[str, str]]:
        """Addresses in one state, with why."""
        return await asyncio.to_thread(self._notes, state, limit)

    async def forget(self) -> None:
        """Remove the file."""
        await asyncio.to_thread(self.path.unlink, missing_ok=True)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with closing(sqlite3.connect(self.path, timeout=10)) as opened, opened:
            opened.executescript(TABLES)
            yield opened

    def _add(self, steps: list[Step]) -> None:
        with self._open() as opened:
            _insert(opened, steps)

    def _waiting(self, limit: int, but: set[str]) -> list[Step]:
        query = "SELECT url, depth FROM pages WHERE state = 'waiting' ORDER BY depth, rowid LIMIT ?"
        with self._open() as opened:
            rows = opened.execute(query, (limit + len(but),)).fetchall()
        return [Step(*row) for row in rows if row[0] not in but][:limit]

    def _save(self, outcomes: list[Outcome]) -> None:
        with self._open() as opened:
            for one in outcomes:
                opened.execute(
                    "UPDATE pages SET state = ?, note = ? WHERE url = ?", (one.state, one.note, one.step.url)
                )
                if one.state == "done":
                    row = one.step.url, one.fetched_at, one.sha256, str(one.mark), one.facts
                    opened.execute("INSERT OR REPLACE INTO results VALUES (?, ?, ?, ?, ?)", row)
                _insert(opened, one.onward)

    def _counts(self) -> dict[str, int]:
        with self._open() as opened:
            return dict(opened.execute("SELECT state, count(*) FROM pages GROUP BY state").fetchall())

    def _marks(self) -> list[int]:
        with self._open() as opened:
            return [int(row[0]) for row in opened.execute("SELECT mark FROM results")]

    def _notes(self, state: str, limit: int) -> list[tuple[str, str]]:
        with self._open() as opened:
            query = "SELECT url, note FROM pages WHERE state = ? ORDER BY rowid LIMIT ?"
            return opened.execute(query, (state, limit)).fetchall()


def results(path: Path) -> Iterator[dict[str, object]]:
    """What each page kept gave, in the order of the crawl, with its provenance."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as opened:
        query = (
            "SELECT r.url, fetched_at, sha256, facts FROM results r JOIN pages p USING (url) ORDER BY depth, p.rowid"
        )
        for url, fetched_at, sha256, facts in opened.execute(query):
            yield {**json.loads(facts), "url": url, "fetched_at": fetched_at, "sha256": sha256}


def _insert(opened: sqlite3.Connection, steps: Iterable[Step]) -> None:
    opened.executemany(
        "INSERT OR IGNORE INTO pages (url, depth) VALUES (?, ?)", [(one.url, one.depth) for one in steps]
    )

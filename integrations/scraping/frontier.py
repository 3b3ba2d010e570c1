"""What a crawl has still to open and what it has found, on disk: after a stop it goes on where it was.

One SQLite file per crawl. Addresses, notes and what pages gave are sealed with a key of the user's; an address is known
again by its blind text. The blocking calls run in threads, a batch at a time.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from privacy.keys.ring import DataKey, blind_with, open_with, seal_with

TABLES = """
CREATE TABLE IF NOT EXISTS pages (
    id TEXT PRIMARY KEY, depth INTEGER NOT NULL, state TEXT NOT NULL DEFAULT 'waiting', url BLOB NOT NULL, note BLOB);
CREATE INDEX IF NOT EXISTS pages_waiting ON pages (state, depth);
CREATE TABLE IF NOT EXISTS results (id TEXT PRIMARY KEY, mark BLOB NOT NULL, said BLOB NOT NULL);
"""
SUFFIX, PLAIN_SUFFIX = ".crawl", ".db"
"""What the file of a crawl ends with, and what one of an earlier version did, which held everything in clear."""


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
    """The state of one crawl, by its name in a folder; only who has the key can tell or open it."""

    def __init__(self, folder: Path, name: str, key: DataKey) -> None:
        self._key = key
        self.path = folder / f"{blind_with(key, name, 'crawl')}{SUFFIX}"

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

    async def lay(self, target: Path) -> None:
        """Write what each page kept gave, in the order of the crawl, with its provenance: a JSON object a line."""
        await asyncio.to_thread(self._lay, target)

    async def forget(self) -> None:
        """Remove the file."""
        await asyncio.to_thread(self.path.unlink, missing_ok=True)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        for plain in self.path.parent.glob(f"*{PLAIN_SUFFIX}"):
            plain.unlink(missing_ok=True)
        with closing(sqlite3.connect(self.path, timeout=10)) as opened, opened:
            opened.executescript(TABLES)
            yield opened

    def _add(self, steps: list[Step]) -> None:
        with self._open() as opened:
            self._insert(opened, steps)

    def _waiting(self, limit: int, but: set[str]) -> list[Step]:
        query = "SELECT id, url, depth FROM pages WHERE state = 'waiting' ORDER BY depth, rowid LIMIT ?"
        with self._open() as opened:
            rows = opened.execute(query, (limit + len(but),)).fetchall()
        steps = [Step(self._said("url", *row[:2]), row[2]) for row in rows]
        return [step for step in steps if step.url not in but][:limit]

    def _save(self, outcomes: list[Outcome]) -> None:
        with self._open() as opened:
            for one in outcomes:
                known = self._id(one.step.url)
                note = self._sealed("note", known, one.note)
                opened.execute("UPDATE pages SET state = ?, note = ? WHERE id = ?", (one.state, note, known))
                if one.state == "done":
                    said = {"url": one.step.url, "fetched_at": one.fetched_at, "sha256": one.sha256}
                    facts = json.dumps({**json.loads(one.facts), **said})
                    row = known, self._sealed("mark", known, str(one.mark)), self._sealed("facts", known, facts)
                    opened.execute("INSERT OR REPLACE INTO results VALUES (?, ?, ?)", row)
                self._insert(opened, one.onward)

    def _counts(self) -> dict[str, int]:
        with self._open() as opened:
            return dict(opened.execute("SELECT state, count(*) FROM pages GROUP BY state").fetchall())

    def _marks(self) -> list[int]:
        with self._open() as opened:
            return [int(self._said("mark", *row)) for row in opened.execute("SELECT id, mark FROM results")]

    def _notes(self, state: str, limit: int) -> list[tuple[str, str]]:
        with self._open() as opened:
            query = "SELECT id, url, note FROM pages WHERE state = ? ORDER BY rowid LIMIT ?"
            rows = opened.execute(query, (state, limit)).fetchall()
        return [(self._said("url", known, url), self._said("note", known, note)) for known, url, note in rows]

    def _lay(self, target: Path) -> None:
        query = "SELECT r.id, said FROM results r JOIN pages p USING (id) ORDER BY depth, p.rowid"
        with self._open() as opened, target.open("w", encoding="utf-8") as lines:
            lines.writelines(self._said("facts", *row) + "\n" for row in opened.execute(query))

    def _insert(self, opened: sqlite3.Connection, steps: Iterable[Step]) -> None:
        rows = [(known := self._id(one.url), one.depth, self._sealed("url", known, one.url)) for one in steps]
        opened.executemany("INSERT OR IGNORE INTO pages (id, depth, url) VALUES (?, ?, ?)", rows)

    def _id(self, url: str) -> str:
        return blind_with(self._key, url, "page")

    def _sealed(self, field: str, known: str, text: str) -> bytes:
        return seal_with(self._key, text.encode("utf-8", "surrogatepass"), f"crawls|{field}|{known}")

    def _said(self, field: str, known: str, sealed: bytes) -> str:
        return open_with(self._key, sealed, f"crawls|{field}|{known}").decode("utf-8", "surrogatepass")


def results(laid: Path) -> Iterator[dict[str, Any]]:
    """What each page kept gave, as `Frontier.lay` wrote it."""
    with laid.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)

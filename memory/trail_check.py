"""Checks the audit trail against the records, and keeps its ends apart, signed, in a log of their own.

    trail ── each entry follows from the one before ──▶ forged, taken out
    rows  ── each is as its last entry says ─────────▶ changed, removed, inserted
    heads ── each is still in the trail ─────────────▶ cut off at the end

A head is the number and code of a chain's last entry. Between two signatures a cut is seen only by the rows it leaves
without an entry; who can also put back the rows of that hour, and the files beside the database, is not caught.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, inspect, select
from sqlmodel import SQLModel

from config.settings import Settings
from memory.database import Database
from memory.migrations import MIGRATIONS, migrate, version_of
from memory.trail import CHAINED, SINCE, START, Chain, TrailEntry, key_text, rewritten, stored
from privacy.audit import AuditLog
from privacy.keys.ring import KeyName, NoKey, ring_of

_TRAIL = TrailEntry.__table__  # type: ignore[attr-defined]
ENDLESS = 1_000_000_000


@dataclass(frozen=True)
class Fault:
    """One thing that is not as it was written: `what` is changed, removed, inserted, forged or cut; where, and of whom.

    `number` is the entry at fault where there is one.
    """

    what: str
    user: str
    name: str = ""
    row: str = ""
    number: int = 0

    def __str__(self) -> str:
        if self.what in ("forged", "cut"):
            reason = "is not as it was written" if self.what == "forged" else "is gone, with what came after"
            return f"Entry {self.number} of the trail {reason}."
        return f"The row {self.row} of {self.name} was {self.what} by something other than FreelanceX."


@dataclass(frozen=True)
class TrailVerdict:
    """What a check found: how many entries and rows were looked at, and what is wrong with them."""

    entries: int
    rows: int
    faults: tuple[Fault, ...]

    @property
    def ok(self) -> bool:
        return not self.faults


class Heads:
    """The signed ends of all chains, beside the keys."""

    def __init__(self, log: AuditLog) -> None:
        self._log = log

    @classmethod
    def open(cls, settings: Settings) -> Heads:
        """Those of this installation. Touches no disk yet."""
        secrets = settings.paths.secrets
        return cls(AuditLog(secrets / "heads.jsonl", secrets / "audit.key"))

    async def sign(self, database: Database, kind: str = "head") -> int:
        """Sign the ends that moved since the last time; returns how many.

        After a backup was restored, `kind` is "restored": from then on, only what was signed since counts.
        """
        ends = await _ends(database)
        known = {} if kind == "restored" else {chain: last for chain, last, ended in await self._signed() if not ended}
        if kind == "restored":
            await self._log.record("restored")
        moved = [(chain, number, mac) for _, chain, number, mac in ends if known.get(chain) != (number, mac)]
        for chain, number, mac in moved:
            await self._log.record("head", chain=chain, at_entry=number, code=mac)
        return len(moved)

    async def end(self, database: Database, user: str) -> None:
        """Note that a chain ends because its user is being erased."""
        for owner, chain, number, mac in await _ends(database):
            if owner == user:
                await self._log.record("ended", chain=chain, at_entry=number, code=mac)

    async def verify(self, database: Database) -> TrailVerdict:
        """Check everything."""
        async with database.read() as session:
            found = await (await session.connection()).run_sync(check)
        faults = list(found.faults)
        if not (await self._log.verify()).ok:
            faults.append(Fault("forged", "", "heads"))
        ends = {chain: (user, number) for user, chain, number, _ in await _ends(database)}
        for chain, (number, mac), ended in await self._signed():
            if ended:
                continue
            user, last = ends.get(chain, ("", 0))
            if number > last or await _code_at(database, user, number) != mac:
                faults.append(Fault("cut", user, number=min(number, last + 1)))
        return TrailVerdict(found.entries, found.rows, tuple(dict.fromkeys(faults)))

    async def _signed(self) -> list[tuple[str, tuple[int, str], bool]]:
        """Each chain's newest signed end since the last restoration, and whether the chain ended there."""
        newest: dict[str, tuple[str, tuple[int, str], bool]] = {}
        for line in await self._log.read(limit=ENDLESS):  # newest first
            if line["kind"] == "restored":
                break
            end = (int(line["at_entry"]), str(line["code"]))
            newest.setdefault(line["chain"], (line["chain"], end, line["kind"] == "ended"))
        return list(newest.values())


def update(connection: Connection) -> None:
    """Bring the database up to date, and let the trail say that its rows are stored in another form since then.

    What was not sound before is left as it is, so that an update hides nothing.
    """
    version = version_of(connection)
    if version == len(MIGRATIONS):
        return
    followed = inspect(connection).has_table("trail")
    faults = check(connection).faults if followed else ()
    faulty = {(one.user, one.name, one.row) for one in faults if version >= SINCE.get(one.name, 0)}
    migrate(connection)
    rewritten(
        connection,
        [
            (user, table, key)
            for table in _tables(connection)
            for user, row, key in _rows(connection, table)
            if (user, table.name, row) not in faulty
        ],
    )


def check(connection: Connection) -> TrailVerdict:
    """Whether every entry follows from the one before, and every row is as its last entry says."""
    faults: list[Fault] = []
    last: dict[tuple[str, str, str], tuple[str, str]] = {}
    chains = {user: _chain(user, connection) for user in _users(connection)}
    ends = dict.fromkeys(chains, (0, START))
    entries = connection.execute(select(_TRAIL).order_by(_TRAIL.c.user, _TRAIL.c.number)).mappings().all()
    for entry in entries:
        user = entry["user"]
        chain, (number, before) = chains[user], ends[user]
        plain = {name: value for name, value in entry.items() if name not in ("user", "mac")}
        if chain is None or entry["number"] != number + 1 or chain.mac(before, plain) != entry["mac"]:
            faults.append(Fault("forged", user, number=number + 1))
        ends[user] = entry["number"], entry["mac"]
        last[user, entry["name"], entry["row"]] = entry["action"], entry["digest"]
    rows = 0
    for table in _tables(connection):
        there = list(_rows(connection, table))
        found = stored(connection, table, [key for _, _, key in there])
        for user, row, key in there:
            rows += 1
            chain = chains.get(user)
            action, digest = last.pop((user, table.name, row), ("removed", ""))
            now = found.get(key)
            if action == "removed":
                faults.append(Fault("inserted", user, table.name, row))
            elif chain is None or now is None or chain.digest(table.name, now) != digest:
                faults.append(Fault("changed", user, table.name, row))
    gone = [key for key, (action, _) in last.items() if action != "removed"]
    return TrailVerdict(len(entries), rows, (*faults, *(Fault("removed", *key) for key in gone)))


def _users(connection: Connection) -> list[str]:
    return list(connection.execute(select(_TRAIL.c.user).distinct()).scalars())


def _chain(user: str, connection: Connection) -> Chain | None:
    """The chain of a user; None where its key is gone, as that of an erased user is."""
    try:
        return Chain(user, connection)
    except NoKey:
        return None


def _tables(connection: Connection) -> list[Any]:
    there = set(inspect(connection).get_table_names())
    return [SQLModel.metadata.tables[name] for name in CHAINED if name in there]


def _rows(connection: Connection, table: Any) -> Iterator[tuple[str, str, tuple[Any, ...]]]:
    columns = list(table.primary_key.columns)
    for user, *key in connection.execute(select(table.c.user, *columns)).all():
        yield user, key_text(key), tuple(key)


async def _ends(database: Database) -> list[tuple[str, str, int, str]]:
    """Each chain: its user, its name in the log of heads, and its end."""

    def read(connection: Connection) -> list[tuple[str, str, int, str]]:
        chains = [chain for user in _users(connection) if (chain := _chain(user, connection))]
        return [(chain.user, _tag(chain.user, connection), *chain.end()) for chain in chains]

    async with database.read() as session:
        return await (await session.connection()).run_sync(read)


async def _code_at(database: Database, user: str, number: int) -> str | None:
    async with database.read() as session:
        query = select(_TRAIL.c.mac).where(_TRAIL.c.user == user, _TRAIL.c.number == number)
        return (await (await session.connection()).execute(query)).scalar()


def _tag(user: str, connection: Connection) -> str:
    """What a chain is called outside the database: nothing that tells whose it is, or can once its key is gone."""
    return ring_of(connection).blind(user, KeyName(user, "audit"), "head", connection)

"""The erasures that were carried out, kept apart from the database, so that an older backup cannot undo them.

    restore ──▶ database of last week ──▶ ledger: "client 4f… erased on Tuesday" ──▶ erased again

A line says whose data and which client by opaque id, when, and how much; nothing of what was erased.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from config.settings import Settings
from privacy.audit import AuditLog

ALL_LINES = 1_000_000_000


@dataclass(frozen=True)
class Erasure:
    """One erasure: `client` is the client's id, or empty where everything of the user went; `number` is its line."""

    number: int
    user: str
    client: str
    at: datetime
    rows: int
    files: int
    reference: str


class Ledger:
    """The list of erasures of one installation; chained, so that a line cannot be taken out unseen."""

    def __init__(self, log: AuditLog) -> None:
        self.log = log

    @classmethod
    def open(cls, settings: Settings) -> Ledger:
        """That of this installation. Touches no disk yet."""
        secrets = settings.paths.secrets
        return cls(AuditLog(secrets / "erasures.jsonl", secrets / "audit.key"))

    async def add(self, user: str, client: str = "", *, rows: int, files: int) -> Erasure:
        """Note an erasure. Raises OSError when the disk refuses."""
        await self.log.record("erasure", user=user, client=client, rows=rows, files=files)
        return (await self.all())[-1]

    async def all(self, since: datetime | None = None) -> list[Erasure]:
        """The erasures, oldest first; with `since`, those from that millisecond on."""
        start = since and since.replace(microsecond=since.microsecond // 1000 * 1000)  # the log tells no finer
        found = [
            Erasure(
                number=line["n"],
                user=line["user"],
                client=line["client"],
                at=datetime.fromisoformat(line["at"]),
                rows=line["rows"],
                files=line["files"],
                reference=line["mac"][:16],
            )
            for line in await self.log.read(limit=ALL_LINES, kind="erasure")
        ]
        return [one for one in reversed(found) if start is None or one.at >= start]

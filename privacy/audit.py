"""The log of what left this machine and what was done to the world: a JSON object a line, chained.

Each line carries an HMAC-SHA256 over the line before and itself, so a line that is changed, moved or taken out shows.
A chain alone cannot show that its end was cut off: the count and the last code are noted beside the key. With the
master key, what lines say of the user is sealed (`privacy.audit_lines`).
"""

from __future__ import annotations

import asyncio
import hmac
import json
import os
import secrets
import threading
from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from config.settings import Settings
from config.setup.claim import Claim
from privacy.access.principal import LOCAL
from privacy.audit_lines import KEY, UNREAD, Lines
from privacy.keys.master import Master

START = "0" * 64
"""What the first line is chained to."""


@dataclass(frozen=True)
class Verdict:
    """Whether the log is as it was written; otherwise the first line at fault (from 1) and the reason."""

    ok: bool
    lines: int
    at: int = 0
    reason: str = ""


def audit_key(path: Path) -> bytes:
    """The 32 random bytes in a file of mode 0600, made on first use. Raises OSError when the disk refuses."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with Claim(path.with_suffix(".claim"), wait=True):
        if not path.exists():
            fresh = path.with_suffix(".new")
            fresh.unlink(missing_ok=True)
            descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(secrets.token_bytes(32))
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(path)
        return path.read_bytes()


class AuditLog:
    """An append-only log. Several processes may write to it at once.

    `key` is a file's path or the bytes themselves; a file is made, and read, only when the log is first used.
    """

    def __init__(self, path: Path, key: Path | bytes, head: Path | None = None, master: Master | None = None) -> None:
        self.path = path
        self._lines = Lines(master) if master else None
        self._begins = b""
        self._key_source = key
        self._head = head or path.with_suffix(".head")
        self._lock = threading.Lock()

    @classmethod
    def open(cls, settings: Settings, master: Master | None = None) -> AuditLog:
        """The log of this installation, its words sealed and opened with the master key. Touches no disk yet."""
        secrets = settings.paths.secrets
        return cls(settings.paths.audit, secrets / "audit.key", secrets / "audit.head", master)

    async def record(self, kind: str, **fields: Any) -> None:
        """Append one line, on disk before this returns. Fields are JSON. Raises OSError when the disk refuses."""
        await asyncio.to_thread(self._append, kind, fields)

    async def read(self, limit: int = 100, kind: str | None = None, user: str | None = None) -> list[dict[str, Any]]:
        """The newest entries, newest first; if given of one kind, and of one user.

        Lines that name no user are of the installation itself, or older than users are, and so of who had it first.
        """
        return await asyncio.to_thread(self._read, limit, kind, user)

    async def verify(self) -> Verdict:
        """Check every line against the one before, and the end against the note of it."""
        return await asyncio.to_thread(self._verify)

    async def clear(self) -> None:
        """Forget every line, because everything is erased; the next one begins a new chain."""
        await asyncio.to_thread(self._clear)

    async def restored(self) -> None:
        """Go on from the log as it is now, because it may be that of a backup, and note that it is so."""
        await asyncio.to_thread(self._restored)

    def _restored(self) -> None:
        with self._lock, Claim(self.path.with_suffix(".claim"), wait=True):
            codes, fault = self._chain()
            if fault is None and len(codes) > 1:
                self._note(len(codes) - 1, codes[-1])
        self._append("restored", {})

    def _clear(self) -> None:
        with self._lock, Claim(self.path.with_suffix(".claim"), wait=True):
            self.path.unlink(missing_ok=True)
            self._head.unlink(missing_ok=True)

    @cached_property
    def _key(self) -> bytes:
        return audit_key(self._key_source) if isinstance(self._key_source, Path) else self._key_source

    def _append(self, kind: str, fields: dict[str, Any]) -> None:
        with self._lock, Claim(self.path.with_suffix(".claim"), wait=True):
            end = self._end()
            if self._lines:
                if not self._begins or self._begin() != self._begins:  # another process may have begun the log anew
                    end = self._add(end, KEY, self._lines.own_key)
                    self._begins = self._begin()
                fields = self._lines.seal(end[0] + 1, fields)
            self._note(*self._add(end, kind, fields))

    def _add(self, end: tuple[int, str], kind: str, fields: dict[str, Any]) -> tuple[int, str]:
        number, before = end[0] + 1, end[1]
        entry = {"n": number, "at": datetime.now(UTC).isoformat(timespec="milliseconds"), "kind": kind, **fields}
        entry["mac"] = self._mac(before, entry)
        line = json.dumps(entry, ensure_ascii=False, separators=(",", ":")) + "\n"
        descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "ab") as file:
            file.write(line.encode())
            file.flush()
            os.fsync(file.fileno())
        return number, entry["mac"]

    def _begin(self) -> bytes:
        """The first line, which no other log has."""
        if not self.path.exists():
            return b""
        with self.path.open("rb") as file:
            return file.readline()

    def _end(self) -> tuple[int, str]:
        """The number and code of the last whole line; a line torn by a crash was never acknowledged and goes."""
        if not self.path.exists():
            return self._noted() or (0, START)
        with self.path.open("rb+") as file:
            size = file.seek(0, os.SEEK_END)
            tail, start = b"", size
            while start > 0 and tail[:-1].count(b"\n") < 2:
                start = max(0, start - 8192)
                file.seek(start)
                tail = file.read(size - start)
            whole = tail[: tail.rfind(b"\n") + 1]
            if len(whole) < len(tail):
                file.truncate(start + len(whole))
        end = 0, START
        try:
            if whole:
                last = json.loads(whole.splitlines()[-1])
                end = int(last["n"]), str(last["mac"])
        except (ValueError, KeyError, TypeError):
            pass  # `verify` names the broken line; writing goes on
        # A note ahead of the log means the end was cut off: going on from the note keeps the gap visible for good.
        return max(end, self._noted() or end, key=lambda place: place[0])

    def _note(self, number: int, mac: str) -> None:
        # Not synced: a note that lags behind the log is accepted, only one ahead of it tells of a cut.
        fresh = self._head.with_suffix(".new")
        fresh.write_text(json.dumps({"n": number, "mac": mac, "seal": self._seal(number, mac)}))
        fresh.replace(self._head)

    def _noted(self) -> tuple[int, str] | None:
        try:
            head = json.loads(self._head.read_text())
            number, mac = int(head["n"]), str(head["mac"])
            return (number, mac) if hmac.compare_digest(self._seal(number, mac), str(head["seal"])) else None
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def _seal(self, number: int, mac: str) -> str:
        return hmac.digest(self._key, f"head {number} {mac}".encode(), "sha256").hex()

    def _mac(self, before: str, entry: dict[str, Any]) -> str:
        body = {name: value for name, value in entry.items() if name != "mac"}
        row = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hmac.digest(self._key, f"{before}\n{row}".encode(), "sha256").hex()

    def _read(self, limit: int, kind: str | None, user: str | None) -> list[dict[str, Any]]:
        if not self.path.exists():
            return []
        newest: deque[dict[str, Any]] = deque(maxlen=limit)
        with self.path.open(encoding="utf-8") as file:
            for line in file:
                if not line.endswith("\n"):
                    continue
                entry = json.loads(line)
                if entry["kind"] == KEY and self._lines:
                    self._lines.learn(entry)
                elif (
                    entry["kind"] != KEY
                    and kind in (None, entry["kind"])
                    and user in (None, entry.get("user", LOCAL.user))
                ):
                    newest.appendleft(entry)
        return [
            self._lines.open(entry) if self._lines else entry | (UNREAD if "said" in entry else {}) for entry in newest
        ]

    def _verify(self) -> Verdict:
        with self._lock, Claim(self.path.with_suffix(".claim"), wait=True):
            return self._check_lines()

    def _check_lines(self) -> Verdict:
        codes, fault = self._chain()
        return fault or self._check_end(codes)

    def _chain(self) -> tuple[list[str], Verdict | None]:
        """The code of each line up to the first at fault, if any, with what is before the first."""
        before, codes = START, [START]
        log = self.path.read_bytes() if self.path.exists() else b""
        whole = log[: log.rfind(b"\n") + 1]  # a torn end was never acknowledged
        for count, line in enumerate(whole.splitlines(), start=1):
            try:
                entry = json.loads(line)
                sound = hmac.compare_digest(self._mac(before, entry), str(entry["mac"])) and entry["n"] == count
            except (ValueError, KeyError, TypeError):
                sound = False
            if not sound:
                return codes, Verdict(False, count, count, "this line is not as it was written, or one before is gone")
            before = entry["mac"]
            codes.append(before)
        return codes, None

    def _check_end(self, codes: list[str]) -> Verdict:
        lines = len(codes) - 1
        if not lines and not self._head.exists():
            return Verdict(True, 0)
        noted = self._noted()
        if noted is None:
            return Verdict(False, lines, lines, "the note of the last line is missing or damaged")
        number, mac = noted
        if number > lines or codes[number] != mac:
            return Verdict(False, lines, lines, f"lines are missing at the end: {number} were written")
        return Verdict(True, lines)

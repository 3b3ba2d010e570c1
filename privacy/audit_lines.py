"""Seals what the log of what left this machine says of the user: which addresses were opened, and what went wrong.

    process A   {"kind": "key", "wrapped": …}   its own key, wrapped by the master key, before its first sealed line
                {"kind": "request", "bytes_out": 412, …, "said": …}

The log carries the keys itself, so a copy of it and the master key are all it takes, and with the log they are gone.
The chain is over the lines as they are written: it is checked without any key but its own.
"""

from __future__ import annotations

import base64
import json
from contextlib import suppress
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from privacy.keys.master import Master, NoMaster
from privacy.keys.ring import DataKey, KeyName, Tampered, open_with, passing_key, seal_with

SEALED = ("host", "path", "reason", "problem")
"""The fields that say something of the user; the others say when, by whom, for what purpose and how much."""
KEY = "key"
"""The kind of line that carries a key."""
UNREAD = {"host": "(sealed)"}
"""What stands for a line's words where they cannot be opened."""


class Lines:
    """The words of one log's lines, sealed by this process with a key of its own."""

    def __init__(self, master: Master) -> None:
        self._master = master
        self._own = passing_key("audit")
        self._known = {self._own.id: self._own}

    @property
    def own_key(self) -> dict[str, str]:
        """The fields of the line that carries this process's key."""
        wrapped = self._master.wrap(self._own.secret, _place_of_key(self._own.id))
        return {"id": self._own.id.hex(), "wrapped": base64.b64encode(wrapped).decode()}

    def seal(self, number: int, fields: dict[str, Any]) -> dict[str, Any]:
        """The fields of a line as they are written."""
        said = {name: fields[name] for name in SEALED if name in fields}
        if not said:
            return fields
        sealed = seal_with(self._own, json.dumps(said).encode(), _place(number))
        rest = {name: value for name, value in fields.items() if name not in said}
        return {**rest, "said": base64.b64encode(sealed).decode()}

    def learn(self, entry: dict[str, Any]) -> None:
        """Take the key that a line carries, if the master key opens it."""
        key_id = bytes.fromhex(entry["id"])
        with suppress(NoMaster):
            secret = self._master.unwrap(base64.b64decode(entry["wrapped"]), _place_of_key(key_id))
            self._known[key_id] = DataKey(key_id, KeyName("", "audit"), 1, secret, AESGCM(secret))

    def open(self, entry: dict[str, Any]) -> dict[str, Any]:
        """A line as it was before it was sealed; `UNREAD` where its key does not open or it was changed."""
        if "said" not in entry:
            return entry
        rest, sealed = {name: value for name, value in entry.items() if name != "said"}, base64.b64decode(entry["said"])
        key = self._known.get(sealed[1:17])
        with suppress(Tampered):
            if key:
                said: dict[str, Any] = json.loads(open_with(key, sealed, _place(entry["n"])))
                return rest | said
        return rest | UNREAD


def _place(number: int) -> str:
    return f"audit|{number}"


def _place_of_key(key_id: bytes) -> str:
    return f"audit key|{key_id.hex()}"

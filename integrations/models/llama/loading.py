"""Loading a file in a child: placed to fit, and with less where that fails all the same."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from integrations.models import hardware
from integrations.models.backend import Gone, ModelError, Note
from integrations.models.fit import Placement, less, place
from integrations.models.gguf import Header, read_header
from integrations.models.llama.child import Child
from integrations.models.llama.wire import Load

SMALL = 32 * 1024 * 1024
"""Bytes of weights that one thread computes in less time than several take to meet."""
SHARE = 4
"""Snapshots may take one part in so many of the memory that the model itself leaves free."""

log = logging.getLogger("freelancex.models")


@dataclass(frozen=True)
class Plan:
    """How a file is to be loaded, before it is tried."""

    path: Path
    header: Header
    placement: Placement
    snapshot_bytes: int

    def load(self) -> Load:
        """What the child is told."""
        where = self.placement
        return Load(
            path=str(self.path),
            context=where.context,
            gpu_layers=where.gpu_layers,
            kv=where.kv,
            flash=where.flash,
            batch=where.batch,
            threads=1 if self.header.weight_bytes < SMALL else where.threads,
            snapshot_bytes=self.snapshot_bytes,
        )

    def smaller(self, failed: str) -> Plan | None:
        """What to try after this one failed at "weights" or "context"; None when nothing is left to give up."""
        next_one = less(self.placement, self.header)
        while next_one and failed == "weights" and next_one.gpu_layers == self.placement.gpu_layers:
            next_one = less(next_one, self.header)
        return Plan(self.path, self.header, next_one, self.snapshot_bytes) if next_one else None


@dataclass(frozen=True)
class Loaded:
    """A child that has its model. `seconds` is how long loading took, `context` what the model got."""

    child: Child
    load: Load
    context: int
    offloads: bool
    seconds: float
    ram_bytes: int
    why: str


def plan(path: Path, context: int, snapshot_bytes: int) -> Plan:
    """Read the file's header and this machine, and decide. It reads from disk: not for the event loop.

    Raises ModelError for a file that is missing, damaged or no language model.
    """
    if not path.is_file():
        raise ModelError(f"There is no model file at {path}; choose another one.")
    header = read_header(path)
    if header.kind != "language":
        raise ModelError(f"{path.name} is no language model; choose another file.")
    machine = hardware.read()
    placement = place(header, machine, context)
    left = max(0, machine.ram_free - placement.ram_bytes)
    return Plan(path, header, placement, min(snapshot_bytes, left // SHARE))


async def load(wanted: Plan, start: Callable[[], Awaitable[Child]], note: Note) -> Loaded:
    """Load, and with less while llama.cpp cannot and less is left. Raises ModelError."""
    name = wanted.path.stem
    note(f"Loading {name}, {wanted.header.weight_bytes / 1e9:.1f} GB: {wanted.placement.why}")
    now: Plan | None = wanted
    while now is not None:
        child, told = await start(), now.load()
        try:
            await child.send({"load": asdict(told)})
            answer = await child.receive()
        except Gone:
            answer = {"failed": "context", "why": "the process ended"}
        except BaseException:
            await child.end()
            raise
        if "loaded" in answer:
            return Loaded(child, told, **answer["loaded"], ram_bytes=now.placement.ram_bytes, why=now.placement.why)
        await child.end()
        failed, why = answer.get("failed", ""), answer.get("why", "")
        log.warning("%s could not be loaded: %s: %s; %s", name, failed, why, child.last_words)
        if failed == "missing":
            raise ModelError(_missing(why))
        if failed == "template":
            raise ModelError(f"The chat template inside {name} cannot be used ({why}); choose another file.")
        if now := now.smaller(failed):
            note(f"Loading {name} with {now.placement.why}")
    raise ModelError(f"{name} cannot be loaded; it may be damaged, or need more memory than is free.")


def _missing(why: str) -> str:
    if hardware.build().version:
        return f"llama.cpp is installed, but cannot be loaded ({why}); `make llama` builds it anew."
    return "llama.cpp is not built yet; `make start` builds it beside the chat."

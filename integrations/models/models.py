"""The models of one installation: which one serves which tier, which are loaded, and how they do.

backend(tier) ──▶ Failover ──▶ Served (the tier's own) ─▶ Served (the spare) ─▶ Served (another tier's)
                 │            └─ opens, loads and counts
                 └─ under memory pressure, what was idle longest is unloaded first
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple, get_args

from integrations.models.backend import ModelBackend, Note, Tier
from integrations.models.failover import Failover
from integrations.models.served import WAITING, Served

TIERS: tuple[Tier, ...] = get_args(Tier)


class Memory(NamedTuple):
    """The machine's memory in bytes: what is in use, and all."""

    used: int
    total: int


@dataclass(frozen=True)
class Source:
    """Where models come from and where the choice of them is kept.

    `open` gives the backend of a name, `check` looks whether it can be used at all (it may read a file, so it runs in a
    thread), `chosen` reads which name serves which tier, `keep` writes that down for a tier or for all; a name of None
    means that there is to be no model. All but `chosen` raise ModelError.
    """

    open: Callable[[str], ModelBackend]
    check: Callable[[str], None]
    chosen: Callable[[], Mapping[Tier, str]]
    keep: Callable[[str | None, Tier | None], None]
    spare: str | None = None


@dataclass(frozen=True)
class ModelState:
    """How one model does. `memory_bytes` is None where another program keeps it; `rests_s` are seconds.

    `pieces` is about how many tokens it wrote.
    """

    name: str
    title: str
    tiers: tuple[Tier, ...]
    loaded: bool
    placement: str
    memory_bytes: int | None
    requests: int
    running: int
    last_error: str
    rests_s: float
    pieces: int = 0


def machine_memory() -> Memory:
    """What the system says now."""
    import psutil

    state = psutil.virtual_memory()
    return Memory(state.total - state.available, state.total)


class Models:
    """Gives each tier its model. With one model, it serves all tiers; with none, every tier has none."""

    def __init__(
        self,
        source: Source,
        *,
        percent: float = 85.0,
        waiting: int = WAITING,
        memory: Callable[[], Memory] = machine_memory,
    ) -> None:
        """Models are unloaded when more than `percent` of `memory` would be in use.

        `waiting` questions of each user may wait for a model.
        """
        self._source = source
        self._waiting = waiting
        self._percent = percent
        self._memory = memory
        self._chosen = dict(source.chosen())
        self._served: dict[str, Served] = {}

    def backend(self, tier: Tier = "balanced", user: str = "") -> ModelBackend | None:
        """The model for a tier, for a user to ask, not loaded before it is asked; None when there is none."""
        line = [self._one(name) for name in self._names(tier)]
        return Failover(line, self._make_room, self._put_away, user) if line else None

    async def use(self, name: str | None, tier: Tier | None = None) -> None:
        """Let the model of this name serve a tier, or all of them, from now on; None for no model. Keeps the choice.

        Raises ModelError when the name makes no sense, its file cannot be used, or a setting names the model.
        """
        if name is not None:
            await asyncio.to_thread(self._source.check, name)
        await asyncio.to_thread(self._source.keep, name, tier)
        self._chosen = dict(await asyncio.to_thread(self._source.chosen))
        await self._put_away()

    def state(self) -> tuple[ModelState, ...]:
        """How each model does that was chosen or is still at work."""
        at_work = [name for name, one in self._served.items() if one.running]
        names = dict.fromkeys([*self._chosen.values(), *self._spares(), *at_work])
        return tuple(self._state(self._one(name)) for name in names)

    async def close(self) -> None:
        """End what is being generated and free everything."""
        await asyncio.gather(*(served.close() for served in self._served.values()))

    def _names(self, tier: Tier) -> list[str]:
        """The tier's own model, the spare, then those of the other tiers; none when no tier has one."""
        own = [self._chosen[one] for one in (tier, "balanced", *TIERS) if one in self._chosen]
        return list(dict.fromkeys([*own[:1], *self._spares(), *own])) if own else []

    def _spares(self) -> list[str]:
        return [self._source.spare] if self._source.spare and self._chosen else []

    def _one(self, name: str) -> Served:
        if name not in self._served:
            self._served[name] = Served(name, self._source.open, waiting=self._waiting)
        return self._served[name]

    def _state(self, served: Served) -> ModelState:
        title, placed = served.title, served.placed
        return ModelState(
            name=served.name,
            title=title,
            tiers=tuple(tier for tier in TIERS if self._names(tier)[:1] == [served.name]),
            loaded=placed.loaded,
            placement=placed.text,
            memory_bytes=placed.memory_bytes,
            requests=served.requests,
            running=served.running,
            last_error=served.error,
            rests_s=served.rests,
            pieces=served.pieces,
        )

    async def _make_room(self, wanted: Served, note: Note) -> None:
        """Unload what was idle longest, until there is room for a model that is about to load."""
        if wanted.placed.loaded:
            return
        needed = await asyncio.to_thread(wanted.weighs)
        while needed and self._pressed(needed):
            idle = [one for one in self._served.values() if one is not wanted and one.idle]
            if not idle:
                return
            oldest = min(idle, key=lambda one: one.used)
            note(f"Unloading {oldest.title}, because memory is short")
            await oldest.close()

    def _pressed(self, needed: int) -> bool:
        used, total = self._memory()
        return 100 * (used + needed) > self._percent * total

    async def _put_away(self) -> None:
        """Close what is no longer chosen and no longer at work."""
        kept = {*self._chosen.values(), *self._spares()}
        for served in list(self._served.values()):
            if served.name not in kept and not served.running:
                await served.close()

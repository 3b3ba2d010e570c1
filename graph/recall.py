"""What is at hand when a message arrives: its files, earlier files, and the records earlier turns left."""

from __future__ import annotations

from agents.deps import Deps
from agents.spec import Record
from graph.open_question import asking
from graph.planner.known import Known
from memory.files import FileRef
from memory.turns import Turn

TURNS = 12
"""How many earlier turns a message may refer back to."""


LAST = 3
"""How many turns back "it" may still go on with what was done."""


async def recall(deps: Deps, files: list[str], turn: str) -> tuple[Known, Turn | None, Turn | None]:
    """The planner's view of the conversation, the turn whose question is still open, and the one before this."""
    stores = deps.stores
    with_message = await open_files(deps, files)
    async with stores.database.reading():
        here = await stores.files.in_thread(deps.thread, user=deps.user)
        turns = [one for one in await stores.turns.recent(deps.thread, TURNS + 1) if one.id != turn]
        clients = await stores.clients.names(deps.user)
        profile = await stores.profiles.load(deps.user)
    earlier = [file for file in here if file.made_by == "user" and file.id not in files]
    known = Known(
        files=tuple(with_message),
        earlier_files=tuple(earlier),
        records=tuple(_records(turns)),
        clients=tuple(clients),
        last=_last(turns),
        currency=str(profile.get("currency") or "EUR"),
        own_rate=bool(profile.get("rate")),
        language=next((str(turn.plan["language"]) for turn in turns if turn.plan.get("language")), "en"),
    )
    return known, asking(turns), next(iter(turns), None)


async def open_files(deps: Deps, ids: list[str]) -> list[FileRef]:
    """The files of these ids that this user has."""
    found = [await deps.stores.files.get(file, user=deps.user) for file in ids]
    return [file for file in found if file is not None]


def _last(turns: list[Turn]) -> tuple[str, ...]:
    """The agents that worked in the newest turn in which any did, or wait there for the user's word."""
    return tuple(next(filter(None, map(_worked, turns[:LAST])), ()))


def _worked(turn: Turn) -> list[str]:
    if turn.status == "waiting":
        return [step["agent"] for step in turn.plan.get("steps", ())]
    return [one["agent"] for one in turn.findings.values() if one["ok"]]


def _records(turns: list[Turn]) -> list[tuple[Record, ...]]:
    lists: list[tuple[Record, ...]] = []
    for turn in turns:
        for finding in reversed(turn.findings.values()):
            records = tuple(Record(**record) for record in finding.get("records", ()))
            if records:
                lists.append(records)
    return lists

"""Puts side effects that wait into the outbox, and makes one question of those that need the same consent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from graph.events import ApprovalNeeded
from graph.runtime import Runtime
from memory.database import now
from memory.effects import Effected, fingerprint
from memory.turns import Turn


async def ask(turn: Turn, waiting: Iterable[Mapping[str, Any]], runtime: Runtime) -> list[ApprovalNeeded]:
    """Note what a turn waits for and return the questions to put, each once."""
    entries = []
    leads: dict[str, str] = {}
    for one in waiting:
        lead = leads.setdefault(one["consent"] or one["step"], one["step"])
        shown = {key: one[key] for key in ("title", "preview", "consent", "words")}
        entry = Effected(
            turn=turn.id,
            step=one["step"],
            user=turn.user,
            thread=turn.thread,
            agent=one["agent"],
            effect=one["name"],
            arguments=one["arguments"],
            arguments_hash=fingerprint(one["arguments"]),
            shown={**shown, "editable": list(one["editable"]), "lead": lead},
            expires_at=_expiry(one["lasts_h"], runtime),
        )
        entries.append(await runtime.stores.effects.ask(entry))
    return questions(entry for entry in entries if entry.state == "pending")


def questions(entries: Iterable[Effected]) -> list[ApprovalNeeded]:
    """What to ask about entries that wait; those of one turn that were asked together are one question."""
    together: dict[tuple[str, str], list[Effected]] = {}
    for entry in entries:
        together.setdefault((entry.turn, entry.lead), []).append(entry)
    return [_question(group) for group in together.values()]


def _question(group: list[Effected]) -> ApprovalNeeded:
    first, alone = group[0], len(group) == 1
    titles = dict.fromkeys(str(entry.shown.get("title", "")) for entry in group)
    previews = [str(entry.shown.get("preview", "")) for entry in group]
    until = min((entry.until for entry in group if entry.until), default=None)
    editable = [name for name in first.shown.get("editable", ()) if alone and name in first.arguments]
    return ApprovalNeeded(
        first.turn,
        first.lead,
        first.agent,
        "; ".join(titles),
        "\n\n---\n\n".join(dict.fromkeys(previews)),
        first.shown.get("consent"),
        {name: str(first.arguments[name]) for name in editable},
        until.isoformat() if until else "",
    )


def _expiry(lasts_h: float | None, runtime: Runtime) -> datetime:
    usual = timedelta(days=runtime.settings.approval_days)
    return now() + (min(usual, timedelta(hours=lasts_h)) if lasts_h else usual)

"""Records that are plain rows of a `Book`: made, changed, and brought from state to state."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from fastapi import HTTPException

from chainlit_app.api.records.kinds import Kind
from memory.business.goals import GoalState
from memory.business.leads import LeadState
from memory.business.payments import PaymentState
from memory.business.proposals import ProposalState
from memory.business.recurring import RecurringState
from memory.database import now

if TYPE_CHECKING:
    from chainlit_app.api.records.doing import Doing

Fields = dict[str, Any]

_STATES: Mapping[str, type[StrEnum]] = {
    "leads": LeadState,
    "proposals": ProposalState,
    "payments": PaymentState,
    "goals": GoalState,
    "recurring": RecurringState,
}
_STAMPS: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("leads", "proposed"): ("answered_at",),
    ("leads", "won"): ("closed_at",),
    ("leads", "lost"): ("closed_at",),
    ("leads", "dropped"): ("closed_at",),
    ("proposals", "sent"): ("sent_at",),
    ("proposals", "accepted"): ("answered_at",),
    ("proposals", "declined"): ("answered_at",),
}


async def add(doing: Doing, kind: Kind, fields: Fields) -> Any:
    """Keep a new row."""
    return await doing.book(kind).add(kind.table(user=doing.user, **fields))


async def set_(doing: Doing, kind: Kind, row: Any, fields: Fields) -> Any:
    """Set fields of a row."""
    return await doing.book(kind).change(row.id, user=doing.user, **fields)


async def step(doing: Doing, kind: Kind, row: Any, state: str) -> Any:
    """Bring a row into a state. Raises Refused where it cannot become that."""
    fields = {name: now() for name in _STAMPS.get((kind.path, state), ())}
    return await doing.book(kind).move(row.id, _STATES[kind.path](state), user=doing.user, **fields)


def wrong(pointer: str, detail: str) -> HTTPException:
    """What is wrong with a field, by its pointer."""
    return HTTPException(422, f"{pointer}: {detail}")

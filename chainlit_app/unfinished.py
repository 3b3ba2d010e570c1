"""Turns that came to no end: a process that died leaves them, and the user decides whether they go on."""

from __future__ import annotations

from chainlit_app import shown
from chainlit_app.opened import runtime
from chainlit_app.page import Page, action
from memory.database import now
from memory.turns import Turn

INTERRUPTED = "This answer was interrupted, because FreelanceX ended while it was being written."


async def show(page: Page) -> None:
    """Say which turns of a conversation were cut short, and offer to go on."""
    for turn in reversed(await runtime().stores.turns.recent(page.thread)):
        if turn.status != "unfinished":
            continue
        id = _id(turn.id)
        await page.show(shown.note(id, page.thread, INTERRUPTED, at=shown.stamp(now()), parent=turn.message))
        await page.offer(
            id,
            [
                action("go_on", "Resume", {"turn": turn.id}, icon="play", tip="Go on where it stopped", id=f"{id}.go"),
                action("try_again", "Try again", {"turn": turn.id}, icon="rotate-ccw", id=f"{id}.again"),
            ],
        )


async def withdraw(page: Page, turn: str) -> None:
    """Take the message and its buttons away."""
    id = _id(turn)
    await page.withdraw([f"{id}.go", f"{id}.again"])
    await page.drop(id)


async def turn_of_message(thread: str, message: str) -> Turn | None:
    """The newest turn of a message, or None."""
    recent = await runtime().stores.turns.recent(thread, limit=1000)
    return next((turn for turn in recent if turn.message == message), None)


async def latest(thread: str) -> Turn | None:
    """The newest turn of a conversation, or None."""
    recent = await runtime().stores.turns.recent(thread, limit=1)
    return recent[0] if recent else None


def offers_of(turn: Turn) -> tuple[str, ...]:
    """What the user may want to send after a finished turn."""
    if turn.status != "done":
        return ()
    found = [offer for finding in turn.findings.values() for offer in finding.get("offers", ())]
    return tuple(dict.fromkeys([*turn.plan.get("offers", ()), *found]))[:4]


def _id(turn: str) -> str:
    return f"{turn}.interrupted"

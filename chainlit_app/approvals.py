"""Questions that wait for the user's word: a message with three buttons, shown again wherever the thread is opened.

The question is kept as a step of the conversation, and whether it is still open is read from the outbox, so that it
outlives a reload, a restart and a crash, and a second tab cannot answer it twice.
"""

from __future__ import annotations

from typing import Any

from chainlit_app import shown
from chainlit_app.opened import runtime
from chainlit_app.page import Page, action
from graph.events import ApprovalNeeded
from memory.conversations import Step
from memory.database import now

Dict = dict[str, Any]

DECISIONS = {"approve": ("Approve", "check"), "always": ("Always allow", "check-check"), "reject": ("Decline", "x")}
DECIDED = {"approve": "You approved this.", "always": "You always allow this.", "reject": "You declined this."}


async def show(page: Page, asked: ApprovalNeeded) -> None:
    """Ask, and keep that it was asked."""
    id = id_of(asked.turn, asked.step)
    view = {"turn": asked.turn, "step": asked.step}
    text = f"**{asked.title}**\n\n{asked.preview}"
    row = Step(
        id=id,
        thread=page.thread,
        parent=shown.run_of(asked.turn),
        type="assistant_message",
        name=shown.NAME,
        output=text,
        created_at=now(),
        view={"approval": view},
    )
    await runtime().stores.conversations.save(row)
    await page.show(shown.step(row))
    await page.offer(id, buttons(asked.turn, asked.step, asked.consent))


def id_of(turn: str, step: str) -> str:
    """The id of the message that asks about one step of a turn."""
    return f"{turn}.{step}.approval"


def buttons(turn: str, step: str, consent: str | None) -> list[Dict]:
    """Approve, always allow (where that can be granted), decline."""
    return [
        action("decide", label, {"turn": turn, "step": step, "decision": name}, icon=icon, id=_button(turn, step, name))
        for name, (label, icon) in DECISIONS.items()
        if name != "always" or consent
    ]


async def settle(page: Page, turn: str, step: str) -> None:
    """Take the buttons away and say what was decided, where the outbox has a decision."""
    entry = await runtime().stores.turns.effect(turn, step)
    kept = await runtime().stores.conversations.step(id_of(turn, step))
    if kept is None or entry is None or entry.state == "pending":
        return
    await page.withdraw([_button(turn, step, name) for name in DECISIONS])
    verdict = f"*{DECIDED.get(entry.decision, 'This was decided.')}*"
    if verdict not in kept.output:
        kept.output = f"{kept.output}\n\n{verdict}"
        await runtime().stores.conversations.save(kept)
    await page.change(shown.step(kept))


async def show_open(page: Page, thread: Dict) -> None:
    """Ask again what is still open in a thread, and say what was decided meanwhile."""
    turns = runtime().stores.turns
    waiting = await turns.waiting(page.thread)
    for entry in waiting:
        consent = entry.shown.get("consent")
        title, preview = entry.shown.get("title", ""), entry.shown.get("preview", "")
        await show(page, ApprovalNeeded(entry.turn, entry.step, entry.agent, title, preview, consent))
    still_open = {(entry.turn, entry.step) for entry in waiting}
    for step in thread["steps"]:
        asked = step["metadata"].get("approval")
        if asked and (asked["turn"], asked["step"]) not in still_open:
            await settle(page, asked["turn"], asked["step"])


def _button(turn: str, step: str, decision: str) -> str:
    return f"{turn}.{step}.{decision}"

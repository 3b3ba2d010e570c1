"""Questions that wait for the user's word: a message with buttons, shown again wherever its thread is opened.

Each is kept as a step of its conversation, and again in each conversation where the inbox was listed. Whether it is
still open is read from the outbox, so that it outlives a reload, a restart and a crash, and a second tab cannot answer
it twice: what is answered in one place is gone in all.
"""

from __future__ import annotations

from typing import Any

from chainlit_app import shown
from chainlit_app.opened import runtime
from chainlit_app.page import Page, action
from graph import approvals
from graph.events import ApprovalNeeded, Decided
from memory.conversations import Step
from memory.database import now
from memory.effects import Effected
from privacy.consent import title_of

Dict = dict[str, Any]

DECIDED = {
    "approve": "You approved this.",
    "always": "You always allow this.",
    "reject": "You declined this.",
    "expire": "Nobody answered this in time, so it was not done.",
}
CHANGED = "You approved this as you changed it."
GONE = "This is no longer open."


async def show(page: Page, asked: ApprovalNeeded, listed_in: str = "") -> None:
    """Ask, and keep that it was asked; `listed_in` is the turn that lists it, when it is not its own."""
    id = f"{listed_in}.{id_of(asked.turn, asked.step)}".lstrip(".")
    row = Step(
        id=id,
        thread=page.thread,
        parent=shown.run_of(listed_in or asked.turn),
        type="assistant_message",
        name=shown.NAME,
        output=_text(asked.title, asked.preview),
        created_at=now(),
        view={"approval": {"turn": asked.turn, "step": asked.step}},
    )
    await runtime().stores.conversations.save(row)
    await page.drop(id)  # what was changed by a message is asked anew below it
    await page.show(shown.step(row))
    await page.offer(id, buttons(id, asked))
    await tell(page.user)


async def follow(page: Page, event: ApprovalNeeded | Decided) -> None:
    """Ask, or settle what a message decided."""
    if isinstance(event, ApprovalNeeded):
        await show(page, event)
    else:
        await settle(event.turn, event.step, page.user)


async def show_inbox(page: Page, turn: str) -> None:
    """Show everything that waits, under the turn that asked for it."""
    for waiting in await approvals.listed(page.user, runtime()):
        await show(page, waiting.asked, turn)


def id_of(turn: str, step: str) -> str:
    """The id of the message that asks about one step of a turn; that of a copy ends with it."""
    return f"{turn}.{step}.approval"


def buttons(id: str, asked: ApprovalNeeded) -> list[Dict]:
    """Approve, change first (where something can be), always allow (where that can be granted), decline."""
    offered = [("approve", "Approve", "check", "")]
    if asked.editable:
        offered.append(("edit", "Edit", "pencil", "Change the text, then approve it"))
    if asked.consent:
        offered.append(("always", "Always allow", "check-check", f"Do not ask again: {title_of(asked.consent)}"))
    offered.append(("reject", "Decline", "x", ""))
    of = {"turn": asked.turn, "step": asked.step}
    return [
        action("decide", label, {**of, "decision": name}, icon=icon, tip=tip, id=f"{id}.{name}")
        for name, label, icon, tip in offered
    ]


async def show_new(asked: ApprovalNeeded, thread: str) -> None:
    """Ask what came up while nobody watched, on the pages that happen to show its thread."""
    owner = await runtime().stores.conversations.owner(thread)
    await show(Page(thread, owner or ""), asked)


async def settle(turn: str, step: str, user: str) -> None:
    """Take the buttons away and say what was decided, wherever it was asked, where the outbox has a decision."""
    entry = await runtime().stores.effects.get(turn, step)
    if entry is not None and (entry.state == "pending" or entry.user != user):
        return
    for kept in await runtime().stores.conversations.ending(id_of(turn, step)):
        if kept.user == user:
            await _settle(Page(kept.thread, user), kept, entry)
    await tell(user)


async def show_open(page: Page, thread: Dict) -> None:
    """Ask again what is still open in a thread, and say what was decided meanwhile."""
    open_ones = {(one.asked.turn, one.asked.step): one for one in await approvals.listed(page.user, runtime())}
    asked_here = set()
    for step in thread["steps"]:
        if not (of := step["metadata"].get("approval")):
            continue
        key = (of["turn"], of["step"])
        asked_here.add(key)
        if waiting := open_ones.get(key):
            await page.offer(step["id"], buttons(step["id"], waiting.asked))
        elif kept := await runtime().stores.conversations.step(step["id"]):
            await _settle(page, kept, await runtime().stores.effects.get(*key))
    for key, waiting in open_ones.items():
        if waiting.thread == page.thread and key not in asked_here:
            await show(page, waiting.asked)


async def tell(user: str, page: Page | None = None) -> None:
    """Tell a user's pages, or one of them, how much waits, for the count in their header."""
    count = len(await approvals.listed(user, runtime()))
    await (page or Page.of(user)).tell({"freelancex": "approvals", "count": count})


async def _settle(page: Page, kept: Step, entry: Effected | None) -> None:
    of = kept.view["approval"]
    await page.withdraw([f"{kept.id}.{name}" for name in ("approve", "edit", "always", "reject")])
    verdict = DECIDED.get(entry.decision, GONE) if entry else GONE
    text = kept.output.removesuffix(f"\n\n*{verdict}*")
    if entry and entry.approved and entry.approved != entry.arguments and of["step"] == entry.step:
        text, verdict = _text(entry.shown["title"], entry.shown["preview"]), CHANGED
    kept.output = f"{text}\n\n*{verdict}*"
    await runtime().stores.conversations.save(kept)
    await page.change(shown.step(kept))


def _text(title: str, preview: str) -> str:
    return f"**{title}**\n\n{preview}"

"""The chat: what happens when the user sends, edits, stops, presses a button, or opens a conversation again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any
from uuid import uuid4

from chainlit_app import (
    approvals,
    commands,
    notifications,
    profiles,
    settings_panel,
    shown,
    starters,
    unfinished,
    uploads,
)
from chainlit_app.opened import runtime
from chainlit_app.page import Page
from chainlit_app.rendering import offered
from chainlit_app.replies import replies
from chainlit_app.uploads import Refused
from graph.approvals import Decision, decide
from graph.events import ReplyEvent
from graph.reply import Message, resume
from graph.typed_word import said
from memory.conversations import Step, title_of
from memory.database import now
from memory.effects import Effected
from memory.files import FileRef
from memory.turns import Turn

STOPPED = "Stopped. What was done until then is kept; send another message whenever you like."
Dict = dict[str, Any]


async def welcome(page: Page) -> None:
    """Give a page what it needs before the first message."""
    await page.commands(commands.offered())
    await settings_panel.show(page, page.user)
    await approvals.tell(page.user, page)
    await notifications.greet(page, page.user)


async def send(
    page: Page, text: str, *, id: str, command: str = "", sent: Sequence[Dict] = (), profile: str = ""
) -> None:
    """Answer a message of the user; `profile` is the assistant that was chosen for a new conversation."""
    if not await _takes(page):
        return
    if not text.strip() and (text := commands.alone(command)):
        await page.change(shown.user_message(id, page.thread, text, at=shown.stamp(now()), command=command))
    try:
        files = await _files(page, text, id, sent)
    except Refused as error:
        await page.toast(str(error), "error")
        await page.busy(False)
        return
    to = commands.agent(command) or await profiles.command_of(page.thread, page.user, profile)
    asked = Message(text=text, thread=page.thread, user=page.user, files=files, id=id, command=to)
    _answer(page, asked, command)


async def edit(page: Page, id: str, text: str) -> None:
    """Answer an earlier message again with other words: what came after it is gone."""
    if not await _takes(page):
        return
    await replies.stop(page.thread)
    await _forget_after(page, id)
    earlier = await unfinished.turn_of_message(page.thread, id)
    files = await _open(earlier.files, page.user) if earlier else ()
    command = earlier.command if earlier else ""
    at = shown.stamp(earlier.started_at if earlier else now())
    await page.change(shown.user_message(id, page.thread, text, at=at, command=commands.named(command)))
    asked = Message(text=text, thread=page.thread, user=page.user, files=files, id=id, command=command)
    _answer(page, asked, commands.named(command))


async def say(page: Page, text: str) -> None:
    """Send a message for the user, who pressed a button that says so."""
    id = str(uuid4())
    await page.show(shown.user_message(id, page.thread, text, at=shown.stamp(now())))
    await send(page, text, id=id)


async def stop(page: Page) -> None:
    """Stop what runs in a conversation, keep what was already written, and say so."""
    rendering = replies.current(page.thread)
    turn = await replies.stop(page.thread)
    if turn is None or rendering is None:
        await page.busy(False)
        return
    conversations = runtime().stores.conversations
    if rendering.answer is not None:
        text = rendering.answer["output"]
        row = Step(id=shown.answer_of(turn), thread=page.thread, type="assistant_message", name=shown.NAME, output=text)
        await conversations.save(row)
    row = Step(id=f"{turn}.stopped", thread=page.thread, type="assistant_message", name=shown.NAME, output=STOPPED)
    if await conversations.owner(page.thread) is not None:
        await conversations.save(row)
        await page.show(shown.step(row) | {"parentId": shown.run_of(turn)})


async def approve(
    page: Page, turn: str, step: str, decision: Decision, arguments: Dict | None = None
) -> asyncio.Task[None] | None:
    """Carry out the user's word on something that waits for it, in the conversation where it came up."""
    entry = await runtime().stores.effects.get(turn, step)
    row = await _turn_of(page, turn)
    if row is None or entry is None or entry.state != "pending":
        await page.toast("This was decided before." if row and entry else "This question is no longer open.")
        await approvals.settle(turn, step, page.user)
        return None
    if row.thread != page.thread:
        name = await runtime().stores.conversations.name(row.thread)
        await page.toast(f"It goes on in the conversation “{name or 'Untitled conversation'}”.")
    return carry(row, lambda: decide(turn, step, decision, runtime(), arguments), (turn, step))


def carry(
    row: Turn, events: Callable[[], AsyncIterator[ReplyEvent]], asked: tuple[str, str] | None = None
) -> asyncio.Task[None]:
    """Let a turn that waited go on, on every page that shows its conversation; `asked` is what was decided."""

    async def on_start() -> None:
        if asked:
            await approvals.settle(*asked, row.user)

    return replies.begin(Page(row.thread, row.user), row.message, events, on_start)


async def lapse(entry: Effected, row: Turn, events: Callable[[], AsyncIterator[ReplyEvent]]) -> None:
    """Let a question go whose time is over."""
    await carry(row, events, (entry.turn, entry.step))


async def revise(page: Page, turn: str, step: str) -> None:
    """Open what waits where it can be changed."""
    await page.tell({"freelancex": "edit", "turn": turn, "step": step})


async def go_on(page: Page, turn: str) -> None:
    """Go on with a turn that was cut short."""
    row = await _turn_of(page, turn)
    await unfinished.withdraw(page, turn)
    if row is not None and row.status == "unfinished":
        replies.begin(page, row.message, lambda: resume(turn, runtime()))


async def try_again(page: Page, turn: str) -> None:
    """Answer the message of a turn from the start."""
    row = await _turn_of(page, turn)
    await unfinished.withdraw(page, turn)
    if row is not None:
        await edit(page, row.message, row.text)


async def reopen(page: Page, *, again: bool) -> None:
    """Show what is going on in a conversation that a page has opened; with `again`, all of it."""
    kept = await runtime().stores.conversations.open(page.thread)
    if kept is None:
        return
    thread = shown.conversation(kept)
    if again:
        await page.thread_again(thread)
    rendering = replies.current(page.thread)
    if rendering is not None:
        await rendering.repeat(page)
        return
    await approvals.show_open(page, thread)
    await unfinished.show(page)
    if latest := await unfinished.latest(page.thread):
        await page.offer(shown.answer_of(latest.id), offered(unfinished.offers_of(latest), latest.id))


async def _takes(page: Page) -> bool:
    """Whether a message can be taken now; else the page says when there is room again."""
    sentence = await replies.too_soon(page.user) if replies.too_soon else ""
    if sentence:
        await page.toast(sentence, "error")
        await page.busy(False)
    return not sentence


def _answer(page: Page, asked: Message, command: str) -> None:
    async def on_start() -> None:
        if command:  # the page shows the command with the message, also after a reload
            view = {"command": command}
            row = Step(id=asked.id, thread=page.thread, type="user_message", output=asked.text, view=view)
            row.name = page.user
            await runtime().stores.conversations.save(row)
        await page.opened(title_of(asked.text) or "Files")

    replies.begin(page, asked.id, lambda: said(asked, runtime()), on_start)


async def _files(page: Page, text: str, message: str, sent: Sequence[Dict]) -> tuple[FileRef, ...]:
    """The files of a message, in the store and shown under it."""
    files = [await uploads.keep(one, runtime().stores.files, thread=page.thread, user=page.user) for one in sent]
    if not files and (sample := starters.sample_for(text)):
        files = [await runtime().stores.files.put(sample, sample.name, user=page.user, thread=page.thread)]
    for file in files:
        await page.element(shown.upload(file, message, page.thread))
    return tuple(files)


async def _turn_of(page: Page, turn: str) -> Turn | None:
    """A turn of the user who has this page; anybody else's is none."""
    row = await runtime().stores.turns.get(turn)
    return row if row and row.user == page.user else None


async def _open(ids: Sequence[str], user: str) -> tuple[FileRef, ...]:
    found = [await runtime().stores.files.get(id, user=user) for id in ids]
    return tuple(file for file in found if file is not None)


async def _forget_after(page: Page, message: str) -> None:
    conversations = runtime().stores.conversations
    kept = await conversations.open(page.thread)
    if kept is None:
        return
    ids = [row.id for row in kept.steps]
    for later in ids[ids.index(message) + 1 :] if message in ids else ():
        await conversations.remove(later)
        await page.drop(later)

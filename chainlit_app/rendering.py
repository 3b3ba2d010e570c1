"""One turn on the page: each event of a reply becomes a step, a word, a file or a button.

Everything shown here is already kept by `graph.reply`, under the same ids; what is shown live and what is shown after
a reload come from the same functions in `shown`.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from typing import Any

from chainlit_app import approvals, shown
from chainlit_app.opened import runtime
from chainlit_app.page import Page, action
from chainlit_app.voice_reading import ReadingAloud, reading
from graph.events import (
    ApprovalNeeded,
    ArtifactReady,
    Decided,
    Done,
    Failed,
    Planned,
    Question,
    ReplyEvent,
    StepFinished,
    StepProgress,
    StepStarted,
    Token,
    TurnStarted,
    Waiting,
)
from memory.conversations import Step
from memory.database import now

Dict = dict[str, Any]

PROGRESS_EVERY_S = 0.15
"""Progress is shown at most this often; a page redraws the whole conversation for each line."""


class Rendering:
    """What one running turn has shown so far, so that a page opened in the middle can be told."""

    def __init__(self, page: Page, message: str) -> None:
        self.page = page
        self.message = message
        self.turn = message
        self.steps: dict[str, Dict] = {}
        self.elements: list[Dict] = []
        self.answer: Dict | None = None
        self.ended = False
        self._lists = False
        self._run: Dict | None = None
        self._waiting: Dict | None = None
        self._aloud: ReadingAloud | None = None
        self._progress_at = 0.0

    async def show(self, events: AsyncIterator[ReplyEvent], on_start: Callable[[], Any] | None = None) -> None:
        """Show events as they come. `on_start` is awaited once the turn is durable."""
        async for event in events:
            if isinstance(event, TurnStarted) and on_start is not None:
                self.turn = event.turn
                await on_start()
            if not isinstance(event, Waiting):
                await self._go_on()
            await self._show(event)

    async def repeat(self, page: Page) -> None:
        """Tell one page everything shown so far."""
        for step in (self._run, *self.steps.values(), self._waiting, self.answer):
            if step is not None:
                await page.show(step)
        for element in self.elements:
            await page.element(element)
        if not self.ended:
            await page.busy(True)

    async def break_off(self, sentence: str) -> None:
        """Say that the reply broke, where the answer would be."""
        if self._run is None:
            await self.page.toast(sentence, "error")
            return
        row = Step(
            id=shown.answer_of(self.turn),
            thread=self.page.thread,
            type="assistant_message",
            name=shown.NAME,
            output=sentence,
            failed=True,
        )
        await runtime().stores.conversations.save(row)
        await self._say(sentence, ())

    async def close(self, *, failed: bool = False) -> None:
        """Nothing more comes: what still seems to run is shown as ended."""
        await self._go_on()
        if failed and self._aloud:
            self._aloud.stop()
        at = shown.stamp(now())
        for step in self.steps.values():
            if step.get("end") is None:
                step |= {"end": at, "isError": failed, "name": step["metadata"]["title"]}
                await self.page.change(step)
        if self.answer is not None and self.answer["streaming"]:
            self.answer["streaming"] = False
            await self.page.change(self.answer)
        if self._run is not None:
            self._run["end"] = at
            await self.page.change(self._run)
        self.ended = True

    async def _show(self, event: ReplyEvent) -> None:
        match event:
            case Waiting():
                await self._wait(event.text)
            case TurnStarted():
                await self._start(event.turn)
            case StepStarted():
                await self._step(event)
            case StepProgress():
                await self._progress(event)
            case StepFinished():
                await self._finish(event)
            case ArtifactReady():
                await self._artifact(event)
            case Token():
                await self._token(event.text)
            case Question() | Done():
                await self._end(event)
            case ApprovalNeeded() | Decided():
                await approvals.follow(self.page, event)
            case Failed():
                await self._fail(event)
            case Planned():
                pass  # each step says by itself when it begins

    async def _start(self, turn: str) -> None:
        self.turn, self.answer = turn, None
        at = shown.stamp(now())
        self._run = shown.run(turn, self.message, self.page.thread, start=at, end=None)
        await self.page.show(self._run)
        self._aloud = await reading(self.page, self.page.user)

    async def _wait(self, text: str) -> None:
        """A line that is there for as long as the turn waits."""
        known = self._waiting
        self._waiting = known or shown.waiting(self.turn, self.page.thread, text, start=shown.stamp(now()))
        self._waiting["name"] = text
        await (self.page.change if known else self.page.show)(self._waiting)

    async def _go_on(self) -> None:
        if self._waiting is not None:
            await self.page.drop(self._waiting["id"])
            self._waiting = None

    async def _step(self, event: StepStarted) -> None:
        at = shown.stamp(now())
        step = shown.agent_step(event.id, self.turn, self.page.thread, event.agent, event.title, event.input, start=at)
        self.steps[event.id] = step
        await self.page.show(step)

    async def _progress(self, event: StepProgress) -> None:
        step, at = self.steps.get(event.id), time.monotonic()
        if step is None or at - self._progress_at < PROGRESS_EVERY_S:
            return
        self._progress_at = at
        part = f" ({event.part:.0%})" if event.part is not None else ""
        step["name"] = f"{step['metadata']['title']} · {event.text}{part}"
        await self.page.change(step)

    async def _finish(self, event: StepFinished) -> None:
        step = self.steps.get(event.id)
        if step is None:
            return
        at = shown.stamp(now())
        done = shown.finished(step, output=event.output, seconds=event.seconds, ok=event.ok, end=at)
        self.steps[event.id] = done
        self._lists = self._lists or "approvals" in event.finding.data
        await self.page.change(done)
        if draft := event.finding.data.get("draft"):
            await self.page.tell({"freelancex": "draft", "text": draft})
        if view := event.finding.data.get("dashboard"):
            await self.page.tell({"freelancex": "dashboard", "view": view})

    async def _artifact(self, event: ArtifactReady) -> None:
        for element in shown.artifact(event.artifact, self.turn, self.page.thread):
            self.elements.append(element)
            await self.page.element(element)

    async def _end(self, event: Question | Done) -> None:
        await self._say(event.text, event.offers)
        if self._lists:
            await approvals.show_inbox(self.page, self.turn)

    async def _fail(self, event: Failed) -> None:
        if self._run is None:  # the turn never began: there is no place for an answer
            await self.page.toast(event.message, "error")
        else:
            await self._say(event.message, ())

    async def _token(self, text: str) -> None:
        if self._aloud:
            self._aloud.token(text)
        if self.answer is None:
            self.answer = shown.answer(self.turn, self.page.thread, text, at=shown.stamp(now()))
            self.answer["streaming"] = True
            await self.page.begin(self.answer)
        else:
            self.answer["output"] += text
            await self.page.token(self.answer["id"], text)

    async def _say(self, text: str, offers: tuple[str, ...]) -> None:
        """The answer in full, with what the user may want to send next."""
        if self._aloud:
            self._aloud.end(text)
            self._aloud = None
        known = self.answer
        at = known["createdAt"] if known else shown.stamp(now())
        self.answer = shown.answer(self.turn, self.page.thread, shown.markdown(text), at=at)
        await (self.page.change if known else self.page.show)(self.answer)
        await self.page.offer(self.answer["id"], offered(offers, self.turn))


def offered(offers: tuple[str, ...], turn: str) -> list[Dict]:
    """Buttons that send a message each."""
    return [
        action("send", offer, {"text": offer}, icon="corner-down-right", id=f"{turn}.offer.{number}")
        for number, offer in enumerate(offers)
    ]

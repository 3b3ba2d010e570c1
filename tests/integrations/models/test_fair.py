"""Users have their turns with a model one after another, however many questions each of them asks."""

from __future__ import annotations

import asyncio

import pytest

from integrations.models.backend import Busy, TooSlow
from integrations.models.deadline import Deadline
from integrations.models.fair import USERS, Fair


class Asked:
    """Questions to a model of which one at a time is answered; `order` is whose turns came, in order."""

    def __init__(self, together: int = 1, waiting: int = 200) -> None:
        self.line = Fair(together, waiting)
        self.order: list[str] = []
        self.most = self._now = 0

    async def ask(self, user: str, hold: asyncio.Event | None = None, seconds: float = 60) -> None:
        async with self.line.turn(user, Deadline(seconds, "small"), "small"):
            self._now += 1
            self.most = max(self.most, self._now)
            self.order.append(user)
            await (hold.wait() if hold else asyncio.sleep(0))
            self._now -= 1

    async def first(self, user: str) -> tuple[asyncio.Task[None], asyncio.Event]:
        """One question that is being answered until the event is set."""
        go = asyncio.Event()
        task = asyncio.create_task(self.ask(user, go))
        await asyncio.sleep(0)
        return task, go

    async def wait(self, *users: str) -> list[asyncio.Task[None]]:
        """Questions that wait, in this order."""
        tasks = [asyncio.create_task(self.ask(user)) for user in users]
        await asyncio.sleep(0)
        return tasks


async def test_one_question_of_bob_comes_right_after_the_one_under_way_though_ann_asked_a_hundred_before() -> None:
    asked = Asked()
    first, go = await asked.first("ann")
    tasks = await asked.wait(*["ann"] * 100, "bob")
    go.set()
    await asyncio.gather(first, *tasks)
    assert asked.order.index("bob") <= 2
    assert asked.order.count("ann") == 101


async def test_users_have_their_turns_one_after_another() -> None:
    asked = Asked()
    first, go = await asked.first("zoe")
    tasks = await asked.wait("ann", "ann", "ann", "bob", "eve", "eve")
    go.set()
    await asyncio.gather(first, *tasks)
    assert asked.order == ["zoe", "ann", "bob", "eve", "ann", "eve", "ann"]


async def test_no_more_are_asked_at_once_than_the_model_takes() -> None:
    asked = Asked(together=3)
    await asyncio.gather(*(asked.ask(user) for user in "abcdefghij" * 3))
    assert (asked.most, len(asked.order)) == (3, 30)


async def test_a_user_with_too_many_waiting_is_refused_and_others_are_not() -> None:
    asked = Asked(waiting=2)
    first, go = await asked.first("ann")
    tasks = await asked.wait("ann", "ann")
    with pytest.raises(Busy, match="small has 2 questions waiting already") as refused:
        await asked.ask("ann")
    assert refused.value.own
    tasks += await asked.wait("bob")
    go.set()
    await asyncio.gather(first, *tasks)
    assert asked.order == ["ann", "ann", "bob", "ann"]


async def test_the_line_as_a_whole_is_bounded() -> None:
    asked = Asked(waiting=1)
    first, go = await asked.first("ann")
    tasks = await asked.wait(*(f"user {number}" for number in range(USERS)))
    with pytest.raises(Busy) as refused:
        await asked.ask("one more")
    assert not refused.value.own
    go.set()
    await asyncio.gather(first, *tasks)


async def test_whoever_gives_up_holds_up_nobody() -> None:
    asked = Asked()
    first, go = await asked.first("ann")
    tasks = await asked.wait("bob", "eve")
    tasks[0].cancel()
    with pytest.raises(TooSlow):
        await asked.ask("late", seconds=0)
    go.set()
    await asyncio.gather(first, tasks[1])
    assert asked.order == ["ann", "eve"]


async def test_a_turn_given_to_one_who_just_gave_up_goes_to_the_next() -> None:
    asked = Asked()
    first, go = await asked.first("ann")
    gone, stays = await asked.wait("bob", "eve")
    go.set()
    await first
    gone.cancel()  # its turn has come, and it has not yet noticed
    await asyncio.gather(gone, stays, return_exceptions=True)
    async with asyncio.timeout(30):
        await asked.ask("zoe")
    assert asked.order[-2:] == ["eve", "zoe"]

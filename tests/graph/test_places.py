"""Few turns are at work at a time, each user's in turn, and what lasts keeps nobody out."""

from __future__ import annotations

import asyncio
from collections import defaultdict

from graph.places import Places

LONG_S = 60.0


class Asking:
    """Turns that ask for a place: `begun` names them as they come in; each stays until it is told to end."""

    def __init__(self, places: Places) -> None:
        self.places, self.begun = places, list[str]()
        self.there: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)
        self.ends: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)

    async def turn(self, name: str) -> asyncio.Task[None]:
        """A turn of the user whose name is the first letter, once it is in or waits."""
        task = asyncio.create_task(self._turn(name))
        await asyncio.sleep(0)
        return task

    async def _turn(self, name: str) -> None:
        async with self.places.place(name[0]):
            self.begun.append(name)
            self.there[name].set()
            await self.ends[name].wait()

    async def end(self, name: str, task: asyncio.Task[None]) -> None:
        self.ends[name].set()
        await task
        await asyncio.sleep(0)


async def test_users_come_one_after_another_however_much_one_of_them_asks() -> None:
    asking = Asking(Places(2, LONG_S))
    tasks = {name: await asking.turn(name) for name in ("a1", "a2", "a3", "a4", "b1", "c1")}
    assert asking.begun == ["a1", "a2"]
    for name in ("a1", "a2", "a3", "b1", "c1", "a4"):
        await asking.end(name, tasks[name])
    assert asking.begun == ["a1", "a2", "a3", "b1", "c1", "a4"]


async def test_who_is_stopped_while_waiting_takes_nobodys_place() -> None:
    asking = Asking(Places(1, LONG_S))
    first, second, third = [await asking.turn(name) for name in ("a1", "b1", "c1")]
    second.cancel()
    await asyncio.wait([second])
    await asking.end("a1", first)
    assert asking.begun == ["a1", "c1"]
    await asking.end("c1", third)


async def test_who_is_stopped_as_a_place_falls_free_gives_it_on() -> None:
    asking = Asking(Places(1, LONG_S))
    first, second, third = [await asking.turn(name) for name in ("a1", "b1", "c1")]
    first.add_done_callback(lambda _: second.cancel())
    await asking.end("a1", first)
    await asyncio.wait([second])
    await asking.end("c1", third)
    assert asking.begun[-1] == "c1"


async def test_what_lasts_gives_its_place_up_once() -> None:
    asking = Asking(Places(1, 0.01))
    first = await asking.turn("a1")
    second = await asking.turn("b1")
    await asyncio.wait_for(asking.there["b1"].wait(), 30)
    await asking.end("a1", first)
    await asking.end("b1", second)
    async with asyncio.timeout(30), asking.places.place("c"):
        pass

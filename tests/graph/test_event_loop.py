"""Nothing a turn does may hold the event loop: every blocking call in it raises here."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from blockbuster import BlockBuster

from agents import registry
from config.paths import SAMPLES
from config.settings import Settings
from graph.events import Done, StepFinished
from graph.planner.talk import phrases
from graph.reply import Message, reply
from graph.runtime import open_runtime

QUICK = {
    "memory/at_once.py": ("_run", "do_rollback", "do_savepoint", "do_release_savepoint", "do_rollback_to_savepoint"),
    "graph/checkpoints.py": ("aput", "aput_writes", "keep", "aget_tuple", "alist", "adelete_thread"),
}
"""Where SQLite is asked on the loop's own thread, as memory/at_once.py says: what was quick the last times, the end of
a read, and checkpoints, which wait for no disk. A commit of the database is not among them."""


@pytest.fixture
def strict() -> Iterator[BlockBuster]:
    buster = BlockBuster()
    for name, function in buster.functions.items():
        if name.startswith("sqlite3."):
            for file, places in QUICK.items():
                function.can_block_in(file, places)
    yield buster
    buster.deactivate()


@pytest.mark.parametrize(
    ("text", "file"),
    [
        ("What is 19 % of 1,250 €?", None),
        ("create an invoice for 12.5 hours at 80 € with 19 % VAT for Acme GmbH", None),
        ("what is the average price by cut?", "diamonds.csv"),
        ("what does it say about payment terms?", "project_brief.pdf"),
        ("is this job a good fit for me?", "job_post.txt"),
        ("I'm Ana Silva, a data scientist from Lisbon, 75 € an hour. My skills are Python and SQL.", None),
        ("what do you store about me?", None),
    ],
)
async def test_a_turn_never_blocks_the_event_loop(
    text: str, file: str | None, settings: Settings, strict: BlockBuster
) -> None:
    registry.load(), phrases()  # what start-up reads once
    async with open_runtime(settings, serving=True) as runtime:
        files = [await runtime.stores.files.put(Path(SAMPLES / file), file, user="local", thread="t")] if file else []
        warm = Message("hello", "warm")
        _ = [event async for event in reply(warm, runtime)]
        strict.activate()
        events = [event async for event in reply(Message(text, "t", files=files), runtime)]
        strict.deactivate()
    assert isinstance(events[-1], Done)
    assert all(event.ok for event in events if isinstance(event, StepFinished)), events[-1].text

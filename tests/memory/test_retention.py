"""What is kept how long, what is over its time, and what goes by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest

from config.settings import Settings
from memory.agent_runs import AgentRun
from memory.conversations import Step
from memory.database import now
from memory.retention import CLASSES, UnknownClass, clean, overdue
from memory.stores import Stores
from memory.turns import Turn

YEAR = timedelta(days=400)


async def test_nothing_goes_before_its_time(stores: Stores, settings: Settings) -> None:
    await stores.runs.add([AgentRun(user="ana", agent="math", ok=True, seconds=1)])
    assert await clean(stores, settings, now()) == {}
    assert await clean(stores, settings, now() + YEAR) == {"agent_runs": 1}


async def test_the_preview_says_what_would_go_and_removes_nothing(stores: Stores, settings: Settings) -> None:
    await stores.runs.add([AgentRun(user="ana", agent="math", ok=True, seconds=1)])
    for _ in range(2):
        counts = {one.name: one.count for one in await overdue(stores, settings, now() + YEAR) if one.count}
        assert counts == {"agent_runs": 1}


async def test_job_posts_that_something_became_of_are_kept(stores: Stores, settings: Settings) -> None:
    kept, gone = await stores.jobs.save(
        "ana", [{"id": "1", "board": "b", "title": "won"}, {"id": "2", "board": "b", "title": "old"}]
    )
    await stores.outcomes.note("ana", kept.id, "won", [], {})
    assert (await clean(stores, settings, now() + YEAR))["job_posts"] == 1
    assert await stores.jobs.get(kept.id, user="ana") and not await stores.jobs.get(gone.id, user="ana")


async def test_exports_go_after_a_month_and_uploads_stay(stores: Stores, settings: Settings) -> None:
    export = await stores.files.put(b"zip", "export.zip", user="ana", made_by="privacy")
    upload = await stores.files.put(b"csv", "data.csv", user="ana")
    assert await clean(stores, settings, now() + timedelta(days=31)) == {"exports": 1}
    assert not (stores.files.folder / export.id).exists() and (stores.files.folder / upload.id).exists()


async def test_conversations_go_with_all_they_hold_once_the_user_sets_a_time(
    stores: Stores, settings: Settings
) -> None:
    await stores.conversations.ensure("t1", user="ana", name="old")
    await stores.conversations.save(Step(id="s1", thread="t1", type="user_message", output="hello"))
    await stores.turns.save(Turn(id="turn1", thread="t1", message="s1", user="ana", text="hello"))
    file = await stores.files.put(b"csv", "data.csv", user="ana", thread="t1")
    assert await clean(stores, settings, now() + YEAR) == {}
    short = settings.model_copy(update={"keep_days": {"conversations": 365}})
    assert await clean(stores, short, now() + YEAR) == {"conversations": 1}
    assert await stores.conversations.open("t1") is None and await stores.turns.get("turn1") is None
    assert not (stores.files.folder / file.id).exists()


async def test_a_class_that_is_none_is_named(stores: Stores, settings: Settings) -> None:
    with pytest.raises(UnknownClass, match=r"convos.*conversations"):
        await overdue(stores, settings.model_copy(update={"keep_days": {"convos": 1}}), now())


def test_no_class_is_of_business_records() -> None:
    assert not {one.table.__tablename__ for one in CLASSES} & {"invoices", "clients", "expenses", "time_entries"}

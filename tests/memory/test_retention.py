"""What is kept how long, what is over its time, and what goes by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest

from config.settings import Settings
from memory.agent_runs import AgentRun
from memory.conversations import Step
from memory.database import now
from memory.documents import Document
from memory.ownership import tables
from memory.portability import rows_of
from memory.retention import CLASSES, PASSING, UNTIL_ERASED, WITH, UnknownClass, clean, overdue, times
from memory.stores import Stores
from memory.turns import Turn
from privacy.levels import ALLOWED, Level
from tests.memory.everything import write_everything

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


async def test_a_level_has_a_time_of_its_own_and_the_preview_parts_by_it(stores: Stores, settings: Settings) -> None:
    secret = await stores.files.put(b"password: hunter22", "login.txt", user="ana")
    plain = await stores.files.put(b"csv", "data.csv", user="ana")
    short = settings.model_copy(update={"keep_days": {"restricted": 90}})
    found = {one.title: (one.days, one.count) for one in await overdue(stores, short, now() + YEAR)}
    assert found["files you sent: restricted"] == (90, 1)
    assert found["files you sent: public, internal, confidential"] == (0, 0)
    assert await clean(stores, short, now() + timedelta(days=89)) == {}
    assert await clean(stores, short, now() + timedelta(days=91)) == {"uploads": 1}
    assert await stores.files.get(plain.id, user="ana") and not await stores.files.get(secret.id, user="ana")
    assert not (stores.files.folder / secret.id).exists()


@pytest.mark.parametrize(
    ("asked", "days"),
    [
        ({}, 0),
        ({"uploads": 30, "restricted": 90}, 30),
        ({"uploads": 365, "restricted": 90}, 90),
        ({"uploads": 0, "restricted": 90}, 90),
        ({"uploads": 30, "restricted": 90, "uploads/restricted": 0}, 0),
    ],
    ids=str,
)
def test_class_with_level_counts_before_the_shorter_of_both(
    settings: Settings, asked: dict[str, int], days: int
) -> None:
    found = times(settings.model_copy(update={"keep_days": asked}))
    assert [one.days for one in found if one.of.name == "uploads" and Level.RESTRICTED in one.levels] == [days]


def test_what_nobody_chose_to_keep_stays_no_longer_than_its_level_allows() -> None:
    by_itself = [one for one in CLASSES if one.days]
    assert len(by_itself) >= 8
    assert [one.name for one in by_itself if one.days > ALLOWED[max(one.levels)].days] == []


async def test_the_preview_of_one_user_counts_nothing_of_others(stores: Stores, settings: Settings) -> None:
    await stores.runs.add([AgentRun(user="ben", agent="math", ok=True, seconds=1)])
    assert not any(one.count for one in await overdue(stores, settings, now() + YEAR, "ana"))
    assert any(one.count for one in await overdue(stores, settings, now() + YEAR, "ben"))


@pytest.mark.parametrize("name", ["convos", "restricted/uploads", "sessions/public"])
async def test_a_class_that_is_none_is_named(stores: Stores, settings: Settings, name: str) -> None:
    with pytest.raises(UnknownClass, match=rf"{name}.*conversations"):
        await overdue(stores, settings.model_copy(update={"keep_days": {name: 1}}), now())


def test_every_table_has_a_time_or_a_reason_to_stay() -> None:
    said = [
        *{one.table.__tablename__ for one in CLASSES},
        *(name for names in (*WITH.values(), *UNTIL_ERASED.values()) for name in names),
        *PASSING,
    ]
    assert sorted(said) == sorted(table.name for table in tables())
    assert set(WITH) <= {one.name for one in CLASSES}


async def test_what_belongs_to_a_class_goes_with_it(stores: Stores, settings: Settings) -> None:
    await write_everything(stores, "ana", "old")
    read = await stores.files.put(b"Ahoy", "contract.txt", user="ana")
    passage = {"text": "Ahoy", "place": "line 1", "heading": ""}
    await stores.documents.save(Document(id=read.id, user="ana", name="contract.txt", format="txt"), [passage])
    short = settings.model_copy(update={"keep_days": {name: 1 for name in WITH}})
    await clean(stores, short, now() + YEAR)
    left = await rows_of(stores, "ana")
    assert [name for name in WITH["conversations"] if left[name]] == []
    assert read.id not in {row["id"] for row in left["documents"]} | {row["document"] for row in left["passages"]}


def test_no_class_is_of_business_records() -> None:
    assert not {one.table.__tablename__ for one in CLASSES} & {"invoices", "clients", "expenses", "time_entries"}
